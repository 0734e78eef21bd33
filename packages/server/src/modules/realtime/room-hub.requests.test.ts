import { LIMITS, SOCKET_CLOSE_CODES } from '@insp/protocol';
import { describe, expect, test } from 'vitest';
import { createRoomFixture } from '../../../test-support/room-fixture.ts';
import { accepted, refused } from '../../kernel/outcome.ts';

describe('[R9] [R10] requests', () => {
  const echo = () =>
    createRoomFixture({
      handlers: {
        set_slow_mode: { permission: 'chat.moderate', handle: async () => accepted({}) },
        set_display_name: {
          permission: null,
          handle: async (_, { name }) => (name === 'x' ? refused('INSP_CHAT_NAME_INVALID') : accepted({ name })),
        },
        send_reaction: {
          permission: null,
          handle: async () => {
            throw new Error('bug');
          },
        },
      },
    });

  test('go to their handler, and its refusal comes back with code and fix', async () => {
    const socket = await echo().join(1);
    await socket.send('set_display_name', { name: 'Ann' }, 'a');
    await socket.send('set_display_name', { name: 'x' }, 'b');
    expect(socket.answerTo('a')).toMatchObject({ type: 'ok', data: { name: 'Ann' } });
    expect(socket.answerTo('b')).toMatchObject({ type: 'refused', data: { code: 'INSP_CHAT_NAME_INVALID', fix: expect.any(String) } });
  });

  test('need the permission of their row', async () => {
    const room = echo();
    const codeFor = async (number: number, role: 'viewer' | 'analyst' | 'moderator') => {
      const socket = await room.join(number, { role });
      await socket.send('set_slow_mode', { intervalSec: 5 }, 'a');
      return socket.answerTo('a')?.data.code;
    };
    expect(await codeFor(1, 'viewer')).toBe('INSP_REALTIME_FORBIDDEN');
    expect(await codeFor(2, 'analyst')).toBe('INSP_REALTIME_FORBIDDEN');
    expect(await codeFor(3, 'moderator')).toBeUndefined();
  });

  test('a handler that throws is answered and the socket lives on', async () => {
    const socket = await echo().join(1);
    await socket.send('send_reaction', { kind: 'heart', count: 1 }, 'a');
    expect(socket.answerTo('a')?.data.code).toBe('INSP_HTTP_INTERNAL');
    await socket.send('set_display_name', { name: 'Ann' }, 'b');
    expect(socket.answerTo('b')?.type).toBe('ok');
  });

  test.each([
    ['not JSON', '{', 'INSP_REALTIME_FRAME_MALFORMED', ''],
    ['an array', '[]', 'INSP_REALTIME_FRAME_MALFORMED', ''],
    ['a binary frame', '', 'INSP_REALTIME_FRAME_MALFORMED', ''],
    ['another version', '{"v":2,"type":"hello","id":"a","data":{}}', 'INSP_REALTIME_FRAME_MALFORMED', 'a'],
    ['a __proto__ key', '{"v":1,"type":"hello","id":"a","data":{},"__proto__":{"x":1}}', 'INSP_REALTIME_FRAME_MALFORMED', 'a'],
    ['an unknown request', '{"v":1,"type":"fly","id":"a","data":{}}', 'INSP_REALTIME_UNKNOWN_REQUEST', 'a'],
    ['a request named like a method of objects', '{"v":1,"type":"constructor","id":"a","data":{}}', 'INSP_REALTIME_UNKNOWN_REQUEST', 'a'],
    ['data of the wrong shape', '{"v":1,"type":"set_display_name","id":"a","data":{"name":7}}', 'INSP_REALTIME_FRAME_MALFORMED', 'a'],
    ['a request nobody handles here', '{"v":1,"type":"pin_chat_message","id":"a","data":{}}', 'INSP_REALTIME_UNKNOWN_REQUEST', 'a'],
    [
      'half of a surrogate pair',
      '{"v":1,"type":"set_display_name","id":"a","data":{"name":"\\ud800","x":1}}',
      'INSP_REALTIME_FRAME_MALFORMED',
      'a',
    ],
  ])('%s is refused with its code', async (_, text, code, re) => {
    const socket = await echo().join(1);
    await socket.sendText(text);
    expect(socket.items.at(-1)).toMatchObject({ type: 'refused', re, data: { code } });
    expect(socket.closeCode).toBeNull();
  });

  test('a frame may have 8 KiB and not one byte more', async () => {
    const socket = await echo().join(1);
    const frameOf = (sizeBytes: number) => {
      const empty = JSON.stringify({ v: 1, type: 'set_display_name', id: 'a', data: { name: '' } });
      return empty.replace('"name":""', `"name":"${'n'.repeat(sizeBytes - empty.length)}"`);
    };
    await socket.sendText(frameOf(LIMITS.socketFrameBytes));
    expect(socket.items.at(-1)?.data.code).toBe('INSP_REALTIME_FRAME_MALFORMED');
    await socket.sendText(frameOf(LIMITS.socketFrameBytes + 1));
    expect(socket.items.at(-1)?.data.code).toBe('INSP_REALTIME_FRAME_TOO_LARGE');
  });

  test('the tenth unreadable frame ends the socket', async () => {
    const room = echo();
    const socket = await room.join(1);
    for (let n = 1; n < room.limits.malformedFramesMax; n += 1) await socket.sendText('?');
    expect(socket.closeCode).toBeNull();
    await socket.sendText('?');
    expect(socket.closeCode).toBe(SOCKET_CLOSE_CODES.protocolBroken);
  });

  test('beyond the burst one is too fast, with the time to wait; who goes on is put out', async () => {
    const room = echo();
    const socket = await room.join(1);
    // hello took one of the burst
    for (let n = 2; n <= LIMITS.socketRequestsBurst; n += 1) await socket.send('set_display_name', { name: 'Ann' }, `n${n}`);
    expect(socket.answerTo(`n${LIMITS.socketRequestsBurst}`)?.type).toBe('ok');
    await socket.send('set_display_name', { name: 'Ann' }, 'over');
    expect(socket.answerTo('over')?.data).toMatchObject({ code: 'INSP_REALTIME_TOO_FAST', retryAfterMs: 50 });
    room.clock.advance(50);
    await socket.send('set_display_name', { name: 'Ann' }, 'after');
    expect(socket.answerTo('after')?.type).toBe('ok');
    for (let n = 0; n < room.limits.tooFastRefusalsMax; n += 1) await socket.send('set_display_name', { name: 'Ann' });
    expect(socket.closeCode).toBe(SOCKET_CLOSE_CODES.protocolBroken);
  });

  test('of one socket run one after the other, in order', async () => {
    const log: string[] = [];
    let release = (): void => {};
    const room = createRoomFixture({
      handlers: {
        set_display_name: {
          permission: null,
          async handle(_, { name }) {
            log.push(`begin ${name}`);
            if (name === 'a')
              await new Promise<void>((done) => {
                release = done;
              });
            log.push(`end ${name}`);
            return accepted({ name });
          },
        },
      },
    });
    const socket = await room.join(1);
    await socket.send('set_display_name', { name: 'a' });
    await socket.send('set_display_name', { name: 'b' });
    expect(log).toEqual(['begin a']);
    release();
    await room.settle();
    expect(log).toEqual(['begin a', 'end a', 'begin b', 'end b']);
  });

  test('only so many wait for their turn', async () => {
    const room = createRoomFixture({
      limits: { waitingRequestsMax: 3 },
      handlers: { set_display_name: { permission: null, handle: () => new Promise(() => {}) } },
    });
    const socket = await room.join(1);
    for (let n = 1; n <= 5; n += 1) await socket.send('set_display_name', { name: 'a' }, `n${n}`);
    expect(socket.answerTo('n4')).toBeUndefined();
    expect(socket.answerTo('n5')?.data.code).toBe('INSP_REALTIME_TOO_FAST');
  });
});
