// Next item of a session: for every prefix of a test session twenty items. HR and MRR look at the very next item, Recall and
// NDCG at all still to come (repeats counted in the denominator). Settings are chosen on the last sessions of the training
// file and, when given, on the validation file; test rows choose nothing. Beside the model: VMIS-kNN alone and popularity.
import { InputError } from '../../../packages/models/src/input-error.ts';
import { hitAt } from '../../../packages/models/src/metrics/hit-rate.ts';
import { everyRankDiscount, fromBaseDiscount, ndcgAt } from '../../../packages/models/src/metrics/ndcg.ts';
import { recallAt } from '../../../packages/models/src/metrics/recall.ts';
import { reciprocalRankAt } from '../../../packages/models/src/metrics/reciprocal-rank.ts';
import { FEATURE_COUNT } from '../../../packages/models/src/sell/next/candidate-pool.ts';
import type { NextItemModel } from '../../../packages/models/src/sell/next/next-item-model.ts';
import { type ClickSession, groupSessions, learnSessions, tuneNextItem } from '../../../packages/models/src/sell/next/tune-next-item.ts';
import type { Task } from '../eval.ts';
import { readEvents } from '../events.ts';

const AT = 20;
/** A prediction is timed this often and the quickest counts: other work of the machine is not the model's. */
const TIMED_CALLS = 3;

export const task: Task = {
  name: 'next-item',
  usage: 'next-item --train F [--valid F] --test F   (tab-separated SessionId, ItemId, Time in epoch seconds)',
  run: async (options) => {
    const train = groupSessions(readEvents(options, 'train'));
    const valid = options.has('valid') ? groupSessions(readEvents(options, 'valid')) : [];
    const test = groupSessions(readEvents(options, 'test'));
    if (!test.some((session) => session.length > 1))
      throw new InputError('--test has no session of two clicks: there is nothing to predict');
    const tuneStart = performance.now();
    const tuned = tuneNextItem(train, valid);
    const tuneSeconds = (performance.now() - tuneStart) / 1000;
    const learnStart = performance.now();
    const model = learnSessions(train, tuned.options);
    const clickCount = train.reduce((sum, session) => sum + session.length, 0);
    const usPerClick = ((performance.now() - learnStart) * 1000) / clickCount;
    const blendOnly = Array.from({ length: FEATURE_COUNT }, (_, j) => (j === 0 ? 1 : 0));
    const neighboursOnly = model.withPool({ nearShare: 1, afterShare: 0, beforeShare: 0, revisitShare: 0 });
    neighboursOnly.setWeights(blendOnly);
    const popular = popularItems(train);
    const figures = {
      score: measure(test, (seen) => idsOf(model, seen)),
      neighbours: measure(test, (seen) => idsOf(neighboursOnly, seen)),
      popular: measure(test, (seen) => popular.filter((itemId) => itemId !== seen.at(-1)).slice(0, AT)),
    };
    const { hr, mrr, ndcg, recall, ndcgLog2RankPlus1, predictions } = figures.score;
    const warnings = warningsOf(train, test);
    const result = {
      task: 'next-item',
      trainClicks: clickCount,
      trainSessions: train.length,
      trainItems: model.index.itemCount,
      testSessions: test.length,
      predictions,
      at: AT,
      hr,
      mrr,
      ndcg,
      recall,
      ndcgLog2RankPlus1,
      usPerPrediction: timings(test, model),
      indexBytes: model.index.byteLength,
      snapshotBytes: model.snapshot().length,
      usPerClick,
      tuneSeconds,
      heldOutPredictions: tuned.tailPredictions,
      keptAsShipped: tuned.reason,
      options: tuned.options,
      warnings,
      baselines: { neighbours: figures.neighbours, popular: figures.popular },
    };
    const us = result.usPerPrediction;
    const table = [
      ['order', 'HR@20', 'MRR@20', 'NDCG@20', 'Recall@20'],
      ...Object.entries(figures).map(([name, f]) => [name, ...[f.hr, f.mrr, f.ndcg, f.recall].map((value) => value.toFixed(4))]),
      ['predictions', String(predictions)],
      ['us per prediction', `p50 ${us.p50.toFixed(0)}`, `p90 ${us.p90.toFixed(0)}`, `p99 ${us.p99.toFixed(0)}`],
      ['index bytes', String(result.indexBytes)],
      ...(tuned.reason === '' ? [] : [['kept as shipped', tuned.reason]]),
      ...warnings.map((warning) => ['warning', warning]),
    ];
    return { result, table };
  },
};

