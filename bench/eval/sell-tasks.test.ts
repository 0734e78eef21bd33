// The three sell tasks on small files worked out by hand, and on broken ones: a clear refusal by row and column.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { task as nextItem } from './tasks/next-item.ts';
import { task as ope } from './tasks/ope.ts';
import { task as rooms } from './tasks/rooms.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'insp-eval-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let fileCount = 0;
function file(text: string): string {
  fileCount += 1;
  const path = join(folder, `f${fileCount}.txt`);
  writeFileSync(path, text);
  return path;
}
const run = async (task: typeof nextItem, options: Record<string, string>) =>
  (await task.run(new Map(Object.entries(options)))).result as Record<string, unknown> & { readonly [name: string]: never };

const HEADER = 'SessionId\tItemId\tTime';
const events = (...rows: string[]) => file([HEADER, ...rows].join('\n'));

describe('next-item', () => {
  const train = () => events('1\ta\t1', '1\tb\t2', '2\ta\t3', '2\tb\t4', '3\tc\t5');

  test('by hand: the right item stands second', async () => {
    // a then b twice in training; the test goes a, c: b is first, c (of the recent sessions) second.
    const result = await run(nextItem, { train: train(), test: events('9\ta\t1', '9\tc\t2') });
    expect(result).toMatchObject({ predictions: 1, hr: 1, mrr: 0.5, recall: 1, ndcg: 1 });
    expect(result.ndcgLog2RankPlus1).toBeCloseTo(1 / Math.log2(3), 12);
  });
  test('unsorted times, CRLF, a byte order mark, huge and odd ids, fractions of seconds and swapped columns are fine', async () => {
    const id = '90071992547409931234';
    const odd = file(`\ufeffTime\tsession_id\tITEMID\r\n2.5\t__proto__\t${id}\r\n1.25\t__proto__\t衣服 "x"\r\n`);
    const test = events('t\t衣服 "x"\t1', `t\t${id}\t2`);
    expect(await run(nextItem, { train: odd, test })).toMatchObject({ hr: 1, mrr: 1, trainSessions: 1, trainItems: 2 });
  });
  test('without a header the columns are SessionId, ItemId, Time', async () => {
    expect(await run(nextItem, { train: file('1\ta\t1\n1\tb\t2\n'), test: file('9\ta\t1\n9\tb\t2\n') })).toMatchObject({
      mrr: 1,
      trainClicks: 2,
    });
  });
  test('test clicks that were learned are told', async () => {
    const path = train();
    expect((await run(nextItem, { train: path, test: path })).warnings).toEqual([
      expect.stringContaining('5 test clicks are in the training file'),
    ]);
  });
  test.each([
    ['a time that is no number', ['1\ta\tNaN'], 'row 1: column Time: --train: "NaN" is not a time in epoch seconds'],
    ['an infinite time', ['1\ta\t1', '1\tb\tInfinity'], 'row 2: column Time'],
    ['milliseconds', ['1\ta\t1592337718000'], 'row 1: column Time'],
    ['a negative time', ['1\ta\t-5'], 'row 1: column Time'],
    ['an empty id', ['1\t \t5'], 'row 1: column ItemId: --train: the id is empty'],
    ['a missing cell', ['1\ta\t5', '1\ta'], 'row 2: --train: 2 cells where there should be 3'],
    ['only a header', [], 'there are no rows'],
  ])('refuses %s', async (_what, rows, message) => {
    await expect(run(nextItem, { train: events(...rows), test: train() })).rejects.toThrow(message);
  });
  test('refuses a missing column, a missing file, an empty file, nothing to predict', async () => {
    await expect(run(nextItem, { train: file('SessionId\tTime\n1\t2\n'), test: train() })).rejects.toThrow(
      'column ItemId: --train: the header has no such column',
    );
    await expect(run(nextItem, { train: file('SessionId,ItemId,Time\n1,2,3\n'), test: train() })).rejects.toThrow('no such column');
    await expect(run(nextItem, { test: train() })).rejects.toThrow('--train FILE is missing');
    await expect(run(nextItem, { train: join(folder, 'none'), test: train() })).rejects.toThrow('no file');
    await expect(run(nextItem, { train: file(' \n'), test: train() })).rejects.toThrow('is empty');
    await expect(run(nextItem, { train: train(), test: events('1\ta\t1', '2\ta\t1') })).rejects.toThrow('no session of two clicks');
  });
});

