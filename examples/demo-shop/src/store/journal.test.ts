import { appendFile, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openJournal, readJournal, rewriteJournal } from './journal.ts';

const newPath = async () => join(await mkdtemp(join(tmpdir(), 'journal-')), 'journal.ndjson');

test('what was appended is read back, in order', async () => {
  const path = await newPath();
  const journal = await openJournal<{ n: number }>(path);
  await Promise.all(Array.from({ length: 500 }, (_, n) => journal.append({ n })));
  await journal.close();
  expect((await readJournal<{ n: number }>(path)).entries.map(({ n }) => n)).toEqual(Array.from({ length: 500 }, (_, n) => n));
});

test('a missing file is an empty journal', async () => {
  expect(await readJournal(await newPath())).toEqual({ entries: [], tornBytes: 0 });
});

test('cut anywhere, it keeps exactly the whole lines before the cut', async () => {
  const path = await newPath();
  await rewriteJournal(path, [{ text: 'plain' }, { text: 'Grüße 世界 🧦' }, { text: 'line\nbreak' }]);
  const whole = await readFile(path);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (keptBytes) => {
      const kept = whole.subarray(0, keptBytes);
      await writeFile(path, kept);
      const { entries, tornBytes } = await readJournal(path);
      expect(entries.length).toBe(kept.toString('latin1').split('\n').length - 1);
      expect(tornBytes).toBe(kept.length - (kept.lastIndexOf(10) + 1));
    }),
  );
});

test('damage inside is refused with its line', async () => {
  const path = await newPath();
  await rewriteJournal(path, [{ n: 1 }]);
  await appendFile(path, '{"n":\n{"n":3}\n');
  await expect(readJournal(path)).rejects.toThrow('line 2');
});

test('after a failed write every append is refused', async () => {
  const path = await newPath();
  const journal = await openJournal(path);
  await journal.close();
  await expect(journal.append({ n: 1 })).rejects.toThrow();
  await expect(journal.append({ n: 2 })).rejects.toThrow();
});
