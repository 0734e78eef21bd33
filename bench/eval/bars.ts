// The bars the models are held to, and how each is read off the result of a task. `npm run eval:all` runs the tasks and prints the table.
import { fileURLToPath } from 'node:url';

/** A run of one task on one protocol; `{data}` is the folder of the data sets. `needs` are files looked for first. */
export type Protocol = { readonly id: string; readonly task: string; readonly args: readonly string[]; readonly needs: readonly string[] };

export type Bar = {
  readonly area: string;
  readonly check: string;
  readonly protocol: string;
  readonly read: (result: Json) => Measured;
  readonly atLeast: string;
  readonly reachFor: string;
};

export type Json = Readonly<Record<string, unknown>>;
export type Measured = { readonly shown: string; readonly atLeast: boolean; readonly reached: boolean | null };

/** Thrown where a result lacks a figure: the row says so instead of guessing. */
export class FigureMissing extends Error {}

/** The number under a key, wherever it lies in the result; upper case, `@20` and punctuation do not matter. */
export function figure(result: unknown, ...names: readonly string[]): number {
  for (const name of names) {
    const found = search(result, plain(name));
    if (found !== null) return found;
  }
  throw new FigureMissing(`the result has no ${names[0]}`);
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

function search(value: unknown, wanted: string): number | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const named = plain(key) === wanted || (plain(key) === 'name' && typeof inner === 'string' && plain(inner) === wanted);
    if (!named) continue;
    const here = plain(key) === 'name' ? value : inner;
    const number = typeof here === 'number' ? here : valueIn(here);
    if (number !== null) return number;
  }
  for (const inner of Object.values(value)) {
    const found = search(inner, wanted);
    if (found !== null) return found;
  }
  return null;
}

function valueIn(value: unknown): number | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const key of ['value', 'estimate', 'ndcg', 'mean']) {
    const inner = (value as Json)[key];
    if (typeof inner === 'number') return inner;
  }
  return null;
}

const at = (result: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Json | undefined)?.[key], result);

/** A figure by its path; refuses what is not a number. */
function number(result: Json, path: string): number {
  const value = at(result, path);
  if (typeof value !== 'number') throw new FigureMissing(`the result has no ${path}`);
  return value;
}

const above = (value: number, least: number, reach: number | null = null, digits = 4): Measured => ({
  shown: value.toFixed(digits),
  atLeast: value >= least,
  reached: reach === null ? null : value >= reach,
});
const below = (value: number, most: number, reach: number | null = null, digits = 4): Measured => ({
  shown: value.toFixed(digits),
  atLeast: value <= most,
  reached: reach === null ? null : value <= reach,
});
const both = (...parts: readonly Measured[]): Measured => ({
  shown: parts.map(({ shown }) => shown).join(' / '),
  atLeast: parts.every(({ atLeast }) => atLeast),
  reached: parts.some(({ reached }) => reached === null) ? null : parts.every(({ reached }) => reached),
});
/** Equal to the digits given. */
const same = (value: number, published: number, tolerance: number, digits: number): Measured => ({
  shown: value.toFixed(digits),
  atLeast: Math.abs(value - published) <= tolerance,
  reached: null,
});

/** Published with the policy (fixtures/PROVENANCE.md). */
export const THOMPSON_BETA = fileURLToPath(new URL('./fixtures/thompson-men-beta.txt', import.meta.url));

const DATA = '{data}';
const CDNOW = `${DATA}/cdnow/CDNOW_sample.txt`;
const SHOPPERS = `${DATA}/shoppers/train.csv`;
const BANKING = `${DATA}/intents-banking77`;
const SERENADE = `${DATA}/sessions-serenade`;
const OBD = `${DATA}/obd-men`;