describe('rooms', () => {
  const DAY_SEC = 86_400;
  const start = Date.UTC(2024, 0, 8) / 1000;
  /** A week of sellers, then on one day six people who go on clicking what they looked at. */
  function week(extra: (columns: string[]) => string[] = (columns) => columns): string[] {
    const rows: string[][] = [];
    for (let day = -7; day < 9; day += 1)
      for (const [n, item] of ['best', 'second', 'third'].entries())
        for (let k = 0; k < 3 - n; k += 1) rows.push([`d${day}n${n}k${k}`, item, String(start + day * DAY_SEC + 100)]);
    for (let day = 0; day < 8; day += 1)
      for (let viewer = 0; viewer < 6; viewer += 1) {
        const at = start + day * DAY_SEC + 12 * 3600;
        rows.push([`v${day}-${viewer}`, 'third', String(at + viewer)], [`v${day}-${viewer}`, 'third', String(at + 1800 + viewer)]);
      }
    return rows.map((columns) => extra(columns).join('\t'));
  }
  const days = { dev: '2024-01-08,2024-01-11', report: '2024-01-12,2024-01-15' };

  test('by hand: everyone clicks the third again, the host who follows best sellers shows it last', async () => {
    const result = await run(rooms, { events: events(...week()), ...days });
    expect(result).toMatchObject({ devRooms: 4, reportRooms: 4, viewersPerRoom: 6, ndcg: { score: 1, recency: 1, loudest: 1 } });
    expect(result.keptAsShipped).toMatch(/4 development rooms are fewer/);
  });
  test('only events of the kind count as relevant, by their weight', async () => {
    const path = file(
      [`${HEADER}\tWeight\tKind`, ...week((columns) => [...columns, '2', columns[1] === 'third' ? 'order' : 'click'])].join('\n'),
    );
    expect(await run(rooms, { events: path, ...days, kind: 'order' })).toMatchObject({ reportRooms: 4 });
    await expect(run(rooms, { events: path, ...days, kind: 'refund' })).rejects.toThrow('--kind refund: no event is of this kind');
    await expect(run(rooms, { events: path, ...days, kind: 'click' })).rejects.toThrow('--report: no hour');
  });
  test('refuses days that overlap, no days, other days, a weight below 0', async () => {
    const path = events(...week());
    await expect(run(rooms, { events: path, dev: '2024-01-08,2024-01-12', report: days.report })).rejects.toThrow('--dev must end before');
    await expect(run(rooms, { events: path, dev: '2024-02-30,2024-03-01', report: days.report })).rejects.toThrow('is not a day');
    await expect(run(rooms, { events: path, report: days.report })).rejects.toThrow('--dev');
    await expect(run(rooms, { events: path, dev: days.dev, report: '2025-01-01,2025-01-02' })).rejects.toThrow('no hour with 5 sessions');
    await expect(run(rooms, { events: file(`${HEADER}\tWeight\n1\ta\t5\t-1\n`), ...days })).rejects.toThrow('row 1: column Weight');
  });
});

