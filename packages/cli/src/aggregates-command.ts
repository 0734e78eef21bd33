// `insp aggregates verify | rebuild`: are the figures what the log says, and making them anew.
import { isId, type ShowId } from '@insp/protocol';
import {
  createLogger,
  loadConfig,
  loadSettings,
  settleDataFolder,
  type TableVerdict,
  type VerifyRange,
  withAggregates,
} from '@insp/server';
import { sayFault } from './say-fault.ts';
import { takeOption } from './take-option.ts';

const USAGE = `insp aggregates verify [--show shw_...] [--from TIME] [--to TIME]    TIME as 2026-11-29T20:00:00Z
insp aggregates rebuild
`;

export async function runAggregatesCommand([what, ...args]: readonly string[]): Promise<void> {
  const range = what === 'verify' ? readRange(args) : { rest: [...args] };
  if ((what !== 'verify' && what !== 'rebuild') || 'fault' in range) {
    process.stderr.write(`${'fault' in range ? `insp aggregates: ${range.fault}\n` : ''}${USAGE}`);
    process.exitCode = 2;
    return;
  }
  try {
    const { settings } = await settleDataFolder(loadSettings(range.rest));
    const logger = createLogger({ level: 'warn', format: settings.logFormat });
    await withAggregates(await loadConfig(settings), logger, async (aggregates) => {
      if (what === 'rebuild') {
        for (const { cursorName, mergedCount } of await aggregates.rebuild())
          process.stdout.write(`${cursorName}: ${mergedCount} events\n`);
        return;
      }
      const verdicts = await aggregates.verify('range' in range ? range.range : {});
      process.stdout.write(verdictText(verdicts));
      if (verdicts.some(({ differences }) => differences.length > 0)) process.exitCode = 1;
    });
  } catch (cause) {
    sayFault(cause);
  }
}

export function readRange(args: readonly string[]): { range: VerifyRange; rest: string[] } | { fault: string } {
  const show = takeOption(args, 'show');
  const from = takeOption(show.rest, 'from');
  const to = takeOption(from.rest, 'to');
  if (show.value !== null && !isId('shw', show.value)) return { fault: `--show ${show.value} is no show id` };
  const range: { showId?: ShowId; fromMs?: number; toMs?: number } = {};
  if (show.value !== null) range.showId = show.value as ShowId;
  for (const [key, { value }] of [
    ['fromMs', from],
    ['toMs', to],
  ] as const) {
    if (value === null) continue;
    const ms = Date.parse(value);
    if (Number.isNaN(ms)) return { fault: `${value} is no time` };
    range[key] = ms;
  }
  return { range, rest: to.rest };
}

export function verdictText(verdicts: readonly TableVerdict[]): string {
  const width = Math.max(...verdicts.map(({ table }) => table.length));
  const lines = verdicts.map(({ table, rowCount, differences }) => {
    const verdict =
      rowCount === null ? 'not cut by this range' : differences.length === 0 ? `${rowCount} rows, equal` : `${rowCount} rows, DIFFERENT`;
    return [`${table.padEnd(width)}  ${verdict}`, ...differences.map((line) => `    ${line}`)].join('\n');
  });
  const differentCount = verdicts.filter(({ differences }) => differences.length > 0).length;
  return `${lines.join('\n')}\n${differentCount === 0 ? 'The figures are what the log says.' : `${differentCount} tables differ from the log.`}\n`;
}
