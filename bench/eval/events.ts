// Reads a tab-separated file of clicks: SessionId, ItemId, Time (epoch seconds), optional Weight and Kind. Columns are found by
// name (case and underscores do not matter); a file whose first line is no header is read in that order. Ids are any text.
import { InputError } from '../../packages/models/src/input-error.ts';
import { readText } from './csv.ts';

export type EventRow = {
  readonly sessionId: string;
  readonly itemId: string;
  readonly occurredAtMs: number;
  /** >= 0; 1 when the file has no such column. */
  readonly weight: number;
  readonly kind: string | null;
};

const COLUMNS = ['SessionId', 'ItemId', 'Time', 'Weight', 'Kind'] as const;
type Column = (typeof COLUMNS)[number];
const REQUIRED: readonly Column[] = ['SessionId', 'ItemId', 'Time'];
/** Beyond this (the year 5138) a Time is milliseconds, not seconds. */
const MAX_EPOCH_SEC = 1e11;

/** Rows in the order of the file; refuses by row and column. Row 1 is the first row after the header. */
export function readEvents(options: ReadonlyMap<string, string>, option: string): EventRow[] {
  const lines = readText(options.get(option), option).split(/\r?\n/);
  while (lines.at(-1) === '') lines.pop();
  const place = placesOf((lines[0] as string).split('\t'), option);
  const firstRow = place.hasHeader ? 1 : 0;
  if (lines.length === firstRow) throw new InputError(`--${option}: there are no rows after the header`);
  return lines.slice(firstRow).map((line, index) => {
    const row = index + 1;
    const cells = line.split('\t');
    if (cells.length !== place.width)
      throw new InputError(`--${option}: ${cells.length} cells where there should be ${place.width}`, { row });
    const cell = (column: Column) => (cells[place.of.get(column) ?? -1] ?? '').trim();
    const idOf = (column: Column) => {
      const id = cell(column);
      if (id === '') throw new InputError(`--${option}: the id is empty`, { row, column });
      return id;
    };
    const seconds = numberOf(cell('Time'));
    if (!(seconds >= 0 && seconds <= MAX_EPOCH_SEC))
      throw new InputError(`--${option}: "${cell('Time').slice(0, 40)}" is not a time in epoch seconds`, { row, column: 'Time' });
    const weight = place.of.has('Weight') ? numberOf(cell('Weight')) : 1;
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw new InputError(`--${option}: "${cell('Weight').slice(0, 40)}" is not a weight >= 0`, { row, column: 'Weight' });
    return {
      sessionId: idOf('SessionId'),
      itemId: idOf('ItemId'),
      occurredAtMs: seconds * 1000,
      weight,
      kind: place.of.has('Kind') ? cell('Kind') : null,
    };
  });
}

function numberOf(cell: string): number {
  return cell === '' ? Number.NaN : Number(cell);
}

function placesOf(first: readonly string[], option: string): { of: Map<Column, number>; hasHeader: boolean; width: number } {
  const plain = (name: string) => name.trim().toLowerCase().replaceAll('_', '');
  const of = new Map<Column, number>();
  for (const [index, name] of first.entries()) {
    const column = COLUMNS.find((known) => plain(known) === plain(name));
    if (column === undefined) continue;
    if (of.has(column)) throw new InputError(`--${option}: the column appears twice in the header`, { column });
    of.set(column, index);
  }
  if (of.size === 0 && first.length >= 3 && Number.isFinite(numberOf((first[2] as string).trim()))) {
    const given = COLUMNS.slice(0, Math.min(first.length, COLUMNS.length));
    return { of: new Map(given.map((column, index) => [column, index])), hasHeader: false, width: first.length };
  }
  for (const column of REQUIRED) {
    if (!of.has(column)) {
      const has = first.map((name) => name.trim().slice(0, 40)).join(', ');
      throw new InputError(`--${option}: the header has no such column (tab-separated it has: ${has})`, { column });
    }
  }
  return { of, hasHeader: true, width: first.length };
}
