import { describe, expect, test } from 'vitest';
import { isPublicIp } from '../../kernel/ip-ranges.ts';
import { createSparingResolver, DIAL_LIMITS } from './dial-stream.ts';
import { isAllowedEndpoint, isAllowedIp, parseOutboundPolicy } from './policy.ts';
import { ADDRESS_LIMITS, parseStreamAddress } from './stream-address.ts';

const PUBLIC = parseOutboundPolicy(null);
const LOOPBACK = parseOutboundPolicy('127.0.0.0/8, ::1, 10.1.0.0/16, :8080');
const INVALID = 'INSP_OUTBOUND_ADDRESS_INVALID';
const REFUSED = 'INSP_OUTBOUND_ADDRESS_REFUSED';
const codeOf = (text: string, policy = PUBLIC) => {
  const outcome = parseStreamAddress(text, policy);
  return outcome.ok ? 'ok' : outcome.code;
};

describe('the text of an address', () => {
  test.each([
    [
      'rtmp://a.rtmp.youtube.com/live2',
      { scheme: 'rtmp', host: 'a.rtmp.youtube.com', port: 1935, app: 'live2', tcUrl: 'rtmp://a.rtmp.youtube.com/live2' },
    ],
    [
      'rtmps://live-api-s.facebook.com:443/rtmp/',
      { scheme: 'rtmps', port: 443, app: 'rtmp', tcUrl: 'rtmps://live-api-s.facebook.com/rtmp' },
    ],
    ['RTMPS://Edge.Example/app/inst', { scheme: 'rtmps', host: 'edge.example', port: 443, app: 'app/inst' }],
    ['rtmp://edge.example:443/live', { port: 443, tcUrl: 'rtmp://edge.example:443/live' }],
    ['rtmp://bücher.example/live', { host: 'xn--bcher-kva.example' }],
    ['  rtmp://93.184.216.34/live ', { host: '93.184.216.34' }],
    ['rtmp://[2606:2800:220:1::1]:1936/live', { host: '2606:2800:220:1::1', tcUrl: 'rtmp://[2606:2800:220:1::1]:1936/live' }],
  ])('%s is read', (text, expected) => {
    expect(parseStreamAddress(text, PUBLIC)).toEqual({ ok: true, value: expect.objectContaining(expected) });
  });

  test.each([
    ['', INVALID],
    ['https://a.example/live', INVALID],
    ['srt://a.example/live', INVALID],
    ['rtmp://a.example', INVALID],
    ['rtmp://a.example/', INVALID],
    ['rtmp:///live', INVALID],
    ['rtmp://nohost/live', INVALID],
    ['rtmp://user:secret@a.example/live', INVALID],
    ['rtmp://a.example/live?key=1', INVALID],
    ['rtmp://a.example/live#x', INVALID],
    ['rtmp://a.example:99999/live', INVALID],
    ['rtmp://a example/live', INVALID],
    ['rtmp://a.example\\@127.0.0.1/live', INVALID],
    ['rtmp://127.0.0.1/live', REFUSED],
    ['rtmp://2130706433/live', REFUSED],
    ['rtmp://0x7f.1/live', REFUSED],
    ['rtmp://017700000001/live', REFUSED],
    ['rtmp://10.0.0.1/live', REFUSED],
    ['rtmp://169.254.169.254/live', REFUSED],
    ['rtmp://[::1]/live', REFUSED],
    ['rtmp://[::ffff:127.0.0.1]/live', REFUSED],
    ['rtmp://[64:ff9b::a9fe:a9fe]/live', REFUSED],
  ])('%s is refused', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  test('its length has a limit', () => {
    const head = 'rtmp://a.example/';
    expect(codeOf(head + 'x'.repeat(ADDRESS_LIMITS.urlLength - head.length))).toBe('ok');
    expect(codeOf(head + 'x'.repeat(ADDRESS_LIMITS.urlLength - head.length + 1))).toBe(INVALID);
  });

  test('a listed range opens that range and nothing else', () => {
    expect(
      ['rtmp://127.0.0.1:40000/live', 'rtmp://[::1]/live', 'rtmp://10.1.2.3/live', 'rtmp://localhost:1/live'].map((text) =>
        codeOf(text, LOOPBACK),
      ),
    ).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(['rtmp://10.2.0.1/live', 'rtmp://192.168.0.1/live', 'rtmp://169.254.169.254/x'].map((text) => codeOf(text, LOOPBACK))).toEqual([
      REFUSED,
      REFUSED,
      REFUSED,
    ]);
  });
});

describe('a resolved address', () => {
  test.each(['93.184.216.34', '1.1.1.1', '2606:2800:220:1::1', '2a00:1450:4001::1'])('%s is public', (ip) =>
    expect(isPublicIp(ip)).toBe(true),
  );
  test.each([
    ...[
      '0.0.0.0',
      '0.1.2.3',
      '10.1.2.3',
      '100.64.0.1',
      '127.0.0.1',
      '169.254.169.254',
      '172.16.0.1',
      '172.31.255.255',
      '192.0.0.8',
      '192.0.2.1',
    ],
    ...['192.168.1.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::ffff:10.0.0.1', '::ffff:93.184.216.34', '::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '100::1', '2001::1'],
    ...['2001:db8::1', '2002:7f00:1::', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fec0::1', 'ff02::1', '', 'x'],
  ])('%s is not', (ip) => expect(isPublicIp(ip)).toBe(false));

  test('ports: the usual ones at public addresses, listed ones too, any port in a listed range', () => {
    expect([1935, 443, 1936, 80, 22, 8080, 6379].map((port) => isAllowedEndpoint('1.1.1.1', port, PUBLIC))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(isAllowedEndpoint('1.1.1.1', 8080, LOOPBACK)).toBe(true);
    expect([1, 8080, 65_535].map((port) => isAllowedEndpoint('127.0.0.1', port, LOOPBACK))).toEqual([true, true, true]);
    expect(isAllowedEndpoint('127.0.0.1', 1935, PUBLIC)).toBe(false);
  });

  test('link-local addresses, and with them metadata services, stay closed whatever is listed', () => {
    const all = parseOutboundPolicy('0.0.0.0/0, ::/0');
    for (const ip of ['169.254.169.254', 'fe80::1', '0.0.0.0', '::ffff:169.254.169.254', '224.0.0.1', '255.255.255.255'])
      expect([ip, isAllowedIp(ip, all), isAllowedEndpoint(ip, 1935, all)]).toEqual([ip, false, false]);
    expect(isAllowedIp('::ffff:10.0.0.1', all)).toBe(true);
  });
});

test.each(['10.0.0.0/33', 'x', ':0', ':70000', '10.0.0.0/8 192.168.0.0/16'])('a setting of "%s" is refused at start', (text) => {
  expect(() => parseOutboundPolicy(text)).toThrow('INSP_CONFIG_INVALID_SETTING');
});

test('a name is looked up once for all who ask, and only so many at a time', () => {
  const started: string[] = [];
  const answers = new Map<string, () => void>();
  const resolve = createSparingResolver((host, done) => {
    started.push(host);
    answers.set(host, () => done(null, [`ip of ${host}`]));
  });
  const told: string[] = [];
  for (const host of ['a', 'a', 'b', 'c', 'c']) resolve(host, (_error, [ip]) => told.push(`${host}: ${ip}`));
  expect(started).toHaveLength(DIAL_LIMITS.lookUpCount);
  answers.get('a')?.();
  expect(told).toEqual(['a: ip of a', 'a: ip of a']);
  expect(started).toEqual(['a', 'b', 'c']);
  answers.get('c')?.();
  resolve('c', () => {});
  expect([told.slice(2), started.slice(3)]).toEqual([['c: ip of c', 'c: ip of c'], ['c']]);
});
