// Input of the cltv and propensity tasks: what is taken, and what is refused with row and column.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { InputError } from '../../packages/models/src/input-error.ts';
import { seededUniform } from '../../packages/models/src/math/seeded-random.ts';
import { simulateParetoNbd } from '../../packages/models/src/who/lifetime/simulate-cohort.ts';
import { foldsBy } from './folds.ts';
import { task as cltv } from './tasks/cltv.ts';
import { task as propensity } from './tasks/propensity.ts';
import { dayToText, parseDay, readTransactions } from './transactions.ts';

const folder = mkdtempSync(join(tmpdir(), 'insp-eval-'));
afterAll(() => rmSync(folder, { recursive: true }));
let fileCount = 0;
function file(text: string): string {
  fileCount += 1;
  const path = join(folder, `${fileCount}.csv`);
  writeFileSync(path, text);
  return path;
}

describe('purchases from a file', () => {
  test('CSV with and without amounts, and both CDNOW layouts, give the same purchases', () => {
    const csv = readTransactions(file('customer,date,amount\n00004,1997-01-01,29.33\n00004,19970118,29.73\n'));
    expect(csv.transactions).toEqual([
      { customer: '00004', day: 9862, amount: 29.33 },
      { customer: '00004', day: 9879, amount: 29.73 },
    ]);
    const sample = file(' 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n');
    expect(readTransactions(sample)).toMatchObject({ transactions: csv.transactions, format: 'cdnow' });
    const master = file(' customer_id  date number_of_cds  dollar_value\n 00004 19970101  2   29.33\n 00004 19970118  2   29.73\n');
    expect(readTransactions(master)).toMatchObject({ transactions: csv.transactions, format: 'cdnow' });
    expect(readTransactions(file('date,customer\r\n2020-02-29T10:00:00Z,"a, b"\r\n'))).toMatchObject({
      hasAmounts: false,
      transactions: [{ customer: 'a, b', amount: 1 }],
    });
  });
  test.each([
    ['customer,date,amount\na,1997-01-01,5\na,1997-13-01,5\n', 'row 2: column date: "1997-13-01" is not a date'],
    ['customer,date,amount\na,1997-02-29,5\n', 'row 1: column date'],
    ['customer,date,amount\na,1997-01-01,-5\n', 'row 1: column amount: -5 is below 0'],
    ['customer,date,amount\na,1997-01-01,NaN\n', 'row 1: column amount: "NaN" is not an amount'],
    ['customer,date,amount\na,1997-01-01,\n', 'row 1: column amount: "" is not an amount'],
    ['customer,date,amount\n,1997-01-01,5\n', 'row 1: column customer: there is no customer'],
    ['customer,date,amuont\na,1997-01-01,5\n', 'column amuont: the header has a column unknown here'],
    ['client,when\na,b\n', 'column client: the header has a column unknown here'],
    ['customer,date\na\n', 'row 1: 1 cells where the header has 2'],
    ['customer,date\n', 'there are no rows after the header'],
    ['', 'is empty'],
    [`customer,date\n${'x'.repeat(1_048_576)},1997-01-01\n`, 'row 1: column customer'],
    [`customer,date\n${'x'.repeat(300)},1997-01-01\n`, 'row 1: column customer: a name of 300 characters'],
    [' 1 19970101 2 5.0\n 1 19970102 2\n', 'row 2: 3 cells, not 4'],
    [' 1 19970101 2 five\n', 'row 1: column amount'],
  ])('%j is refused: %s', (text, message) => {
    expect(() => readTransactions(file(text))).toThrow(message);
    expect(() => readTransactions(file(text))).toThrow(InputError);
  });
  test('days and texts are inverse', () => {
    for (const text of ['1997-01-01', '2000-02-29', '2026-12-31']) expect(dayToText(parseDay(text) as number)).toBe(text);
    for (const text of ['1997-1-1', '97-01-01', '19970132', '1997-0101', '']) expect(parseDay(text)).toBeNull();
  });
});

