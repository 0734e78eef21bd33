// What a message wants, as one of the intents a merchant has examples of, or none of them. A linear SVM on TF-IDF of
// words 1-2 and characters 2-5. The acceptance score adds the gap to the runner-up and the cosine to the nearest examples
// of the winner: a text between two intents or unlike anything seen is refused. The threshold comes from scores of known
// training rows, out of fold; unknown intents are never needed to set it.
import { InputError } from '../../input-error.ts';
import { seededUniform } from '../../math/seeded-random.ts';
import type { SparseVector } from '../text/sparse-vector.ts';
import { TfIdf, type TfIdfOptions } from '../text/tf-idf.ts';
import { DEFAULT_SVM, type LinearSvm, type SvmOptions, svmScores, trainLinearSvm } from './linear-svm.ts';
import { NearestExamples } from './nearest-examples.ts';

export type IntentOptions = {
  readonly features: TfIdfOptions;
  readonly svm: SvmOptions;
  readonly folds: number;
  /** Share of known training rows (out of fold) that may be refused. */
  readonly refusedKnownRatio: number;
  readonly seed: number;
};

export const DEFAULT_INTENTS: IntentOptions = {
  features: { maxWords: 2, chars: [2, 5], minTexts: 1, maxTextsRatio: 1, wordShare: 0.5 },
  svm: DEFAULT_SVM,
  folds: 5,
  refusedKnownRatio: 0.05,
  seed: 1,
};

export type IntentVerdict = { readonly intent: string; readonly score: number; readonly accepted: boolean };

export type IntentModel = {
  readonly intents: readonly string[];
  readonly tfIdf: TfIdf;
  readonly svm: LinearSvm;
  readonly nearest: NearestExamples;
  /** Scores below it are refused. */
  readonly threshold: number;
  /** Share of training rows right, out of fold. */
  readonly outOfFoldAccuracy: number;
};

/**
 * Learns from texts and their intents. Refuses one intent only, and fewer texts than folds. An intent with a single
 * example is learnt, but has no out-of-fold score of its own.
 */
export function fitIntents(texts: readonly string[], labels: readonly string[], options: IntentOptions = DEFAULT_INTENTS): IntentModel {
  if (texts.length !== labels.length) throw new InputError(`${texts.length} texts, ${labels.length} labels`);
  if (texts.length < options.folds) throw new InputError(`${texts.length} texts are too few for ${options.folds} folds`);
  const intents = [...new Set(labels)].sort();
  if (intents.length < 2) throw new InputError(`one intent only (${intents[0]}): there is nothing to tell apart`);
  const classes = labels.map((label) => intents.indexOf(label));
  const fold = foldsByClass(classes, intents.length, options);
  const scores: number[] = [];
  let right = 0;
  for (let f = 0; f < options.folds; f += 1) {
    const inside = indicesWhere(fold, (value) => value !== f);
    const part = fitPart(
      inside.map((i) => texts[i] as string),
      inside.map((i) => classes[i] as number),
      intents.length,
      options,
    );
    for (const i of indicesWhere(fold, (value) => value === f)) {
      const { place, score } = judge(part, part.tfIdf.transform(texts[i] as string));
      scores.push(score);
      if (place === classes[i]) right += 1;
    }
  }
  scores.sort((a, b) => a - b);
  const threshold = scores[Math.min(scores.length - 1, Math.floor(options.refusedKnownRatio * scores.length))] as number;
  const whole = fitPart(texts, classes, intents.length, options);
  return { intents, ...whole, threshold, outOfFoldAccuracy: right / texts.length };
}

/** Best intent of a text in its original form, with the score and whether it passes the threshold. */
export function classifyIntent(model: IntentModel, text: string): IntentVerdict {
  const { place, score } = judge(model, model.tfIdf.transform(text));
  return { intent: model.intents[place] as string, score, accepted: score >= model.threshold };
}

type Part = { readonly tfIdf: TfIdf; readonly svm: LinearSvm; readonly nearest: NearestExamples };

function fitPart(texts: readonly string[], classes: readonly number[], classCount: number, options: IntentOptions): Part {
  const tfIdf = TfIdf.fit(texts, options.features);
  const rows = texts.map((text) => tfIdf.transform(text));
  const svm = trainLinearSvm(rows, classes, classCount, tfIdf.featureCount, seededUniform(options.seed), options.svm);
  return { tfIdf, svm, nearest: new NearestExamples(rows, classes, classCount, tfIdf.featureCount) };
}

function judge(part: Part, vector: SparseVector): { place: number; score: number } {
  const scores = svmScores(part.svm, vector);
  let best = 0;
  for (let c = 1; c < scores.length; c += 1) if ((scores[c] as number) > (scores[best] as number)) best = c;
  let second = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < scores.length; c += 1) if (c !== best) second = Math.max(second, scores[c] as number);
  return { place: best, score: 2 * (scores[best] as number) - second + 2 * part.nearest.meanGreatestCosine(best, vector) };
}

/** Rows spread over folds class by class, so that every fold sees every class that has enough rows. */
function foldsByClass(classes: readonly number[], classCount: number, { folds, seed }: IntentOptions): Int32Array {
  const uniform = seededUniform(seed);
  const next = Int32Array.from({ length: classCount }, () => Math.floor(uniform() * folds));
  const order = classes.map((_, i) => ({ i, key: uniform() })).sort((a, b) => a.key - b.key);
  const fold = new Int32Array(classes.length);
  for (const { i } of order) {
    const c = classes[i] as number;
    fold[i] = (next[c] as number) % folds;
    next[c] = (next[c] as number) + 1;
  }
  return fold;
}

function indicesWhere(list: Int32Array, keep: (value: number) => boolean): number[] {
  const kept: number[] = [];
  for (let i = 0; i < list.length; i += 1) if (keep(list[i] as number)) kept.push(i);
  return kept;
}
