// The log of suggestions, written before display: without the propensities of that moment nobody can ever tell whether it sold.
// A record is made once; what the host did and what came of it is added later by pure functions.
import type { CounterfactualOrders } from '../room/counterfactual-orders.ts';
import type { Slate, SlateCandidate, SuggestedSlot } from './suggest-slate.ts';

export const HOST_ACTS = ['took', 'swapped', 'ignored', 'late'] as const;
export type HostAct = (typeof HOST_ACTS)[number];
export const OUTCOME_KINDS = ['click', 'cart', 'paid', 'refunded'] as const;
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

export type OutcomeWindows = Readonly<Record<OutcomeKind, number>>;
/** How long after the suggestion an outcome still counts, in milliseconds. */
export const DEFAULT_OUTCOME_WINDOWS_MS: OutcomeWindows = {
  click: 10 * 60_000,
  cart: 30 * 60_000,
  paid: 24 * 3_600_000,
  refunded: 30 * 24 * 3_600_000,
};

export type Outcome = { readonly kind: OutcomeKind; readonly lotId: string; readonly occurredAtMs: number; readonly valueMinor: number };

export type SuggestionRecord = {
  readonly suggestionId: string;
  readonly showId: string;
  readonly suggestedAtMs: number;
  readonly modelVersion: string;
  readonly candidates: readonly SlateCandidate[];
  readonly slots: readonly SuggestedSlot[];
  readonly isExploration: boolean;
  readonly seed: number;
  /** What the plain rules would have shown. */
  readonly orders: CounterfactualOrders;
  /** Null until the host acted or the suggestion ran out. */
  readonly host: { readonly act: HostAct; readonly onAirLotId: string | null; readonly actedAtMs: number } | null;
  readonly outcomeWindowsMs: OutcomeWindows;
  readonly outcomes: readonly Outcome[];
};

/** Makes the record of a slate; call it before anything is shown. */
export function recordSuggestion(
  about: Pick<SuggestionRecord, 'suggestionId' | 'showId' | 'suggestedAtMs' | 'modelVersion' | 'candidates' | 'orders'> & {
    readonly slate: Slate;
    readonly outcomeWindowsMs?: OutcomeWindows;
  },
): SuggestionRecord {
  const { slate, outcomeWindowsMs = DEFAULT_OUTCOME_WINDOWS_MS, ...rest } = about;
  const { slots, isExploration, seed } = slate;
  return { ...rest, slots, isExploration, seed, host: null, outcomeWindowsMs, outcomes: [] };
}

/** Notes what the host did. The first act stands: a second is returned unchanged. */
export function noteHostAct(record: SuggestionRecord, host: NonNullable<SuggestionRecord['host']>): SuggestionRecord {
  return record.host === null ? { ...record, host } : record;
}

/** Adds an outcome of a candidate within its window; any other leaves the record as it is. */
export function noteOutcome(record: SuggestionRecord, outcome: Outcome): SuggestionRecord {
  const agoMs = outcome.occurredAtMs - record.suggestedAtMs;
  const isCandidate = record.candidates.some(({ lotId }) => lotId === outcome.lotId);
  if (!isCandidate || agoMs < 0 || agoMs > record.outcomeWindowsMs[outcome.kind]) return record;
  return { ...record, outcomes: [...record.outcomes, outcome] };
}
