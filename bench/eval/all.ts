// Runs every task on its named protocol and prints the bars: measured, at least, reach for, reached or short. What cannot be
// measured here says why. `npm run eval:all -- [--data DIR] [--only AREA] [--json]`; the table on stdout, progress on stderr.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BARS, type Bar, FigureMissing, HELD_BY_TESTS, type Json, PROTOCOLS, type Protocol } from './bars.ts';

const here = dirname(fileURLToPath(import.meta.url));
const flags = process.argv.slice(2);
const flagOf = (name: string) => {
  const place = flags.indexOf(`--${name}`);
  return place < 0 ? null : (flags[place + 1] ?? null);
};
const dataFolder = flagOf('data') ?? join(here, '../../../shared/data');
const only = flagOf('only');

type Run = { readonly seconds: number; readonly result: Json | null; readonly reason: string };

/** Runs a task as its own process, so that none warms or starves another. */
async function run({ task, args, needs }: Protocol): Promise<Run> {
  const place = (text: string) => text.replace('{data}', dataFolder);
  if (!existsSync(join(here, 'tasks', `${task}.ts`))) return { seconds: 0, result: null, reason: `there is no task ${task}` };
  const missing = needs.map(place).find((file) => !existsSync(file));
  if (missing !== undefined) return { seconds: 0, result: null, reason: `no data (${missing})` };
  const startedMs = performance.now();
  const child = spawn(process.execPath, [join(here, 'eval.ts'), task, ...args.map(place)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const code = await new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
  const seconds = (performance.now() - startedMs) / 1000;
  if (code === 0) return { seconds, result: JSON.parse(out) as Json, reason: '' };
  const line = errors.split('\n').find((text) => text.trim() !== '') ?? `ended with ${code}`;
  return { seconds, result: null, reason: line.slice(0, 160) };
}

type Row = { area: string; check: string; measured: string; atLeast: string; reachFor: string; verdict: string; seconds: number };

function rowOf(bar: Bar, { result, reason, seconds }: Run): Row {
  const { area, check, atLeast, reachFor } = bar;
  const row = { area, check, measured: '', atLeast, reachFor, seconds };
  if (result === null) return { ...row, verdict: `not measured: ${reason}` };
  try {
    const measured = bar.read(result);
    const verdict = measured.atLeast ? (measured.reached === true ? 'reached both' : 'reached') : 'SHORT';
    const far = measured.atLeast && measured.reached === false ? 'reached, short of the reach' : verdict;
    return { ...row, measured: measured.shown, verdict: far };
  } catch (error) {
    if (!(error instanceof FigureMissing)) throw error;
    return { ...row, verdict: `not measured: ${error.message}` };
  }
}

function print(rows: readonly Row[]): void {
  const head = ['area', 'check', 'measured', 'at least', 'reach for', 'verdict'];
  const cells = [head, ...rows.map((row) => [row.area, row.check, row.measured || '-', row.atLeast, row.reachFor || '-', row.verdict])];
  const widths = head.map((_, c) => Math.max(...cells.map((line) => (c === head.length - 1 ? 0 : (line[c] as string).length))));
  for (const line of cells)
    process.stdout.write(
      `${line
        .map((cell, c) => cell.padEnd(widths[c] as number))
        .join('  ')
        .trimEnd()}\n`,
    );
}

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  at: new Date().toISOString(),
};
const bars = BARS.filter((bar) => only === null || bar.area.includes(only) || bar.protocol === only);
const runs = new Map<string, Run>();
for (const protocol of PROTOCOLS) {
  if (!bars.some((bar) => bar.protocol === protocol.id)) continue;
  process.stderr.write(`${protocol.task} ${protocol.id === protocol.task ? '' : `(${protocol.id}) `}... `);
  const done = await run(protocol);
  runs.set(protocol.id, done);
  process.stderr.write(`${done.result === null ? done.reason : `${done.seconds.toFixed(1)} s`}\n`);
}
const rows = bars.map((bar) => rowOf(bar, runs.get(bar.protocol) as Run));
if (flags.includes('--json')) {
  process.stdout.write(
    `${JSON.stringify({ machine, rows, results: Object.fromEntries([...runs].map(([id, { result }]) => [id, result])) })}\n`,
  );
} else {
  process.stdout.write(`${Object.values(machine).join(', ')}\n\n`);
  print(rows);
  const shortCount = rows.filter(({ verdict }) => verdict === 'SHORT').length;
  const unmeasuredCount = rows.filter(({ verdict }) => verdict.startsWith('not measured')).length;
  const seconds = [...runs].map(([id, done]) => `${id} ${done.seconds.toFixed(0)} s`).join(', ');
  process.stdout.write(`\n${rows.length - shortCount - unmeasuredCount} reached, ${shortCount} short, ${unmeasuredCount} not measured\n`);
  process.stdout.write(`time: ${seconds}\nheld by tests, not here: ${HELD_BY_TESTS.join(', ')}\n`);
}
