// Ties the hub to real sockets: the address of a room, and one connection port per socket.
import type { Server } from 'node:http';
import { isId, LIMITS, ROOM_PASS } from '@insp/protocol';
import { type Consistency, singleStoreConsistency } from '../../kernel/consistency.ts';
import { attachWebSockets } from '../../platform/ws/index.ts';
import type { RoomHub } from './room-hub.ts';

const ROOM_PATH = /^\/v1\/rooms\/([^/]+)\/socket$/;

/** The hub reads up to LIMITS.socketFrameBytes and answers larger frames with their code; far beyond, ws closes with 1009 unread. */
export const SOCKET_PAYLOAD_MAX_BYTES = 4 * LIMITS.socketFrameBytes;

export type RoomSocketOptions = {
  isProxyTrusted?: boolean;
  /** A socket is one person's doings for as long as it is open. */
  consistency?: Pick<Consistency, 'open'>;
};

/** Serves `GET /v1/rooms/:showId/socket` as WebSocket of sub-protocol `insp.v1`. Returns the undo. */
export function attachRoomSockets(
  httpServer: Server,
  hub: Pick<RoomHub, 'accept' | 'hasRoomFor' | 'waitForNewViewersMs'>,
  options: RoomSocketOptions = {},
): () => void {
  return attachWebSockets(httpServer, {
    protocol: 'insp.v1',
    maxPayloadBytes: SOCKET_PAYLOAD_MAX_BYTES,
    isProxyTrusted: options.isProxyTrusted ?? false,
    consistency: options.consistency ?? singleStoreConsistency,
    route(path, query, remoteAddress) {
      const showId = ROOM_PATH.exec(path)?.[1];
      if (!isId('shw', showId)) return { ok: false, status: 404 };
      if (!hub.hasRoomFor(remoteAddress)) return { ok: false, status: 503 };
      // A hint, no proof: it only saves strangers the handshake. Hello knows who it is and asks again.
      const retryAfterMs = query.has(ROOM_PASS) ? 0 : hub.waitForNewViewersMs();
      if (retryAfterMs > 0) return { ok: false, status: 503, retryAfterMs };
      return { ok: true, accept: (connection) => hub.accept(connection, showId) };
    },
  });
}
