// All rooms of the process and all sockets in them. Sans I/O: connections come in as a port (ports.ts), time as a
// clock, everything else is decided here.
//
//   socket:  accepted --hello--> verifying -> entering -> in the room -> closed
//            accepted --10 s without hello--> closed
//
// A second hello on a socket that is in renews its session. Every way out goes through `drop`.
import {
  type Channel,
  type ErrorCode,
  hasPermission,
  type ParsedRequest,
  type PushData,
  type PushType,
  type ShowId,
  SOCKET_CLOSE_CODES,
  type ViewerId,
  wireError,
} from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import { accepted, type Outcome, type Refusal, refused } from '../../kernel/outcome.ts';
import type { Service } from '../../kernel/service.ts';
import { answerText, createFrame, EMPTY_FRAME, privatePushText } from './frame.ts';
import { createHeartbeat } from './heartbeat.ts';
import type { RealtimeLimits } from './limits.ts';
import { createMember, type Member, sendFrame } from './member.ts';
import type {
  Connection,
  ConnectionListener,
  FactAcceptor,
  HandledRequestType,
  PresenceEntry,
  Redact,
  RequestHandler,
  RequestHandlers,
  SnapshotProvider,
  VerifiedSession,
  VerifySession,
} from './ports.ts';
import { createPresence, type Presence } from './presence.ts';
import { createRequestLane, type RequestLane } from './request-lane.ts';
import { type ReadRequest, readRequestData } from './request-reader.ts';
import { createRoom, type Room } from './room.ts';
import { createSocketQuota } from './socket-quota.ts';

export type RoomHubDeps = {
  clock: Clock;
  ids: Ids;
  logger: Logger;
  limits: RealtimeLimits;
  verifySession: VerifySession;
  handlers: RequestHandlers;
  snapshot: SnapshotProvider;
  redact: Redact;
  capture: FactAcceptor;
};

export type RoomHubStats = {
  socketCount: number;
  roomCount: number;
  /** Since the start. */
  tooSlowCount: number;
  deadCount: number;
  refusedCount: number;
};

export type RoomHub = Service & {
  publish<T extends PushType>(showId: ShowId, channel: Channel, type: T, data: PushData<T>): void;
  publishLatest<T extends PushType>(showId: ShowId, channel: Channel, type: T, data: PushData<T>): void;
  presence(showId: ShowId): PresenceEntry[];
  watchingCount(showId: ShowId): number;
  /** Ends all sockets of a viewer for good and tells them why. */
  endViewer(showId: ShowId, viewerId: ViewerId, code: ErrorCode): void;
  renameViewer(showId: ShowId, viewerId: ViewerId, displayName: string): void;
  /** At most once per `presenceTellMs` and show. */
  onPresenceChanged(listen: (showId: ShowId) => void): () => void;
  /** Whether one more socket of this address would be taken; asked before the handshake. */
  hasRoomFor(address: string): boolean;
  accept(connection: Connection, showId: ShowId): ConnectionListener;
  stats(): RoomHubStats;
};

type ShowRoom = { room: Room; presence: Presence; cancelTell: (() => void) | null; toldAtMs: number };

type Client = {
  readonly connection: Connection;
  readonly showId: ShowId;
  readonly lane: RequestLane;
  /** Set once hello was accepted. */
  member: Member | null;
  isInRoom: boolean;
  isGone: boolean;
  missedPongs: number;
  readonly releases: Array<() => void>;
};

/** A socket that was told to close gets this long to do so. */
const CLOSE_GRACE_MS = 5_000;
const SPENT_ROOMS_SWEEP_MS = 30_000;

