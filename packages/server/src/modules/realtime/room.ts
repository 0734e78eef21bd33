// The room of one show: members in, frames out. No socket, no database, no clock of its own.
//
// Pushes are gathered and flushed as one frame per role (streams every 50 ms, caches every 250 ms; both every second
// under pressure), because the cost of fan-out follows frames, not bytes (dependencies.md 4). A lone push after quiet
// time goes out with the next turn of the loop, behind the answer to the request that caused it.
//
// Who comes in gets, in one frame: the answer to hello, the welcome with its snapshot, and every stream push after
// the position the welcome names. Nobody comes in while gathered pushes wait, so none is sent twice.
import type { Channel, Position, PushData, PushType, ShowId } from '@insp/protocol';
import { CHANNELS } from '@insp/protocol/schemas';
import type { Clock } from '../../kernel/clock.ts';
import { createChannelHistory } from './channel-history.ts';
import { createFrame } from './frame.ts';
import type { RealtimeLimits } from './limits.ts';
import { type Member, paceOf, sendFrame } from './member.ts';
import type { Redact, RoomPace, RoomRole, SnapshotProvider } from './ports.ts';
import { createPushEntry, type PushEntry } from './push-entry.ts';
import { createSharedSnapshots, type SharedSnapshot } from './shared-snapshot.ts';

/** A snapshot that is older than all we remember is taken again, this often at most. */
const SNAPSHOT_ATTEMPTS = 3;

export type Room = {
  readonly memberCount: number;
  /** Adds to an ordered channel: every member gets it, and who is away for a moment gets it later. */
  publish<T extends PushType>(channel: Channel, type: T, data: PushData<T>): void;
  /** Tells the latest value; what was not yet sent is replaced. */
  publishLatest<T extends PushType>(channel: Channel, type: T, data: PushData<T>): void;
  /** Lets a member in. False if its socket went away meanwhile; throws if there is no snapshot to be had. */
  enter(member: Member, claimed: readonly Position[], answer: string): Promise<boolean>;
  leave(member: Member): void;
  /** Sends what slow members are owed once they have caught up. */
  settleDebts(): void;
  /** Whether somebody of the show's people is in: who sees the staff channel. */
  hasStaff(): boolean;
  /** Nobody is here and nothing is remembered. */
  isSpent(): boolean;
};

export type RoomDeps = {
  showId: ShowId;
  clock: Clock;
  limits: RealtimeLimits;
  pace: () => RoomPace;
  newEpoch: () => string;
  redact: Redact;
  snapshot: SnapshotProvider;
  watchingCount: () => number;
  onTooSlow: (member: Member) => void;
  /** A frame went out before its time, for too many pushes waited. */
  onEarlyFlush: () => void;
};

const channelsOf = (role: RoomRole): readonly Channel[] => (role === 'viewer' ? ['viewers'] : CHANNELS);

