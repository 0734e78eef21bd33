// A hub with hand-flushed sockets, a clock that stands still, and sessions made by name. For tests of realtime and
// of what plugs into it.
import type { Fact, Id, PushData, RoomSnapshot, ShowId } from '@insp/protocol';
import { createFakeClock, createSeededRandom, createSocketPair, type SocketPair, settlePromises } from '@insp/test-kit';
import { createIds } from '../src/kernel/ids.ts';
import { silentLogger } from '../src/kernel/logger.ts';
import { refused } from '../src/kernel/outcome.ts';
import { NORMAL_PACE, REALTIME_LIMITS, type RealtimeLimits } from '../src/modules/realtime/limits.ts';
import type { RequestHandlers, RoomPace, RoomRole, SnapshotProvider, VerifiedSession } from '../src/modules/realtime/ports.ts';
import { redactMoney } from '../src/modules/realtime/redact-money.ts';
import { createRoomHub } from '../src/modules/realtime/room-hub.ts';
import { onItsPage } from '../src/modules/viewers/session-page.ts';

/** A well-formed id with a readable number in it. */
export function testId<P extends 'shw' | 'vwr' | 'ses' | 'msg' | 'prd' | 'hlt' | 'cue' | 'evt'>(prefix: P, number: number): Id<P> {
  return `${prefix}_${number.toString(16).padStart(32, '0')}`;
}

export const SHOW = testId('shw', 1);

export function emptySnapshot(role: RoomRole, change: Partial<RoomSnapshot> = {}): RoomSnapshot {
  const staff = {
    removedMessages: [],
    bans: [],
    kpis: null,
    audience: null,
    questions: null,
    sellOrder: null,
    cues: [],
    health: null,
    autoEnd: null,
    pressure: null,
    restream: null,
  };
  return {
    showState: 'live',
    graceEndsAt: null,
    playlistUrl: null,
    highlights: [],
    products: [],
    pinnedMessage: null,
    recentMessages: [],
    slowModeSec: 0,
    watchingCount: 0,
    reactionCounts: {},
    staff: role === 'viewer' ? null : staff,
    ...change,
  };
}

export function testSession(number: number, change: Partial<VerifiedSession> = {}): VerifiedSession {
  return {
    sessionId: testId('ses', number),
    showId: SHOW,
    orgId: 'org1',
    viewerId: testId('vwr', number),
    memberId: null,
    role: 'viewer',
    displayName: `Viewer ${number}`,
    customerId: null,
    isSimulated: false,
    source: 'direct',
    device: 'phone',
    isReturning: false,
    ...change,
  };
}

export type WireItem = {
  v: 1;
  type: string;
  re?: string;
  ts?: number;
  channel?: string;
  offset?: number;
  data: Record<string, unknown> & { code?: string; messageId?: string };
};

export type TestSocket = {
  readonly pair: SocketPair;
  /** All items received, frame by frame. */
  readonly frames: WireItem[][];
  readonly items: WireItem[];
  readonly closeCode: number | null;
  /** Sends a request and lets the hub work on it. */
  send(type: string, data: unknown, id?: string): Promise<void>;
  sendText(text: string): Promise<void>;
  hello(token: string, positions?: unknown[]): Promise<WireItem[]>;
  /** Delivers what the hub sent. */
  flush(): void;
  /** The answer to a request id. */
  answerTo(id: string): WireItem | undefined;
  /** Forgets what was received so far. */
  clear(): void;
};

