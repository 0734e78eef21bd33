// One room over one socket that may break at any time. The client says hello with its positions, gets all it
// missed or is told of the gap, and hands typed pushes up.
//
//   idle -> connecting -> open -> offline -> connecting ...     back-off with full jitter (backoff.ts)
//                    any state -> ended                         by stop(), or when the server says never again
//
// Retry loops: reconnecting (bounded in rate, not in number: backoff.ts) and renewing a refused session (at most
// MAX_RENEWALS in a row, then ended).
import {
  type Channel,
  mayReconnectAfter,
  type Push,
  type PushData,
  type PushType,
  type RequestData,
  type RequestType,
  ROOM_PASS,
  SOCKET_CLOSE_CODES,
  type WireError,
  wireError,
} from '@insp/protocol';
import { backoffMs } from './backoff.ts';
import { createPositions } from './positions.ts';
import { type Answer, createRequestQueue } from './request-queue.ts';
import { createRoomPoll, type PollRoom } from './room-poll.ts';
import type { ClientClock, ClientRandom, SocketConstructor, SocketLike } from './socket-like.ts';

/** From connecting to welcome. */
export const WELCOME_TIMEOUT_MS = 10_000;
/** The server speaks at least every 20 s, if only with an empty frame; after this silence the socket is dead. */
export const SILENCE_TIMEOUT_MS = 45_000;
/** A session is renewed over the open socket this long before it runs out. */
export const RENEW_BEFORE_MS = 60_000;
/** A session that is told to be (nearly) over again at once must not make a storm; timers of browsers end at 2^31 ms. */
export const RENEW_AT_EARLIEST_MS = 10_000;
export const RENEW_AT_LATEST_MS = 12 * 60 * 60_000;
/** A connection that held this long was good: the next cut starts at the shortest back-off. */
export const STABLE_AFTER_MS = 10_000;
export const MAX_RENEWALS = 2;
/** An answer that took longer was waiting, not on its way. */
export const MAX_WAY_MS = 1_000;
/** A server that asks for more patience than this is not believed. */
export const TOLD_WAIT_MAX_MS = 5 * 60_000;

export type RoomSession = { readonly token: string; readonly socketUrl: string; readonly expiresAt: number };
/** Gets a session. `start`: any that is at hand. `expired`: the last one was refused or is about to run out. */
export type SessionProvider = (cause: 'start' | 'expired') => Promise<RoomSession>;

export type ConnectionState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  | { readonly kind: 'offline'; readonly retryInMs: number; readonly error: WireError }
  | { readonly kind: 'ended'; readonly error: WireError | null };

export type PushMeta = { readonly ts: number; readonly channel?: Channel; readonly offset?: number };

/** Besides every push: `state`; `gap` = a channel's past is lost, the snapshot of the welcome is the new start; `push` = any push. */
export type RoomClientEvents = { [T in PushType]: (data: PushData<T>, meta: PushMeta) => void } & {
  state: (state: ConnectionState) => void;
  gap: (gap: { channel: Channel }) => void;
  push: (push: Push, more: { recoveredChannels: readonly Channel[] }) => void;
};

export type RoomClientOptions = {
  session: SessionProvider;
  WebSocket: SocketConstructor;
  clock: ClientClock;
  random: ClientRandom;
  /**
   * Reads the room's cached page. With it, a client that is not let in learns how long to wait (a browser cannot see the
   * 503 of a refused handshake) and goes on being told of the room meanwhile.
   */
  poll?: PollRoom;
};

export type RoomClient = {
  readonly state: ConnectionState;
  start(): void;
  /** Closes for good; waiting requests are refused. */
  stop(): void;
  /** While offline: tries now instead of waiting, e.g. when the browser says it is online again. */
  retryNow(): void;
  on<E extends keyof RoomClientEvents>(event: E, listen: RoomClientEvents[E]): () => void;
  /** Never rejects: a refusal, a time-out and a full queue are answers too. While offline it waits for the connection. */
  request<T extends Exclude<RequestType, 'hello'>>(type: T, data: RequestData<T>, options?: { timeoutMs?: number }): Promise<Answer<T>>;
  /** Server time minus ours, from the last welcome. */
  readonly clockOffsetMs: number;
};

