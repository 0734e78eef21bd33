// Every rule of SPEC.md is carried by the name of a test.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const SOURCE = new URL('..', import.meta.url);
const MEDIA_MODULE = new URL('../../../server/src/modules/media/', import.meta.url);

/** `6.2.1-M6, M7, S3` and `6.2.1-M21 to M23` are several. */
function rulesOf(cell: string): string[] {
  const [section = '', first = ''] = cell.split(/-(.*)/);
  const range = /^M(\d+) to M(\d+)$/.exec(first);
  if (range)
    return Array.from({ length: Number(range[2]) - Number(range[1]) + 1 }, (_each, index) => `${section}-M${Number(range[1]) + index}`);
  return first.split(', ').map((rule) => `${section}-${rule}`);
}

test('every rule of the draft that we keep has a test with its number', () => {
  const spec = readFileSync(new URL('SPEC.md', import.meta.url), 'utf8');
  const rules = [...spec.matchAll(/^\| ([46]\.[^|]*\S) \|/gm)].flatMap((match) => rulesOf(match[1] ?? ''));
  expect(rules.length).toBeGreaterThan(70);
  expect(new Set(rules).size).toBe(rules.length);
  const carried = new Set<string>();
  for (const folder of [SOURCE, MEDIA_MODULE]) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.test.ts')) continue;
      for (const match of readFileSync(new URL(name, folder), 'utf8').matchAll(/\[([46]\.[\d.]+-[MS]\d+[a-z]?)\]/g))
        carried.add(match[1] ?? '');
    }
  }
  expect(rules.filter((rule) => !carried.has(rule))).toEqual([]);
  expect([...carried].filter((rule) => !rules.includes(rule))).toEqual([]);
});
