// Scores the models on files: `npm run -s eval -- TASK [--name value ...]`. One JSON object on stdout, a readable table
// on stderr; an input error is one line on stderr, exit 2, and stdout stays empty. Tasks live in tasks/, one file each.
import { readdirSync } from 'node:fs';
import { InputError } from '../../packages/models/src/input-error.ts';

export type TaskOutcome = { readonly result: object; readonly table: readonly (readonly string[])[] };
export type Task = {
  readonly name: string;
  readonly usage: string;
  readonly run: (options: Map<string, string>) => Promise<TaskOutcome>;
};

const tasksFolder = new URL('./tasks/', import.meta.url);
const taskNames = readdirSync(tasksFolder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -3))
  .sort();

/** Reads `--name value`, `--name=value` and bare `--flag` (value 'true'). */
function parseOptions(args: readonly string[]): Map<string, string> {
  const options = new Map<string, string>();
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] as string;
    if (!arg.startsWith('--')) throw new InputError(`unexpected argument ${arg}`);
    const equals = arg.indexOf('=');
    const next = args[i + 1];
    const name = equals > 0 ? arg.slice(2, equals) : arg.slice(2);
    if (options.has(name)) throw new InputError(`--${name} is given twice`);
    if (equals > 0) options.set(name, arg.slice(equals + 1));
    else if (next !== undefined && !next.startsWith('--')) {
      options.set(name, next);
      i += 1;
    } else options.set(name, 'true');
  }
  return options;
}

/** The last cell of a row widens no column: it may be a remark. */
function formatTable(table: TaskOutcome['table']): string {
  const widths: number[] = [];
  for (const row of table) for (const [c, cell] of row.slice(0, -1).entries()) widths[c] = Math.max(widths[c] ?? 0, cell.length);
  return table
    .map((row) =>
      row
        .map((cell, c) => cell.padEnd(widths[c] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

async function main(): Promise<number> {
  const [name, ...rest] = process.argv.slice(2);
  if (name === undefined || !taskNames.includes(name)) {
    process.stderr.write(`${name === undefined ? 'which task?' : `no task ${name}`} one of: ${taskNames.join(', ')}\n`);
    return 2;
  }
  const { task } = (await import(new URL(`${name}.ts`, tasksFolder).href)) as { task: Task };
  try {
    const { result, table } = await task.run(parseOptions(rest));
    process.stderr.write(`${formatTable(table)}\n`);
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    process.stderr.write(`${name}: ${error.message.replaceAll('\n', ' ')}\nusage: ${task.usage}\n`);
    return 2;
  }
}

process.exitCode = await main();
