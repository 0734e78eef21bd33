// `insp simulate`: a simulated audience for a show that is on, from the command line.

import { fstatSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { isId, type ShowId } from '@insp/protocol';
import { summaryLine } from '../audience/figures.ts';
import { type SimulateOptions, simulate } from '../audience/simulate.ts';
import { PLAN_LIMITS } from '../plan/plan.ts';
import { parseTrace } from '../plan/trace.ts';

export const SIMULATE_HELP = `insp simulate: viewers who watch, chat, react and buy, over real sockets and the shop's real pages.
All they do is marked as simulated.

  --show ID          the show (or "showId" of --config)
  --config FILE      the shop's configuration file: inspUrl, showId, viewerSecret, simulatorKey
  --insp URL         default http://localhost:4600
  --shop URL         default http://localhost:4700
  --viewers N        most at one time, 1 to ${PLAN_LIMITS.viewerCount}; default 60
  --minutes M        default 30, at most ${PLAN_LIMITS.durationMs / 60_000}
  --seed TEXT        same seed, same audience; default "demo"
  --trace FILE       CSV with a column t_ms (and author): one chat line at each of these times
  --speed X          replay the trace X times as fast; default 1, at most ${PLAN_LIMITS.speed}
  secrets also by environment: INSP_VIEWER_SECRET, SHOP_SIMULATOR_KEY

Prints a line every ten seconds. Ends by itself, on Ctrl-C, and when its parent goes away.`;

type Parsed = { kind: 'run'; options: SimulateOptions } | { kind: 'help' } | { kind: 'wrong'; message: string };
type Environment = Record<string, string | undefined>;

/** Reads flags, file and environment; says what is wrong in one sentence. */
export async function readSimulateArguments(
  argv: string[],
  environment: Environment,
  read = (path: string) => readFile(path, 'utf8'),
): Promise<Parsed> {
  const wrong = (message: string): Parsed => ({ kind: 'wrong', message });
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      args: argv,
      options: {
        help: { type: 'boolean', short: 'h' },
        show: text,
        config: text,
        insp: text,
        shop: text,
        viewers: text,
        minutes: text,
        seed: text,
        trace: text,
        speed: text,
      },
    });
    if (values.help) return { kind: 'help' };
    const file = values.config ? (JSON.parse(await read(values.config)) as Environment) : {};
    const showId = values.show ?? file.showId;
    if (!isId('shw', showId)) return wrong(showId ? `${showId} is not a show id.` : 'Say which show: --show shw_... or --config FILE.');
    const viewerSecret = environment.INSP_VIEWER_SECRET ?? file.viewerSecret;
    if (!viewerSecret) return wrong('The viewer secret is missing: "viewerSecret" of --config, or INSP_VIEWER_SECRET.');
    const simulatorKey = environment.SHOP_SIMULATOR_KEY ?? file.simulatorKey;
    if (!simulatorKey) return wrong('The simulator key is missing: "simulatorKey" of --config, or SHOP_SIMULATOR_KEY.');
    const viewerCount = readNumber('--viewers', values.viewers ?? '60', 1, PLAN_LIMITS.viewerCount, true);
    const durationMs = readNumber('--minutes', values.minutes ?? '30', 0.1, PLAN_LIMITS.durationMs / 60_000) * 60_000;
    const speed = readNumber('--speed', values.speed ?? '1', 0.1, PLAN_LIMITS.speed);
    const inspUrl = readUrl('--insp', values.insp ?? (file.inspUrl || 'http://localhost:4600'));
    const shopUrl = readUrl('--shop', values.shop ?? 'http://localhost:4700');
    const trace = values.trace ? parseTrace(await read(values.trace)) : null;
    if (trace && !trace.ok) return wrong(trace.message);
    const seed = values.seed ?? 'demo';
    const rows = trace?.ok ? { rows: trace.rows, speed } : null;
    return {
      kind: 'run',
      options: { inspUrl, shopUrl, showId: showId as ShowId, viewerSecret, simulatorKey, seed, viewerCount, durationMs, trace: rows },
    };
  } catch (error) {
    return wrong((error as Error).message);
  }
}

function readNumber(name: string, text: string, min: number, max: number, isWhole = false): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < min || value > max || (isWhole && !Number.isInteger(value))) {
    throw new Error(`${name} must be a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}, not "${text}".`);
  }
  return value;
}

function readUrl(name: string, text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new Error(`${name} must be an http address, not "${text}".`);
  return new URL(text).origin;
}

/** Runs the command; resolves with the exit code. */
export async function runSimulateCommand(argv: string[], environment: Environment = process.env): Promise<number> {
  const parsed = await readSimulateArguments(argv, environment);
  if (parsed.kind === 'help') {
    console.log(SIMULATE_HELP);
    return 0;
  }
  if (parsed.kind === 'wrong') {
    console.error(`insp simulate: ${parsed.message} (--help shows all options)`);
    return 2;
  }
  const ending = endWithParent();
  try {
    const last = await simulate({
      ...parsed.options,
      signal: ending.signal,
      onSummary: (summary) => console.log(summaryLine(summary)),
      log: (line) => console.error(line),
    });
    return last.messagesLost > 0 ? 1 : 0;
  } catch (error) {
    console.error(`insp simulate: ${(error as Error).message}`);
    return 1;
  } finally {
    ending.release();
  }
}

/** Aborts on SIGINT, SIGTERM, IPC disconnect, and end of stdin where stdin is a pipe. */
export function endWithParent(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const end = () => controller.abort();
  process.on('SIGINT', end).on('SIGTERM', end).on('disconnect', end);
  const stdin = fstatSync(0, { throwIfNoEntry: false });
  const isPiped = stdin?.isFIFO() === true || stdin?.isSocket() === true;
  if (isPiped) process.stdin.on('end', end).on('error', end).resume();
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', end).off('SIGTERM', end).off('disconnect', end);
      if (isPiped) process.stdin.off('end', end).pause().unref();
    },
  };
}
