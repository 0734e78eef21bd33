import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededUniform } from '../../math/seeded-random.ts';
import { adjustedRandIndex } from '../../metrics/adjusted-rand-index.ts';
import { capGroups } from './cap-groups.ts';
import { carryOverIds } from './carry-over-ids.ts';
import { louvain } from './graph-communities.ts';
import { groupTexts } from './group-texts.ts';
import { compress } from './neighbour-graph.ts';
import { sphericalKMeans } from './spherical-k-means.ts';
import { StreamGrouper } from './stream-grouper.ts';

const topics = [
  ['how much is the red dress', 'what does the red dress cost', 'price of the red dress please', 'red dress how much is it'],
  ['do you ship to norway', 'is shipping to norway possible', 'can you ship it to norway', 'shipping to norway how long'],
  ['is the lamp still in stock', 'any lamp left in stock', 'lamp in stock or sold out', 'how many of the lamp are in stock'],
  ['这个包多少钱', '包包多少钱啊', '请问包多少钱', '包多少钱一个'],
];
const texts = topics.flat();
const truth = topics.flatMap((topic, t) => topic.map(() => t));

function streamed(list: readonly string[], options = {}): StreamGrouper {
  const grouper = new StreamGrouper({ uniform: seededUniform(1), options });
  for (const [i, text] of list.entries()) grouper.add({ text, author: `a${i}`, occurredAtMs: i * 100 });
  grouper.repair(list.length * 100);
  return grouper;
}

describe('k-means', () => {
  test('finds clouds that are there', () => {
    const uniform = seededUniform(5);
    const points = new Float32Array(90 * 3);
    for (let i = 0; i < 90; i += 1) {
      for (let d = 0; d < 3; d += 1) points[i * 3 + d] = (i % 3 === d ? 1 : 0) + 0.1 * uniform();
      const length = Math.hypot(...points.subarray(i * 3, i * 3 + 3));
      for (let d = 0; d < 3; d += 1) points[i * 3 + d] = (points[i * 3 + d] as number) / length;
    }
    const { groups } = sphericalKMeans(points, 3, 3, uniform);
    expect(
      adjustedRandIndex(
        Array.from({ length: 90 }, (_, i) => i % 3),
        groups,
      ),
    ).toBe(1);
  });
  test('refuses more groups than rows', () => {
    expect(() => sphericalKMeans(new Float32Array(6), 3, 3, seededUniform(1))).toThrow('cannot make 3 groups of 2 texts');
  });
});

describe('graph steps', () => {
  test('Louvain parts two cliques joined by one weak edge', () => {
    const rows = Array.from(
      { length: 8 },
      (_, i) =>
        new Map(
          [0, 1, 2, 3]
            .map((k) => (i < 4 ? k : k + 4))
            .filter((j) => j !== i)
            .map((j) => [j, 1]),
        ),
    );
    rows[0]?.set(7, 0.1);
    rows[7]?.set(0, 0.1);
    expect([...louvain(compress(rows), 1, seededUniform(2))]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });
  test('the cap holds, and no row is lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 5 }),
        (groups, cap) => {
          const points = Float32Array.from({ length: groups.length * 2 }, (_, k) => Math.sin(k));
          const capped = capGroups(points, 2, groups, cap);
          expect(capped).toHaveLength(groups.length);
          expect(new Set(capped).size).toBe(Math.min(cap, new Set(groups).size));
          // Rows of one group stay together.
          for (let i = 0; i < groups.length; i += 1)
            for (let j = 0; j < i; j += 1) if (groups[i] === groups[j]) expect(capped[i]).toBe(capped[j]);
        },
      ),
    );
  });
  test('ids go to the group with most of the old rows; splits get new ids', () => {
    expect([...carryOverIds([7, 7, 7, 9], [0, 0, 1, 1], () => 10)]).toEqual([7, 7, 9, 9]);
    expect([...carryOverIds([7, 7, 7], [0, 0, 1], () => 10)]).toEqual([7, 7, 10]);
  });
});

