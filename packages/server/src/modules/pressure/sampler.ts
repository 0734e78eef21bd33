// Keeps a fair share of facts and lets each kept one stand for the others.
//
// A fact of a sampled class is kept with probability 1/k and its weight multiplied by k, so SUM(weight) is the
// Horvitz-Thompson estimate of the true sum: unbiased, whatever the facts are about. With one constant rate
//
//   Var = (k - 1) * SUM(w^2) over all facts,   estimated from the kept ones by  (k - 1) / k * SUM(w_kept^2)
//
// (w: weight before, w_kept = k * w after). The draw is a hash of the event id under a secret salt: the same id gets
// the same answer when it is sent again, a client cannot choose ids that are always kept, and what is kept at 1/8 is
// among what is kept at 1/4.
//
// Two kinds are treated otherwise. The first sampled fact of a viewer in a minute is always kept, as it is: who was
// there in a minute is a distinct count, and no weight could repair it. A gauge is a reading, not a count: every
// fourth ten-second slot is kept with its weight unchanged, because a mean is SUM(amount) / SUM(weight).
import { minuteBucket, murmur3, tenSecondBucket } from '@insp/dataflow';
import type { Fact, ShedLevel } from '@insp/protocol';
import { factSchema } from '@insp/protocol/schemas';
import { keptOneIn, SAMPLING_CLASS } from './sampling-rules.ts';
import { createSeenViewers } from './seen-viewers.ts';

export const GREATEST_WEIGHT = factSchema.shape.weight.maxValue ?? 1_000_000;
const HASH_RANGE = 2 ** 32;

export type SamplerStats = {
  /** Facts that others stand for. */
  readonly leftOutCount: number;
  /** Facts kept with a greater weight. */
  readonly weightedCount: number;
  /** Facts kept because they were a viewer's first of the minute. */
  readonly firstOfMinuteCount: number;
  /** Facts whose viewer could not be looked up: too many viewers in one minute. */
  readonly unguardedCount: number;
};

export type Sampler = {
  /** The fact as it goes into the log, or null when others stand for it. */
  sample(fact: Fact, level: ShedLevel, nowMs: number): Fact | null;
  stats(): SamplerStats;
};

export function createSampler(options: { salt: number; seenViewersMax?: number }): Sampler {
  const seen = createSeenViewers(options.seenViewersMax);
  const counters = { leftOutCount: 0, weightedCount: 0, firstOfMinuteCount: 0 };

  function leaveOut(): null {
    counters.leftOutCount += 1;
    return null;
  }

  return {
    sample(fact, level, nowMs) {
      const oneIn = keptOneIn(fact.name, level);
      if (oneIn === 1) return fact;
      if (SAMPLING_CLASS[fact.name] === 'gauge') return isGaugeSlot(fact, oneIn) ? fact : leaveOut();
      if (fact.viewerId !== null && seen.isFirst(`${fact.showId} ${fact.viewerId}`, minuteBucket(fact.occurredAt), minuteBucket(nowMs))) {
        counters.firstOfMinuteCount += 1;
        return fact;
      }
      // A weight the log could not hold is not multiplied: such a fact is kept as it is, which is unbiased too.
      const weight = fact.weight * oneIn;
      if (weight > GREATEST_WEIGHT) return fact;
      if (murmur3(fact.id, options.salt) >= HASH_RANGE / oneIn) return leaveOut();
      counters.weightedCount += 1;
      return { ...fact, weight };
    },
    stats: () => ({ ...counters, unguardedCount: seen.refusedCount }),
  };
}

/** Shows take different slots, so that the readings of many shows do not come in one burst. */
const isGaugeSlot = (fact: Fact, oneIn: number): boolean =>
  (tenSecondBucket(fact.occurredAt) + murmur3(fact.showId ?? '', 0)) % oneIn === 0;
