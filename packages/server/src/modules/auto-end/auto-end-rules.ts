// When a broadcast counts as forgotten (product.md LC6, media.md 11). Pure: what is seen of a show goes in, the end
// that comes first comes out, if there is one.
//
// An encoder that went away is not here: the grace of the shows module ends such a show.
import { type AutoEndCause, ON_AIR_STATES, type ShowState } from '@insp/protocol';

export const AUTO_END_LIMITS = {
  /** Black or frozen, and silent, for this long: the first warning. */
  deadAirMs: 10 * 60_000,
  /** Nobody watches and nobody of the staff does anything for this long: the first warning. */
  unwatchedMs: 45 * 60_000,
  firstWarningMs: 10 * 60_000,
  lastWarningMs: 2 * 60_000,
  /** How far one tap moves the cap. */
  keepLiveMs: 60 * 60_000,
  lookEveryMs: 5_000,
} as const;

export type ShowSight = {
  readonly state: ShowState;
  readonly liveAtMs: number | null;
  readonly maxLiveMs: number;
  /** Since when the picture is black or frozen and nothing is to be heard; null = it is not, or nobody knows. */
  readonly deadSinceMs: number | null;
  /** When somebody watched for the last time, or might have: now, while the count is not known. */
  readonly watchedAtMs: number;
  /** When somebody of the staff last did something. */
  readonly hostActAtMs: number | null;
  readonly keptAtMs: number | null;
  readonly keptUntilMs: number | null;
};

export type Due = { readonly cause: AutoEndCause; readonly warnAtMs: number; readonly endsAtMs: number };

const L = AUTO_END_LIMITS;
const fromWarning = (cause: AutoEndCause, warnAtMs: number): Due => ({ cause, warnAtMs, endsAtMs: warnAtMs + L.firstWarningMs });

/** The end that comes first of those that are on their way; null for a show that is not on air. */
export function nextDue(sight: ShowSight): Due | null {
  if (!ON_AIR_STATES.includes(sight.state)) return null;
  const keptAtMs = sight.keptAtMs ?? 0;
  const dues: Due[] = [];
  if (sight.liveAtMs !== null) {
    const endsAtMs = Math.max(sight.liveAtMs + sight.maxLiveMs, sight.keptUntilMs ?? 0);
    dues.push({ cause: 'too_long', endsAtMs, warnAtMs: endsAtMs - L.firstWarningMs });
  }
  // Without an encoder there is a grace already, and nobody can watch.
  if (sight.state !== 'encoder_lost') {
    const idleSinceMs = Math.max(sight.watchedAtMs, sight.hostActAtMs ?? 0, keptAtMs);
    dues.push(fromWarning('unwatched', idleSinceMs + L.unwatchedMs));
  }
  // A pause is black and silent on purpose.
  if (sight.state === 'live' && sight.deadSinceMs !== null) {
    dues.push(fromWarning('dead_air', Math.max(sight.deadSinceMs, keptAtMs) + L.deadAirMs));
  }
  return dues.toSorted((a, b) => a.endsAtMs - b.endsAtMs)[0] ?? null;
}

/** Since when there has been nothing to see and nothing to hear. */
export function deadSince(
  picture: {
    readonly blackSinceMs: number | null;
    readonly frozenSinceMs: number | null;
    readonly silentSinceMs: number | null;
  } | null,
): number | null {
  if (picture === null || picture.silentSinceMs === null) return null;
  const { blackSinceMs, frozenSinceMs, silentSinceMs } = picture;
  if (blackSinceMs === null && frozenSinceMs === null) return null;
  return Math.max(silentSinceMs, Math.min(blackSinceMs ?? Number.POSITIVE_INFINITY, frozenSinceMs ?? Number.POSITIVE_INFINITY));
}
