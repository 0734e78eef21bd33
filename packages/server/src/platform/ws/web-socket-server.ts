// The shell around `ws`: upgrades, one object per socket, prebuilt frames. Decides nothing about content.
//
// Compression is off (each socket would cost a window of memory and its own copy of every frame). Writing our own
// frames to the TCP socket beside ws is safe because ws writes whole frames synchronously when nothing is
// compressed, and we stop as soon as it has begun to close.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Consistency, ConsistencyScope } from '../../kernel/consistency.ts';
import { readConsistencyToken } from '../consistency-header.ts';
import { framedOnce } from './framed-once.ts';

export type WebSocketConnection = {
  readonly remoteAddress: string;
  readonly origin: string | null;
  send(frame: { readonly text: string }): void;
  close(code: number, reason: string): void;
  terminate(): void;
  ping(): void;
  bufferedBytes(): number;
};

export type WebSocketListener = { receive(text: string): void; ponged(): void; closed(): void };

export type WebSocketOptions = {
  /** Sub-protocol a client must offer. */
  protocol: string;
  maxPayloadBytes: number;
  /** Take the remote address from the last entry of X-Forwarded-For, which our own proxy wrote. */
  isProxyTrusted: boolean;
  /** What a socket does is done in one scope, opened with the token of its upgrade request. */
  consistency: Pick<Consistency, 'open'>;
  route(
    path: string,
    query: URLSearchParams,
    remoteAddress: string,
  ): { ok: true; accept: (connection: WebSocketConnection) => WebSocketListener } | { ok: false; status: 404 | 503; retryAfterMs?: number };
};

const STATUS_TEXT = { 400: 'Bad Request', 404: 'Not Found', 503: 'Service Unavailable' } as const;
const RETRY_AFTER_MS = 5_000;
/** How long ws waits for the other side's close frame. */
const CLOSE_TIMEOUT_MS = 5_000;

function refuse(socket: Duplex, status: keyof typeof STATUS_TEXT, retryAfterMs = RETRY_AFTER_MS): void {
  const retry = status === 503 ? `Retry-After: ${Math.ceil(retryAfterMs / 1_000)}\r\n` : '';
  socket.end(`HTTP/1.1 ${status} ${STATUS_TEXT[status]}\r\n${retry}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}

function remoteAddressOf(request: IncomingMessage, isProxyTrusted: boolean): string {
  const forwarded = isProxyTrusted ? request.headers['x-forwarded-for'] : undefined;
  const last = (Array.isArray(forwarded) ? forwarded.join(',') : forwarded)?.split(',').at(-1)?.trim();
  return last || (request.socket.remoteAddress ?? 'unknown');
}

function offers(request: IncomingMessage, protocol: string): boolean {
  const offered = request.headers['sec-websocket-protocol'] ?? '';
  return offered.split(',').some((name) => name.trim() === protocol);
}

/** Outside of `onUpgrade` on purpose: a closure made there would keep the whole request alive as long as the socket. */
function destroyThis(this: Duplex): void {
  this.destroy();
}

/** Takes over the `upgrade` event of a server; the return value gives it back. Open sockets live on. */
export function attachWebSockets(httpServer: Server, options: WebSocketOptions): () => void {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: options.maxPayloadBytes,
    handleProtocols: () => options.protocol,
    // Not in the types of ws yet.
    ...{ closeTimeout: CLOSE_TIMEOUT_MS },
  });

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', destroyThis);
    const remoteAddress = remoteAddressOf(request, options.isProxyTrusted);
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const route = options.route(path, new URLSearchParams(query), remoteAddress);
    if (!route.ok) {
      // Another listener (a development server) may serve it.
      if (route.status !== 404 || httpServer.listenerCount('upgrade') === 1) refuse(socket, route.status, route.retryAfterMs);
      return;
    }
    if (!offers(request, options.protocol)) {
      refuse(socket, 400);
      return;
    }
    server.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = toConnection(webSocket, socket, remoteAddress, request.headers.origin ?? null);
      listen(webSocket, inScope(options.consistency.open(readConsistencyToken(request.headers)), route.accept(connection)));
    });
  }

  httpServer.on('upgrade', onUpgrade);
  return () => {
    httpServer.off('upgrade', onUpgrade);
  };
}

function inScope(scope: ConsistencyScope, listener: WebSocketListener): WebSocketListener {
  return {
    receive: (text) => scope.run(() => listener.receive(text)),
    ponged: () => listener.ponged(),
    closed: () => scope.run(() => listener.closed()),
  };
}

function toConnection(webSocket: WebSocket, socket: Duplex, remoteAddress: string, origin: string | null): WebSocketConnection {
  return {
    remoteAddress,
    origin,
    send(frame) {
      if (webSocket.readyState === webSocket.OPEN && socket.writable) socket.write(framedOnce(frame));
    },
    close: (code, reason) => webSocket.close(code, reason.slice(0, 100)),
    terminate: () => webSocket.terminate(),
    ping() {
      if (webSocket.readyState === webSocket.OPEN) webSocket.ping();
    },
    bufferedBytes: () => socket.writableLength,
  };
}

function listen(webSocket: WebSocket, listener: WebSocketListener): void {
  // The protocol is text; a binary frame is passed as an empty text, which no reader accepts.
  webSocket.on('message', (data, isBinary) => listener.receive(isBinary ? '' : data.toString()));
  webSocket.on('pong', () => listener.ponged());
  // Faults of the other side (bad frames, resets); `close` follows and is what counts.
  webSocket.on('error', () => {});
  webSocket.on('close', () => listener.closed());
}