describe('ope', () => {
  const COLUMNS = 'item_id,position,click,propensity_score';
  function bandit(rows: readonly string[]): string {
    fileCount += 1;
    const path = join(folder, `bandit${fileCount}`);
    mkdirSync(path);
    writeFileSync(join(path, 'log.csv'), [COLUMNS, ...rows].join('\n'));
    return path;
  }
  /** Item 0 shown three times of four and never clicked, item 1 always clicked. */
  const log = () => bandit(Array.from({ length: 400 }, (_, i) => (i % 4 === 3 ? '1,1,1,0.25' : '0,1,0,0.75')));

  test('by hand: a random policy would earn one half', async () => {
    const result = await run(ope, { log: log(), target: 'random' });
    // weights 2/3 (300 rows) and 2 (100 rows): mean 1, ESS 400^2 / (300 * 4/9 + 100 * 4)
    expect(result).toMatchObject({ rows: 400, items: 2, loggedMean: 0.25, refused: null });
    const { estimators } = result as unknown as { estimators: Record<string, { estimate: number }> };
    for (const name of ['ipw', 'snipw']) expect(estimators[name]?.estimate).toBeCloseTo(0.5, 12);
    expect(result.ess).toBeCloseTo(160_000 / (300 * (4 / 9) + 400), 9);
    expect(result.largestWeight).toBe(2);
  });
  test('the logging policy itself earns what it earned', async () => {
    const path = log();
    const { estimators } = (await run(ope, { log: path, target: path })) as unknown as { estimators: Record<string, { estimate: number }> };
    expect(estimators.ipw?.estimate).toBe(0.25);
  });
  test('Beta parameters in words, JSON or YAML; a sure winner takes all', async () => {
    const path = log();
    for (const text of [
      'alpha 1 999\nbeta 999 1\n',
      '{"alpha":[1,999],"beta":[999,1]}',
      'alpha:\n  - 1\n  - 999\nbeta:\n  - 999\n  - 1\n',
    ]) {
      const { estimators } = (await run(ope, { log: path, target: log(), beta: file(text), draws: '500' })) as unknown as {
        estimators: Record<string, { estimate: number }>;
      };
      expect(estimators.snipw?.estimate).toBeCloseTo(1, 2);
    }
    await expect(run(ope, { log: path, target: log(), beta: file('alpha 1\nbeta 2') })).rejects.toThrow('1 alphas and 1 betas for 2 items');
    await expect(run(ope, { log: path, target: log(), beta: file('alpha 1 x\nbeta 2 3') })).rejects.toThrow('"x" is not a number');
    await expect(run(ope, { log: path, target: log(), beta: file('alpha 1 0\nbeta 2 3') })).rejects.toThrow('row 2: column alpha');
  });
  test('too little evidence: no number for any estimator, only the reason', async () => {
    const result = await run(ope, { log: bandit(['0,1,1,0.5', '1,1,0,0.5']), target: 'random' });
    const { estimators } = result as unknown as { estimators: Record<string, { estimate: number | null; refused: string }> };
    for (const found of Object.values(estimators)) expect(found).toEqual({ estimate: null, refused: expect.stringContaining('below 50') });
  });
  test.each([
    ['a propensity of 0', '0,1,1,0', 'row 1: column propensity_score'],
    ['a propensity above 1', '0,1,1,1.5', 'row 1: column propensity_score'],
    ['an item that is no number', 'shoe,1,1,0.5', 'row 1: column item_id: "shoe" is not a number'],
    ['a click that is NaN', '0,1,NaN,0.5', 'row 1: column click'],
    ['a missing cell', '0,1,1', 'row 1: 3 cells'],
  ])('refuses %s', async (_what, row, message) => {
    await expect(run(ope, { log: bandit([row]), target: 'random' })).rejects.toThrow(message);
  });
  test('refuses a folder without a log, no target, Beta parameters for a target that has none', async () => {
    await expect(run(ope, { log: join(folder, 'none'), target: 'random' })).rejects.toThrow('no folder');
    await expect(run(ope, { log: log() })).rejects.toThrow('--target is missing');
    await expect(run(ope, { log: log(), target: 'random', beta: 'x' })).rejects.toThrow('--beta does not go');
  });
});
