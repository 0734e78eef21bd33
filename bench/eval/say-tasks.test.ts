import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { columnOf, parseCsv } from './csv.ts';
import type { Task } from './eval.ts';
import { task as burst } from './tasks/burst.ts';
import { task as group } from './tasks/group.ts';
import { task as intents } from './tasks/intents.ts';
import { task as questions } from './tasks/questions.ts';

const folder = mkdtempSync(join(tmpdir(), 'insp-say-'));
afterAll(() => rmSync(folder, { recursive: true }));

let written = 0;
function file(content: string): string {
  written += 1;
  const path = join(folder, `${written}.csv`);
  writeFileSync(path, content);
  return path;
}

// Tasks promise a plain object; its fields are named by what is asked of them here.
type Figures = Record<string, number>;
async function run(task: Task, options: Record<string, string>): Promise<Figures> {
  const { result, table } = await task.run(new Map(Object.entries(options)));
  expect(table.length).toBeGreaterThan(0);
  for (const [name, value] of Object.entries(result)) {
    if (typeof value === 'number') expect(Number.isFinite(value), name).toBe(true);
  }
  return result as Figures;
}

const stories = [
  ['price', ['how much is the %', 'what does the % cost', 'price of the % please', 'cost of one %']],
  ['shipping', ['do you ship the % to norway', 'delivery of the % to norway', 'when does the % arrive', 'shipping time for the %']],
  ['stock', ['is the % sold out', 'any % left in stock', 'will you restock the %', 'are there more of the %']],
] as const;
const things = ['lamp', 'bag', 'red dress', 'vase', 'ring', 'mug'];
const shop = stories.flatMap(([category, asks]) =>
  asks.flatMap((ask) => things.map((thing) => ({ category: category as string, text: ask.replace('%', thing) }))),
);
const csv = (rows: readonly { text: string; category: string }[]) =>
  `text,category\n${rows.map(({ text, category }) => `"${text}",${category}`).join('\n')}\n`;

describe('CSV as it comes', () => {
  test('byte order mark, CRLF, CR, quotes, commas and line breaks inside quotes', () => {
    for (const newline of ['\n', '\r\n', '\r']) {
      const text = ['text,category', '"a ""b"", c\nd",x', 'plain,y', ''].join(newline);
      const table = parseCsv(text);
      expect(columnOf(table, 'text')).toEqual(['a "b", c\nd', 'plain']);
      expect(columnOf(table, 'category')).toEqual(['x', 'y']);
    }
  });
  test('every refusal names row and column', () => {
    expect(() => parseCsv('text,category\na,b\n"c,d\n')).toThrow('row 2: column text: a quote is opened and never closed');
    expect(() => parseCsv('text,category\na\n')).toThrow('row 1: 1 cells where the header has 2');
    expect(() => parseCsv('text,text\na,b\n')).toThrow('column text: the column appears twice');
    expect(() => parseCsv('text,category\n')).toThrow('no rows');
    expect(() => columnOf(parseCsv('txt,category\na,b\n'), 'text')).toThrow('column text: the header has no such column');
    expect(() => parseCsv(`text,category\nok,a\n${'x'.repeat(1_000_000)},b\n`)).toThrow('row 2: column text: a cell of 1000000 characters');
  });
});

describe('group', () => {
  test('batch and stream bring the stories of a small shop back', async () => {
    const texts = file(csv(shop));
    expect((await run(group, { texts, batch: '3', seeds: '2' })).ari).toBeGreaterThan(0.3);
    const stream = await run(group, { texts, stream: 'true' });
    expect(stream.pairF1).toBeGreaterThan(0.3);
    expect(stream.groups).toBeLessThanOrEqual(150);
  });
  test('a space learnt on another file is taken', async () => {
    const fit = file(csv(shop.slice(0, 40)));
    const texts = file(csv(shop.slice(40)));
    expect((await run(group, { texts, stream: 'true', fit })).texts).toBe(shop.length - 40);
    expect((await run(group, { texts, batch: '2', seeds: '1', fit })).groupCount).toBe(2);
  });
  test.each([
    ['one row', 'text,category\nhow much,price\n', '1'],
    ['one category', csv(shop.slice(0, 6)), '1'],
    ['all the same text', csv(Array.from({ length: 30 }, (_, i) => ({ text: 'how much', category: i < 15 ? 'a' : 'b' }))), '2'],
    ['texts that share nothing', 'text,category\nabc,a\nxyz,b\nqrs,c\n', '3'],
    ['marks and emoji only', 'text,category\n???,a\n😂😂,b\n❤️,b\n!!!,a\n', '2'],
    ['Chinese', 'text,category\n这个包多少钱,价格\n包包多少钱啊,价格\n什么时候发货,物流\n几天能发货,物流\n', '2'],
  ])('%s: an answer, no numbers that are none', async (_name, content, k) => {
    const texts = file(content);
    await run(group, { texts, batch: k, seeds: '2' });
    await run(group, { texts, stream: 'true' });
  });
  test('refusals: more groups than texts, an empty text, an empty category, no such file, both modes', async () => {
    const texts = file(csv(shop.slice(0, 6)));
    await expect(run(group, { texts, batch: '7' })).rejects.toThrow('cannot make 7 groups of 6 texts');
    await expect(run(group, { texts, batch: 'true' })).rejects.toThrow('--batch true is not a whole number');
    await expect(run(group, { texts, batch: '2', stream: 'true' })).rejects.toThrow('exclude each other');
    await expect(run(group, { texts: file('text,category\na,b\n" ",c\n') })).rejects.toThrow('row 2: column text: the text is empty');
    await expect(run(group, { texts: file('text,category\na,b\nc,\n') })).rejects.toThrow('row 2: column category: the category is empty');
    await expect(run(group, { texts: join(folder, 'none.csv') })).rejects.toThrow('no file');
    await expect(run(group, { texts: file('') })).rejects.toThrow('is empty');
  });
});

