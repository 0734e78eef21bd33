// Hearts and the like. The tapper sees the own tap at once; the room sees sums four times a second, and the log gets
// one fact per viewer, kind and second, its weight being the taps.
import type { Fact, ReactionKind } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import { createRateLimiter } from '../../kernel/rate-limiter.ts';
import type { NewFact } from '../capture/index.ts';
import { activeBan, type ChatRoom } from './chat-room.ts';
import { type ChatPorts, type ChatSession, NORMAL_CHAT_PACE } from './ports.ts';

export const REACTIONS_PER_SEC = 10;
export const REACTIONS_BURST = 50;
export const BROADCAST_EVERY_MS = NORMAL_CHAT_PACE.reactionsEveryMs;
export const FACTS_EVERY_MS = 1_000;
/** Viewer-and-kind sums waiting for the log; when there are as many they go out early. */
const MAX_WAITING_SUMS = 20_000;

type Sum = { readonly session: ChatSession; readonly kind: ReactionKind; count: number };

export type Reactions = {
  /** Counts what the viewer's rate allows of `count`; INSP_CHAT_RATE_LIMITED when that is nothing. */
  react(room: ChatRoom, session: ChatSession, kind: ReactionKind, count: number): Outcome<Record<string, never>>;
  isBusy(showId: ChatRoom['showId']): boolean;
  start(): void;
  /** Sends what is waiting. */
  stop(): void;
};

export function createReactions(deps: {
  ports: Pick<ChatPorts, 'room' | 'engagement'>;
  clock: Clock;
  newFact: NewFact;
  /** At least this long between two pushes of the sums; grows under pressure. */
  broadcastEveryMs?: () => number;
}): Reactions {
  const { ports, clock, newFact, broadcastEveryMs = () => BROADCAST_EVERY_MS } = deps;
  const rate = createRateLimiter(REACTIONS_PER_SEC, REACTIONS_BURST);
  const sums = new Map<string, Sum>();
  /** Counts since the last push, per room. */
  const unsent = new Map<ChatRoom, Map<string, number>>();
  let stops: (() => void)[] = [];
  let ticksSinceBroadcast = 0;

  function broadcast(): void {
    for (const [room, counts] of unsent) {
      ports.room.publishLatest(room.showId, 'viewers', 'reactions_counted', {
        counts: Object.fromEntries(counts),
        totals: Object.fromEntries(room.reactionTotals),
      });
    }
    unsent.clear();
  }

  function broadcastIfDue(): void {
    ticksSinceBroadcast += 1;
    if (ticksSinceBroadcast * BROADCAST_EVERY_MS < broadcastEveryMs()) return;
    ticksSinceBroadcast = 0;
    broadcast();
  }

  function record(): void {
    const facts: Fact[] = [...sums.values()].map(({ session, kind, count }) =>
      newFact('chat.reactions_sent', {
        orgId: session.orgId,
        showId: session.showId,
        actor: session.role === 'viewer' ? { kind: 'viewer', id: session.viewerId } : { kind: 'member', id: session.memberId },
        viewerId: session.role === 'viewer' ? session.viewerId : null,
        isSimulated: session.isSimulated,
        kind,
        weight: count,
        payload: { reaction: kind },
      }),
    );
    sums.clear();
    if (facts.length > 0) ports.engagement.accept(facts);
  }

  return {
    react(room, session, kind, count) {
      const nowMs = clock.nowMs();
      if (session.role === 'viewer' && activeBan(room, session.viewerId, nowMs)) return refused('INSP_CHAT_BANNED');
      let grantedCount = 0;
      let retryAfterMs = 0;
      while (grantedCount < count && retryAfterMs === 0) {
        retryAfterMs = rate.take(`${room.showId} ${session.viewerId}`, nowMs);
        if (retryAfterMs === 0) grantedCount += 1;
      }
      if (grantedCount === 0) return refused('INSP_CHAT_RATE_LIMITED', { retryAfterMs });

      const counts = unsent.get(room) ?? new Map<string, number>();
      unsent.set(room, counts);
      counts.set(kind, (counts.get(kind) ?? 0) + grantedCount);
      room.reactionTotals.set(kind, (room.reactionTotals.get(kind) ?? 0) + grantedCount);
      const key = `${room.showId} ${session.viewerId} ${kind}`;
      const sum = sums.get(key) ?? { session, kind, count: 0 };
      sums.set(key, sum);
      sum.count += grantedCount;
      if (sums.size >= MAX_WAITING_SUMS) record();
      return accepted({});
    },
    isBusy: (showId) => [...unsent.keys()].some((room) => room.showId === showId),
    start() {
      if (stops.length === 0) stops = [clock.every(BROADCAST_EVERY_MS, broadcastIfDue), clock.every(FACTS_EVERY_MS, record)];
    },
    stop() {
      for (const stop of stops.splice(0)) stop();
      broadcast();
      record();
    },
  };
}
