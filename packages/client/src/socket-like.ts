// What the client needs of the world, as narrow types: a browser's own WebSocket, `ws` in Node and the socket
// pair of the tests all fit.

export type SocketEventLike = { readonly data?: unknown; readonly code?: number; readonly reason?: string };

export type SocketLike = {
  readonly readyState: number;
  addEventListener(type: 'open' | 'message' | 'close' | 'error', listen: (event: SocketEventLike) => void): void;
  send(text: string): void;
  close(code?: number, reason?: string): void;
};

export type SocketConstructor = new (url: string, protocol?: string) => SocketLike;

/** Wall time and one-shot timers. `after` returns what cancels it. */
export type ClientClock = { nowMs(): number; after(delayMs: number, work: () => void): () => void };

/** Uniform in [0, 1). */
export type ClientRandom = { float(): number };
