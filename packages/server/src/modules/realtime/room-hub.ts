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
  LIMITS,
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
import type { Random } from '../../kernel/random.ts';
import { createRateLimiter } from '../../kernel/rate-limiter.ts';
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
  RoomPace,
  SnapshotProvider,
  VerifiedSession,
  VerifySession,
} from './ports.ts';
import { createRequestLane, type RequestLane } from './request-lane.ts';
import { type ReadRequest, readRequestData } from './request-reader.ts';
import { createShowRooms } from './show-rooms.ts';
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
  pace: () => RoomPace;
  random: Random;
};

export type RoomHubStats = {
  socketCount: number;
  roomCount: number;
  /** Since the start. */
  tooSlowCount: number;
  deadCount: number;
  refusedCount: number;
  /** New viewers asked to wait. */
  shedCount: number;
  /** Frames sent before their time, for too many pushes waited. */
  earlyFlushCount: number;
  /** Pushes to rooms that were not made, for there are too many. */
  droppedPushCount: number;
  /** Written and not yet taken, all sockets together. */
  bufferedBytes: number;
};

export type RoomHub = Service & {
  publish<T extends PushType>(showId: ShowId, channel: Channel, type: T, data: PushData<T>): void;
  publishLatest<T extends PushType>(showId: ShowId, channel: Channel, type: T, data: PushData<T>): void;
  /** The latest of something that concerns every room of this process. */
  publishLatestToAll<T extends PushType>(channel: Channel, type: T, data: PushData<T>): void;
  presence(showId: ShowId): PresenceEntry[];
  watchingCount(showId: ShowId): number;
  /** Whether somebody of the show's people is in its room. */
  hasStaff(showId: ShowId): boolean;
  /** Ends all sockets of a viewer for good and tells them why. */
  endViewer(showId: ShowId, viewerId: ViewerId, code: ErrorCode): void;
  renameViewer(showId: ShowId, viewerId: ViewerId, displayName: string): void;
  /** At most once per `presenceTellMs` and show. */
  onPresenceChanged(listen: (showId: ShowId) => void): () => void;
  /** Whether one more socket of this address would be taken; asked before the handshake. */
  hasRoomFor(address: string): boolean;
  /**
   * Ms a new viewer is asked to wait before coming (again), each another; 0 = come in. Asked before the handshake of who
   * does not say that they were here or are staff, and after hello of everybody, where it is known.
   */
  waitForNewViewersMs(): number;
  accept(connection: Connection, showId: ShowId): ConnectionListener;
  stats(): RoomHubStats;
};

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
const STOP_GRACE_MS = 1_000;
/** New viewers who are asked to wait come again within these: spread, so that they do not come together. */
export const SHED_WAIT_MIN_MS = 15_000;
export const SHED_WAIT_MAX_MS = 45_000;

