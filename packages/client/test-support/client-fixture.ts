// A room client on hand-flushed sockets, opposite a server whose every word the test writes.
import type { Push, PushData, PushType } from '@insp/protocol';
import { createFakeClock, createSeededRandom, createSocketNetwork, type SocketPair } from '@insp/test-kit';
import { type ConnectionState, createRoomClient, type RoomSession } from '../src/room-client.ts';
import type { PollRoom } from '../src/room-poll.ts';

export type SentRequest = { v: 1; type: string; id: string; data: Record<string, unknown> };

const hex = (number: number) => number.toString(16).padStart(32, '0');

export function chatLine(seq: number, author = 1, text = `line ${seq}`): PushData<'chat_message_posted'> {
  return {
    id: `msg_${hex(seq)}`,
    seq,
    author: { kind: 'viewer', id: `vwr_${hex(author)}`, name: `Viewer ${author}`, isBuyer: false, isSimulated: false },
    text,
    postedAt: seq,
    platform: 'insp',
  };
}

export function welcome(change: Partial<PushData<'welcome'>> & { messages?: PushData<'chat_message_posted'>[] } = {}): PushData<'welcome'> {
  const { messages = [], ...rest } = change;
  return {
    sessionId: `ses_${hex(1)}`,
    viewerId: `vwr_${hex(1)}`,
    displayName: 'Viewer 1',
    role: 'viewer',
    serverTime: 1_760_000_000_000,
    positions: [{ channel: 'viewers', epoch: 'e1', offset: 0, recovered: false }],
    snapshot: {
      showState: 'live',
      graceEndsAt: null,
      playlistUrl: null,
      highlights: [],
      products: [],
      pinnedMessage: null,
      recentMessages: messages,
      slowModeSec: 0,
      watchingCount: 1,
      reactionCounts: {},
      staff: null,
    },
    ...rest,
  };
}

export function push<T extends PushType>(type: T, data: PushData<T>, offset?: number): Push {
  return { v: 1, type, ts: 1, data, ...(offset === undefined ? {} : { channel: 'viewers', offset }) } as Push;
}

/** The server side of one socket, by hand. */
export function scriptServer(pair: SocketPair) {
  const requests: SentRequest[] = [];
  pair.attach({ receive: (text) => requests.push(JSON.parse(text)), closed() {}, ponged() {} });
  const say = (...items: unknown[]) => {
    const text = JSON.stringify(items);
    pair.server.send({ text, sizeBytes: text.length });
    pair.flushDown();
  };
  return {
    pair,
    requests,
    say,
    sayText(text: string) {
      pair.server.send({ text, sizeBytes: text.length });
      pair.flushDown();
    },
    ok: (re: string, data: object = {}) => say({ v: 1, type: 'ok', re, data }),
    refuse: (re: string, code: string, more: object = {}) =>
      say({ v: 1, type: 'refused', re, data: { code, title: '', fix: '', ...more } }),
    /** Opens, reads hello and answers with a welcome. */
    let(change: Parameters<typeof welcome>[0] = {}, ...after: Push[]) {
      pair.open();
      pair.flushUp();
      const hello = requests.at(-1) as SentRequest;
      say({ v: 1, type: 'ok', re: hello.id, data: {} }, push('welcome', welcome(change)), ...after);
      return hello;
    },
    read() {
      pair.flushUp();
      return requests.at(-1);
    },
    close(code: number) {
      pair.server.close(code, '');
      pair.flushDown();
    },
  };
}
export type ScriptedServer = ReturnType<typeof scriptServer>;

export function createClientFixture(
  options: { seed?: number; getSession?: (cause: 'start' | 'expired') => Promise<RoomSession>; poll?: PollRoom } = {},
) {
  const clock = createFakeClock();
  const random = createSeededRandom(options.seed ?? 1);
  const servers: ScriptedServer[] = [];
  const urls: string[] = [];
  const network = createSocketNetwork((pair) => {
    servers.push(scriptServer(pair));
    urls.push(pair.client.url);
  });
  const causes: string[] = [];
  const states: ConnectionState[] = [];
  const client = createRoomClient({
    clock,
    random,
    WebSocket: network.WebSocket,
    ...(options.poll ? { poll: options.poll } : {}),
    session(cause) {
      causes.push(cause);
      return options.getSession
        ? options.getSession(cause)
        : Promise.resolve({ token: `${cause}-${causes.length}`, socketUrl: 'ws://room', expiresAt: clock.nowMs() + 900_000 });
    },
  });
  client.on('state', (state) => states.push(state));

  return {
    clock,
    random,
    client,
    causes,
    states,
    servers,
    /** Addresses of all sockets so far. */
    urls,
    /** The newest socket. */
    server(): ScriptedServer {
      const server = servers.at(-1);
      if (!server) throw new Error('the client has not connected');
      return server;
    },
    /** Starts and comes in. */
    async open(change: Parameters<typeof welcome>[0] = {}): Promise<ScriptedServer> {
      client.start();
      await clock.advanceAsync(0);
      const server = this.server();
      server.let(change);
      return server;
    },
    /** Lets the back-off run out and takes the next socket. */
    async reconnect(): Promise<ScriptedServer> {
      const before = servers.length;
      await clock.advanceAsync(client.state.kind === 'offline' ? client.state.retryInMs : 0);
      if (servers.length === before) throw new Error(`no reconnect; state ${JSON.stringify(client.state)}`);
      return this.server();
    },
  };
}
