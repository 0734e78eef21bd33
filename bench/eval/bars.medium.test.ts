// The bars of Audience View on the real data sets, by the tasks themselves; skipped where the data is not there.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { BARS, figure, type Json, PROTOCOLS } from './bars.ts';
import type { Task } from './eval.ts';
import { task as cltv } from './tasks/cltv.ts';
import { task as propensity } from './tasks/propensity.ts';

const data = fileURLToPath(new URL('../../../shared/data', import.meta.url));

async function run(task: Task, id: string): Promise<Json> {
  const { args } = PROTOCOLS.find((protocol) => protocol.id === id) as (typeof PROTOCOLS)[number];
  const options = new Map<string, string>();
  for (let i = 0; i < args.length; i += 2) options.set((args[i] as string).slice(2), (args[i + 1] as string).replace('{data}', data));
  return (await task.run(options)).result as Json;
}

/** Bars that are times belong to the bench, not to a test. */
const TIMES = ['fit time', 'viewer score'];

describe.each([
  ['cltv', cltv, 'cdnow/CDNOW_sample.txt'],
  ['intent-without', propensity, 'shoppers/train.csv'],
  ['intent-with', propensity, 'shoppers/train.csv'],
] as const)('%s', (id, task, file) => {
  const bars = BARS.filter((bar) => bar.protocol === id && !TIMES.includes(bar.area));
  test.skipIf(!existsSync(`${data}/${file}`))(`holds every "at least" (skipped without ${file})`, { timeout: 1_200_000 }, async () => {
    const result = await run(task, id);
    expect(bars.length).toBeGreaterThan(0);
    for (const bar of bars) expect(bar.read(result), `${bar.area}: ${bar.check}`).toMatchObject({ atLeast: true });
    if (id === 'cltv') expect(result).toMatchObject({ customers: 2_357, repeaters: 946, holdout: { purchases: 1_882 } });
    else expect(figure(result, 'calibrationError')).toBeLessThan(0.02);
  });
});
