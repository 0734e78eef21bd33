import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFigures, percentile, summaryLine } from './figures.ts';
import { createGate } from './gate.ts';

test('percentiles are values that were measured, in order', () => {
  expect(percentile([], 50)).toBeNull();
  expect(percentile([5], 95)).toBe(5);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1 }), (values) => {
      const sorted = values.toSorted((a, b) => a - b);
      const [p50, p95] = [percentile(sorted, 50) as number, percentile(sorted, 95) as number];
      expect(sorted).toContain(p50);
      expect(p50).toBeLessThanOrEqual(p95);
      expect(sorted.filter((value) => value <= p95).length / sorted.length).toBeGreaterThanOrEqual(0.95);
    }),
  );
});

test('a quiet summary says nothing of trouble, another names it', () => {
  const figures = createFigures();
  figures.add('messagesSent', 1_234);
  figures.latency(12.4);
  expect(summaryLine(figures.summary(130_000, 3, 2))).toBe(
    '02:10  2 sockets  sent 1,234  received 0  lost 0  orders 0  latency p50 12 ms p95 12 ms',
  );
  figures.add('shopFailures');
  figures.add('messagesLost', 2);
  expect(summaryLine(figures.summary(0, 0, 0))).toContain('lost 2');
  expect(summaryLine(figures.summary(0, 0, 0))).toContain('(1 shop failures)');
});

test('a gate lets its number through, queues its number, turns the next one away', async () => {
  const gate = createGate(2, 1);
  const release: (() => void)[] = [];
  let running = 0;
  const work = async () => {
    running += 1;
    await new Promise<void>((resolve) => release.push(resolve));
    return 'done';
  };
  const results = [gate.run(work), gate.run(work), gate.run(work), gate.run(work)];
  expect(await results[3]).toBe('turned away');
  expect(running).toBe(2);
  release.shift()?.();
  await results[0];
  await Promise.resolve();
  expect(running).toBe(3);
  for (const each of release) each();
  expect(await Promise.all(results)).toEqual(['done', 'done', 'done', 'turned away']);
  await expect(gate.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  const after = [gate.run(work), gate.run(work)]; // a failure gave its place back
  await Promise.resolve();
  expect(running).toBe(5);
  for (const each of release) each();
  await Promise.all(after);
});