type Item = Push | { type: 'ok' | 'refused'; re: string; data: unknown };

function readFrame(text: string): Item[] | null {
  try {
    const items: unknown = JSON.parse(text);
    return Array.isArray(items) && items.every((item) => typeof item === 'object' && item !== null) ? items : null;
  } catch {
    return null;
  }
}

/** Tells a server that takes no new viewers that we are none. */
function withPass(socketUrl: string): string {
  if (socketUrl.includes(`${ROOM_PASS}=`)) return socketUrl;
  return `${socketUrl}${socketUrl.includes('?') ? '&' : '?'}${ROOM_PASS}=returning`;
}

/** Joins one room. Nothing happens before `start()`. */
export function createRoomClient({ session, WebSocket, clock, random, poll }: RoomClientOptions): RoomClient {
  const listeners = new Map<string, Set<(...values: never[]) => void>>();
  const positions = createPositions();
  let state: ConnectionState = { kind: 'idle' };
  let socket: SocketLike | null = null;
  let attempt = 0;
  let renewals = 0;
  let nextCause: 'start' | 'expired' = 'start';
  let clockOffsetMs = 0;
  let helloSentAtMs = 0;
  let helloCount = 0;
  let helloId = '';
  // All timers of the present connection; cleared together when it ends.
  let timers: Array<() => void> = [];
  let cancelSilence: () => void = () => {};
  // A connection attempt that was given up must not come to life when its promise settles.
  let generation = 0;
  let wasWelcomed = false;
  const roomPoll = poll && createRoomPoll({ poll, clock, random, onPush: (push) => emitPush(push, []) });

  const queue = createRequestQueue({
    clock,
    send(text) {
      if (state.kind !== 'open' || !socket) return false;
      socket.send(text);
      return true;
    },
    // Sent on an open socket and never answered: the connection is suspect.
    onTimeout: () => dropConnection(wireError('INSP_REALTIME_NO_ANSWER')),
  });

  function emit<E extends keyof RoomClientEvents>(event: E, ...values: Parameters<RoomClientEvents[E]>): void {
    for (const listen of [...(listeners.get(event) ?? [])]) listen(...(values as unknown as never[]));
  }

  function setState(next: ConnectionState): void {
    state = next;
    emit('state', next);
  }

  function clearTimers(): void {
    roomPoll?.stop();
    for (const cancel of timers) cancel();
    timers = [];
    cancelSilence();
    cancelSilence = () => {};
  }

  /** Leaves the socket, whatever it does from now on. */
  function releaseSocket(): void {
    generation += 1;
    clearTimers();
    const old = socket;
    socket = null;
    queue.cut();
    try {
      old?.close(1000);
    } catch {
      // A socket that is still connecting may throw; it is abandoned either way.
    }
  }

  function dropConnection(error: WireError, atOnce = false): void {
    if (state.kind === 'ended' || state.kind === 'idle') return;
    releaseSocket();
    // Told how long to wait, a client waits that long at least; the server spreads those it tells.
    const retryInMs = atOnce ? 0 : Math.max(backoffMs(attempt, random), Math.min(error.retryAfterMs ?? 0, TOLD_WAIT_MAX_MS));
    attempt += 1;
    if (error.code === 'INSP_REALTIME_SHEDDING') roomPoll?.start();
    setState({ kind: 'offline', retryInMs, error });
    // A listener may have called stop().
    if ((state as ConnectionState).kind === 'offline') timers.push(clock.after(retryInMs, connect));
  }

  function end(error: WireError | null): void {
    if (state.kind === 'ended') return;
    releaseSocket();
    queue.refuseAll(error ?? wireError('INSP_REALTIME_NO_ANSWER'));
    setState({ kind: 'ended', error });
  }

  function connect(): void {
    releaseSocket();
    const mine = generation;
    setState({ kind: 'connecting' });
    timers.push(clock.after(WELCOME_TIMEOUT_MS, () => dropConnection(wireError('INSP_EMBED_UNREACHABLE'))));
    const cause = nextCause;
    session(cause).then(
      (current) => {
        if (mine !== generation) return;
        nextCause = 'start';
        openSocket(current, mine);
      },
      () => {
        if (mine === generation) dropConnection(wireError('INSP_EMBED_UNREACHABLE'));
      },
    );
  }

  function openSocket(current: RoomSession, mine: number): void {
    let opened: SocketLike;
    try {
      opened = new WebSocket(wasWelcomed ? withPass(current.socketUrl) : current.socketUrl, 'insp.v1');
    } catch {
      dropConnection(wireError('INSP_EMBED_UNREACHABLE'));
      return;
    }
    socket = opened;
    let isOpened = false;
    opened.addEventListener('open', () => {
      isOpened = true;
      if (mine === generation) sendHello(current.token);
    });
    opened.addEventListener('message', ({ data }) => {
      if (mine === generation && typeof data === 'string') receive(data, current, mine);
    });
    opened.addEventListener('error', () => {});
    opened.addEventListener('close', ({ code = 1006 }) => {
      if (mine !== generation) return;
      if (code === SOCKET_CLOSE_CODES.sessionExpired || code === SOCKET_CLOSE_CODES.sessionInvalid) renewOrEnd();
      else if (!isOpened && roomPoll) void askWhy(mine);
      else if (mayReconnectAfter(code)) dropConnection(wireError('INSP_EMBED_UNREACHABLE'));
      else end(wireError('INSP_REALTIME_FORBIDDEN'));
    });
  }

  /** The handshake was refused and nobody says why: the room's page does. */
  async function askWhy(mine: number): Promise<void> {
    const page = await roomPoll?.read();
    if (mine !== generation) return;
    const retryAfterMs = page?.retryAfterMs ?? null;
    if (retryAfterMs === null) dropConnection(wireError('INSP_EMBED_UNREACHABLE'));
    // The page is the same for everybody, so the spreading is ours.
    else dropConnection(wireError('INSP_REALTIME_SHEDDING', { retryAfterMs: Math.round(retryAfterMs * (1 + random.float())) }));
  }

  function sendHello(token: string): void {
    helloCount += 1;
    helloId = `h${helloCount}`;
    helloSentAtMs = clock.nowMs();
    socket?.send(JSON.stringify({ v: 1, type: 'hello', id: helloId, data: { token, positions: positions.all() } }));
  }

  /** The server does not take our token: get another, a bounded number of times. */
  function renewOrEnd(error: WireError = wireError('INSP_EMBED_SESSION_EXPIRED')): void {
    renewals += 1;
    nextCause = 'expired';
    if (renewals > MAX_RENEWALS) end(error);
    else dropConnection(error, renewals === 1);
  }

  function receive(text: string, current: RoomSession, mine: number): void {
    cancelSilence();
    cancelSilence = clock.after(SILENCE_TIMEOUT_MS, () => dropConnection(wireError('INSP_REALTIME_NO_ANSWER')));
    const items = readFrame(text);
    if (!items) {
      dropConnection(wireError('INSP_REALTIME_FRAME_MALFORMED'));
      return;
    }
    for (const item of items) {
      if ('re' in item) answered(item.re, item.type === 'ok', item.data);
      else pushed(item, current);
      // A listener, or the item itself, may have ended this connection.
      if (mine !== generation) return;
    }
  }

  function answered(re: string, isOk: boolean, data: unknown): void {
    if (queue.answer(re, (isOk ? { ok: true, data } : { ok: false, error: data as WireError }) as Answer<never>)) return;
    if (re !== helloId || isOk) return;
    const error = data as WireError;
    if (error.code === 'INSP_EMBED_SESSION_EXPIRED' || error.code === 'INSP_EMBED_SESSION_INVALID') renewOrEnd(error);
    else if (error.code === 'INSP_REALTIME_FORBIDDEN' || error.code === 'INSP_SHOWS_NOT_FOUND') end(error);
    else dropConnection(error);
  }

  function pushed(push: Push, current: RoomSession): void {
    if (push.type === 'welcome') {
      welcomed(push, current);
      return;
    }
    const verdict = push.channel === undefined || push.offset === undefined ? 'next' : positions.judge(push.channel, push.offset);
    if (verdict === 'hole') dropConnection(wireError('INSP_REALTIME_NO_ANSWER'), true);
    if (verdict !== 'next') return;
    emitPush(push, []);
    if (push.type === 'session_ended') {
      const error = push.data as WireError;
      if (error.code === 'INSP_EMBED_SESSION_EXPIRED' || error.code === 'INSP_EMBED_SESSION_INVALID') renewOrEnd(error);
      else end(error);
    }
  }

  function emitPush(push: Push, recoveredChannels: readonly Channel[]): void {
    const { ts, channel, offset } = push;
    emit('push', push, { recoveredChannels });
    emit(push.type, push.data as never, { ts, channel, offset });
  }

  function welcomed(push: Push & { type: 'welcome' }, current: RoomSession): void {
    const mine = generation;
    const welcome = push.data;
    const { lost, recovered } = positions.welcome(welcome);
    renewals = 0;
    wasWelcomed = true;
    // The server looked at its clock half a round trip ago.
    const wayMs = Math.min(MAX_WAY_MS, Math.max(0, clock.nowMs() - helloSentAtMs) / 2);
    clockOffsetMs = welcome.serverTime + wayMs - clock.nowMs();
    clearTimersKeepingSilence();
    timers.push(
      clock.after(STABLE_AFTER_MS, () => {
        attempt = 0;
      }),
    );
    scheduleRenewal(current.expiresAt - welcome.serverTime);
    emitPush(push, recovered);
    for (const channel of lost) emit('gap', { channel });
    if (mine !== generation) return;
    setState({ kind: 'open' });
    queue.flush();
  }

  function clearTimersKeepingSilence(): void {
    const keep = cancelSilence;
    cancelSilence = () => {};
    clearTimers();
    cancelSilence = keep;
  }

  /** Renews over the open socket, spread over the minute before the end so that a whole room does not renew at once. */
  function scheduleRenewal(remainingMs: number): void {
    if (!Number.isFinite(remainingMs)) return;
    const mine = generation;
    const wishedMs = remainingMs - RENEW_BEFORE_MS - Math.round(random.float() * RENEW_BEFORE_MS);
    const inMs = Math.min(RENEW_AT_LATEST_MS, Math.max(RENEW_AT_EARLIEST_MS, wishedMs));
    timers.push(
      clock.after(inMs, () => {
        session('expired').then(
          (renewed) => {
            if (mine !== generation || state.kind !== 'open') return;
            sendHello(renewed.token);
            scheduleRenewal(renewed.expiresAt - (clock.nowMs() + clockOffsetMs));
          },
          // The server closes when the old session is over; reconnecting then tries again with back-off.
          () => {},
        );
      }),
    );
  }

  return {
    get state() {
      return state;
    },
    get clockOffsetMs() {
      return clockOffsetMs;
    },
    start() {
      if (state.kind === 'idle') connect();
    },
    stop: () => end(null),
    retryNow() {
      if (state.kind === 'offline') connect();
    },
    on(event, listen) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set);
      set.add(listen as (...values: never[]) => void);
      return () => set.delete(listen as (...values: never[]) => void);
    },
    request(type, data, options = {}) {
      if (state.kind === 'ended') return Promise.resolve({ ok: false, error: state.error ?? wireError('INSP_REALTIME_NO_ANSWER') });
      return queue.add(type, data, options.timeoutMs);
    },
  };
}
