// Reads a folder in the layout of the Open Bandit data: one CSV of impressions (item_id, position, click, propensity_score; more
// columns are welcome) and, if there, item_context.csv with one row an item.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../packages/models/src/input-error.ts';
import { columnOf, numberColumnOf, parseCsv, readText } from './csv.ts';

export type BanditLog = {
  readonly folder: string;
  readonly items: Int32Array;
  /** Place of each row's position among the positions in ascending order. */
  readonly slots: Int32Array;
  readonly positions: readonly number[];
  readonly rewards: Float64Array;
  readonly propensities: Float64Array;
  readonly itemCount: number;
  /** Number of the cluster (show) of each row, when there is such a column. */
  readonly units: Int32Array | null;
};

/** Rows of one show hang together; a column of such a name is used without being asked for. */
const CLUSTER_COLUMNS = ['cluster', 'show_id', 'show', 'cluster_id'];
const CONTEXT_FILE = 'item_context.csv';

/** Refuses by row and column: items that are not 0, 1, 2, ..., clicks not finite, propensities outside (0, 1]. */
export function readBanditLog(folder: string, option: string, clusterColumn: string | null): BanditLog {
  if (folder === 'true' || !existsSync(folder) || !statSync(folder).isDirectory()) throw new InputError(`--${option}: no folder ${folder}`);
  const files = readdirSync(folder).filter((file) => file.endsWith('.csv') && file !== CONTEXT_FILE);
  if (files.length !== 1)
    throw new InputError(`--${option}: ${folder} holds ${files.length} logs (*.csv besides ${CONTEXT_FILE}), wanted one`);
  const table = parseCsv(readText(join(folder, files[0] as string), option));
  const check = (column: string, isFine: (value: number) => boolean, what: string): Float64Array => {
    const values = numberColumnOf(table, column);
    for (let i = 0; i < values.length; i += 1)
      if (!isFine(values[i] as number)) throw new InputError(`--${option}: ${values[i]} is not ${what}`, { row: i + 1, column });
    return values;
  };
  const items = Int32Array.from(
    check('item_id', (value) => Number.isInteger(value) && value >= 0 && value < 1e6, 'a whole number from 0 below a million'),
  );
  const rewards = check('click', Number.isFinite, 'a number');
  const propensities = check('propensity_score', (value) => value > 0 && value <= 1, 'a propensity above 0 and up to 1');
  const given = check('position', Number.isInteger, 'a whole number');
  const positions = [...new Set(given)].sort((a, b) => a - b);
  const slotOf = new Map(positions.map((position, slot) => [position, slot]));
  const slots = Int32Array.from(given, (position) => slotOf.get(position) as number);
  const column = clusterColumn ?? CLUSTER_COLUMNS.find((name) => table.header.includes(name)) ?? null;
  const units = column === null ? null : numbered(columnOf(table, column));
  return { folder, items, slots, positions, rewards, propensities, itemCount: countItems(folder, option, items), units };
}

function numbered(names: readonly string[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(names, (name) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
}

function countItems(folder: string, option: string, items: Int32Array): number {
  const most = items.reduce((max, item) => Math.max(max, item), 0) + 1;
  const path = join(folder, CONTEXT_FILE);
  if (!existsSync(path)) return most;
  const listed = parseCsv(readText(path, option)).rows.length;
  if (most > listed)
    throw new InputError(`--${option}: the log shows item ${most - 1}, ${CONTEXT_FILE} lists ${listed} items`, { column: 'item_id' });
  return listed;
}

/** Beta parameters: the word alpha followed by numbers, the word beta followed by as many (zr-obp's YAML, two lines, or JSON). */
export function readBetaParameters(path: string, itemCount: number): { alphas: number[]; betas: number[] } {
  const words = readText(path, 'beta').split(/[\s,:[\]{}"]+|(?:^|\s)-\s/);
  const lists: Record<string, number[]> = {};
  let open: number[] | null = null;
  for (const word of words) {
    if (word === undefined || word === '' || word === '-') continue;
    const isName = word === 'alpha' || word === 'beta';
    if (isName && lists[word] !== undefined) throw new InputError(`--beta: ${word} is given twice; keep one campaign`);
    if (isName) {
      open = [];
      lists[word] = open;
    } else if (open !== null) {
      const value = Number(word);
      if (!Number.isFinite(value)) throw new InputError(`--beta: "${word.slice(0, 40)}" is not a number`);
      open.push(value);
    }
  }
  const { alpha: alphas, beta: betas } = lists;
  if (alphas === undefined || betas === undefined)
    throw new InputError('--beta: wanted the words alpha and beta, each followed by numbers');
  if (alphas.length !== itemCount || betas.length !== itemCount)
    throw new InputError(`--beta: ${alphas.length} alphas and ${betas.length} betas for ${itemCount} items`);
  return { alphas, betas };
}