describe('grouping texts', () => {
  test('batch: the topics come back, in two languages', () => {
    const { groups } = groupTexts(texts, 4, seededUniform(1));
    expect(adjustedRandIndex(truth, groups)).toBe(1);
  });
  test('empty input and too many groups are refused', () => {
    expect(() => groupTexts([], 1, seededUniform(1))).toThrow('there are no texts');
    expect(() => groupTexts(['a'], 2, seededUniform(1))).toThrow('cannot make 2 groups of 1 texts');
  });
});

describe('streaming groups', () => {
  test('a text is grouped with its like, never with all', () => {
    const grouper = streamed(texts, { linkNeighbours: 3, resolution: 1 });
    const groups = texts.map((_, i) => grouper.groupOf(i) as number);
    expect(adjustedRandIndex(truth, groups)).toBeGreaterThan(0.7);
  });
  test('one author writing 1,000 times is one voice; a crowd repeating one text is many', () => {
    const grouper = new StreamGrouper({ uniform: seededUniform(1) });
    for (let k = 0; k < 1_000; k += 1) grouper.add({ text: 'price of the vase??', author: 'loud', occurredAtMs: k });
    for (let k = 0; k < 30; k += 1) grouper.add({ text: 'is the hat wool', author: `v${k}`, occurredAtMs: 2_000 + k });
    const [first, second] = grouper.groups();
    expect(first).toMatchObject({ representative: 'is the hat wool', askerCount: 30, messageCount: 30 });
    expect(second).toMatchObject({ askerCount: 1, messageCount: 1_000 });
  });
  test('the representative is a message someone wrote, the shortest near the centre', () => {
    for (const { representative } of streamed(texts).groups()) expect(texts).toContain(representative);
  });
  test('order: askers, then age, then value at stake', () => {
    const grouper = new StreamGrouper({ uniform: seededUniform(1) });
    grouper.add({ text: 'where is the teapot from', author: 'a', occurredAtMs: 5, valueMinor: 100 });
    grouper.add({ text: 'zebra pattern pillow?', author: 'b', occurredAtMs: 5, valueMinor: 900 });
    grouper.add({ text: 'sizes of the boots', author: 'c', occurredAtMs: 1 });
    expect(grouper.groups().map(({ representative }) => representative)).toEqual([
      'sizes of the boots',
      'zebra pattern pillow?',
      'where is the teapot from',
    ]);
  });
  test('groups stay under the cap and the buffer under its size, whatever comes', () => {
    const uniform = seededUniform(9);
    const grouper = new StreamGrouper({ uniform, options: { maxGroups: 5, bufferSize: 64 } });
    for (let i = 0; i < 300; i += 1) {
      const word = () => Math.floor(uniform() * 1e6).toString(36);
      grouper.add({ text: `${word()} ${word()} ${word()}`, author: `a${i}`, occurredAtMs: i });
      if (i % 20 === 19) grouper.repair(i);
      expect(grouper.textCount).toBeLessThanOrEqual(64);
    }
    grouper.repair(1_000);
    expect(grouper.groups().length).toBeLessThanOrEqual(5);
    expect(grouper.groupOf(0)).toBeNull();
  });
  test('odd input: empty text, emoji only, 1 MB', () => {
    const grouper = new StreamGrouper({ uniform: seededUniform(1) });
    for (const text of ['', '😂😂', '   ', 'x'.repeat(1_000_000), '\ud800', '__proto__'])
      grouper.add({ text, author: 'constructor', occurredAtMs: 0 });
    grouper.repair(10_000);
    expect(grouper.groups().reduce((sum, group) => sum + group.messageCount, 0)).toBe(6);
    for (const { representative } of grouper.groups()) expect(representative.length).toBeLessThanOrEqual(2_000);
  });
  test('a snapshot goes on where it stopped', () => {
    const grouper = streamed(texts);
    const restored = StreamGrouper.restore(grouper.snapshot(), { uniform: seededUniform(2) });
    expect(restored.groups().map(({ id, askerCount, textIds }) => ({ id, askerCount, textIds }))).toEqual(
      grouper.groups().map(({ id, askerCount, textIds }) => ({ id, askerCount, textIds })),
    );
    expect(restored.add({ text: texts[0] as string, author: 'new', occurredAtMs: 9_999 }).isRepeat).toBe(true);
    expect(() => StreamGrouper.restore(new Uint8Array([1, 2]), { uniform: seededUniform(1) })).toThrow('not a snapshot');
  });
});