export function createRoomHub(deps: RoomHubDeps): RoomHub {
  const { clock, logger, limits, handlers } = deps;
  const clients = new Set<Client>();
  const clientOf = new WeakMap<Member, Client>();
  const quota = createSocketQuota(limits);
  const rate = createRateLimiter(LIMITS.socketRequestsPerSec, LIMITS.socketRequestsBurst);
  let socketCount = 0;
  const counts = { tooSlowCount: 0, deadCount: 0, refusedCount: 0, shedCount: 0, earlyFlushCount: 0, droppedPushCount: 0 };
  const heartbeat = createHeartbeat<Client>({ clock, intervalMs: limits.pingEveryMs, beat });
  const rooms = createShowRooms({
    ...deps,
    onEarlyFlush() {
      counts.earlyFlushCount += 1;
    },
    onTooSlow(member) {
      counts.tooSlowCount += 1;
      const client = clientOf.get(member);
      if (client) drop(client, SOCKET_CLOSE_CODES.tooSlow, 'too slow');
    },
  });

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
  function drop(client: Client, code?: number, reason = '', graceMs = CLOSE_GRACE_MS): void {
    if (client.isGone) return;
    client.isGone = true;
    clients.delete(client);
    client.lane.stop();
    for (const release of client.releases) release();
    if (client.member) leaveRoom(client, client.member);
    if (code === undefined) return;
    logger.debug({ showId: client.showId, code, reason }, 'socket closed');
    client.connection.close(code, reason);
    clock.after(graceMs, () => client.connection.terminate());
  }

  function leaveRoom(client: Client, member: Member): void {
    const entry = rooms.find(client.showId);
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
    const verified = await deps.verifySession(data.value.token, client.connection.origin);
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

  /** Where to tell something: with as many rooms as there may be, one with nobody in it is not made. */
  function openFor(showId: ShowId) {
    const opened = rooms.open(showId);
    if (!opened) counts.droppedPushCount += 1;
    return opened?.room;
  }

  function waitForNewViewersMs(): number {
    if (deps.pace().takesNewViewers) return 0;
    counts.shedCount += 1;
    return Math.round(SHED_WAIT_MIN_MS + deps.random.float() * (SHED_WAIT_MAX_MS - SHED_WAIT_MIN_MS));
  }

  async function enter(client: Client, session: VerifiedSession, data: ParsedRequest<'hello'>, re: string): Promise<void> {
    const opened = rooms.open(client.showId);
    if (!opened) return refuseHello(client, re, refused('INSP_REALTIME_FULL', { retryAfterMs: 5_000 }), SOCKET_CLOSE_CODES.full);
    const { room, presence } = opened;
    if (session.role === 'viewer' && !presence.isOnVisit(session.viewerId)) {
      const retryAfterMs = waitForNewViewersMs();
      if (retryAfterMs > 0) return refuseHello(client, re, refused('INSP_REALTIME_SHEDDING', { retryAfterMs }), SOCKET_CLOSE_CODES.full);
    }
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

  return {
    publish: (showId, channel, type, data) => openFor(showId)?.publish(channel, type, data),
    publishLatest: (showId, channel, type, data) => openFor(showId)?.publishLatest(channel, type, data),
    publishLatestToAll(channel, type, data) {
      for (const showId of rooms.ids()) openFor(showId)?.publishLatest(channel, type, data);
    },
    presence: (showId) => rooms.find(showId)?.presence.list() ?? [],
    watchingCount: (showId) => rooms.find(showId)?.presence.watchingCount() ?? 0,
    hasStaff: (showId) => rooms.find(showId)?.room.hasStaff() ?? false,
    endViewer(showId, viewerId, code) {
      for (const client of clients) {
        if (client.showId !== showId || client.member?.session.viewerId !== viewerId) continue;
        const { title, fix } = wireError(code);
        client.connection.send(createFrame([privatePushText('session_ended', { code, title, fix }, clock.nowMs())]));
        drop(client, SOCKET_CLOSE_CODES.ended, code);
      }
    },
    renameViewer(showId, viewerId, displayName) {
      rooms.find(showId)?.presence.rename(viewerId, displayName);
      for (const { showId: where, member } of clients)
        if (where === showId && member?.session.viewerId === viewerId) member.session = { ...member.session, displayName };
    },
    onPresenceChanged: rooms.onPresenceChanged,
    hasRoomFor: quota.hasRoomFor,
    waitForNewViewersMs,
    accept(connection, showId) {
      const release = quota.take(connection.remoteAddress);
      if (!release) {
        counts.refusedCount += 1;
        connection.close(SOCKET_CLOSE_CODES.full, 'INSP_REALTIME_FULL');
        return { receive() {}, ponged() {}, closed() {} };
      }
      socketCount += 1;
      const rateKey = String(socketCount);
      const client: Client = {
        connection,
        showId,
        lane: createRequestLane({
          limits,
          takeTurn: () => rate.take(rateKey, clock.nowMs()),
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
    stats() {
      let bufferedBytes = 0;
      for (const { connection } of clients) bufferedBytes += connection.bufferedBytes();
      return { socketCount: quota.count, roomCount: rooms.count, ...counts, bufferedBytes };
    },
    async start() {
      await heartbeat.start();
      await rooms.start();
    },
    async stop() {
      await heartbeat.stop();
      for (const client of [...clients]) drop(client, SOCKET_CLOSE_CODES.goingAway, 'the server stops', STOP_GRACE_MS);
      await rooms.stop();
    },
  };
}
