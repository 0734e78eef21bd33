// How fast does what happens become a figure? Engagement events at a rate, orders among them, through the real log
// (validated, deduplicated, fsync on) and every aggregate, on an embedded Postgres of its own.
//
//   npm run bench:events                                 2,000 to 40,000 events/s, then the baselines
//   npm run bench:events -- --rates 10000 --sec 120
//   npm run bench:events -- --json result.json
//
// Open loop: events are due by the clock, and their latency counts from when they were due, so that a stall cannot
// hide. "all tables" is when the last aggregate that counts an event has committed; "console" is when the figures
// pushed to the host's screen contain an order. The load generator shares process and machine: figures are a floor.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { machineFacts } from './chat-fanout-report.ts';
import { runGroupByBaseline, runRowByRowBaseline } from './events-baseline.ts';
import { printEventsReport, type RateResult } from './events-report.ts';
import { runRate } from './events-run.ts';
import { openEventsSystem } from './events-system.ts';

const RATE_MAX = 100_000;
const SEC_MAX = 1_800;

const { values } = parseArgs({
  options: {
    rates: { type: 'string', default: '2000,10000,20000,40000' },
    sec: { type: 'string', default: '120' },
    baseline: { type: 'string', default: 'yes' },
    json: { type: 'string' },
  },
});
const whole = (text: string, max: number) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max) throw new Error(`${text} must be a whole number from 1 to ${max}`);
  return value;
};
const rates = values.rates.split(',').map((text) => whole(text, RATE_MAX));
const measureSec = whole(values.sec, SEC_MAX);

const results: RateResult[] = [];
for (const ratePerSec of rates) {
  // A fresh database for each: the size of the log is the same at the start.
  const system = await openEventsSystem();
  try {
    results.push(await runRate(system, { ratePerSec, measureSec }));
  } finally {
    await system.close();
  }
  console.error(JSON.stringify(results.at(-1)));
}

const baselines = [];
if (values.baseline === 'yes') {
  const system = await openEventsSystem();
  try {
    baselines.push(await runRowByRowBaseline(system), await runGroupByBaseline(system));
  } finally {
    await system.close();
  }
}
const report = { machine: machineFacts(), date: new Date().toISOString(), measureSec, results, baselines };
printEventsReport(report);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
