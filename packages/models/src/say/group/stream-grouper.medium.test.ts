import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { seededUniform } from '../../math/seeded-random.ts';
import { pairF1 } from '../../metrics/pair-f1.ts';
import { StreamGrouper } from './stream-grouper.ts';

const file = new URL('../../../../../../shared/data/intents-banking77/test.csv', import.meta.url);
if (!existsSync(file)) console.warn('skipped: ../shared/data/intents-banking77 is missing');

test.skipIf(!existsSync(file))('stream of 3,080 bank questions: pair F1 at least .33 with at most 150 groups', { timeout: 240_000 }, () => {
  const rows = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const comma = line.lastIndexOf(',');
      return { text: line.slice(0, comma).replace(/^"|"$/gu, '').replaceAll('""', '"'), category: line.slice(comma + 1).trim() };
    });
  const keyed = rows
    .map((row) => ({ ...row, key: createHash('sha256').update(row.text).digest('hex') }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const grouper = new StreamGrouper({ uniform: seededUniform(1), options: { repairEveryMs: 30_000 } });
  const ids = keyed.map(({ text }, i) => {
    const nowMs = i * 250;
    const { textId } = grouper.add({ text, author: `a${i}`, occurredAtMs: nowMs });
    if (grouper.isRepairDue(nowMs)) grouper.repair(nowMs);
    return textId;
  });
  grouper.repair(keyed.length * 250);
  const groups = ids.map((id) => grouper.groupOf(id) ?? -1);
  expect(new Set(groups).size).toBeLessThanOrEqual(150);
  expect(
    pairF1(
      keyed.map(({ category }) => category),
      groups,
    ).f1,
  ).toBeGreaterThan(0.33);
});
