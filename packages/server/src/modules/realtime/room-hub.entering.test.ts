import { SOCKET_CLOSE_CODES } from '@insp/protocol';
import { pushSchemas } from '@insp/protocol/schemas';
import { describe, expect, test } from 'vitest';
import { createRoomFixture, emptySnapshot, SHOW, testId, welcomeOf } from '../../../test-support/room-fixture.ts';

describe('[R1-R3] coming in', () => {
  test('hello is answered and the welcome fits its schema', async () => {
    const room = createRoomFixture();
    const socket = await room.join(1);
    const [answer, welcome] = socket.items;
    expect(answer).toEqual({ v: 1, type: 'ok', re: 'hello', data: {} });
    expect(welcome?.type).toBe('welcome');
    const data = pushSchemas.welcome.parse(welcome?.data);
    expect(data).toMatchObject({ viewerId: testId('vwr', 1), role: 'viewer', displayName: 'Viewer 1', serverTime: room.clock.nowMs() });
    expect(data.positions).toMatchObject([{ channel: 'viewers', offset: 0, recovered: false }]);
  });

  test('staff follow both channels and get the staff part; viewers never do', async () => {
    const snapshot = async () => emptySnapshot('owner');
    const room = createRoomFixture({ snapshot });
    const staff = await room.join(1, { role: 'owner', memberId: 'm1' });
    const viewer = await room.join(2);
    expect(welcomeOf(staff.items).positions.map(({ channel }) => channel)).toEqual(['viewers', 'staff']);
    expect(welcomeOf(staff.items).snapshot.staff).not.toBeNull();
    expect(welcomeOf(viewer.items).snapshot.staff).toBeNull();
  });

  test('anything before hello is refused', async () => {
    const room = createRoomFixture();
    const socket = room.connect();
    await socket.send('send_reaction', { kind: 'heart', count: 1 }, 'a');
    expect(socket.answerTo('a')?.data.code).toBe('INSP_REALTIME_HELLO_REQUIRED');
  });

  test('a socket without hello is closed after ten seconds, told why', async () => {
    const room = createRoomFixture();
    const socket = room.connect();
    room.clock.advance(room.limits.helloTimeoutMs - 1);
    socket.flush();
    expect(socket.closeCode).toBeNull();
    room.clock.advance(1);
    socket.flush();
    expect(socket.items[0]?.data.code).toBe('INSP_REALTIME_HELLO_REQUIRED');
    expect(socket.closeCode).toBe(SOCKET_CLOSE_CODES.helloFailed);
  });

  test.each([
    ['a token nobody knows', 'nonsense', 'INSP_EMBED_SESSION_INVALID', SOCKET_CLOSE_CODES.sessionInvalid],
    ['an expired token', 'expired', 'INSP_EMBED_SESSION_EXPIRED', SOCKET_CLOSE_CODES.sessionExpired],
  ])('%s is refused and the socket closed', async (_, token, code, closeCode) => {
    const socket = createRoomFixture().connect();
    await socket.hello(token);
    expect(socket.answerTo('hello')?.data.code).toBe(code);
    expect(socket.closeCode).toBe(closeCode);
  });

  test('a session of another show is refused', async () => {
    const room = createRoomFixture();
    const socket = room.connect(testId('shw', 2));
    await socket.hello(room.know(1));
    expect(socket.answerTo('hello')?.data.code).toBe('INSP_REALTIME_FORBIDDEN');
  });

  test('a session given to one page is refused on another, and taken where no page is told', async () => {
    const room = createRoomFixture();
    const token = room.know(1, { origin: 'https://shop.example' });
    const foreign = room.connect(SHOW, { origin: 'https://evil.example' });
    await foreign.hello(token);
    expect(foreign.answerTo('hello')?.data.code).toBe('INSP_EMBED_ORIGIN_BLOCKED');
    for (const origin of ['https://shop.example', undefined]) {
      const own = room.connect(SHOW, { origin });
      await own.hello(token);
      expect(own.answerTo('hello')?.type).toBe('ok');
    }
  });

  test('without a snapshot nobody comes in, and the next one may', async () => {
    let isBroken = true;
    const room = createRoomFixture({
      snapshot: async ({ role }) => {
        if (isBroken) throw new Error('database away');
        return emptySnapshot(role);
      },
    });
    const first = await room.join(1);
    expect(first.answerTo('hello')?.data.code).toBe('INSP_HTTP_NOT_READY');
    expect(first.closeCode).toBe(SOCKET_CLOSE_CODES.helloFailed);
    isBroken = false;
    expect((await room.join(2)).answerTo('hello')?.type).toBe('ok');
  });

  test('a snapshot that never comes is given up', async () => {
    const room = createRoomFixture({ snapshot: () => new Promise(() => {}) });
    const socket = await room.join(1);
    await room.clock.advanceAsync(room.limits.snapshotTimeoutMs);
    socket.flush();
    expect(socket.answerTo('hello')?.data.code).toBe('INSP_HTTP_NOT_READY');
  });

  test('a storm of viewers reads one snapshot per second and role', async () => {
    let readCount = 0;
    const room = createRoomFixture({
      snapshot: async ({ role }) => {
        readCount += 1;
        return emptySnapshot(role);
      },
    });
    for (let n = 1; n <= 50; n += 1) await room.join(n);
    expect(readCount).toBe(1);
    await room.clock.advanceAsync(room.limits.snapshotShareMs + 1);
    await room.join(51);
    expect(readCount).toBe(2);
  });
});
