// Ties a room client to its state: pushes go through the reducer, screens subscribe. Made for
// `useSyncExternalStore` and for plain elements alike.
import type { Answer } from './request-queue.ts';
import type { RoomClient } from './room-client.ts';
import { reduceRoom } from './room-reducer.ts';
import { initialRoomState, type RoomEvent, type RoomState } from './room-state.ts';
import type { ClientClock, ClientRandom } from './socket-like.ts';

export type RoomStore = {
  getState(): RoomState;
  /** Calls `listen` after each change; the return value ends it. */
  subscribe(listen: () => void): () => void;
  /** Sends a chat line: shown as pending at once, settled by its key. */
  sendChatMessage(text: string): Promise<Answer<'send_chat_message'>>;
  /** Sends a refused line again under its key, so that it can never be posted twice. */
  retryChatMessage(key: string): Promise<Answer<'send_chat_message'>> | null;
  dismissChatMessage(key: string): void;
  setDisplayName(name: string): Promise<Answer<'set_display_name'>>;
  /** Detaches from the client; does not stop it. */
  destroy(): void;
};

/** A line typed while offline may wait this long for the connection. */
export const CHAT_TIMEOUT_MS = 30_000;

export function createRoomStore({ client, clock, random }: { client: RoomClient; clock: ClientClock; random: ClientRandom }): RoomStore {
  let state: RoomState = { ...initialRoomState, connection: client.state };
  const listeners = new Set<() => void>();

  function apply(event: RoomEvent): void {
    const next = reduceRoom(state, event);
    if (next === state) return;
    state = next;
    for (const listen of [...listeners]) listen();
  }

  const detach = [
    client.on('push', (push, { recoveredChannels }) => apply({ type: 'push', push, recoveredChannels })),
    client.on('state', (connection) => apply({ type: 'connection_changed', connection })),
    client.on('gap', () => apply({ type: 'gap_found' })),
  ];

  const newKey = () => `k${clock.nowMs().toString(36)}${Math.floor(random.float() * 2 ** 48).toString(36)}`.padEnd(12, '0');

  async function send(key: string, text: string): Promise<Answer<'send_chat_message'>> {
    apply({ type: 'message_sending', key, text, atMs: clock.nowMs() });
    const answer = await client.request('send_chat_message', { key, text }, { timeoutMs: CHAT_TIMEOUT_MS });
    if (answer.ok) {
      const { messageId, message } = answer.data;
      // A line the room is not shown is still on its author's screen.
      if (message) apply({ type: 'push', push: { v: 1, type: 'chat_message_posted', ts: message.postedAt, data: message } });
      apply({ type: 'message_accepted', key, messageId });
    }
    if (!answer.ok) apply({ type: 'message_refused', key, error: answer.error });
    return answer;
  }

  return {
    getState: () => state,
    subscribe(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    sendChatMessage: (text) => send(newKey(), text),
    retryChatMessage(key) {
      const pending = state.pendingMessages.find((line) => line.key === key);
      return pending ? send(key, pending.text) : null;
    },
    dismissChatMessage: (key) => apply({ type: 'message_dismissed', key }),
    async setDisplayName(name) {
      const answer = await client.request('set_display_name', { name });
      if (answer.ok) apply({ type: 'name_changed', name: answer.data.name });
      return answer;
    },
    destroy() {
      for (const stop of detach) stop();
      listeners.clear();
    },
  };
}
