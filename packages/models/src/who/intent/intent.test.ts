import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededUniform } from '../../math/seeded-random.ts';
import { auc } from '../../metrics/auc.ts';
import { calibrationError } from '../../metrics/calibration-error.ts';
import { logistic, scoreBins } from './boosted-trees.ts';
import { binOf, type Cell, learnBins, MAX_BINS, type NamedColumn } from './feature-bins.ts';
import { FtrlLogistic } from './ftrl-logistic.ts';
import { growTrees } from './grow-trees.ts';
import { intentChance, logisticChance, treesChance } from './intent-model.ts';
import { bytesToIntent, intentToBytes } from './intent-snapshot.ts';
import { learnIntent } from './learn-intent.ts';
import { LiveIntent } from './live-intent.ts';
import { fitPlatt } from './platt.ts';
import { hashVisit } from './visit-features.ts';

/** Visits in which few pages and a dear campaign, together, make a purchase; some cells are missing. */
function simulateVisits(count: number, seed: number) {
  const uniform = seededUniform(seed);
  const pages: Cell[] = [];
  const source: Cell[] = [];
  const noise: Cell[] = [];
  const labels: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const page = Math.floor(40 * uniform() ** 2);
    const from = ['mail', 'search', 'friend'][Math.floor(3 * uniform())] as string;
    const logit = -1.5 + (from === 'friend' ? (page > 8 ? 2.5 : -2) : page > 8 ? -1 : 1);
    pages.push(uniform() < 0.05 ? null : page);
    source.push(from);
    noise.push(uniform());
    labels.push(uniform() < logistic(logit) ? 1 : 0);
  }
  const columns: NamedColumn[] = [
    { name: 'pages', kind: 'number', cells: pages },
    { name: 'source', kind: 'category', cells: source },
    { name: 'noise', kind: 'number', cells: noise },
  ];
  return { columns, labels, rowAt: (i: number) => columns.map(({ cells }) => cells[i] as Cell) };
}
const quick = { bagCount: 2, maxTreeCount: 60, innerFoldCount: 3 };

describe('bins', () => {
  test('a value never lies on both sides of a cut, order is kept, missing has its own bin', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 2, maxLength: 400 }), (cells) => {
        const bins = learnBins({ name: 'x', kind: 'number', cells });
        if (bins.kind !== 'number') throw new Error('a number became a category');
        expect(bins.cuts.length).toBeLessThan(MAX_BINS - 1);
        const sorted = [...cells].sort((a, b) => a - b).map((cell) => binOf(bins, cell));
        expect(sorted).toEqual([...sorted].sort((a, b) => a - b));
        expect(Math.max(...sorted)).toBeLessThan(MAX_BINS);
        expect(Math.min(...sorted)).toBeGreaterThan(0);
        expect(binOf(bins, null)).toBe(0);
      }),
    );
  });
  test('rare levels are one, the cell of the wrong kind is named in training and missing when scoring', () => {
    const cells = [...Array.from({ length: 30 }, () => 'a'), ...Array.from({ length: 25 }, () => 'b'), 'rare'];
    const bins = learnBins({ name: 'level', kind: 'category', cells });
    expect([binOf(bins, 'a'), binOf(bins, 'b'), binOf(bins, 'rare'), binOf(bins, 'never seen'), binOf(bins, null)]).toEqual([
      2, 3, 1, 1, 0,
    ]);
    expect(() => learnBins({ name: 'x', kind: 'number', cells: [1, Number.NaN] })).toThrow('row 2: column x');
    expect(binOf(learnBins({ name: 'x', kind: 'number', cells: [1, 2] }), 'two')).toBe(0);
  });
});