export function createRoom({
  showId,
  clock,
  limits,
  pace,
  newEpoch,
  redact,
  snapshot,
  watchingCount,
  onTooSlow,
  onEarlyFlush,
}: RoomDeps): Room {
  const histories = { viewers: createChannelHistory(newEpoch(), limits), staff: createChannelHistory(newEpoch(), limits) };
  const membersByRole = new Map<RoomRole, Set<Member>>();
  const latest = new Map<string, PushEntry>();
  let order = 0;
  let memberCount = 0;
  let pendingStream: PushEntry[] = [];
  let pendingCache = new Map<string, PushEntry>();
  let streamFlushedAtMs = Number.NEGATIVE_INFINITY;
  let cacheFlushedAtMs = Number.NEGATIVE_INFINITY;
  let armed: { dueMs: number; cancel: () => void } | null = null;
  let onceFlushed: Array<() => void> = [];

  const snapshots = createSharedSnapshots({
    showId,
    clock,
    limits,
    provide: snapshot,
    redact,
    watchingCount,
    position: () => ({ order, offsets: { viewers: histories.viewers.offset, staff: histories.staff.offset } }),
  });

  /** Ms until the next flush may go; bounded by its interval, whatever the wall clock does. */
  const waitMs = (flushedAtMs: number, intervalMs: number) => Math.min(intervalMs, Math.max(0, flushedAtMs + intervalMs - clock.nowMs()));

  function arm(): void {
    const { streamFlushMs, cacheFlushMs } = pace();
    const streamWaitMs = pendingStream.length > 0 ? waitMs(streamFlushedAtMs, streamFlushMs) : Number.POSITIVE_INFINITY;
    const cacheWaitMs = pendingCache.size > 0 ? waitMs(cacheFlushedAtMs, cacheFlushMs) : Number.POSITIVE_INFINITY;
    const delayMs = Math.min(streamWaitMs, cacheWaitMs);
    if (delayMs === Number.POSITIVE_INFINITY) return;
    const dueMs = clock.nowMs() + delayMs;
    if (armed && armed.dueMs <= dueMs) return;
    armed?.cancel();
    armed = { dueMs, cancel: clock.after(delayMs, () => flush()) };
  }

  function flush(isEarly = false): void {
    if (isEarly) armed?.cancel();
    armed = null;
    const nowMs = clock.nowMs();
    const { streamFlushMs, cacheFlushMs } = pace();
    const stream = isEarly || waitMs(streamFlushedAtMs, streamFlushMs) === 0 ? pendingStream : [];
    const cache = waitMs(cacheFlushedAtMs, cacheFlushMs) === 0 ? [...pendingCache.values()] : [];
    if (stream.length > 0) {
      pendingStream = [];
      streamFlushedAtMs = nowMs;
    }
    if (cache.length > 0) {
      pendingCache = new Map();
      cacheFlushedAtMs = nowMs;
    }
    for (const [role, members] of membersByRole) if (members.size > 0) flushTo(role, members, stream, cache, nowMs);
    if (pendingStream.length === 0) {
      const waiting = onceFlushed;
      onceFlushed = [];
      for (const work of waiting) work();
    }
    arm();
  }

  /** One frame for a role, written to each of its members; those who lag get a second one, without caches. */
  function flushTo(role: RoomRole, members: Set<Member>, stream: PushEntry[], cache: PushEntry[], nowMs: number): void {
    const streamTexts = textsFor(role, stream);
    const cacheTexts = textsFor(role, cache);
    if (streamTexts.length + cacheTexts.length === 0) return;
    const frame = createFrame([...streamTexts, ...cacheTexts]);
    const leanFrame = cacheTexts.length === 0 ? frame : streamTexts.length === 0 ? null : createFrame(streamTexts);
    for (const member of members) {
      const pace = paceOf(member, nowMs, limits);
      if (pace === 'too_slow') onTooSlow(member);
      else if (pace === 'keeping_up') {
        if (member.isOwedCache) payCache(member);
        sendFrame(member, frame);
      } else {
        if (cacheTexts.length > 0) member.isOwedCache = true;
        if (leanFrame) sendFrame(member, leanFrame);
      }
    }
  }

  function payCache(member: Member): void {
    member.isOwedCache = false;
    const texts = textsFor(member.session.role, [...latest.values()]);
    if (texts.length > 0) sendFrame(member, createFrame(texts));
  }

  const textsFor = (role: RoomRole, entries: readonly PushEntry[]): string[] =>
    entries.map((entry) => entry.textFor(role)).filter((text) => text !== null);

  /** What `member` missed and from where, or null if the snapshot is too old to join on to our memory. */
  function catchUp(member: Member, claimed: readonly Position[], shared: SharedSnapshot) {
    const nowMs = clock.nowMs();
    const missed: PushEntry[] = [];
    const positions: Array<Position & { recovered: boolean }> = [];
    for (const channel of channelsOf(member.session.role)) {
      const history = histories[channel];
      const claim = claimed.findLast((position) => position.channel === channel && position.epoch === history.epoch);
      const sinceClaim = claim ? history.since(claim.offset, nowMs) : null;
      const since = sinceClaim ?? history.since(shared.offsets[channel], nowMs);
      if (!since) return null;
      const offset = sinceClaim && claim ? claim.offset : shared.offsets[channel];
      positions.push({ channel, epoch: history.epoch, offset, recovered: sinceClaim !== null });
      missed.push(...since);
    }
    for (const entry of latest.values()) if (entry.order > shared.order) missed.push(entry);
    missed.sort((a, b) => a.order - b.order);
    return { positions, missed };
  }

  function admit(member: Member, claimed: readonly Position[], answer: string, shared: SharedSnapshot, snapshotText: string): boolean {
    const { session } = member;
    const caughtUp = catchUp(member, claimed, shared);
    if (!caughtUp) return false;
    const nowMs = clock.nowMs();
    const who = JSON.stringify({
      sessionId: session.sessionId,
      viewerId: session.viewerId,
      displayName: session.displayName,
      role: session.role,
      serverTime: nowMs,
      positions: caughtUp.positions,
    });
    const welcome = `{"v":1,"type":"welcome","ts":${nowMs},"data":${who.slice(0, -1)},"snapshot":${snapshotText}}}`;
    const frame = createFrame([answer, welcome, ...textsFor(session.role, caughtUp.missed)]);
    member.slackBytes = frame.sizeBytes;
    sendFrame(member, frame);
    const members = membersByRole.get(session.role) ?? new Set();
    membersByRole.set(session.role, members.add(member));
    memberCount += 1;
    return true;
  }

  const afterFlush = (): Promise<void> => (pendingStream.length === 0 ? Promise.resolve() : new Promise((done) => onceFlushed.push(done)));

  return {
    get memberCount() {
      return memberCount;
    },
    publish(channel, type, data) {
      const atMs = clock.nowMs();
      order += 1;
      const entry = histories[channel].append((offset) => createPushEntry({ order, type, channel, offset, atMs, data }, redact));
      if (memberCount === 0) return;
      pendingStream.push(entry);
      if (pendingStream.length >= limits.pendingStreamMax) {
        onEarlyFlush();
        flush(true);
      } else arm();
    },
    publishLatest(channel, type, data) {
      order += 1;
      const key = `${channel} ${type}`;
      const entry = createPushEntry({ order, type, channel, offset: null, atMs: clock.nowMs(), data }, redact);
      latest.set(key, entry);
      if (memberCount === 0) return;
      pendingCache.set(key, entry);
      arm();
    },
    async enter(member, claimed, answer) {
      for (let attempt = 0; attempt < SNAPSHOT_ATTEMPTS; attempt += 1) {
        const shared = snapshots.get(member.session.role, member.session.orgId, { isFresh: attempt > 0 });
        const text = await shared.text;
        // A push may land between a flush and our turn: then wait for the next one.
        while (pendingStream.length > 0 && !member.isGone) await afterFlush();
        if (member.isGone) return false;
        if (admit(member, claimed, answer, shared, text)) return true;
      }
      throw new Error('the room moves faster than its snapshot');
    },
    hasStaff: () => [...membersByRole].some(([role, members]) => role !== 'viewer' && members.size > 0),
    leave(member) {
      member.isGone = true;
      if (membersByRole.get(member.session.role)?.delete(member)) memberCount -= 1;
      if (memberCount > 0) return;
      // Nobody is left to flush to; the history keeps what they may come back for.
      pendingStream = [];
      pendingCache = new Map();
      for (const work of onceFlushed.splice(0)) work();
    },
    settleDebts() {
      const nowMs = clock.nowMs();
      for (const members of membersByRole.values())
        for (const member of members) {
          if (!member.isOwedCache) continue;
          const pace = paceOf(member, nowMs, limits);
          if (pace === 'keeping_up') payCache(member);
          else if (pace === 'too_slow') onTooSlow(member);
        }
    },
    isSpent() {
      const nowMs = clock.nowMs();
      return memberCount === 0 && histories.viewers.isEmpty(nowMs) && histories.staff.isEmpty(nowMs);
    },
  };
}