/** A shop of simulated customers, days 0..700 from 2020 on. */
function shop(customerCount: number, seed: number): string[] {
  const uniform = seededUniform(seed);
  return simulateParetoNbd({ r: 0.8, alpha: 6, s: 0.6, beta: 20 }, { customerCount, ageWeeks: 50, laterWeeks: 50, seed }).flatMap(
    ({ frequency, tRecencyWeeks, laterCount }, n) => {
      const days = [0];
      for (let i = 1; i <= frequency; i += 1) days.push(Math.ceil((i / frequency) * tRecencyWeeks * 7));
      for (let i = 1; i <= laterCount; i += 1) days.push(350 + Math.ceil((i / (laterCount + 1)) * 350));
      return days.map((day) => `c${n},${dayToText(18_262 + day)},${(5 + 40 * uniform()).toFixed(2)}`);
    },
  );
}
const dates = [
  ['calibration-end', '2020-12-16'],
  ['holdout-end', '2021-12-01'],
] as const;
type CltvResult = {
  models: Record<string, { ok: boolean; mae: number }>;
  gini: Record<string, number>;
  warnings: string[];
  customers: number;
};
const runCltv = async (rows: readonly string[], more: readonly (readonly [string, string])[] = dates) =>
  (await cltv.run(new Map([['transactions', file(`customer,date,amount\n${rows.join('\n')}\n`)], ...more]))).result as CltvResult;

describe('cltv', () => {
  test('the order of rows changes no figure', async () => {
    const rows = shop(150, 4);
    const [plain, turned] = [await runCltv(rows), await runCltv([...rows].reverse())];
    expect(plain.customers).toBe(150);
    for (const name of ['bg-nbd', 'pareto-nbd', 'mbg-nbd']) {
      expect(plain.models[name]?.ok).toBe(turned.models[name]?.ok);
      if (plain.models[name]?.ok) expect(turned.models[name]?.mae).toBeCloseTo(plain.models[name]?.mae as number, 3);
    }
    expect(turned.gini.pastSpend).toBeCloseTo(plain.gini.pastSpend as number, 12);
  });
  test('a cohort without drop-out or repeats loses models with a reason, not the run', async () => {
    const once = Array.from({ length: 40 }, (_, i) => `c${i},2020-03-0${1 + (i % 9)},5`);
    const result = await runCltv([...once, 'c1,2021-02-01,9']);
    expect(Object.values(result.models).every(({ ok }) => !ok)).toBe(true);
    expect(result.models['bg-nbd']).toMatchObject({ reason: 'nobody bought twice' });
    expect(result.gini.score).toBeGreaterThan(-1.01);
  });
  test.each([
    [['a,2020-01-01,5', 'a,2021-01-01,5'], dates, '1 customers bought up to 2020-12-16'],
    [['a,2020-01-01,5'], dates, 'nothing lies after the end of calibration'],
    [['a,2021-01-01,5'], dates, 'nothing lies before the end of calibration'],
    [['a,2020-01-01,5'], [dates[1], ['calibration-end', '2022-01-01']], '--holdout-end is not after --calibration-end'],
    [['a,2020-01-01,5'], [dates[1]], '--calibration-end DATE is missing'],
    [['a,2020-01-01,5'], [...dates, ['colour', 'red']], 'no option --colour'],
  ] as const)('%j with %j is refused', async (rows, options, message) => {
    await expect(runCltv(rows, options)).rejects.toThrow(message);
  });
});

/** Visits whose purchase depends on the number of pages. */
function visits(count: number, seed: number): string[] {
  const uniform = seededUniform(seed);
  return Array.from({ length: count }, (_, i) => {
    const pages = Math.floor(20 * uniform());
    return `${i},${pages},${i % 3 ? 'mail' : 'shop'},${uniform() < pages / 25 ? 1 : 0}`;
  });
}
const HEADER = 'row,pages,from,bought';
const table = (rows: readonly string[], header = HEADER) => file(`${header}\n${rows.join('\n')}\n`);
type PropensityResult = {
  auc: number;
  missingCells: number;
  protocol: string;
  columns: { leftOutAsRowName: string[]; leftOutAsConstant: string[] };
};
const runPropensity = async (options: readonly (readonly [string, string])[]) =>
  (await propensity.run(new Map([['label', 'bought'], ...options]))).result as PropensityResult;