describe('boosted trees', () => {
  const training = (() => {
    const a = Uint8Array.from({ length: 400 }, (_, i) => 1 + (i % 2));
    const b = Uint8Array.from({ length: 400 }, (_, i) => 1 + ((i >> 1) % 2));
    return { bins: [a, b], isCategory: [false, false], labels: a.map((value, i) => (value === b[i] ? 1 : 0)) };
  })();
  const grow = { rowRatio: 0.9, columnRatio: 1, treeCount: 80, minLeafRows: 5 };
  test('learn "exactly one of two", which no sum of single columns can', () => {
    const trees = growTrees(training, seededUniform(1), grow);
    expect(logistic(scoreBins(trees, [1, 1]))).toBeGreaterThan(0.9);
    expect(logistic(scoreBins(trees, [1, 2]))).toBeLessThan(0.1);
  });
  test('equal seed gives equal trees, and a forest sees the same rows the same way as while it grew', () => {
    const first = growTrees(training, seededUniform(7), grow);
    let running: Float64Array = new Float64Array(0);
    const onTree = (_: number, logits: Float64Array) => {
      running = logits.slice();
    };
    const watch = { bins: training.bins, rowCount: 400, onTree };
    expect(growTrees(training, seededUniform(7), grow, watch)).toEqual(first);
    for (const i of [0, 1, 2, 3]) {
      const bins = training.bins.map((column) => column[i] as number);
      expect(scoreBins(first, bins)).toBeCloseTo(running[i] as number, 4);
    }
  });
  test('one class gives its rate and no trees', () => {
    const trees = growTrees({ ...training, labels: new Uint8Array(400) }, seededUniform(1), grow);
    expect(trees.roots).toHaveLength(0);
    expect(logistic(scoreBins(trees, [1, 1]))).toBeLessThan(0.01);
  });
});

describe('intent learned from past visits', () => {
  const past = simulateVisits(1_200, 1);
  const later = simulateVisits(600, 2);
  const model = learnIntent(past.columns, past.labels, quick);
  const chances = later.labels.map((_, i) => intentChance(model, later.rowAt(i)));
  test('finds what two columns do together, better than the sum of both, with honest chances', () => {
    const linear = later.labels.map((_, i) => logisticChance(model, later.rowAt(i)));
    expect(auc(later.labels, chances)).toBeGreaterThan(auc(later.labels, linear) + 0.02);
    expect(auc(later.labels, chances)).toBeGreaterThan(0.75);
    expect(calibrationError(later.labels, chances)).toBeLessThan(0.06);
  });
  test('another unit of a number changes no chance of the trees, and order of columns does not matter to the bins', () => {
    const scaled = past.columns.map((column) =>
      column.name === 'pages' ? { ...column, cells: column.cells.map((cell) => (cell === null ? null : (cell as number) * 4)) } : column,
    );
    const other = learnIntent(scaled, past.labels, quick);
    for (const i of [0, 1, 2, 3, 4]) {
      const row = later.rowAt(i);
      const scaledRow = row.map((cell, c) => (c === 0 && cell !== null ? (cell as number) * 4 : cell));
      expect(treesChance(other, scaledRow)).toBeCloseTo(treesChance(model, row), 6);
    }
  });
  test('goes to bytes and back and answers the same; a broken forest is refused', () => {
    const bytes = intentToBytes(model);
    const back = bytesToIntent(bytes);
    for (const i of [0, 1, 2]) expect(intentChance(back, later.rowAt(i))).toBe(intentChance(model, later.rowAt(i)));
    const loop = { ...model, trees: { ...model.trees, child: model.trees.child.map(() => 0) } };
    expect(() => bytesToIntent(intentToBytes(loop))).toThrow('broken forest');
    expect(() => bytesToIntent(new LiveIntent().toBytes())).toThrow('insp/live-intent@1');
  });
  test('a visit with unknown level and missing cells still gets a chance', () => {
    const chance = intentChance(model, [null, 'a level of tomorrow']);
    expect(chance).toBeGreaterThan(0);
    expect(chance).toBeLessThan(1);
  });
  test('refuses too few of a class, ragged columns, labels that are none', () => {
    expect(() => learnIntent(past.columns, new Uint8Array(1_200))).toThrow('0 of 1200 rows are positive');
    expect(() => learnIntent(past.columns, [1, 0])).toThrow('column pages');
    expect(() => learnIntent(past.columns, past.labels.with(4, 2))).toThrow('row 5');
    expect(() => learnIntent([], past.labels)).toThrow('no column');
  });
});

