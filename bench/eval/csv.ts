// Reads a CSV file with a header (RFC 4180: quotes, doubled quotes, line breaks inside quotes; LF, CRLF or CR; a byte order
// mark is skipped). Every refusal names row and column; row 1 is the first row after the header.
import { readFileSync, statSync } from 'node:fs';
import { InputError } from '../../packages/models/src/input-error.ts';

export type CsvTable = { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] };
/** Longest cell taken. */
const MAX_CELL_CHARS = 100_000;

/** Reads a file as text; a missing or empty file is an input error that names it. */
export function readText(path: string | undefined, option: string): string {
  if (path === undefined || path === 'true') throw new InputError(`--${option} FILE is missing`);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) throw new InputError(`--${option}: no file ${path}`);
  const text = readFileSync(path, 'utf8').replace(/^\ufeff/u, '');
  if (text.trim() === '') throw new InputError(`--${option}: ${path} is empty`);
  return text;
}

/** Parses CSV; refuses rows whose cell count differs from the header's, open quotes, repeated column names. */
export function parseCsv(text: string, separator = ','): CsvTable {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  let openedAtRow = 0;
  const endCell = () => {
    if (cell.length > MAX_CELL_CHARS) {
      const column = rows[0]?.[row.length] ?? String(row.length + 1);
      throw new InputError(`a cell of ${cell.length} characters, more than ${MAX_CELL_CHARS}`, { row: rows.length, column });
    }
    row.push(cell);
    cell = '';
  };
  const endRow = () => {
    endCell();
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  };
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i] as string;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else quoted = false;
    } else if (c === '"' && cell === '') {
      quoted = true;
      openedAtRow = rows.length;
    } else if (c === separator) endCell();
    else if (c === '\n' || c === '\r') {
      endRow();
      if (c === '\r' && text[i + 1] === '\n') i += 1;
    } else cell += c;
  }
  if (quoted) {
    const column = rows[0]?.[row.length] ?? String(row.length + 1);
    throw new InputError('a quote is opened and never closed', { row: openedAtRow, column });
  }
  if (cell !== '' || row.length > 0) endRow();
  const header = rows.shift()?.map((name) => name.trim());
  if (header === undefined) throw new InputError('there is no header');
  for (const [place, name] of header.entries()) {
    if (header.indexOf(name) !== place) throw new InputError('the column appears twice in the header', { column: name });
  }
  if (rows.length === 0) throw new InputError('there are no rows after the header');
  for (const [index, { length }] of rows.entries()) {
    if (length !== header.length) throw new InputError(`${length} cells where the header has ${header.length}`, { row: index + 1 });
  }
  return { header, rows };
}

/** The cells of one column; refuses when the header lacks it. */
export function columnOf(table: CsvTable, name: string): string[] {
  const place = table.header.indexOf(name);
  if (place < 0) throw new InputError(`the header has no such column (it has ${table.header.join(', ')})`, { column: name });
  return table.rows.map((row) => row[place] as string);
}

/** One column as finite numbers; refuses anything else by row. */
export function numberColumnOf(table: CsvTable, name: string): Float64Array {
  return Float64Array.from(columnOf(table, name), (cell, index) => {
    const value = cell.trim() === '' ? Number.NaN : Number(cell);
    if (!Number.isFinite(value)) throw new InputError(`"${cell.slice(0, 40)}" is not a number`, { row: index + 1, column: name });
    return value;
  });
}