export const PROTOCOLS: readonly Protocol[] = [
  {
    id: 'cltv',
    task: 'cltv',
    args: ['--transactions', CDNOW, '--calibration-end', '1997-09-30', '--holdout-end', '1998-06-30'],
    needs: [CDNOW],
  },
  {
    id: 'intent-without',
    task: 'propensity',
    args: ['--train', SHOPPERS, '--label', 'Revenue', '--drop', 'PageValues', '--folds', '7', '--fold-by', 'row'],
    needs: [SHOPPERS],
  },
  {
    id: 'intent-with',
    task: 'propensity',
    args: ['--train', SHOPPERS, '--label', 'Revenue', '--folds', '7', '--fold-by', 'row'],
    needs: [SHOPPERS],
  },
  {
    id: 'next-item',
    task: 'next-item',
    args: ['--train', `${SERENADE}/train.txt`, '--test', `${SERENADE}/test.txt`],
    needs: [`${SERENADE}/train.txt`, `${SERENADE}/test.txt`],
  },
  {
    id: 'rooms',
    task: 'rooms',
    args: ['--events', `${SERENADE}/train.txt`, '--dev', '2020-06-16,2020-06-22', '--report', '2020-06-23,2020-06-29'],
    needs: [`${SERENADE}/train.txt`],
  },
  { id: 'ope-bts', task: 'ope', args: ['--log', `${OBD}/bts`, '--target', 'random'], needs: [`${OBD}/bts/men.csv`] },
  {
    id: 'ope-random',
    task: 'ope',
    args: ['--log', `${OBD}/random`, '--target', `${OBD}/bts`, '--beta', THOMPSON_BETA],
    needs: [`${OBD}/random/men.csv`, `${OBD}/bts/men.csv`],
  },
  { id: 'ope-refused', task: 'ope', args: ['--log', `${OBD}/bts`, '--target', 'least-shown'], needs: [`${OBD}/bts/men.csv`] },
  { id: 'group-batch', task: 'group', args: ['--texts', `${BANKING}/test.csv`, '--batch', '77'], needs: [`${BANKING}/test.csv`] },
  { id: 'group-stream', task: 'group', args: ['--texts', `${BANKING}/test.csv`, '--stream'], needs: [`${BANKING}/test.csv`] },
  {
    id: 'intents',
    task: 'intents',
    args: ['--train', `${BANKING}/train.csv`, '--test', `${BANKING}/test.csv`],
    needs: [`${BANKING}/train.csv`, `${BANKING}/test.csv`],
  },
  {
    id: 'intents-unknown',
    task: 'intents',
    args: ['--train', `${BANKING}/train.csv`, '--test', `${BANKING}/test.csv`, '--unknown-every', '4'],
    needs: [`${BANKING}/train.csv`, `${BANKING}/test.csv`],
  },
  { id: 'questions', task: 'questions', args: [], needs: [] },
  {
    id: 'burst',
    task: 'burst',
    args: ['--trace', `${DATA}/chat/youtube_arrivals_1.csv`, '--speed', '10'],
    needs: [`${DATA}/chat/youtube_arrivals_1.csv`],
  },
];

/** Published fits of CDNOW (Fader & Hardie data; lifetimes, and our prototype for MBG/NBD). */
const PUBLISHED_FITS = [
  ['models.bg-nbd', { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }, -9582.4],
  ['models.pareto-nbd', { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 }, -9595.0],
  ['models.mbg-nbd', { r: 0.525, alpha: 6.183, a: 0.891, b: 1.614 }, -9582.1],
  ['gammaGamma', { p: 6.25, q: 3.74, v: 15.44 }, -4055.9],
] as const;

function readFits(result: Json): Measured {
  let furthestPct = 0;
  let furthestLikelihood = 0;
  for (const [path, parameters, logLikelihood] of PUBLISHED_FITS) {
    for (const [name, value] of Object.entries(parameters))
      furthestPct = Math.max(furthestPct, 100 * Math.abs(number(result, `${path}.parameters.${name}`) / value - 1));
    furthestLikelihood = Math.max(furthestLikelihood, Math.abs(number(result, `${path}.logLikelihood`) - logLikelihood));
  }
  const rhythm = at(result, 'models.mbg-cnbd-k.ok') === true;
  return {
    shown: `${furthestPct.toFixed(2)} % / ${furthestLikelihood.toFixed(3)}`,
    atLeast: furthestPct <= 1 && furthestLikelihood <= 0.05,
    reached: rhythm && slowestFit(result) < 2,
  };
}

const slowestFit = (result: Json): number =>
  Math.max(...['bg-nbd', 'pareto-nbd', 'mbg-nbd', 'mbg-cnbd-k'].map((name) => number(result, `models.${name}.fitSeconds`)));

