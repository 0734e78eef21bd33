// Choosing the next-item model's settings on a shop's own sessions, never on the rows it is later measured on.
//
// The last sessions of the training data are held out (the tail); an index of the rest answers for them.
//   1. the first stage: a handful of settings, by HR + MRR at 20 on the older half of the tail
//   2. the second stage: a conditional logit on the tail, pulled towards the shipped weights (math/conditional-logit.ts)
//   3. the learned weights stay only if, learned on the older half alone, they rank the newer half (or the validation sessions)
//      at least as well as the shipped ones
// With too few predictions in the tail everything stays as shipped, and the reason is told.
import { type Choice, fitConditionalLogit } from '../../math/conditional-logit.ts';
import { FEATURE_COUNT } from './candidate-pool.ts';
import type { Click } from './click-index.ts';
import { NextItemModel, type NextItemOptions, SHIPPED_WEIGHTS } from './next-item-model.ts';
import { DEFAULT_POOL, type PoolOptions } from './pool-options.ts';

/** Clicks of one session, in order of time. */
export type ClickSession = readonly Click[];

export type TuneOptions = {
  /** Share of all predictions the tail may take. */
  readonly tailRatio: number;
  readonly maxTailPredictions: number;
  /** Fewer predictions in the tail choose nothing. */
  readonly minTailPredictions: number;
  /** Predictions of one session that count, so that no robot decides. */
  readonly maxPerSession: number;
  /** Pull towards the shipped weights, in choices. */
  readonly ridge: number;
};

export const DEFAULT_TUNE: TuneOptions = {
  tailRatio: 0.2,
  maxTailPredictions: 4_000,
  minTailPredictions: 200,
  maxPerSession: 50,
  ridge: 30,
};

export type Tuned = {
  readonly options: NextItemOptions;
  readonly tailPredictions: number;
  /** Why something stayed as shipped; empty when all was chosen here. */
  readonly reason: string;
};

/** Settings tried for the first stage, besides the default. Its shares are not among them: the second stage weighs them anew. */
const SEARCHED: readonly Partial<PoolOptions>[] = [
  { lastItems: 2 },
  { lastItems: 8 },
  { neighbours: 100 },
  { closeSteps: 1 },
  { closeSteps: 5 },
];
const SEARCH_PREDICTIONS = 1_000;
const AT = 20;

type Prediction = { readonly seen: readonly string[]; readonly next: string };

/** Groups clicks by session, each in order of time (equal times: as given); sessions in order of their last click. */
export function groupSessions(clicks: readonly Click[]): ClickSession[] {
  const byId = new Map<string, Click[]>();
  for (const click of clicks) {
    const session = byId.get(click.sessionId);
    if (session === undefined) byId.set(click.sessionId, [click]);
    else session.push(click);
  }
  const sessions = [...byId.values()];
  for (const session of sessions) session.sort((a, b) => a.occurredAtMs - b.occurredAtMs);
  return sessions.sort((a, b) => lastAt(a) - lastAt(b));
}

/** A model that has learned the sessions, oldest first. */
export function learnSessions(sessions: readonly ClickSession[], options: Partial<NextItemOptions>): NextItemModel {
  const model = new NextItemModel(options);
  for (const session of sessions) for (const click of session) model.add(click);
  return model;
}

/** Chooses options on `train` (sessions in order of their last click) and, when given, `valid`. */
export function tuneNextItem(
  train: readonly ClickSession[],
  valid: readonly ClickSession[],
  base: Partial<NextItemOptions> = {},
  options: Partial<TuneOptions> = {},
): Tuned {
  const tune = { ...DEFAULT_TUNE, ...options };
  const shipped: NextItemOptions = { index: {}, weights: SHIPPED_WEIGHTS, ...base, pool: { ...DEFAULT_POOL, ...base.pool } };
  const cut = tailStart(train, tune);
  const tail = predictionsOf(train.slice(cut), tune.maxPerSession);
  if (tail.length < tune.minTailPredictions)
    return {
      options: shipped,
      tailPredictions: tail.length,
      reason: `${tail.length} held-out predictions are fewer than ${tune.minTailPredictions}`,
    };
  const head = train.slice(0, cut);
  const older = tail.slice(0, tail.length >> 1);
  const newer = tail.slice(tail.length >> 1);
  const pool = searchPool(head, older.slice(-SEARCH_PREDICTIONS), shipped);
  const chosen = { ...shipped, pool };
  const headModel = learnSessions(head, chosen);
  const [olderChoices, newerChoices] = [choicesOf(headModel, older), choicesOf(headModel, newer)];
  const validPredictions = predictionsOf(valid, tune.maxPerSession);
  const validModel = validPredictions.length === 0 ? null : learnSessions(train, chosen);
  const validChoices = validModel === null ? [] : choicesOf(validModel, validPredictions);
  const prior = Float64Array.from(shipped.weights);
  const judges = validChoices.length >= tune.minTailPredictions ? validChoices : newerChoices;
  const learnFrom = judges === newerChoices ? olderChoices : [...olderChoices, ...newerChoices];
  const trial = fitConditionalLogit(known(learnFrom), prior, tune.ridge);
  if (meanReciprocalRank(judges, trial) < meanReciprocalRank(judges, prior))
    return {
      options: chosen,
      tailPredictions: tail.length,
      reason: 'learned weights ranked held-out sessions worse than the shipped ones',
    };
  const weights = fitConditionalLogit(known([...olderChoices, ...newerChoices, ...validChoices]), prior, tune.ridge);
  return { options: { ...chosen, weights: [...weights] }, tailPredictions: tail.length, reason: '' };
}

