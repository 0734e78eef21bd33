// node examples/recompute-report/src/recompute-report.ts EXPORT.ndjson [--compare REPORT.json]
// Prints the figures as JSON; with --compare, what differs from the report instead. Exit code: 0 all the same, 1 not,
// 2 the export or the call is of no use.
import { readFile } from 'node:fs/promises';
import { figuresOf, findDifferences } from './compare.ts';
import { recompute, TornExport } from './recompute.ts';

export { figuresOf, findDifferences, recompute, TornExport };

const SHOWN = 50;

async function main([file, flag, reportFile, ...more]: readonly string[]): Promise<number> {
  if (file === undefined || more.length > 0 || (flag !== undefined && (flag !== '--compare' || reportFile === undefined))) {
    process.stderr.write('recompute-report EXPORT.ndjson [--compare REPORT.json]\n');
    return 2;
  }
  const figures = await recompute(file);
  if (reportFile === undefined) {
    process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
    return 0;
  }
  const report = figuresOf(JSON.parse(await readFile(reportFile, 'utf8')));
  const differences = findDifferences(figures, report);
  if (differences.length === 0) {
    process.stdout.write('Every figure of the report follows from the export.\n');
    return 0;
  }
  const rows = differences.slice(0, SHOWN).map(({ figure, recomputed, reported }) => [figure, String(recomputed), String(reported)]);
  const table = [['figure', 'recomputed', 'reported'], ...rows];
  const widths = [0, 1, 2].map((at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
  for (const row of table)
    process.stdout.write(
      `${row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
  if (differences.length > SHOWN) process.stdout.write(`... and ${differences.length - SHOWN} more\n`);
  return 1;
}

if (import.meta.main) {
  process.exitCode = await main(process.argv.slice(2)).catch((cause: unknown) => {
    process.stderr.write(`${cause instanceof TornExport ? cause.message : String((cause as Error).stack ?? cause)}\n`);
    return 2;
  });
}
