// Rows as the two learners want them: bins for trees, hashed features for the logistic model.
import { InputError } from '../../input-error.ts';
import { binColumns, type Cell, type ColumnBins, learnBins, type NamedColumn } from './feature-bins.ts';
import type { TrainingRows } from './grow-trees.ts';
import { type HashedFeatures, hashVisit } from './visit-features.ts';

/** Rows of each outcome below which nothing can be learned. */
export const MIN_ROWS_OF_A_CLASS = 10;

/** Throws unless columns are as long as the labels, labels are 0 or 1, and each outcome has `MIN_ROWS_OF_A_CLASS` rows. */
export function refuseBadRows(columns: readonly NamedColumn[], labels: ArrayLike<number>): void {
  if (columns.length === 0) throw new InputError('there is no column to learn from');
  for (const { name, cells } of columns) {
    if (cells.length !== labels.length)
      throw new InputError(`${cells.length} cells where there are ${labels.length} labels`, { column: name });
  }
  let positives = 0;
  for (let i = 0; i < labels.length; i += 1) {
    const label = labels[i];
    if (label !== 0 && label !== 1) throw new InputError(`label ${label} is not 0 or 1`, { row: i + 1 });
    positives += label;
  }
  if (Math.min(positives, labels.length - positives) < MIN_ROWS_OF_A_CLASS)
    throw new InputError(`${positives} of ${labels.length} rows are positive: ${MIN_ROWS_OF_A_CLASS} of each outcome are the least`);
}

/** Bins learned on the rows given, and those rows in bins. */
export function binRows(
  columns: readonly NamedColumn[],
  labels: ArrayLike<number>,
  rows: readonly number[],
): { bins: ColumnBins[]; training: TrainingRows } {
  const picked = columns.map((column) => ({ ...column, cells: pickCells(column, rows) }));
  const bins = picked.map((column) => learnBins(column));
  const training: TrainingRows = {
    bins: binColumns(
      picked.map(({ cells }) => cells),
      bins,
    ),
    isCategory: bins.map(({ kind }) => kind === 'category'),
    labels: Uint8Array.from(rows, (i) => labels[i] as number),
  };
  return { bins, training };
}

export const pickCells = ({ cells }: NamedColumn, rows: readonly number[]): Cell[] => rows.map((i) => cells[i] as Cell);

/** Every row hashed into `2 ** bits` slots. */
export function hashRows(columns: readonly NamedColumn[], rowCount: number, bits: number): HashedFeatures[] {
  return Array.from({ length: rowCount }, (_, i) =>
    hashVisit(Object.fromEntries(columns.map(({ name, cells }) => [name, cells[i] as Cell])), bits),
  );
}