const lastAt = (session: ClickSession): number => (session.at(-1) as Click).occurredAtMs;

function tailStart(train: readonly ClickSession[], { tailRatio, maxTailPredictions, maxPerSession }: TuneOptions): number {
  const countOf = (session: ClickSession) => Math.min(maxPerSession, session.length - 1);
  const wanted = Math.min(maxTailPredictions, tailRatio * train.reduce((sum, session) => sum + countOf(session), 0));
  let cut = train.length;
  for (let held = 0; cut > 0; cut -= 1) {
    held += countOf(train[cut - 1] as ClickSession);
    if (held > wanted) break;
  }
  return cut;
}

function predictionsOf(sessions: readonly ClickSession[], maxPerSession: number): Prediction[] {
  return sessions.flatMap((session) => {
    const itemIds = session.map(({ itemId }) => itemId);
    const count = Math.min(maxPerSession, session.length - 1);
    return Array.from({ length: count }, (_, i) => ({
      seen: itemIds.slice(0, i + 1),
      next: itemIds[i + 1] as string,
    }));
  });
}

/** The default, unless another setting beats it by more than one standard error of the paired difference. */
function searchPool(head: readonly ClickSession[], predictions: readonly Prediction[], shipped: NextItemOptions): PoolOptions {
  const base = { ...DEFAULT_POOL, ...shipped.pool };
  const model = learnSessions(head, { ...shipped, pool: base });
  const scoresWith = (pool: PoolOptions) => {
    const asked = model.withPool(pool);
    return predictions.map(({ seen, next }) => {
      const place = asked.predict(seen, AT).findIndex(({ itemId }) => itemId === next);
      return place < 0 ? 0 : 1 + 1 / (place + 1);
    });
  };
  const baseScores = scoresWith(base);
  let best = base;
  let bestGain = 0;
  for (const change of SEARCHED) {
    const pool = { ...base, ...change };
    const gains = scoresWith(pool).map((score, i) => score - (baseScores[i] as number));
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
    const error = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0)) / gains.length;
    if (mean > error && mean > bestGain) {
      bestGain = mean;
      best = pool;
    }
  }
  return best;
}

type JudgedChoice = Choice & { readonly isKnown: boolean };

function choicesOf(model: NextItemModel, predictions: readonly Prediction[]): JudgedChoice[] {
  return predictions.map(({ seen, next }) => {
    const { itemIds, features } = model.candidates(seen);
    const chosen = itemIds.indexOf(next);
    return { features, chosen, weight: 1, isKnown: chosen >= 0 };
  });
}

const known = (choices: readonly JudgedChoice[]): JudgedChoice[] => choices.filter(({ isKnown }) => isKnown);

function meanReciprocalRank(choices: readonly JudgedChoice[], weights: Float64Array): number {
  let sum = 0;
  for (const { features, chosen, isKnown } of choices) {
    if (!isKnown) continue;
    const scores = Array.from({ length: features.length / FEATURE_COUNT }, (_, row) => {
      let score = 0;
      for (let j = 0; j < FEATURE_COUNT; j += 1) score += (weights[j] as number) * (features[row * FEATURE_COUNT + j] as number);
      return score;
    });
    const own = scores[chosen] as number;
    const rank = 1 + scores.filter((score, row) => score > own || (score === own && row < chosen)).length;
    if (rank <= AT) sum += 1 / rank;
  }
  return sum / Math.max(1, choices.length);
}
