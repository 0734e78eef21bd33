// Turns a table of mixed columns into small whole numbers, so that trees handle a number, a category and a missing cell
// alike: bin 0 = missing, then either ranges of a number between quantiles of the training rows, or one bin a category.
// At most 64 bins a column, so that a split is a set of bins that fits two 32-bit words.
import { InputError } from '../../input-error.ts';

export type Cell = number | string | null;

/** One column as it is told apart in training; `cuts[i]` = greatest value of bin i + 1. */
export type ColumnBins =
  | { readonly kind: 'number'; readonly name: string; readonly cuts: readonly number[] }
  /** `levels[i]` has bin i + 2; bin 1 = every level not kept. */
  | { readonly kind: 'category'; readonly name: string; readonly levels: readonly string[] };

export const MAX_BINS = 64;
const MISSING_BIN = 0;
const OTHER_BIN = 1;

export type NamedColumn = { readonly name: string; readonly kind: 'number' | 'category'; readonly cells: readonly Cell[] };

/**
 * Learns the bins of one column. Numbers: up to `MAX_BINS - 1` ranges of nearly equal count, cut halfway between neighbours.
 * Categories: the most frequent ones seen at least `minCount` times (ties by name), the rest together.
 * Refuses a cell of the wrong kind, naming row and column.
 */
export function learnBins({ name, kind, cells }: NamedColumn, minCount = 20): ColumnBins {
  if (kind === 'number') {
    const values = cells
      .map((cell, row) => numberOf(cell, row, name))
      .filter((value) => !Number.isNaN(value))
      .sort((a, b) => a - b);
    return { kind, name, cuts: cutsOf(values, MAX_BINS - 1) };
  }
  const counts = new Map<string, number>();
  for (const cell of cells) if (cell !== null) counts.set(String(cell), (counts.get(String(cell)) ?? 0) + 1);
  const levels = [...counts]
    .filter(([, count]) => count >= minCount)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, MAX_BINS - 2)
    .map(([level]) => level);
  return { kind, name, levels };
}

function numberOf(cell: Cell, row: number, column: string): number {
  if (cell === null) return Number.NaN;
  if (typeof cell !== 'number' || !Number.isFinite(cell))
    throw new InputError(`${JSON.stringify(cell)} is not a finite number`, { row: row + 1, column });
  return cell;
}

/** `sorted` ascending. No more ranges than distinct values; a value never lies on both sides of a cut. */
function cutsOf(sorted: readonly number[], rangeCount: number): number[] {
  const distinct: number[] = [];
  const counts: number[] = [];
  for (const value of sorted) {
    if (distinct.length > 0 && distinct.at(-1) === value) counts[counts.length - 1] = (counts.at(-1) as number) + 1;
    else {
      distinct.push(value);
      counts.push(1);
    }
  }
  const cuts: number[] = [];
  const cutAfter = (i: number) => cuts.push(((distinct[i] as number) + (distinct[i + 1] as number)) / 2);
  if (distinct.length <= rangeCount) {
    for (let i = 0; i + 1 < distinct.length; i += 1) cutAfter(i);
    return cuts;
  }
  // A value as frequent as several ranges takes one of its own; what is left is shared by the others.
  let rowsLeft = sorted.length;
  let inRange = 0;
  for (let i = 0; i + 1 < distinct.length && cuts.length < rangeCount - 1; i += 1) {
    const count = counts[i] as number;
    inRange += count;
    const fair = rowsLeft / (rangeCount - cuts.length);
    const next = counts[i + 1] as number;
    if (inRange >= fair || (inRange >= fair / 2 && next >= fair)) {
      cutAfter(i);
      rowsLeft -= inRange;
      inRange = 0;
    }
  }
  return cuts;
}

/** Bin of one cell. A cell of the wrong kind counts as missing: what a live visit lacks must not stop the show. */
export function binOf(bins: ColumnBins, cell: Cell): number {
  if (cell === null) return MISSING_BIN;
  if (bins.kind === 'category') {
    const place = bins.levels.indexOf(String(cell));
    return place < 0 ? OTHER_BIN : place + 2;
  }
  if (typeof cell !== 'number' || Number.isNaN(cell)) return MISSING_BIN;
  let low = 0;
  let high = bins.cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cell <= (bins.cuts[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}

/** Bins of all rows, column by column: shape [columns][rows]. */
export function binColumns(columns: readonly (readonly Cell[])[], bins: readonly ColumnBins[]): Uint8Array[] {
  return bins.map((of, c) => Uint8Array.from(columns[c] as readonly Cell[], (cell) => binOf(of, cell)));
}
