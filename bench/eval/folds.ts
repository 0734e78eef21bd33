// Folds from a column of the data, so that a split is a fact of the file and not of a seed.
import { InputError } from '../../packages/models/src/input-error.ts';

export type Folds = { readonly of: Int32Array; readonly rule: string };

/**
 * Deals rows to `count` folds by the cells of a column. Whole numbers: the value mod 10 if that gives exactly `count` different
 * digits (as where a file is a share of a longer one), else the value mod `count`. Exactly `count` different words: one fold each.
 * Refuses anything else, and a fold that would be empty.
 */
export function foldsBy(cells: readonly string[], count: number, column: string): Folds {
  if (count < 2) throw new InputError(`${count} folds leave nothing to learn from`);
  const distinct = [...new Set(cells)].sort();
  if (distinct.length < count) throw new InputError(`${distinct.length} different values make no ${count} folds`, { column });
  if (distinct.length === count) {
    const place = new Map(distinct.map((value, i) => [value, i]));
    return { of: Int32Array.from(cells, (cell) => place.get(cell) as number), rule: `one fold a value of ${column}` };
  }
  const values = cells.map((cell, row) => {
    if (!/^\d{1,15}$/.test(cell.trim()))
      throw new InputError(`${JSON.stringify(cell.slice(0, 40))} is not a whole number >= 0 to deal folds by`, { row: row + 1, column });
    return Number(cell);
  });
  const digits = [...new Set(values.map((value) => value % 10))].sort((a, b) => a - b);
  if (digits.length === count) return { of: Int32Array.from(values, (value) => digits.indexOf(value % 10)), rule: `${column} mod 10` };
  const of = Int32Array.from(values, (value) => value % count);
  if (new Set(of).size < count) throw new InputError(`${column} mod ${count} leaves a fold empty`, { column });
  return { of, rule: `${column} mod ${count}` };
}
