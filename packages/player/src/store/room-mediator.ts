// The room socket: joined while the player is on screen, left when it closes. Pushes become actions; requests go
// out through `send`. A client that was stopped is not used again.
import { createRoomClient, type PollRoom, type RoomClient } from '@insp/client';
import type { SessionKeeper } from '../session/session-keeper.ts';
import type { Action } from './action.ts';

export type RoomMediator = {
  join(): void;
  leave(): void;
  request: RoomClient['request'];
  /** Server time minus ours. */
  readonly clockOffsetMs: number;
};

export function createRoomMediator(deps: {
  session: SessionKeeper;
  poll: PollRoom;
  dispatch(action: Action): void;
  after(delayMs: number, work: () => void): () => void;
}): RoomMediator {
  let client: RoomClient | null = null;
  let clockOffsetMs = 0;

  const make = () => {
    const made = createRoomClient({
      session: (cause) => (cause === 'expired' ? deps.session.renew() : deps.session.get()),
      WebSocket: WebSocket as unknown as Parameters<typeof createRoomClient>[0]['WebSocket'],
      clock: { nowMs: () => Date.now(), after: deps.after },
      random: { float: Math.random },
      poll: deps.poll,
    });
    made.on('state', (state) => {
      if (client !== made) return;
      deps.dispatch({ type: 'connection_changed', connection: state.kind });
    });
    made.on('push', (push, { recoveredChannels }) => {
      if (client !== made) return;
      if (push.type === 'welcome') clockOffsetMs = made.clockOffsetMs;
      deps.dispatch({ type: 'pushed', push, isRecovered: recoveredChannels.includes('viewers') });
    });
    return made;
  };

  return {
    join() {
      if (client !== null) return;
      client = make();
      client.start();
    },
    leave() {
      const old = client;
      if (old === null) return;
      client = null;
      old.stop();
      deps.dispatch({ type: 'connection_changed', connection: 'idle' });
    },
    request(type, data, options) {
      if (client === null) this.join();
      return client!.request(type, data, options);
    },
    get clockOffsetMs() {
      return clockOffsetMs;
    },
  };
}
