import { SOCKET_CLOSE_CODES } from '@insp/protocol';
import { describe, expect, test } from 'vitest';
import { createRoomFixture, ofType, SHOW, testId } from '../../../test-support/room-fixture.ts';

describe('[R2] [R4] sessions', () => {
  test('are renewed by a second hello on the same socket', async () => {
    const room = createRoomFixture();
    const startMs = room.clock.nowMs();
    const socket = await room.join(1, { expiresAtMs: startMs + 900_000 });
    await room.hub.start();
    room.know(1, { expiresAtMs: startMs + 1_800_000 });
    await room.clock.advanceAsync(800_000);
    await socket.send('hello', { token: 't1', positions: [] }, 'again');
    expect(socket.answerTo('again')?.type).toBe('ok');
    await room.clock.advanceAsync(500_000);
    socket.flush();
    expect(socket.closeCode).toBeNull();
    for (let sec = 0; sec < 600; sec += 1) {
      room.clock.advance(1_000);
      socket.flush();
    }
    expect(socket.closeCode).toBe(SOCKET_CLOSE_CODES.sessionExpired);
    await room.hub.stop();
  });

  test('a renewal for somebody else is refused', async () => {
    const room = createRoomFixture();
    const socket = await room.join(1);
    await socket.send('hello', { token: room.know(2), positions: [] }, 'again');
    expect(socket.answerTo('again')?.data.code).toBe('INSP_REALTIME_FORBIDDEN');
  });

  test('with another role one comes in anew', async () => {
    const room = createRoomFixture();
    const socket = await room.join(1, { role: 'owner' });
    room.know(1, { role: 'analyst' });
    await socket.send('hello', { token: 't1', positions: [] }, 'again');
    expect(socket.closeCode).toBe(SOCKET_CLOSE_CODES.sessionExpired);
  });

  test('of a viewer can be ended for good, all of them, told why', async () => {
    const room = createRoomFixture();
    const [tab1, tab2, other] = [await room.join(1), await room.join(1), await room.join(2)];
    room.hub.endViewer(SHOW, testId('vwr', 1), 'INSP_CHAT_BANNED');
    for (const tab of [tab1, tab2]) {
      tab.flush();
      expect(ofType(tab.items, 'session_ended')[0]?.data.code).toBe('INSP_CHAT_BANNED');
      expect(tab.closeCode).toBe(SOCKET_CLOSE_CODES.ended);
    }
    other.flush();
    expect(other.closeCode).toBeNull();
  });
});
