// Does a message ask the host for an answer or an act? L2-regularized logistic regression on hashed words 1-2, character
// n-grams 1-4 and a few facts of shape (question mark, length, first and last words), calibrated by Platt scaling (1999)
// on scores out of fold, whole families of wordings held out. A question mark is one feature among others: "size m pls"
// asks without it, "really???" does not ask with it.
import { InputError } from '../../input-error.ts';
import { seededUniform } from '../../math/seeded-random.ts';
import { shuffled } from '../group/neighbour-graph.ts';
import { LINK_TOKEN, normalizeChat } from '../text/normalize-chat.ts';
import { hashText, mix, textFeatures } from '../text/text-features.ts';
import { tokenize } from '../text/tokenize.ts';
import { type LabelledMessage, questionCorpus } from './question-corpus.ts';
import { questionCues } from './question-cues.ts';

export type QuestionOptions = {
  /** The weight table has 2^bits places. */
  readonly bits: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly l2: number;
  readonly folds: number;
  readonly seed: number;
};

export const DEFAULT_QUESTIONS: QuestionOptions = { bits: 16, epochs: 12, learningRate: 0.3, l2: 1e-5, folds: 5, seed: 1 };

/** Chance from which a message counts as asking. */
export const QUESTION_THRESHOLD = 0.5;

export type QuestionModel = {
  readonly bits: number;
  readonly weights: Float32Array;
  /** Platt: chance = 1 / (1 + exp(-(slope * score + offset))). */
  readonly slope: number;
  readonly offset: number;
};

/** Learns from labelled lines. Refuses when one label is missing. Deterministic for a seed. */
export function fitQuestions(
  lines: readonly LabelledMessage[] = questionCorpus(),
  options: QuestionOptions = DEFAULT_QUESTIONS,
): QuestionModel {
  const positives = lines.filter(({ label }) => label === 1).length;
  if (positives === 0 || positives === lines.length) throw new InputError('the lines need both labels', { column: 'label' });
  const features = lines.map(({ text }) => questionFeatures(normalizeChat(text).text, options.bits));
  const labels = lines.map(({ label }) => label);
  const folds = familyFolds(lines, options);
  const scores = new Float64Array(lines.length);
  for (let fold = 0; fold < options.folds; fold += 1) {
    const inside = lines.map((_, i) => i).filter((i) => folds[i] !== fold);
    const weights = descend(features, labels, inside, options);
    for (let i = 0; i < lines.length; i += 1) if (folds[i] === fold) scores[i] = scoreOf(weights, features[i] as Int32Array);
  }
  const { slope, offset } = platt(scores, labels);
  const weights = descend(
    features,
    labels,
    lines.map((_, i) => i),
    options,
  );
  return { bits: options.bits, weights, slope, offset };
}

/** Chance that the message asks, 0..1. A text without any letter, digit or question mark gives 0. */
export function questionChance(model: QuestionModel, text: string): number {
  return questionChanceNormalized(model, normalizeChat(text).text);
}

/** The same for a text already in normal form. */
export function questionChanceNormalized(model: QuestionModel, normalized: string): number {
  const features = questionFeatures(normalized, model.bits);
  if (features.length === 0) return 0;
  return sigmoid(model.slope * scoreOf(model.weights, features) + model.offset);
}

const MODEL_VERSION = 1;

/** The model as bytes: version, bits (u32), slope, offset (f64), then the weights (f32), little endian. */
export function questionModelToBytes(model: QuestionModel): Uint8Array {
  const bytes = new Uint8Array(24 + model.weights.length * 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MODEL_VERSION, true);
  view.setUint32(4, model.bits, true);
  view.setFloat64(8, model.slope, true);
  view.setFloat64(16, model.offset, true);
  for (const [i, weight] of model.weights.entries()) view.setFloat32(24 + i * 4, weight, true);
  return bytes;
}

/** Refuses bytes of another version or length. */
export function bytesToQuestionModel(bytes: Uint8Array): QuestionModel {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 24 || view.getUint32(0, true) !== MODEL_VERSION)
    throw new InputError('the bytes are not a question model of this version');
  const bits = view.getUint32(4, true);
  if (bits > 24 || bytes.length !== 24 + ((1 << bits) + 1) * 4)
    throw new InputError(`${bytes.length} bytes are not a question model of ${bits} bits`);
  const weights = Float32Array.from({ length: (1 << bits) + 1 }, (_, i) => view.getFloat32(24 + i * 4, true));
  return { bits, weights, slope: view.getFloat64(8, true), offset: view.getFloat64(16, true) };
}

/** The plain rule it must beat. */
export function hasQuestionMark(text: string): boolean {
  return /[?\uff1f\u061f\u037e]/u.test(text);
}

/** Chances of every line by models that never saw its family; for evaluation. */
export function outOfFamilyChances(lines: readonly LabelledMessage[], options: QuestionOptions = DEFAULT_QUESTIONS): Float64Array {
  const folds = familyFolds(lines, { ...options, seed: options.seed + 1 });
  const chances = new Float64Array(lines.length);
  for (let fold = 0; fold < options.folds; fold += 1) {
    const model = fitQuestions(
      lines.filter((_, i) => folds[i] !== fold),
      options,
    );
    for (const [i, { text }] of lines.entries()) if (folds[i] === fold) chances[i] = questionChance(model, text);
  }
  return chances;
}