const idsOf = (model: NextItemModel, seen: readonly string[]) => model.predict(seen, AT).map(({ itemId }) => itemId);

function* prefixesOf(sessions: readonly ClickSession[]): Generator<{ seen: string[]; rest: string[] }> {
  for (const session of sessions) {
    const itemIds = session.map(({ itemId }) => itemId);
    for (let length = 1; length < itemIds.length; length += 1) yield { seen: itemIds.slice(0, length), rest: itemIds.slice(length) };
  }
}

function measure(test: readonly ClickSession[], rank: (seen: readonly string[]) => string[]) {
  const sums = { hr: 0, mrr: 0, ndcg: 0, recall: 0, ndcgLog2RankPlus1: 0 };
  let predictions = 0;
  for (const { seen, rest } of prefixesOf(test)) {
    const ranked = rank(seen);
    const wanted = new Set(rest);
    const ideal = rest.map(() => 1);
    const gainOf = (itemId: string) => (wanted.has(itemId) ? 1 : 0);
    predictions += 1;
    sums.hr += hitAt(ranked, rest[0], AT);
    sums.mrr += reciprocalRankAt(ranked, rest[0], AT);
    sums.recall += recallAt(ranked, rest, AT);
    sums.ndcg += ndcgAt(ranked, gainOf, ideal, AT, fromBaseDiscount);
    sums.ndcgLog2RankPlus1 += ndcgAt(ranked, gainOf, ideal, AT, everyRankDiscount);
  }
  return {
    predictions,
    hr: sums.hr / predictions,
    mrr: sums.mrr / predictions,
    ndcg: sums.ndcg / predictions,
    recall: sums.recall / predictions,
    ndcgLog2RankPlus1: sums.ndcgLog2RankPlus1 / predictions,
  };
}

function timings(test: readonly ClickSession[], model: NextItemModel): { p50: number; p90: number; p99: number } {
  const us: number[] = [];
  for (const { seen } of prefixesOf(test)) {
    let quickest = Number.POSITIVE_INFINITY;
    for (let call = 0; call < TIMED_CALLS; call += 1) {
      const start = performance.now();
      model.predict(seen, AT);
      quickest = Math.min(quickest, (performance.now() - start) * 1000);
    }
    us.push(quickest);
  }
  us.sort((a, b) => a - b);
  const at = (q: number) => us[Math.min(us.length - 1, Math.floor(q * us.length))] as number;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

function popularItems(train: readonly ClickSession[]): string[] {
  const counts = new Map<string, number>();
  for (const session of train) for (const { itemId } of session) counts.set(itemId, (counts.get(itemId) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, AT + 1)
    .map(([itemId]) => itemId);
}

/** The same click in both files means the test was learned by heart. */
function warningsOf(train: readonly ClickSession[], test: readonly ClickSession[]): string[] {
  const keyOf = ({ sessionId, itemId, occurredAtMs }: ClickSession[number]) => JSON.stringify([sessionId, itemId, occurredAtMs]);
  const learned = new Set(train.flat().map(keyOf));
  const shared = test.flat().filter((click) => learned.has(keyOf(click))).length;
  return shared === 0 ? [] : [`${shared} test clicks are in the training file too: the figures are too good`];
}
