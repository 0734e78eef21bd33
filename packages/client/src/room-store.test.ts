import { expect, test } from 'vitest';
import { chatLine, createClientFixture, push, type SentRequest } from '../test-support/client-fixture.ts';
import { createRoomStore } from './room-store.ts';

async function createOpenStore() {
  const room = createClientFixture();
  const store = createRoomStore(room);
  return { ...room, store, server: await room.open() };
}

test('a line is pending at once and settles by its key', async () => {
  const { store, server } = await createOpenStore();
  const sent = store.sendChatMessage('hello');
  expect(store.getState().pendingMessages).toMatchObject([{ text: 'hello', state: 'sending' }]);
  const request = server.read() as SentRequest;
  expect(request).toMatchObject({ type: 'send_chat_message', data: { text: 'hello' } });
  server.ok(request.id, { messageId: chatLine(1).id, seq: 1 });
  expect(await sent).toMatchObject({ ok: true });
  server.say(push('chat_message_posted', chatLine(1, 1, 'hello'), 1));
  expect(store.getState()).toMatchObject({ pendingMessages: [], messages: [{ seq: 1, text: 'hello' }] });
});

test('a refused line is tried again under the same key', async () => {
  const { store, server } = await createOpenStore();
  const sent = store.sendChatMessage('hello');
  const first = server.read() as SentRequest;
  server.refuse(first.id, 'INSP_CHAT_SLOW_MODE');
  await sent;
  const key = first.data.key as string;
  expect(key.length).toBeGreaterThanOrEqual(8);
  void store.retryChatMessage(key);
  expect(server.read()).toMatchObject({ type: 'send_chat_message', data: { key, text: 'hello' } });
  expect(store.getState().pendingMessages).toMatchObject([{ key, state: 'sending' }]);
  expect(store.retryChatMessage('nobody')).toBeNull();
});

test('subscribers hear of changes, and of nothing after they left', async () => {
  const { store, server } = await createOpenStore();
  let count = 0;
  const leave = store.subscribe(() => {
    count += 1;
  });
  const before = store.getState();
  server.say(push('chat_message_posted', chatLine(1), 1));
  expect(count).toBe(1);
  expect(store.getState()).not.toBe(before);
  leave();
  server.say(push('chat_message_posted', chatLine(2), 2));
  expect(count).toBe(1);
});

test('a new name shows when the server took it', async () => {
  const { store, server } = await createOpenStore();
  const set = store.setDisplayName(' Ann ');
  server.ok((server.read() as SentRequest).id, { name: 'Ann' });
  await set;
  expect(store.getState().me?.displayName).toBe('Ann');
});

test('the connection shows, and a lost past is counted', async () => {
  const room = createClientFixture();
  const store = createRoomStore(room);
  (await room.open()).pair.cut();
  expect(store.getState().connection.kind).toBe('offline');
  (await room.reconnect()).let({ positions: [{ channel: 'viewers', epoch: 'e2', offset: 9, recovered: false }], messages: [chatLine(9)] });
  expect(store.getState()).toMatchObject({ connection: { kind: 'open' }, gapCount: 1, messages: [{ seq: 9 }] });
});

test('a destroyed store hears nothing and leaves the client running', async () => {
  const { store, server, client } = await createOpenStore();
  store.destroy();
  server.say(push('chat_message_posted', chatLine(1), 1));
  expect(store.getState().messages).toEqual([]);
  expect(client.state.kind).toBe('open');
});