export function createRoomFixture(
  options: {
    limits?: Partial<RealtimeLimits>;
    handlers?: RequestHandlers;
    snapshot?: SnapshotProvider;
    seed?: number;
    pace?: () => RoomPace;
  } = {},
) {
  const clock = createFakeClock();
  const random = createSeededRandom(options.seed ?? 1);
  const facts: Fact[] = [];
  const sessions = new Map<string, VerifiedSession & { readonly origin: string | null }>();
  const limits = { ...REALTIME_LIMITS, ...NORMAL_PACE, ...options.limits };
  const hub = createRoomHub({
    clock,
    ids: createIds(clock, random),
    logger: silentLogger,
    limits,
    async verifySession(token, origin) {
      if (token === 'expired') return refused('INSP_EMBED_SESSION_EXPIRED');
      const session = sessions.get(token);
      return session ? onItsPage(session, origin) : refused('INSP_EMBED_SESSION_INVALID');
    },
    handlers: options.handlers ?? {},
    snapshot: options.snapshot ?? (async ({ role }) => emptySnapshot(role)),
    redact: redactMoney,
    random,
    pace: options.pace ?? (() => NORMAL_PACE),
    capture: { accept: (added) => facts.push(...added) },
  });

  /** Knows a token from now on; the token of viewer 7 is `t7`. */
  /** `origin`: of the page the session was given to. */
  function know(number: number, { origin = null, ...change }: Partial<VerifiedSession> & { origin?: string | null } = {}): string {
    const token = `t${number}`;
    sessions.set(token, { ...testSession(number, change), origin });
    return token;
  }

  function connect(showId: ShowId = SHOW, more: { remoteAddress?: string; origin?: string } = {}): TestSocket {
    const pair = createSocketPair(more);
    const frames: WireItem[][] = [];
    let closeCode: number | null = null;
    pair.client.addEventListener('message', ({ data }) => frames.push(JSON.parse(data as string)));
    pair.client.addEventListener('close', ({ code }) => {
      closeCode = code ?? null;
    });
    pair.attach(hub.accept(pair.server, showId));
    pair.open();
    let lastId = 0;
    const socket: TestSocket = {
      pair,
      frames,
      get items() {
        return frames.flat();
      },
      get closeCode() {
        return closeCode;
      },
      async sendText(text) {
        pair.client.send(text);
        pair.flushUp();
        await settlePromises();
        pair.flushDown();
      },
      async send(type, data, id) {
        lastId += 1;
        await socket.sendText(JSON.stringify({ v: 1, type, id: id ?? `q${lastId}`, data }));
      },
      async hello(token, positions = []) {
        await socket.send('hello', { token, positions }, 'hello');
        return socket.items;
      },
      flush: () => void pair.flushDown(),
      answerTo: (id) => frames.flat().find((item) => item.re === id),
      clear() {
        frames.length = 0;
      },
    };
    return socket;
  }

  /** Connects and says hello in one go. */
  async function join(number: number, change: Partial<VerifiedSession> = {}): Promise<TestSocket> {
    const socket = connect();
    await socket.hello(know(number, change));
    return socket;
  }

  return { hub, clock, random, facts, limits, sessions, know, connect, join, settle: settlePromises };
}

export type RoomFixture = ReturnType<typeof createRoomFixture>;

/** A chat line with this place in the room. */
export function chatLine(seq: number): PushData<'chat_message_posted'> {
  return {
    id: testId('msg', seq),
    seq,
    author: { kind: 'viewer', id: testId('vwr', 1), name: 'Ann', isBuyer: false, isSimulated: false },
    text: `line ${seq}`,
    postedAt: 1,
    platform: 'insp',
  };
}

export const ofType = (items: readonly WireItem[], type: string) => items.filter((item) => item.type === type);
export const offsetsOf = (items: readonly WireItem[]) => items.filter(({ offset }) => offset !== undefined).map(({ offset }) => offset);

/** The last welcome among the items. */
export function welcomeOf(items: readonly WireItem[]): PushData<'welcome'> {
  const welcome = ofType(items, 'welcome').at(-1);
  if (!welcome) throw new Error('no welcome came');
  return welcome.data as unknown as PushData<'welcome'>;
}

export function epochOf(items: readonly WireItem[]): string {
  const position = welcomeOf(items).positions[0];
  if (!position) throw new Error('the welcome names no position');
  return position.epoch;
}