describe('propensity', () => {
  const train = visits(240, 1);
  test('learns on one file and judges on another; a row counter is left out, an empty cell is counted', async () => {
    const holed = train.map((row, i) => (i === 7 ? row.replace(/,\d+,/, ',,') : row));
    const result = await runPropensity([
      ['train', table(holed)],
      ['test', table(visits(120, 2))],
    ]);
    expect(result.auc).toBeGreaterThan(0.65);
    expect(result.missingCells).toBe(1);
    expect(result.columns.leftOutAsRowName).toEqual(['row']);
  });
  const wrong = (row: number, text: string) => train.map((line, i) => (i === row - 1 ? text : line));
  test.each([
    [[['train', table(wrong(3, '2,NaN,mail,0'))]], 'row 3: column pages: "NaN" is not a number'],
    [[['train', table(wrong(3, '2,5,mail,maybe'))]], 'row 3: column bought: "maybe" is not an outcome'],
    [[['train', table(wrong(3, '2,5,mail,'))]], 'row 3: column bought: "" is not an outcome'],
    [[['train', table(wrong(3, `2,5,${'x'.repeat(1_048_576)},1`))]], 'row 3: column from'],
    [
      [
        ['train', table(train)],
        ['drop', 'pages,colour'],
      ],
      'column colour: the header has no such column',
    ],
    [[['train', table(train.map((row) => row.replace(/\d$/, '0')))]], 'every row has the outcome 0'],
    [
      [
        ['train', table(train)],
        ['drop', 'pages,from'],
      ],
      'no column is left',
    ],
    [[['train', file('')]], 'is empty'],
  ] as const)('refuses %#', async (options, message) => {
    await expect(runPropensity([...options, ['folds', '3'], ['fold-by', 'row']])).rejects.toThrow(message);
  });
  test('names the file a fault lies in, and refuses a test file of another shape', async () => {
    const into = (test: string) =>
      runPropensity([
        ['train', table(train)],
        ['test', test],
      ]);
    await expect(into(table(['0,5,mail,1', '1,five,mail,0']))).rejects.toThrow('--test: row 2: column pages: "five" is not a number');
    await expect(into(table(['0,mail,1', '1,mail,0'], 'row,from,bought'))).rejects.toThrow(
      '--test: column pages: the header has no such column',
    );
    await expect(into(table(['0,5,mail,1', '1,5,mail,1']))).rejects.toThrow('--test: column bought: every row has the outcome 1');
    await expect(runPropensity([['train', table(train)]])).rejects.toThrow('give either --test F or --folds N --fold-by COL');
  });
});

test('folds come from the column: last digits when they are as many as asked, else the remainder', () => {
  const rows = Array.from({ length: 100 }, (_, i) => String(i)).filter((cell) => Number(cell) % 10 < 7);
  expect(foldsBy(rows, 7, 'row')).toMatchObject({ rule: 'row mod 10' });
  expect([...foldsBy(rows, 7, 'row').of.slice(0, 8)]).toEqual([0, 1, 2, 3, 4, 5, 6, 0]);
  expect(foldsBy(rows, 4, 'row')).toMatchObject({ rule: 'row mod 4' });
  expect(foldsBy(['x', 'y', 'x'], 2, 'shop')).toMatchObject({ rule: 'one fold a value of shop' });
  expect(() => foldsBy(['1', 'two', '3'], 2, 'row')).toThrow('row 2: column row');
  expect(() => foldsBy(['1', '1'], 2, 'row')).toThrow('make no 2 folds');
});