describe('online logistic', () => {
  test('finds the weights outcomes were drawn with', () => {
    const uniform = seededUniform(3);
    const model = new FtrlLogistic({ bits: 10, alpha: 0.2, l1: 0, l2: 0 });
    for (let i = 0; i < 20_000; i += 1) {
      const isRed = uniform() < 0.5;
      const outcome = uniform() < logistic(isRed ? 1 : -1) ? 1 : 0;
      model.learn(hashVisit({ colour: isRed ? 'red' : 'blue' }, 10), outcome);
    }
    expect(model.logit(hashVisit({ colour: 'red' }, 10))).toBeCloseTo(1, 0.7);
    expect(model.logit(hashVisit({ colour: 'blue' }, 10))).toBeCloseTo(-1, 0.7);
    expect(() => model.learn(hashVisit({}, 10), 0.5)).toThrow('not 0 or 1');
    expect(() => new FtrlLogistic({ bits: 40 })).toThrow(RangeError);
  });
  test('the order of fields does not matter, a number lights two marks with weights that sum to 1', () => {
    expect(hashVisit({ a: 3, b: 'x' }, 16)).toEqual(hashVisit({ b: 'x', a: 3 }, 16));
    const { values } = hashVisit({ a: 3 }, 16);
    expect(values[1]! + values[2]!).toBeCloseTo(1, 12);
    expect(hashVisit({ a: Number.NaN }, 16)).toEqual(hashVisit({ a: null }, 16));
  });
  test('Platt finds slope and offset of log-odds that were too bold', () => {
    const uniform = seededUniform(4);
    const logits = Array.from({ length: 8_000 }, () => 8 * uniform() - 4);
    const labels = logits.map((logit) => (uniform() < logistic(0.5 * logit - 1) ? 1 : 0));
    const { offset, slopes } = fitPlatt([logits], labels, [1]);
    expect(offset).toBeCloseTo(-1, 0.8);
    expect(slopes[0]).toBeCloseTo(0.5, 1);
    expect(Number.isFinite(fitPlatt([[1, 2]], [1, 1], [1]).offset)).toBe(true);
  });
});

describe('live intent', () => {
  const visitOf = (i: number, uniform: () => number) => ({ clicks: Math.floor(10 * uniform()), from: i % 2 ? 'mail' : 'shop' });
  const feed = (live: LiveIntent, count: number, shift: number, seed: number) => {
    const uniform = seededUniform(seed);
    for (let i = 0; i < count; i += 1) {
      const visit = visitOf(i, uniform);
      live.observe(visit, uniform() < logistic(0.4 * visit.clicks - 3 + shift) ? 1 : 0);
    }
  };
  test('answers the share of buyers until it has seen enough', () => {
    const live = new LiveIntent({ warmUpCount: 4 });
    expect(live.chance({})).toBe(0.5);
    for (const outcome of [0, 0, 1] as const) live.observe({ clicks: 1 }, outcome);
    expect(live.chance({ clicks: 9 })).toBeCloseTo(2 / 5, 12);
  });
  test('follows the room when its mood shifts, because the calibration slides', () => {
    const live = new LiveIntent({ windowCount: 500 });
    feed(live, 3_000, 0, 5);
    const before = live.chance({ clicks: 5, from: 'mail' });
    feed(live, 1_500, 2, 6);
    expect(live.chance({ clicks: 5, from: 'mail' })).toBeGreaterThan(before + 0.2);
  });
  test('goes to bytes and goes on exactly where it stood', () => {
    const live = new LiveIntent({ windowCount: 150 });
    feed(live, 420, 0, 7);
    const back = LiveIntent.fromBytes(live.toBytes());
    feed(live, 300, 1, 8);
    feed(back, 300, 1, 8);
    expect(back.seenCount).toBe(720);
    expect(back.chance({ clicks: 3, from: 'shop' })).toBe(live.chance({ clicks: 3, from: 'shop' }));
  });
});
