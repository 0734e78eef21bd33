import { expect, test } from 'vitest';
import { checkAddress, isAllowedIp } from './outbound-guard.ts';

const zoneOf = (text: string, allowLoopback = false) => {
  const outcome = checkAddress(text, allowLoopback);
  return outcome.ok ? outcome.value.zone : outcome.code;
};
const REFUSED = 'INSP_CATALOG_FEED_ADDRESS_REFUSED';

test('only https on port 443 without user info is dialled', () => {
  expect(zoneOf('https://shop.example/feed.json')).toBe('public');
  expect(zoneOf('https://shop.example:443/feed.json')).toBe('public');
  expect(zoneOf('https://93.184.216.34/')).toBe('public');
  for (const bad of [
    'nonsense',
    'http://shop.example/',
    'https://shop.example:8443/',
    'ftp://shop.example/',
    'file:///etc/passwd',
    'https://user@shop.example/',
    'https://user:secret@shop.example/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://10.0.0.1/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.0.1/',
    'https://0.0.0.0/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://[fe80::1]/',
    'https://[fd00::1]/',
    'http://localhost:4700/feed.json',
  ]) {
    expect([bad, zoneOf(bad)]).toEqual([bad, REFUSED]);
  }
});

test('loopback is dialled only where the setting allows it, and nothing else comes with it', () => {
  for (const good of ['http://localhost:4700/feed.json', 'http://127.0.0.1:4700/', 'http://[::1]:4700/', 'https://demo.localhost/']) {
    expect([good, zoneOf(good, true)]).toEqual([good, 'loopback']);
  }
  for (const bad of ['http://10.0.0.1/', 'http://shop.example/', 'https://169.254.169.254/', 'http://localhost.shop.example/']) {
    expect([bad, zoneOf(bad, true)]).toEqual([bad, REFUSED]);
  }
});

test('every resolved address must lie in the zone', () => {
  expect(['93.184.216.34', '2606:2800:220:1::1'].map((ip) => isAllowedIp(ip, 'public'))).toEqual([true, true]);
  for (const ip of ['127.0.0.1', '10.1.2.3', '::1', '::ffff:10.0.0.1', '2002:7f00:1::', '224.0.0.1', '198.51.100.1', '', 'x']) {
    expect([ip, isAllowedIp(ip, 'public')]).toEqual([ip, false]);
  }
  expect(isAllowedIp('127.0.0.2', 'loopback')).toBe(true);
  expect(isAllowedIp('93.184.216.34', 'loopback')).toBe(false);
});
