// The question detector beside the question-mark rule. Without --file: the own corpus, whole families held out. With
// --file: the shipped detector, learnt on the own corpus only, on the lines of the file.
import { InputError } from '../../../packages/models/src/input-error.ts';
import { seededUniform } from '../../../packages/models/src/math/seeded-random.ts';
import { averagePrecision } from '../../../packages/models/src/metrics/average-precision.ts';
import { brierScore } from '../../../packages/models/src/metrics/brier.ts';
import { calibrationError } from '../../../packages/models/src/metrics/calibration-error.ts';
import { questionCorpus } from '../../../packages/models/src/say/question/question-corpus.ts';
import {
  fitQuestions,
  hasQuestionMark,
  outOfFamilyChances,
  QUESTION_THRESHOLD,
  questionChance,
} from '../../../packages/models/src/say/question/question-detector.ts';
import { columnOf, parseCsv, readText } from '../csv.ts';
import type { Task } from '../eval.ts';
import { readTexts } from '../texts.ts';

const RESAMPLES = 1_000;

const LABELS: ReadonlyMap<string, number> = new Map([
  ...['1', '1.0', 'yes', 'y', 'true', 't'].map((word) => [word, 1] as const),
  ...['0', '0.0', 'no', 'n', 'false', 'f'].map((word) => [word, 0] as const),
]);

export const task: Task = {
  name: 'questions',
  usage:
    'questions [--file F]   (CSV text,label; label 1, yes or true = asks, 0, no or false = does not; without a file: the own corpus, families held out)',
  run: async (options) => {
    const { texts, labels, blocks, chances, protocol } = options.has('file') ? fromFile(options) : fromCorpus();
    const rule = texts.map((text) => (hasQuestionMark(text) ? 1 : 0));
    const model = labels.map((_, i) => ((chances[i] as number) >= QUESTION_THRESHOLD ? 1 : 0));
    const f1Model = f1(labels, model);
    const f1Rule = f1(labels, rule);
    const standardError = differenceError(labels, model, rule, blocks);
    const result = {
      task: 'questions',
      protocol,
      rows: texts.length,
      positives: labels.reduce((a, b) => a + b, 0),
      f1: f1Model.f1,
      precision: f1Model.precision,
      recall: f1Model.recall,
      ap: averagePrecision(labels, chances),
      brier: brierScore(labels, chances),
      calibrationError: calibrationError(labels, chances),
      rule: { ...f1Rule, ap: averagePrecision(labels, rule) },
      gain: f1Model.f1 - f1Rule.f1,
      gainStandardError: standardError,
      ahead: f1Model.f1 - f1Rule.f1 > 2 * standardError,
    };
    const row = (name: string, f: { f1: number; precision: number; recall: number }, ap: number) => [
      name,
      ...[f.f1, f.precision, f.recall, ap].map((v) => v.toFixed(4)),
    ];
    const table = [
      ['', 'F1', 'precision', 'recall', 'AP'],
      row('detector', f1Model, result.ap),
      row('question mark', f1Rule, result.rule.ap),
      ['gain', result.gain.toFixed(4), 'standard error', standardError.toFixed(4)],
      ['calibration error', result.calibrationError.toFixed(4), 'Brier', result.brier.toFixed(4), protocol],
    ];
    return { result, table };
  },
};

type Scored = { texts: string[]; labels: number[]; blocks: string[]; chances: Float64Array; protocol: string };

function fromCorpus(): Scored {
  const lines = questionCorpus();
  return {
    texts: lines.map(({ text }) => text),
    labels: lines.map(({ label }) => label),
    blocks: lines.map(({ family }) => family),
    chances: outOfFamilyChances(lines),
    protocol: 'own corpus, families held out',
  };
}

function fromFile(options: Map<string, string>): Scored {
  const table = parseCsv(readText(options.get('file'), 'file'));
  const texts = readTexts(table, 'text');
  const labels = columnOf(table, 'label').map((cell, index) => {
    const label = LABELS.get(cell.trim().toLowerCase());
    if (label === undefined)
      throw new InputError(`"${cell.slice(0, 40)}" is not 1, 0, yes, no, true or false`, { row: index + 1, column: 'label' });
    return label;
  });
  if (!labels.includes(0) || !labels.includes(1))
    throw new InputError(`every one of the ${labels.length} rows has the same label; both are needed`, { column: 'label' });
  const model = fitQuestions();
  return {
    texts,
    labels,
    blocks: texts.map((_, i) => String(i)),
    chances: Float64Array.from(texts, (text) => questionChance(model, text)),
    protocol: 'file, detector learnt on the own corpus',
  };
}

function f1(labels: readonly number[], guesses: readonly number[]) {
  let both = 0;
  let guessed = 0;
  let wanted = 0;
  for (let i = 0; i < labels.length; i += 1) {
    both += (labels[i] as number) * (guesses[i] as number);
    guessed += guesses[i] as number;
    wanted += labels[i] as number;
  }
  return {
    f1: guessed + wanted === 0 ? 0 : (2 * both) / (guessed + wanted),
    precision: guessed === 0 ? 0 : both / guessed,
    recall: wanted === 0 ? 0 : both / wanted,
  };
}

/** Standard error of the F1 difference by bootstrap over blocks (families, or single rows of a file). */
function differenceError(labels: readonly number[], model: readonly number[], rule: readonly number[], blocks: readonly string[]): number {
  const members = new Map<string, number[]>();
  for (const [i, block] of blocks.entries()) members.set(block, [...(members.get(block) ?? []), i]);
  const lists = [...members.values()];
  const uniform = seededUniform(1);
  const gains = Array.from({ length: RESAMPLES }, () => {
    const rows = lists.flatMap(() => lists[Math.floor(uniform() * lists.length)] as number[]);
    const pick = (list: readonly number[]) => rows.map((i) => list[i] as number);
    return f1(pick(labels), pick(model)).f1 - f1(pick(labels), pick(rule)).f1;
  });
  const mean = gains.reduce((a, b) => a + b, 0) / RESAMPLES;
  return Math.sqrt(gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / (RESAMPLES - 1));
}
