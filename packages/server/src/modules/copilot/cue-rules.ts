// Which cue to put before the host, and when to keep silent (product.md CP11). Pure: the panels as they stand, what was
// shown before, and `now` go in; the wanted cue of each lane comes out, best first. Restraint is part of the rule:
// at most `maxPerMinute`, one a lane, the same subject not again for ten minutes, and each skip doubles the pause
// of its lane (an answered or taken cue resets it).
import type { Cue, CueId, Product, ProductId } from '@insp/protocol';
import type { Panels } from '../insights/index.ts';

export const CUE_LIMITS = {
  maxPerMinute: 4,
  subjectPauseMs: 10 * 60_000,
  lanePauseMs: 15_000,
  maxLanePauseMs: 4 * 60_000,
  subjectsKept: 500,
} as const;
const LIFE_MS: Readonly<Record<Cue['lane'], number>> = { say: 120_000, sell: 90_000, who: 60_000 };
const LANES = ['say', 'sell', 'who'] as const;
/** A warning stands in the first lane, in front of what the lane would say, outside of every cap. */
const WARNING = { lane: 'say', subject: 'warning' } as const;
const DISPLAY_BEFORE_NEXT_MS = 60_000;
const JUST_CAME_MS = 120_000;

export type Candidate = Pick<Cue, 'lane' | 'headline' | 'detail' | 'reason' | 'act'> & { subject: string };

export type CueState = {
  shown: readonly (Cue & { subject: string })[];
  /** When a subject was last shown. */
  subjectShownAt: ReadonlyMap<string, number>;
  /** Times of the cues of the last minute, for the cap. */
  shownTimes: readonly number[];
  lanes: Readonly<Record<Cue['lane'], { pauseMs: number; endedAt: number }>>;
};

export const EMPTY_CUE_STATE: CueState = {
  shown: [],
  subjectShownAt: new Map(),
  shownTimes: [],
  lanes: {
    say: { pauseMs: 0, endedAt: 0 },
    sell: { pauseMs: 0, endedAt: 0 },
    who: { pauseMs: 0, endedAt: 0 },
  },
};

export type CueOutcome = 'taken' | 'skipped' | 'expired' | 'replaced';
export type CueStep = { state: CueState; shown: Cue[]; ended: { cue: Cue; outcome: CueOutcome }[] };

/** What each panel would say now. `joinedAt` tells when a person came in. */
export function candidatesOf(input: {
  panels: Panels;
  products: readonly Product[];
  onDisplay: { productId: ProductId; startedAt: number } | null;
  joinedAt: (viewerId: string) => number | null;
  now: number;
}): Candidate[] {
  const { panels, products, onDisplay, now } = input;
  const title = (id: ProductId | null) => products.find((product) => product.id === id)?.title ?? '';
  const candidates: Candidate[] = [];

  for (const question of panels.questions.clusters.filter((cluster) => cluster.state === 'open' && cluster.askerCount >= 2)) {
    candidates.push({
      lane: 'say',
      subject: `say:${question.id}`,
      headline: `${question.askerCount} ask: ${question.text}`,
      detail:
        question.suggestedAnswer === ''
          ? 'Nothing on record: answer in your own words.'
          : `${title(question.productId)}: ${question.suggestedAnswer}`,
      reason: question.reason,
      act: { kind: 'mark_answered', questionClusterId: question.id },
    });
  }

  const current = panels.sellOrder.entries.find((entry) => entry.productId === onDisplay?.productId);
  const isTimeForNext = !onDisplay || current?.isSoldOut || now - onDisplay.startedAt >= DISPLAY_BEFORE_NEXT_MS;
  const next = panels.sellOrder.entries.find((entry) => !entry.isOnDisplay && !entry.isSoldOut);
  if (isTimeForNext && next) {
    candidates.push({
      lane: 'sell',
      subject: `sell:${next.productId}:${onDisplay?.productId ?? ''}`,
      headline: `${title(next.productId)} next`,
      detail: current?.isSoldOut
        ? `${title(current.productId)} is sold out.`
        : onDisplay
          ? `${title(onDisplay.productId)} has been on display for a while.`
          : 'Nothing is on display.',
      reason: next.reason,
      act: { kind: 'start_highlight', productId: next.productId },
    });
  }

  for (const person of panels.audience.people) {
    const joinedAt = input.joinedAt(person.viewerId);
    if (person.relation === 'new' || joinedAt === null || now - joinedAt > JUST_CAME_MS) continue;
    candidates.push({
      lane: 'who',
      subject: `who:${person.viewerId}`,
      headline: `${person.name} just came in`,
      detail: person.relation === 'buyer' ? 'A customer of yours.' : 'Has been in a show before.',
      reason: person.reason,
      act: { kind: 'greet', viewerId: person.viewerId },
    });
  }
  return candidates;
}

