// Two rankers live at once: team-draft interleaving (Radlinski, Kurup & Joachims 2008). In each round a coin says who picks
// first; each adds its best lot not yet taken and owns it. The ranker that owns the lot sold gets the credit. The test is over
// shows: clicks of one show hang together and are no independent votes.
import { InputError } from '../../input-error.ts';
import type { Uniform } from '../../math/seeded-random.ts';

export type Team = 'a' | 'b';
export type DraftedLot = { readonly lotId: string; readonly team: Team };

/** Interleaves two orders to at most `length` lots. A ranker with nothing left passes. */
export function draftTeams(a: readonly string[], b: readonly string[], length: number, uniform: Uniform): DraftedLot[] {
  const drafted: DraftedLot[] = [];
  const taken = new Set<string>();
  const left = { a: [...new Set(a)], b: [...new Set(b)] };
  const pick = (team: Team) => {
    while (left[team].length > 0 && taken.has(left[team][0] as string)) left[team].shift();
    const lotId = left[team].shift();
    if (lotId === undefined || drafted.length >= length) return;
    taken.add(lotId);
    drafted.push({ lotId, team });
  };
  while (drafted.length < length) {
    const before = drafted.length;
    const order: readonly Team[] = uniform() < 0.5 ? ['a', 'b'] : ['b', 'a'];
    for (const team of order) pick(team);
    if (drafted.length === before) break;
  }
  return drafted;
}

export type ShowCredit = { readonly showId: string; readonly a: number; readonly b: number };

/** Credits of one show: how often (or how much) each team's lots were sold. */
export function creditTeams(showId: string, drafted: readonly DraftedLot[], sold: ReadonlyMap<string, number>): ShowCredit {
  const credit = { a: 0, b: 0 };
  for (const { lotId, team } of drafted) credit[team] += sold.get(lotId) ?? 0;
  return { showId, ...credit };
}

export type InterleavingVerdict = {
  readonly showCount: number;
  readonly wins: { readonly a: number; readonly b: number; readonly ties: number };
  /** Mean over shows of (a - b) / (a + b): -1..1. */
  readonly meanAdvantage: number;
  /** Two-sided sign-flip test over shows; null when there are too few shows to ever reach 5 %. */
  readonly pValue: number | null;
  readonly refusal: string | null;
};

/** Below this many decided shows no split can reach p < .05 two-sided: 2 / 2^6 = .031. */
const MIN_SHOWS = 6;
/** Up to this many shows all sign flips are counted, beyond they are drawn. */
const MAX_EXACT_SHOWS = 16;

/** Judges over shows by flipping the sign of each show's advantage (Fisher's randomization test). */
export function judgeInterleaving(credits: readonly ShowCredit[], uniform: Uniform, resampleCount = 10_000): InterleavingVerdict {
  for (const [index, { showId, a, b }] of credits.entries()) {
    if (!(a >= 0 && b >= 0 && Number.isFinite(a + b)))
      throw new InputError(`credits ${a} and ${b} of show ${showId} are not >= 0`, { row: index + 1 });
    if (credits.findIndex((credit) => credit.showId === showId) !== index)
      throw new InputError(`show ${showId} is given twice`, { row: index + 1 });
  }
  const advantages = credits.filter(({ a, b }) => a + b > 0).map(({ a, b }) => (a - b) / (a + b));
  const wins = {
    a: advantages.filter((value) => value > 0).length,
    b: advantages.filter((value) => value < 0).length,
    ties: advantages.filter((value) => value === 0).length,
  };
  const total = advantages.reduce((sum, value) => sum + value, 0);
  const about = { showCount: credits.length, wins, meanAdvantage: advantages.length === 0 ? 0 : total / advantages.length };
  if (wins.a + wins.b < MIN_SHOWS)
    return {
      ...about,
      pValue: null,
      refusal: `${wins.a + wins.b} decided shows are fewer than ${MIN_SHOWS}: no split could tell the rankers apart`,
    };
  return { ...about, pValue: signFlipTest(advantages, Math.abs(total) - 1e-12, uniform, resampleCount), refusal: null };
}

function signFlipTest(values: readonly number[], atLeast: number, uniform: Uniform, resampleCount: number): number {
  if (values.length <= MAX_EXACT_SHOWS) {
    const flips = 2 ** values.length;
    let extreme = 0;
    for (let flip = 0; flip < flips; flip += 1) {
      const sum = values.reduce((total, value, k) => total + ((flip >> k) & 1 ? value : -value), 0);
      if (Math.abs(sum) >= atLeast) extreme += 1;
    }
    return extreme / flips;
  }
  let extreme = 1;
  for (let resample = 0; resample < resampleCount; resample += 1) {
    const sum = values.reduce((total, value) => total + (uniform() < 0.5 ? value : -value), 0);
    if (Math.abs(sum) >= atLeast) extreme += 1;
  }
  return extreme / (resampleCount + 1);
}