describe('intents', () => {
  const odd = [
    { text: 'who won the football match yesterday', category: 'oos' },
    { text: 'my cat sleeps on the keyboard', category: 'oos' },
    { text: 'zebra crossing painted at night', category: 'oos' },
  ];
  test('known intents are told apart, a label of unknown ones is refused more often than known ones', async () => {
    const train = file(csv([...shop.filter((_, i) => i % 3 !== 0), odd[0] as (typeof odd)[0]]));
    const test = file(csv([...shop.filter((_, i) => i % 3 === 0), ...odd]));
    const figures = await run(intents, { train, test, 'unknown-label': 'oos' });
    expect(figures.intents).toBe(3);
    expect(figures.accuracy).toBeGreaterThan(0.9);
    expect(figures.unknownRows).toBe(3);
    expect(figures.auroc).toBeGreaterThan(0.9);
  });
  test('few examples each still give a model; one intent, too few rows, an absent label are refused', async () => {
    const few = file(csv(stories.flatMap(([category, asks]) => asks.slice(0, 2).map((text) => ({ category, text })))));
    const test = file(csv(shop));
    expect((await run(intents, { train: few, test })).intents).toBe(3);
    await expect(run(intents, { train: file(csv(shop.slice(0, 12))), test })).rejects.toThrow('one intent only');
    await expect(run(intents, { train: file(csv(shop.slice(22, 25))), test })).rejects.toThrow('too few');
    await expect(run(intents, { train: few, test, 'unknown-label': 'nope' })).rejects.toThrow('no row of --test has it');
  });
});

describe('questions', () => {
  test('labels in any usual spelling, on lines of one own', async () => {
    for (const [yes, no] of [
      ['1', '0'],
      ['yes', 'no'],
      ['TRUE', 'False'],
    ]) {
      const path = file(`text,label\nhow much is it,${yes}\nlove this,${no}\nsize m pls,${yes}\nthank you,${no}\n`);
      const figures = await run(questions, { file: path });
      expect(figures.f1).toBe(1);
    }
  });
  test('refusals: another label, one label only', async () => {
    await expect(run(questions, { file: file('text,label\na,1\nb,maybe\n') })).rejects.toThrow('row 2: column label: "maybe"');
    await expect(run(questions, { file: file('text,label\na,1\nb,1\n') })).rejects.toThrow('both are needed');
  });
});

describe('burst', () => {
  const trace = (rows: string) => file(`t_ms,author,dup_of,has_qmark\n${rows}`);
  test('nothing is lost, askers are right, a flood by one is one voice', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => `${i * 50},${i % 60},${i % 3 === 2 ? i - 2 : -1},${i % 2}`).join('\n');
    const figures = await run(burst, { trace: trace(rows), speed: '10' });
    expect(figures.lost).toBe(0);
    expect(figures.distinctAskersRight).toBe(true);
    expect(figures.floodVoices).toBe(1);
  });
  test('refusals: time going back, a repeat of a later row, a time that is no number', async () => {
    await expect(run(burst, { trace: trace('5,1,-1,0\n4,1,-1,0') })).rejects.toThrow('row 2: column t_ms');
    await expect(run(burst, { trace: trace('5,1,-1,0\n6,1,1,0') })).rejects.toThrow('row 2: column dup_of');
    await expect(run(burst, { trace: trace('x,1,-1,0') })).rejects.toThrow('row 1: column t_ms: "x" is not a number');
  });
});