function readForecast(result: Json): Measured {
  const names = ['bg-nbd', 'pareto-nbd', 'mbg-nbd', 'mbg-cnbd-k'];
  const best = Math.min(...names.map((name) => number(result, `models.${name}.mae`)));
  const median = Math.min(...names.map((name) => number(result, `models.${name}.maeOfMedian`)));
  return { shown: `${best.toFixed(4)}, medians ${median.toFixed(4)}`, atLeast: best <= 0.755, reached: best <= 0.74 };
}

/** The order's gain over the last-hour order, in standard errors. */
function readRooms(result: Json): Measured {
  const score = figure(result, 'score', 'ndcg');
  const recency = figure(result, 'recency', 'lastHour');
  const standardError = figure(result, 'standardErrorRecency', 'recencyStandardError', 'standardError', 'se');
  return {
    shown: `${score.toFixed(3)} against ${recency.toFixed(3)}, s.e. ${standardError.toFixed(3)}`,
    atLeast: score - recency > 2 * standardError,
    reached: score >= 0.37,
  };
}

export const BARS: readonly Bar[] = [
  {
    area: 'model fits',
    check: 'CDNOW parameters / log-likelihood off published',
    protocol: 'cltv',
    read: readFits,
    atLeast: '1 % / .05',
    reachFor: 'MBG/CNBD-k too, fits < 2 s',
  },
  {
    area: 'value ranking',
    check: 'CDNOW Gini of later spend',
    protocol: 'cltv',
    read: (result) => {
      const measured = above(number(result, 'gini.score'), 0.7, 0.72);
      return { ...measured, shown: `${measured.shown} (past spend ${number(result, 'gini.pastSpend').toFixed(4)})` };
    },
    atLeast: '.70',
    reachFor: '.72',
  },
  { area: 'count forecast', check: 'CDNOW MAE, best model', protocol: 'cltv', read: readForecast, atLeast: '.755', reachFor: '.74' },
  {
    area: 'fit time',
    check: 'slowest fit of the cohort, s',
    protocol: 'cltv',
    read: (result) => below(slowestFit(result), 2, null, 2),
    atLeast: '2',
    reachFor: '',
  },
  {
    area: 'viewer score',
    check: 'us a viewer',
    protocol: 'cltv',
    read: (result) => below(number(result, 'score.usPerViewer'), 5, null, 2),
    atLeast: '5',
    reachFor: '',
  },
  {
    area: 'intent',
    check: 'shoppers AP / calibration error without PageValues',
    protocol: 'intent-without',
    read: (result) => both(above(number(result, 'ap'), 0.32, 0.365), below(number(result, 'calibrationError'), 1, 0.02)),
    atLeast: '.32',
    reachFor: '.365 / .02',
  },
  {
    area: 'intent',
    check: 'shoppers AP / calibration error with PageValues',
    protocol: 'intent-with',
    read: (result) => both(above(number(result, 'ap'), 0.67, 0.745), below(number(result, 'calibrationError'), 1, 0.02)),
    atLeast: '.67',
    reachFor: '.745 / .02',
  },
  {
    area: 'next item',
    check: 'Serenade test MRR / HR at 20',
    protocol: 'next-item',
    read: (result) =>
      both(above(figure(result, 'mrr', 'mrr20'), 0.3414, 0.377), above(figure(result, 'hr', 'hr20', 'hitRate'), 0.6627, 0.679)),
    atLeast: '.3414 / .6627',
    reachFor: '.377 / .679',
  },
  {
    area: 'next item',
    check: 'p99 of a call, us',
    protocol: 'next-item',
    read: (result) => below(figure(result, 'usP99', 'p99Us', 'p99', 'usPerPredictionP99'), 1_000, null, 0),
    atLeast: '1000',
    reachFor: '',
  },
  {
    area: 'room order',
    check: 'report week NDCG@10 against the last-hour order',
    protocol: 'rooms',
    read: readRooms,
    atLeast: 'gap > 2 s.e.',
    reachFor: '.37',
  },
  {
    area: 'estimators',
    check: 'random from the bts log: IPW / SNIPW / ESS',
    protocol: 'ope-bts',
    read: (result) =>
      both(
        same(figure(result, 'ipw'), 0.003009, 5e-7, 6),
        same(figure(result, 'snipw'), 0.003189, 5e-7, 6),
        same(figure(result, 'ess'), 656, 0.5, 0),
      ),
    atLeast: '.003009 / .003189 / 656',
    reachFor: '',
  },
  {
    area: 'estimators',
    check: 'Thompson from the random log: IPW / SNIPW',
    protocol: 'ope-random',
    read: (result) =>
      both(same(figure(result, 'ipw'), 0.00453, 0.005 * 0.00453, 6), same(figure(result, 'snipw'), 0.0046, 0.005 * 0.0046, 6)),
    atLeast: '.00453 / .00460 to .5 %',
    reachFor: '',
  },
  {
    area: 'estimators',
    check: 'always the lot least shown: ESS, refused',
    protocol: 'ope-refused',
    read: (result) => {
      const isRefused = typeof result.refused === 'string';
      return { shown: `${number(result, 'ess').toFixed(1)}, ${isRefused ? 'refused' : 'NOT refused'}`, atLeast: isRefused, reached: null };
    },
    atLeast: 'refused below 50',
    reachFor: '',
  },
  {
    area: 'grouping, batch',
    check: 'BANKING77 ARI / NMI, 5 seeds',
    protocol: 'group-batch',
    read: (result) => both(above(100 * number(result, 'ari'), 32, 43, 1), above(100 * number(result, 'nmi'), 66, 75, 1)),
    atLeast: '32 / 66',
    reachFor: '43 / 75',
  },
  {
    area: 'grouping, stream',
    check: 'BANKING77 pair F1 / groups',
    protocol: 'group-stream',
    read: (result) => both(above(number(result, 'pairF1'), 0.33, 0.45, 3), below(number(result, 'groups'), 150, 150, 0)),
    atLeast: '.33 / 150',
    reachFor: '.45',
  },
  {
    area: 'grouping',
    check: 'us to take a message',
    protocol: 'group-stream',
    read: (result) => below(number(result, 'usPerMessage'), 100, null, 1),
    atLeast: '100',
    reachFor: '',
  },
  {
    area: 'intents',
    check: 'BANKING77 accuracy, %',
    protocol: 'intents',
    read: (result) => above(100 * number(result, 'accuracy'), 91.3, 93, 1),
    atLeast: '91.3',
    reachFor: '93',
  },
  {
    area: 'unknown intents',
    check: 'known right / unknown refused, %',
    protocol: 'intents-unknown',
    read: (result) =>
      both(above(100 * number(result, 'knownAcceptedRight'), 90, 91, 1), above(100 * number(result, 'unknownRefused'), 40, 55, 1)),
    atLeast: '90 / 40',
    reachFor: '91 / 55',
  },
  {
    area: 'questions',
    check: 'F1 against the question mark, gain in s.e.',
    protocol: 'questions',
    read: (result) => {
      const gain = number(result, 'gain') / number(result, 'gainStandardError');
      return {
        shown: `${number(result, 'f1').toFixed(3)} / ${number(result, 'rule.f1').toFixed(3)}, ${gain.toFixed(1)} s.e.`,
        atLeast: gain > 2,
        reached: number(result, 'calibrationError') < 0.05,
      };
    },
    atLeast: '> 2 s.e.',
    reachFor: 'calibrated (< .05)',
  },
  {
    area: 'burst x10',
    check: 'lost / p95 age of a group, ms',
    protocol: 'burst',
    read: (result) => both(below(number(result, 'lost'), 0, 0, 0), below(number(result, 'ageMsP95'), 2_000, 500, 0)),
    atLeast: '0 / 2000',
    reachFor: '500',
  },
  {
    area: 'distinct askers',
    check: 'one author x 1,000 = voices / every asker once',
    protocol: 'burst',
    read: (result) => ({
      shown: `${number(result, 'floodVoices')} / ${at(result, 'distinctAskersRight') === true ? 'yes' : 'no'}`,
      atLeast: number(result, 'floodVoices') === 1 && at(result, 'distinctAskersRight') === true,
      reached: null,
    }),
    atLeast: '1 / yes',
    reachFor: '',
  },
];

/** Rows of the design that no data set measures: tests hold them. */
export const HELD_BY_TESTS = ['replies from facts, latency', 'stale replies', 'prompting cap', 'scarcity claims', 'viewer act to score'];
