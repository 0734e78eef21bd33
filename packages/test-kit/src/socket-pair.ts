// Two ends of a socket with the wire in the hands of the test: frames move only when it says so, so any
// interleaving can be written down. The client end looks like a browser's WebSocket, the server end like the
// connection port of the room hub. Cutting loses what is on the wire, as a real cut does.

export type SocketEvent = { type: string; data?: unknown; code?: number; reason?: string };
type EventType = 'open' | 'message' | 'close' | 'error';

/** What the server side of a pair calls when something arrives. */
export type ServerSide = { receive(text: string): void; closed(): void; ponged(): void };

type Down = { kind: 'text'; text: string; sizeBytes: number } | { kind: 'close'; code: number; reason: string };

export type ServerEnd = {
  readonly remoteAddress: string;
  readonly origin: string | null;
  send(frame: { readonly text: string; readonly sizeBytes: number }): void;
  close(code: number, reason: string): void;
  terminate(): void;
  ping(): void;
  bufferedBytes(): number;
};

export type ClientEnd = {
  readonly url: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  addEventListener(type: EventType, listen: (event: SocketEvent) => void): void;
  send(text: string): void;
  close(code?: number, reason?: string): void;
};

export type SocketPair = {
  readonly client: ClientEnd;
  readonly server: ServerEnd;
  /** Tells the server side what to call. */
  attach(side: ServerSide): void;
  /** Completes the handshake. */
  open(): void;
  /** Refuses the handshake. */
  refuse(): void;
  /** Delivers up to `count` frames from client to server; returns how many. */
  flushUp(count?: number): number;
  /** Delivers up to `count` frames from server to client; returns how many. */
  flushDown(count?: number): number;
  /** Delivers both ways until nothing is on the wire. */
  flush(): void;
  /** The wire breaks and both sides learn of it. What was on it is lost. */
  cut(): void;
  /** The wire breaks and nobody is told: a half-open connection. Pings are no longer answered. */
  cutSilently(): void;
  readonly pendingUpCount: number;
  readonly pendingDownCount: number;
  readonly isClosed: boolean;
};

export type SocketPairOptions = { url?: string; remoteAddress?: string; origin?: string | null };

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

export function createSocketPair(options: SocketPairOptions = {}): SocketPair {
  const listeners = new Map<EventType, Array<(event: SocketEvent) => void>>();
  let side: ServerSide | null = null;
  let readyState = CONNECTING;
  let isServerClosed = false;
  let isSilent = false;
  let up: string[] = [];
  let down: Down[] = [];

  const emit = (type: EventType, event: Omit<SocketEvent, 'type'> = {}) => {
    for (const listen of listeners.get(type) ?? []) listen({ type, ...event });
  };
  const closeServer = () => {
    if (isServerClosed) return;
    isServerClosed = true;
    side?.closed();
  };
  const closeClient = (code: number, reason: string) => {
    if (readyState === CLOSED) return;
    readyState = CLOSED;
    emit('close', { code, reason });
  };

  const pair: SocketPair = {
    client: {
      url: options.url ?? 'ws://room.test/v1/rooms/x/socket',
      get readyState() {
        return readyState;
      },
      get bufferedAmount() {
        return up.reduce((sum, text) => sum + text.length, 0);
      },
      addEventListener(type, listen) {
        listeners.set(type, [...(listeners.get(type) ?? []), listen]);
      },
      send(text) {
        if (readyState === CONNECTING) throw new Error('the socket is still connecting');
        if (readyState === OPEN) up.push(text);
      },
      close(code = 1005, reason = '') {
        if (readyState >= CLOSING) return;
        readyState = CLOSING;
        // A browser waits for the other side; half-open it never comes, so the pair ends it at once.
        closeClient(code, reason);
        if (!isSilent) closeServer();
      },
    },
    server: {
      remoteAddress: options.remoteAddress ?? '192.0.2.1',
      origin: options.origin ?? null,
      send(frame) {
        if (!isServerClosed) down.push({ kind: 'text', text: frame.text, sizeBytes: frame.sizeBytes });
      },
      close(code, reason) {
        if (isServerClosed) return;
        down.push({ kind: 'close', code, reason });
        closeServer();
      },
      terminate() {
        if (!isSilent) closeClient(1006, '');
        closeServer();
      },
      ping() {
        if (!isSilent && readyState === OPEN) side?.ponged();
      },
      bufferedBytes: () => down.reduce((sum, frame) => sum + (frame.kind === 'text' ? frame.sizeBytes : 0), 0),
    },
    attach(newSide) {
      side = newSide;
    },
    open() {
      if (readyState !== CONNECTING) return;
      readyState = OPEN;
      emit('open');
    },
    refuse() {
      emit('error');
      closeClient(1006, '');
    },
    flushUp(count = Number.POSITIVE_INFINITY) {
      let moved = 0;
      while (moved < count && up.length > 0 && !isSilent) {
        const text = up.shift() as string;
        moved += 1;
        if (!isServerClosed) side?.receive(text);
      }
      return moved;
    },
    flushDown(count = Number.POSITIVE_INFINITY) {
      let moved = 0;
      while (moved < count && down.length > 0 && !isSilent) {
        const frame = down.shift() as Down;
        moved += 1;
        if (readyState === CLOSED) continue;
        if (frame.kind === 'text') emit('message', { data: frame.text });
        else closeClient(frame.code, frame.reason);
      }
      return moved;
    },
    flush() {
      while (pair.flushUp() + pair.flushDown() > 0);
    },
    cut() {
      up = [];
      down = [];
      closeServer();
      closeClient(1006, '');
    },
    cutSilently() {
      up = [];
      isSilent = true;
    },
    get pendingUpCount() {
      return up.length;
    },
    get pendingDownCount() {
      return down.length;
    },
    get isClosed() {
      return readyState === CLOSED && isServerClosed;
    },
  };
  return pair;
}

/** A `WebSocket` constructor that makes pairs instead of connections; the test finds them in `pairs`, newest last. */
export function createSocketNetwork(onPair: (pair: SocketPair) => void = () => {}): {
  readonly WebSocket: new (url: string, protocol?: string) => ClientEnd;
  readonly pairs: SocketPair[];
  last(): SocketPair;
} {
  const pairs: SocketPair[] = [];
  function FakeWebSocket(url: string): ClientEnd {
    const pair = createSocketPair({ url });
    pairs.push(pair);
    onPair(pair);
    return pair.client;
  }
  return {
    WebSocket: FakeWebSocket as unknown as new (url: string, protocol?: string) => ClientEnd,
    pairs,
    last() {
      const pair = pairs.at(-1);
      if (!pair) throw new Error('nothing has connected');
      return pair;
    },
  };
}
