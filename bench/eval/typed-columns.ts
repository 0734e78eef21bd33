// Tells what the columns of a CSV hold, from the training rows alone: numbers, categories, or a row's name that must not be
// learned from. Empty cells are missing. A column of numbers with a few other words in it is refused, not guessed at.
import { InputError } from '../../packages/models/src/input-error.ts';
import type { Cell, NamedColumn } from '../../packages/models/src/who/intent/feature-bins.ts';
import { type CsvTable, columnOf } from './csv.ts';

/** Longest cell of a feature. */
const MAX_CELL_CHARS = 1_000;
/** From this share of readable numbers on, the rest of a column are slips, not categories. */
const MOSTLY_NUMBERS_RATIO = 0.9;

export type ColumnKind = 'number' | 'category' | 'row name' | 'constant';
export type TypedColumns = { readonly kinds: ReadonlyMap<string, ColumnKind>; readonly missingCount: number };

const isEmpty = (cell: string) => cell.trim() === '';
const numberOf = (cell: string) => Number(cell.trim());
/** NaN, Infinity, hexadecimal and the like are no figures of a shop. */
const isNumber = (cell: string) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell.trim()) && Number.isFinite(numberOf(cell));

/** Kinds of all columns except `left` out ones. Refuses cells over 1,000 characters and slips among numbers. */
export function detectColumns(table: CsvTable, left: ReadonlySet<string>): TypedColumns {
  const kinds = new Map<string, ColumnKind>();
  let missingCount = 0;
  for (const name of table.header) {
    if (left.has(name)) continue;
    const cells = columnOf(table, name);
    for (const [row, cell] of cells.entries()) {
      if (cell.length > MAX_CELL_CHARS)
        throw new InputError(`a cell of ${cell.length} characters, more than ${MAX_CELL_CHARS}`, { row: row + 1, column: name });
    }
    const present = cells.filter((cell) => !isEmpty(cell));
    missingCount += cells.length - present.length;
    kinds.set(name, kindOf(name, cells, present));
  }
  return { kinds, missingCount };
}

function kindOf(name: string, cells: readonly string[], present: readonly string[]): ColumnKind {
  const distinct = new Set(present);
  if (distinct.size <= 1) return 'constant';
  const numbers = present.filter(isNumber).length;
  if (numbers === present.length) return isRowCounter(present) ? 'row name' : 'number';
  if (numbers >= MOSTLY_NUMBERS_RATIO * present.length) {
    const row = cells.findIndex((cell) => !isEmpty(cell) && !isNumber(cell));
    const slip = JSON.stringify((cells[row] as string).slice(0, 40));
    throw new InputError(`${slip} is not a number, as ${numbers} other cells of the column are (leave it empty if it is missing)`, {
      row: row + 1,
      column: name,
    });
  }
  return distinct.size === present.length && present.length > 50 ? 'row name' : 'category';
}

/** Whole numbers that only rise: the number of the row, in another name. */
function isRowCounter(cells: readonly string[]): boolean {
  if (cells.length < 50) return false;
  for (let i = 1; i < cells.length; i += 1) {
    const value = numberOf(cells[i] as string);
    if (!Number.isInteger(value) || value <= numberOf(cells[i - 1] as string)) return false;
  }
  return true;
}

/** The learnable columns of a table under the kinds found in training; refuses what a number column cannot take. */
export function readColumns(table: CsvTable, kinds: ReadonlyMap<string, ColumnKind>): NamedColumn[] {
  const columns: NamedColumn[] = [];
  for (const [name, kind] of kinds) {
    if (kind !== 'number' && kind !== 'category') continue;
    const cells = columnOf(table, name).map((cell, row): Cell => {
      if (isEmpty(cell)) return null;
      if (cell.length > MAX_CELL_CHARS)
        throw new InputError(`a cell of ${cell.length} characters, more than ${MAX_CELL_CHARS}`, { row: row + 1, column: name });
      if (kind === 'category') return cell.trim();
      if (!isNumber(cell))
        throw new InputError(`${JSON.stringify(cell.slice(0, 40))} is not a number, as the column is in training`, {
          row: row + 1,
          column: name,
        });
      return numberOf(cell);
    });
    columns.push({ name, kind, cells });
  }
  return columns;
}

const YES = new Set(['1', 'true', 'yes', 'y', '1.0']);
const NO = new Set(['0', 'false', 'no', 'n', '0.0']);

/** Outcomes as 0 and 1; refuses other words and empty cells by row, and a column with one outcome only. */
export function readLabels(table: CsvTable, name: string): Uint8Array {
  const labels = Uint8Array.from(columnOf(table, name), (cell, row) => {
    const word = cell.trim().toLowerCase();
    if (YES.has(word)) return 1;
    if (NO.has(word)) return 0;
    throw new InputError(`${JSON.stringify(cell.slice(0, 40))} is not an outcome (0 or 1, true or false, yes or no)`, {
      row: row + 1,
      column: name,
    });
  });
  const positives = labels.reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === labels.length)
    throw new InputError(`every row has the outcome ${positives === 0 ? 0 : 1}: nothing to learn or to judge`, { column: name });
  return labels;
}
