// Purchases from a file: CSV with the header customer,date[,amount], or the CDNOW text format (white space between; customer,
// date yyyymmdd, CDs, dollars; the sample file has a second customer number in between). Rows may stand in any order.
import { InputError } from '../../packages/models/src/input-error.ts';
import type { Transaction } from '../../packages/models/src/who/lifetime/customer-summary.ts';
import { columnOf, parseCsv, readText } from './csv.ts';

export type TransactionFile = {
  readonly transactions: readonly Transaction[];
  readonly hasAmounts: boolean;
  readonly format: 'csv' | 'cdnow';
};

const MAX_NAME_CHARS = 200;
const COLUMNS = ['customer', 'date', 'amount'];
const DAY_MS = 86_400_000;

/** Reads purchases; every refusal names row and column. Without amounts each purchase counts 1. */
export function readTransactions(path: string | undefined): TransactionFile {
  const text = readText(path, 'transactions');
  const firstLine = text.slice(0, text.search(/[\r\n]|$/));
  return firstLine.includes(',') || !/^\s*\S+\s+\S+\s+\S+\s+\S+/.test(firstLine) ? fromCsv(text) : fromCdnow(text);
}

function fromCsv(text: string): TransactionFile {
  const table = parseCsv(text);
  const unknown = table.header.find((name) => !COLUMNS.includes(name));
  if (unknown !== undefined)
    throw new InputError(`the header has a column unknown here (it is customer,date[,amount])`, { column: unknown.slice(0, 40) });
  const customers = columnOf(table, 'customer');
  const dates = columnOf(table, 'date');
  const hasAmounts = table.header.includes('amount');
  const amounts = hasAmounts ? columnOf(table, 'amount') : null;
  const transactions = customers.map((customer, index) => {
    const row = index + 1;
    return {
      customer: nameOf(customer, row),
      day: dayOf(dates[index] as string, row),
      amount: amounts === null ? 1 : amountOf(amounts[index] as string, row),
    };
  });
  return { transactions, hasAmounts, format: 'csv' };
}

function fromCdnow(text: string): TransactionFile {
  const transactions: Transaction[] = [];
  let row = 0;
  let width = 0;
  for (const [place, line] of text.split(/\r?\n/).entries()) {
    const cells = line.trim().split(/\s+/);
    if (line.trim() === '' || (place === 0 && /^[a-z_]/i.test(line.trim()) && !/\d{8}/.test(line))) continue;
    row += 1;
    if (width === 0) width = cells.length;
    if (cells.length !== width || (width !== 4 && width !== 5))
      throw new InputError(`${cells.length} cells, not ${width === 5 ? '5' : '4'} (customer, date, CDs, dollars)`, { row });
    transactions.push({
      customer: nameOf(cells[0] as string, row),
      day: dayOf(cells[width - 3] as string, row),
      amount: amountOf(cells[width - 1] as string, row),
    });
  }
  return { transactions, hasAmounts: true, format: 'cdnow' };
}

function nameOf(cell: string, row: number): string {
  const name = cell.trim();
  if (name === '') throw new InputError('there is no customer', { row, column: 'customer' });
  if (name.length > MAX_NAME_CHARS)
    throw new InputError(`a name of ${name.length} characters, more than ${MAX_NAME_CHARS}`, { row, column: 'customer' });
  return name;
}

function amountOf(cell: string, row: number): number {
  const value = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(cell) ? Number(cell) : Number.NaN;
  if (!Number.isFinite(value)) throw new InputError(`${JSON.stringify(cell.slice(0, 40))} is not an amount`, { row, column: 'amount' });
  if (value < 0) throw new InputError(`${value} is below 0 (take returns out first)`, { row, column: 'amount' });
  return value;
}

function dayOf(cell: string, row: number): number {
  const day = parseDay(cell);
  if (day === null)
    throw new InputError(`${JSON.stringify(cell.slice(0, 40))} is not a date (yyyymmdd or yyyy-mm-dd)`, { row, column: 'date' });
  return day;
}

/** Whole days since the epoch of a calendar date, 1900 to 2199, a time of day behind it ignored; null for anything else. */
export function parseDay(text: string): number | null {
  const parts = /^\s*(\d{4})(-?)(\d{2})\2(\d{2})(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?\s*$/.exec(text);
  if (parts === null) return null;
  const [year, month, date] = [Number(parts[1]), Number(parts[3]), Number(parts[4])];
  const atMs = Date.UTC(year, month - 1, date);
  const back = new Date(atMs);
  const isReal = back.getUTCFullYear() === year && back.getUTCMonth() === month - 1 && back.getUTCDate() === date;
  return isReal && year >= 1900 && year < 2200 ? atMs / DAY_MS : null;
}

export const dayToText = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