export function createRoomHub(deps: RoomHubDeps): RoomHub {
  const { clock, ids, logger, limits, handlers } = deps;
  const rooms = new Map<ShowId, ShowRoom>();
  const clients = new Set<Client>();
  const clientOf = new WeakMap<Member, Client>();
  const quota = createSocketQuota(limits);
  const presenceListeners = new Set<(showId: ShowId) => void>();
  const counts = { tooSlowCount: 0, deadCount: 0, refusedCount: 0 };
  const heartbeat = createHeartbeat<Client>({ clock, intervalMs: limits.pingEveryMs, beat });
  let stopTimers: Array<() => void> = [];

  function roomOf(showId: ShowId): ShowRoom {
    const known = rooms.get(showId);
    if (known) return known;
    const presence = createPresence({
      showId,
      clock,
      ids,
      limits,
      capture: deps.capture,
      onChanged: () => presenceChanged(showId),
    });
    const room = createRoom({
      showId,
      clock,
      limits,
      newEpoch: () => ids.create('req').slice('req_'.length),
      redact: deps.redact,
      snapshot: deps.snapshot,
      watchingCount: presence.watchingCount,
      onTooSlow(member) {
        counts.tooSlowCount += 1;
        const client = clientOf.get(member);
        if (client) drop(client, SOCKET_CLOSE_CODES.tooSlow, 'too slow');
      },
    });
    const made: ShowRoom = { room, presence, cancelTell: null, toldAtMs: Number.NEGATIVE_INFINITY };
    rooms.set(showId, made);
    return made;
  }

  function presenceChanged(showId: ShowId): void {
    const entry = rooms.get(showId);
    if (!entry || entry.cancelTell) return;
    const waitMs = Math.min(limits.presenceTellMs, Math.max(0, entry.toldAtMs + limits.presenceTellMs - clock.nowMs()));
    entry.cancelTell = clock.after(waitMs, () => {
      entry.cancelTell = null;
      entry.toldAtMs = clock.nowMs();
      entry.room.publishLatest('viewers', 'presence_changed', { watchingCount: entry.presence.watchingCount() });
      for (const listen of presenceListeners) listen(showId);
    });
  }

  function answer(client: Client, re: string, outcome: Outcome<never> | Outcome<Record<string, unknown>>): void {
    if (client.isGone) return;
    // One who asks and never reads must not fill our memory with answers.
    if (client.connection.bufferedBytes() > limits.tooSlowBufferBytes + (client.member?.slackBytes ?? 0)) {
      counts.tooSlowCount += 1;
      drop(client, SOCKET_CLOSE_CODES.tooSlow, 'too slow');
      return;
    }
    client.connection.send(createFrame([answerText(re, outcome as Outcome<never>)]));
  }

  /** The one way out. Without a code the socket is gone already. */
  function drop(client: Client, code?: number, reason = ''): void {
    if (client.isGone) return;
    client.isGone = true;
    clients.delete(client);
    client.lane.stop();
    for (const release of client.releases) release();
    if (client.member) leaveRoom(client, client.member);
    if (code === undefined) return;
    logger.debug({ showId: client.showId, code, reason }, 'socket closed');
    client.connection.close(code, reason);
    clock.after(CLOSE_GRACE_MS, () => client.connection.terminate());
  }

  function leaveRoom(client: Client, member: Member): void {
    const entry = rooms.get(client.showId);
    entry?.room.leave(member);
    if (client.isInRoom) entry?.presence.leave(member.session);
  }

  function beat(client: Client): void {
    const { member } = client;
    if (client.missedPongs >= limits.missedPongsMax) {
      counts.deadCount += 1;
      drop(client, SOCKET_CLOSE_CODES.silent, 'no sign of life');
      return;
    }
    client.missedPongs += 1;
    client.connection.ping();
    if (!member) return;
    const { expiresAtMs } = member.session;
    if (expiresAtMs !== undefined && clock.nowMs() > expiresAtMs + limits.expiryLeniencyMs) {
      drop(client, SOCKET_CLOSE_CODES.sessionExpired, 'the session has expired');
      return;
    }
    if (!member.hasHeard) sendFrame(member, EMPTY_FRAME);
    member.hasHeard = false;
  }

  async function handle(client: Client, request: ReadRequest): Promise<void> {
    try {
      if (request.type === 'hello') await hello(client, request);
      else if (!client.isInRoom || !client.member) answer(client, request.id, refused('INSP_REALTIME_HELLO_REQUIRED'));
      else answer(client, request.id, await dispatch(client.member.session, request));
    } catch (cause) {
      logger.error({ err: cause, request: request.type, showId: client.showId }, 'a socket request failed');
      answer(client, request.id, refused('INSP_HTTP_INTERNAL'));
    }
  }

  async function dispatch(session: VerifiedSession, request: ReadRequest): Promise<Outcome<Record<string, unknown>>> {
    const handler = handlers[request.type as HandledRequestType] as RequestHandler<HandledRequestType> | undefined;
    if (!handler) return refused('INSP_REALTIME_UNKNOWN_REQUEST');
    if (handler.permission !== null && (session.role === 'viewer' || !hasPermission(session.role, handler.permission)))
      return refused('INSP_REALTIME_FORBIDDEN');
    const data = readRequestData(request.type as HandledRequestType, request.data);
    return data.ok ? handler.handle(session, data.value) : data;
  }

  /** Refuses a hello; the socket has no other use. */
  function refuseHello(client: Client, re: string, refusal: Refusal, code: number): void {
    counts.refusedCount += 1;
    answer(client, re, refusal);
    drop(client, code, refusal.code);
  }

  async function hello(client: Client, request: ReadRequest): Promise<void> {
    const data = readRequestData('hello', request.data);
    if (!data.ok) return refuseHello(client, request.id, data, SOCKET_CLOSE_CODES.helloFailed);
    const verified = await deps.verifySession(data.value.token);
    if (client.isGone) return;
    if (!verified.ok) {
      const isExpired = verified.code === 'INSP_EMBED_SESSION_EXPIRED';
      return refuseHello(client, request.id, verified, isExpired ? SOCKET_CLOSE_CODES.sessionExpired : SOCKET_CLOSE_CODES.sessionInvalid);
    }
    const session = verified.value;
    const refusal = checkSession(client, session);
    if (refusal) return refuseHello(client, request.id, refusal, SOCKET_CLOSE_CODES.sessionInvalid);
    if (client.member) renew(client, client.member, session, request.id);
    else await enter(client, session, data.value, request.id);
  }

  function checkSession(client: Client, session: VerifiedSession): Refusal | null {
    if (session.showId !== client.showId) return refused('INSP_REALTIME_FORBIDDEN', { detail: 'The session is for another show.' });
    // Browsers always tell their origin; what tells none could tell any, so nothing is gained by asking for it.
    if (session.origin && client.connection.origin !== null && client.connection.origin !== session.origin)
      return refused('INSP_EMBED_ORIGIN_BLOCKED');
    if (client.member && client.member.session.viewerId !== session.viewerId) return refused('INSP_REALTIME_FORBIDDEN');
    return null;
  }

  function renew(client: Client, member: Member, session: VerifiedSession, re: string): void {
    // What a role may see is fixed while in the room; with another role one comes in anew.
    if (session.role !== member.session.role) {
      drop(client, SOCKET_CLOSE_CODES.sessionExpired, 'the role has changed');
      return;
    }
    member.session = { ...session, displayName: member.session.displayName };
    answer(client, re, accepted({}));
  }

  async function enter(client: Client, session: VerifiedSession, data: ParsedRequest<'hello'>, re: string): Promise<void> {
    const { room, presence } = roomOf(client.showId);
    if (room.memberCount >= limits.socketsPerRoomMax)
      return refuseHello(client, re, refused('INSP_REALTIME_FULL', { retryAfterMs: 5_000 }), SOCKET_CLOSE_CODES.full);
    const member = createMember(client.connection, session);
    client.member = member;
    clientOf.set(member, client);
    try {
      if (!(await room.enter(member, data.positions, answerText(re, accepted({}))))) return;
    } catch (cause) {
      logger.warn({ err: cause, showId: client.showId }, 'nobody can come into the room: it has no snapshot');
      return refuseHello(client, re, refused('INSP_HTTP_NOT_READY', { retryAfterMs: 1_000 }), SOCKET_CLOSE_CODES.helloFailed);
    }
    // The socket may have gone between being let in and now; then it has left the room already.
    if (client.isGone) return;
    client.isInRoom = true;
    presence.enter(member.session);
  }

  function sweepSpentRooms(): void {
    for (const [showId, { room, presence, cancelTell }] of rooms)
      if (room.isSpent() && presence.isEmpty()) {
        cancelTell?.();
        rooms.delete(showId);
      }
  }

  return {
    publish: (showId, channel, type, data) => roomOf(showId).room.publish(channel, type, data),
    publishLatest: (showId, channel, type, data) => roomOf(showId).room.publishLatest(channel, type, data),
    presence: (showId) => rooms.get(showId)?.presence.list() ?? [],
    watchingCount: (showId) => rooms.get(showId)?.presence.watchingCount() ?? 0,
    endViewer(showId, viewerId, code) {
      for (const client of clients) {
        if (client.showId !== showId || client.member?.session.viewerId !== viewerId) continue;
        const { title, fix } = wireError(code);
        client.connection.send(createFrame([privatePushText('session_ended', { code, title, fix }, clock.nowMs())]));
        drop(client, SOCKET_CLOSE_CODES.ended, code);
      }
    },
    renameViewer(showId, viewerId, displayName) {
      rooms.get(showId)?.presence.rename(viewerId, displayName);
      for (const { showId: where, member } of clients)
        if (where === showId && member?.session.viewerId === viewerId) member.session = { ...member.session, displayName };
    },
    onPresenceChanged(listen) {
      presenceListeners.add(listen);
      return () => presenceListeners.delete(listen);
    },
    hasRoomFor: quota.hasRoomFor,
    accept(connection, showId) {
      const release = quota.take(connection.remoteAddress);
      if (!release) {
        counts.refusedCount += 1;
        connection.close(SOCKET_CLOSE_CODES.full, 'INSP_REALTIME_FULL');
        return { receive() {}, ponged() {}, closed() {} };
      }
      const client: Client = {
        connection,
        showId,
        lane: createRequestLane({
          clock,
          limits,
          handle: (request) => handle(client, request),
          refuse: (re, refusal) => answer(client, re, refusal),
          close: (code, reason) => drop(client, code, reason),
        }),
        member: null,
        isInRoom: false,
        isGone: false,
        missedPongs: 0,
        releases: [release],
      };
      clients.add(client);
      client.releases.push(heartbeat.add(client));
      client.releases.push(
        clock.after(limits.helloTimeoutMs, () => {
          if (!client.member) refuseHello(client, '', refused('INSP_REALTIME_HELLO_REQUIRED'), SOCKET_CLOSE_CODES.helloFailed);
        }),
      );
      return {
        receive(text) {
          client.missedPongs = 0;
          client.lane.receive(text);
        },
        ponged() {
          client.missedPongs = 0;
        },
        closed: () => drop(client),
      };
    },
    stats: () => ({ socketCount: quota.count, roomCount: rooms.size, ...counts }),
    async start() {
      if (stopTimers.length > 0) return;
      await heartbeat.start();
      stopTimers = [
        clock.every(limits.concurrencySampleMs, () => {
          for (const { presence } of rooms.values()) presence.sample();
        }),
        clock.every(1_000, () => {
          for (const { room } of rooms.values()) room.settleDebts();
        }),
        clock.every(SPENT_ROOMS_SWEEP_MS, sweepSpentRooms),
      ];
    },
    async stop() {
      for (const stopTimer of stopTimers) stopTimer();
      stopTimers = [];
      await heartbeat.stop();
      for (const client of [...clients]) drop(client, SOCKET_CLOSE_CODES.goingAway, 'the server stops');
      for (const { presence, cancelTell } of rooms.values()) {
        cancelTell?.();
        presence.stop();
      }
    },
  };
}
