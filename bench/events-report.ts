// What the events bench measured, held against the bars of the project.
import type { Latency, machineFacts } from './chat-fanout-report.ts';

/** p95 from due to counted in every table, ms, by rate. */
const P95_BARS_MS: Readonly<Record<number, number>> = { 10000: 150, 20000: 250 };

export type RateResult = {
  ratePerSec: number;
  sentCount: number;
  refusedCount: number;
  countedCount: number;
  /** Events stored and money equal to what was sent. */
  isExact: boolean;
  inTables: Latency;
  onConsole: Latency;
  orderCount: number;
  orderErrorCount: number;
  /** Events sent and not yet counted, looked at each second. */
  backlogMean: { firstHalf: number; secondHalf: number };
  /** How long what was waiting at the end took. */
  drainMs: number;
  server: { cpuPct: number; rssMb: number };
  database: { cpuPct: number; rssMb: number };
  batches: object;
};

export type BaselineResult = { name: string; doc: string; figures: Readonly<Record<string, number | string>> };

export function printEventsReport(report: {
  machine: ReturnType<typeof machineFacts>;
  date: string;
  measureSec: number;
  results: readonly RateResult[];
  baselines: readonly BaselineResult[];
}): void {
  const { machine, date, results, baselines, measureSec } = report;
  console.log(
    `\n${date}  ${machine.cpu}, ${machine.coreCount} cores, ${machine.memoryMb} MB, ${machine.system}, Node ${machine.node}; ${measureSec} s each`,
  );
  console.table(
    results.map((run) => {
      const barMs = P95_BARS_MS[run.ratePerSec];
      return {
        'events/s': run.ratePerSec,
        'all tables p50': run.inTables.p50Ms,
        p95: run.inTables.p95Ms,
        p99: run.inTables.p99Ms,
        bar: barMs === undefined ? '' : `p95 <= ${barMs} ${run.inTables.p95Ms <= barMs ? 'met' : 'MISSED'}`,
        'console p50': run.onConsole.p50Ms,
        'console p95': run.onConsole.p95Ms,
        'waiting 1st, 2nd half': `${run.backlogMean.firstHalf}, ${run.backlogMean.secondHalf}`,
        'drain ms': run.drainMs,
        refused: run.refusedCount,
        exact: run.isExact ? 'yes' : 'NO',
        'Node CPU %': run.server.cpuPct,
        'Postgres CPU %': run.database.cpuPct,
      };
    }),
  );
  for (const { name, doc, figures } of baselines) {
    console.log(`baseline: ${name} (${doc})`);
    console.table([figures]);
  }
}