/** Families dealt to folds at random, label by label, so that every fold has both. */
function familyFolds(lines: readonly LabelledMessage[], { folds, seed }: QuestionOptions): Int32Array {
  const uniform = seededUniform(seed);
  const foldOf = new Map<string, number>();
  for (const label of [0, 1]) {
    const families = [...new Set(lines.filter((line) => line.label === label).map(({ family }) => family))];
    for (const [place, which] of shuffled(families.length, uniform).entries()) foldOf.set(`${label}:${families[which]}`, place % folds);
  }
  return Int32Array.from(lines, ({ label, family }) => foldOf.get(`${label}:${family}`) as number);
}

const ASCII_ONLY = /^[\x20-\x7e]*$/u;

/** Places of a text in normal form; a question mark inside a link is gone by then. */
function questionFeatures(normalized: string, bits: number): Int32Array {
  const tokens = tokenize(normalized);
  const asks = hasQuestionMark(normalized);
  if (tokens.length === 0 && !asks) return new Int32Array(0);
  const { words, chars } = textFeatures(normalized, { maxWords: 2, chars: [2, 4] });
  const shape = [`length ${Math.min(8, tokens.length)}`, `first ${tokens[0]}`, `last ${tokens.at(-1)}`, `two ${tokens[0]} ${tokens[1]}`];
  for (const cue of questionCues(normalized, tokens)) shape.push(`cue ${cue}`);
  if (asks) shape.push('mark');
  if (/[?\u061f]$/u.test(normalized)) shape.push('mark at end');
  if (tokens.includes(LINK_TOKEN)) shape.push('link');
  if (/\p{N}/u.test(normalized)) shape.push('figure');
  if (normalized.includes('!')) shape.push('shout');
  const ending = normalized.replace(/[^\p{L}\p{N}]+$/u, '').slice(-4);
  shape.push(`end ${[...ending].slice(-1).join('')}`, `end ${[...ending].slice(-2).join('')}`);
  const mask = (1 << bits) - 1;
  const places = new Set<number>();
  for (const word of words) places.add(mix(word ^ 0x1234567) & mask);
  for (const gram of chars) places.add(mix(gram ^ 0x89abcde) & mask);
  if (!ASCII_ONLY.test(normalized)) {
    if (/\p{Extended_Pictographic}/u.test(normalized)) shape.push('emoji');
    for (const character of new Set(normalized)) if (!ASCII_ONLY.test(character)) places.add(hashText(0x1b873593, character) & mask);
  }
  for (const fact of shape) places.add(hashText(0x5bd1e995, fact) & mask);
  return Int32Array.from(places);
}

/** Adagrad (Duchi et al. 2011) on the log loss; every text's features are scaled to unit length. */
function descend(
  features: readonly Int32Array[],
  labels: readonly number[],
  rows: readonly number[],
  options: QuestionOptions,
): Float32Array {
  const weights = new Float32Array((1 << options.bits) + 1);
  const squares = new Float32Array(weights.length).fill(1e-3);
  const bias = weights.length - 1;
  const uniform = seededUniform(options.seed);
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    for (const which of shuffled(rows.length, uniform)) {
      const i = rows[which] as number;
      const places = features[i] as Int32Array;
      const scale = 1 / Math.sqrt(places.length + 1);
      const error = sigmoid(scoreOf(weights, places)) - (labels[i] as number);
      const step = (place: number, value: number) => {
        const gradient = error * value + options.l2 * (weights[place] as number);
        squares[place] = (squares[place] as number) + gradient * gradient;
        weights[place] = (weights[place] as number) - (options.learningRate * gradient) / Math.sqrt(squares[place] as number);
      };
      for (const place of places) step(place, scale);
      step(bias, scale);
    }
  }
  return weights;
}

function scoreOf(weights: Float32Array, places: Int32Array): number {
  let sum = weights[weights.length - 1] as number;
  for (const place of places) sum += weights[place] as number;
  return sum / Math.sqrt(places.length + 1);
}

/** Newton's method for slope and offset, with Platt's softened targets. */
function platt(scores: Float64Array, labels: readonly number[]): { slope: number; offset: number } {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (labels.length - positives + 2);
  let slope = 1;
  let offset = 0;
  for (let iteration = 0; iteration < 50; iteration += 1) {
    let ga = 0;
    let gb = 0;
    let haa = 1e-6;
    let hab = 0;
    let hbb = 1e-6;
    for (let i = 0; i < labels.length; i += 1) {
      const s = scores[i] as number;
      const p = sigmoid(slope * s + offset);
      const error = p - (labels[i] === 1 ? high : low);
      const weight = p * (1 - p);
      ga += error * s;
      gb += error;
      haa += weight * s * s;
      hab += weight * s;
      hbb += weight;
    }
    const determinant = haa * hbb - hab * hab;
    const da = (hbb * ga - hab * gb) / determinant;
    const db = (haa * gb - hab * ga) / determinant;
    slope -= da;
    offset -= db;
    if (Math.abs(da) + Math.abs(db) < 1e-9) break;
  }
  return { slope, offset };
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