/** Ends what has expired or lost its point, then fills free lanes within the cap. */
export function nextCues(state: CueState, candidates: readonly Candidate[], now: number, createId: () => CueId): CueStep {
  const wanted = new Set(candidates.map((candidate) => candidate.subject));
  const ended: CueStep['ended'] = [];
  const kept: (Cue & { subject: string })[] = [];
  const lanes = { ...state.lanes };
  for (const cue of state.shown) {
    const isWanted = wanted.has(cue.subject) || cue.subject === WARNING.subject;
    const outcome = cue.expiresAt <= now ? 'expired' : isWanted ? null : 'replaced';
    if (outcome === null) kept.push(cue);
    else {
      ended.push({ cue: withoutSubject(cue), outcome });
      lanes[cue.lane] = { ...lanes[cue.lane], endedAt: now };
    }
  }

  const shownTimes = state.shownTimes.filter((at) => at > now - 60_000);
  const subjectShownAt = new Map(
    [...state.subjectShownAt].filter(([, at]) => at > now - CUE_LIMITS.subjectPauseMs).slice(-CUE_LIMITS.subjectsKept),
  );
  const shown: Cue[] = [];
  for (const lane of LANES) {
    const { pauseMs, endedAt } = lanes[lane];
    const isFree = !kept.some((cue) => cue.lane === lane) && now - endedAt >= pauseMs;
    if (!isFree || shownTimes.length >= CUE_LIMITS.maxPerMinute) continue;
    const candidate = candidates.find((one) => one.lane === lane && !subjectShownAt.has(one.subject));
    if (!candidate) continue;
    const { subject, ...card } = candidate;
    const cue: Cue = { ...card, id: createId(), shownAt: now, expiresAt: now + LIFE_MS[lane] };
    kept.push({ ...cue, subject });
    shown.push(cue);
    shownTimes.push(now);
    subjectShownAt.set(subject, now);
  }
  return { state: { shown: kept, subjectShownAt, shownTimes, lanes }, shown, ended };
}

/** Puts a warning before the host at once, in the place of the one that stands and of the lane's cue; null takes it away. */
export function warnHost(
  state: CueState,
  warning: (Pick<Cue, 'headline' | 'detail' | 'reason' | 'act'> & { expiresAt: number }) | null,
  now: number,
  createId: () => CueId,
): CueStep {
  const isInTheWay = (cue: { lane: Cue['lane']; subject: string }) =>
    cue.subject === WARNING.subject || (warning !== null && cue.lane === WARNING.lane);
  const ended = state.shown.filter(isInTheWay).map((cue) => ({ cue: withoutSubject(cue), outcome: 'replaced' as const }));
  const cue: Cue | null = warning && { ...warning, lane: WARNING.lane, id: createId(), shownAt: now };
  const kept = state.shown.filter((one) => !isInTheWay(one));
  return {
    state: { ...state, shown: cue ? [...kept, { ...cue, subject: WARNING.subject }] : kept },
    shown: cue ? [cue] : [],
    ended,
  };
}

/** The host took or skipped a cue. Null when it is not on screen any more. */
export function resolveCue(state: CueState, cueId: CueId, outcome: 'taken' | 'skipped', now: number): { state: CueState; cue: Cue } | null {
  const cue = state.shown.find((candidate) => candidate.id === cueId);
  if (!cue) return null;
  const before = state.lanes[cue.lane].pauseMs;
  const pauseMs = outcome === 'taken' ? 0 : Math.min(CUE_LIMITS.maxLanePauseMs, Math.max(CUE_LIMITS.lanePauseMs, before * 2));
  return {
    cue: withoutSubject(cue),
    state: {
      ...state,
      shown: state.shown.filter((candidate) => candidate.id !== cueId),
      lanes: { ...state.lanes, [cue.lane]: { pauseMs, endedAt: now } },
    },
  };
}

function withoutSubject({ subject: _, ...cue }: Cue & { subject: string }): Cue {
  return cue;
}
