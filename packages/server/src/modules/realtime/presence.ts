// Who is here, and the facts of their visits.
//
//   away -> here (joined) -> away for at most visitGapMs -> here      the same visit
//                         -> away for longer                          left, with the time watched
//
// Present means a socket in the room now; a visit outlives a short cut. Staff are present but make no visits.
import type { Fact, ShowId, ViewerId } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { RealtimeLimits } from './limits.ts';
import type { FactAcceptor, PresenceEntry, VerifiedSession } from './ports.ts';

type Visit = {
  session: VerifiedSession;
  socketCount: number;
  readonly joinedAtMs: number;
  /** Of the present stay; meaningful while `socketCount > 0`. */
  hereSinceMs: number;
  watchedMs: number;
  leftAtMs: number;
  cancelLeave: () => void;
};

/** After the last viewer has gone, zeros are sampled this long, so that the mean of that minute is right. */
const SAMPLE_ZEROS_FOR_MS = 60_000;

export type Presence = {
  enter(session: VerifiedSession): void;
  leave(session: VerifiedSession): void;
  rename(viewerId: ViewerId, displayName: string): void;
  list(): PresenceEntry[];
  /** Here now, or away for no longer than a visit allows. */
  isOnVisit(viewerId: ViewerId): boolean;
  /** Distinct viewers with a socket here; staff are not counted. */
  watchingCount(): number;
  /** Hands a concurrency sample to capture, if there is anything to tell. */
  sample(): void;
  /** Nobody is here, no visit is open and no sample is owed. */
  isEmpty(): boolean;
  /** Ends all visits now. */
  stop(): void;
};

export function createPresence(deps: {
  showId: ShowId;
  clock: Clock;
  ids: Ids;
  limits: RealtimeLimits;
  capture: FactAcceptor;
  /** The number or the list of those present has changed. */
  onChanged: () => void;
}): Presence {
  const { showId, clock, limits } = deps;
  const visits = new Map<ViewerId, Visit>();
  let watchingCount = 0;
  let lastWatched: { atMs: number; session: VerifiedSession } | null = null;

  const owesZeros = () => lastWatched !== null && clock.nowMs() - lastWatched.atMs <= SAMPLE_ZEROS_FOR_MS;
  const isViewer = (session: VerifiedSession) => session.role === 'viewer';

  function fact(name: Fact['name'], session: VerifiedSession, occurredAt: number, more: Partial<Fact>): Fact {
    return {
      id: deps.ids.create('evt'),
      name,
      v: 1,
      orgId: session.orgId,
      showId,
      occurredAt,
      actor: { kind: 'viewer', id: session.viewerId },
      isSimulated: session.isSimulated,
      viewerId: session.viewerId,
      productId: null,
      highlightId: null,
      kind: null,
      amountMinor: 0,
      weight: 1,
      ...more,
    } as Fact;
  }

  function end(visit: Visit): void {
    visit.cancelLeave();
    visits.delete(visit.session.viewerId);
    if (!isViewer(visit.session)) return;
    const { session, leftAtMs } = visit;
    const watchedMs = Math.round(visit.watchedMs);
    const payload = { sessionId: session.sessionId, watchedMs };
    deps.capture.accept([fact('realtime.viewer_left', session, leftAtMs, { amountMinor: watchedMs, payload })]);
  }

  function stepOut(visit: Visit): void {
    const nowMs = clock.nowMs();
    // A wall clock that was set back must not make a stay negative.
    visit.watchedMs += Math.max(0, nowMs - visit.hereSinceMs);
    visit.leftAtMs = nowMs;
    if (isViewer(visit.session)) {
      watchingCount -= 1;
      lastWatched = { atMs: nowMs, session: visit.session };
    }
  }

  return {
    enter(session) {
      const nowMs = clock.nowMs();
      const known = visits.get(session.viewerId);
      if (known) {
        known.cancelLeave();
        known.socketCount += 1;
        known.session = { ...session, displayName: known.session.displayName };
        if (known.socketCount > 1) return;
        known.hereSinceMs = nowMs;
      } else {
        visits.set(session.viewerId, {
          session,
          socketCount: 1,
          joinedAtMs: nowMs,
          hereSinceMs: nowMs,
          watchedMs: 0,
          leftAtMs: nowMs,
          cancelLeave: () => {},
        });
        if (isViewer(session)) {
          const payload = { sessionId: session.sessionId, device: session.device ?? 'desktop', isReturning: session.isReturning ?? false };
          deps.capture.accept([fact('realtime.viewer_joined', session, nowMs, { kind: session.source, payload })]);
        }
      }
      if (isViewer(session)) watchingCount += 1;
      deps.onChanged();
    },
    leave({ viewerId }) {
      const visit = visits.get(viewerId);
      if (!visit || visit.socketCount === 0) return;
      visit.socketCount -= 1;
      if (visit.socketCount > 0) return;
      stepOut(visit);
      visit.cancelLeave = clock.after(limits.visitGapMs, () => end(visit));
      deps.onChanged();
    },
    rename(viewerId, displayName) {
      const visit = visits.get(viewerId);
      if (!visit || visit.session.displayName === displayName) return;
      visit.session = { ...visit.session, displayName };
      deps.onChanged();
    },
    list: () =>
      [...visits.values()]
        .filter((visit) => visit.socketCount > 0)
        .map(({ session, joinedAtMs }) => ({
          viewerId: session.viewerId,
          sessionId: session.sessionId,
          role: session.role,
          displayName: session.displayName,
          joinedAtMs,
          source: session.source,
          customerId: session.customerId,
          isSimulated: session.isSimulated,
          isReturning: session.isReturning ?? false,
        })),
    isOnVisit: (viewerId) => visits.has(viewerId),
    watchingCount: () => watchingCount,
    sample() {
      const watching = [...visits.values()].filter((visit) => visit.socketCount > 0 && isViewer(visit.session));
      const someone = watching[0]?.session ?? lastWatched?.session;
      if (!someone) return;
      const nowMs = clock.nowMs();
      if (watching.length === 0 && !owesZeros()) return;
      // One simulated viewer among them makes the figure a simulated one: it must never pass for a real audience.
      const isSimulated = watching.length === 0 ? someone.isSimulated : watching.some((visit) => visit.session.isSimulated);
      const actor = { kind: 'system', id: null } as const;
      deps.capture.accept([
        fact('realtime.concurrency_sampled', someone, nowMs, {
          actor,
          viewerId: null,
          isSimulated,
          amountMinor: watching.length,
          payload: {},
        }),
      ]);
    },
    isEmpty: () => visits.size === 0 && !owesZeros(),
    stop() {
      for (const visit of [...visits.values()]) {
        if (visit.socketCount > 0) stepOut(visit);
        end(visit);
      }
    },
  };
}
