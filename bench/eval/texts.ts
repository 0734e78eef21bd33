// Options and text columns shared by the text tasks.
import { InputError } from '../../packages/models/src/input-error.ts';
import { type CsvTable, columnOf } from './csv.ts';

/** Longest message a data set may hold; a longer one is refused, not cut. */
const MAX_TEXT_CHARS = 20_000;

/** A text column; refuses empty texts and texts longer than any chat or ticket line. */
export function readTexts(table: CsvTable, column: string): string[] {
  const texts = columnOf(table, column);
  for (const [index, text] of texts.entries()) {
    if (text.trim() === '') throw new InputError('the text is empty', { row: index + 1, column });
    if (text.length > MAX_TEXT_CHARS) {
      throw new InputError(`${text.length} characters, more than ${MAX_TEXT_CHARS}`, { row: index + 1, column });
    }
  }
  return texts;
}

/** The category column; refuses empty names. */
export function readCategories(table: CsvTable): string[] {
  const categories = columnOf(table, 'category').map((name) => name.trim());
  const empty = categories.indexOf('');
  if (empty >= 0) throw new InputError('the category is empty', { row: empty + 1, column: 'category' });
  return categories;
}

/** A whole number >= 1 given as `--name`. */
export function wholeOption(options: ReadonlyMap<string, string>, name: string, otherwise: number): number {
  const given = options.get(name);
  if (given === undefined) return otherwise;
  const value = Number(given);
  if (!Number.isInteger(value) || value < 1) throw new InputError(`--${name} ${given} is not a whole number >= 1`);
  return value;
}

/** A finite number within [min, max] given as `--name`. */
export function numberOption(options: ReadonlyMap<string, string>, name: string, otherwise: number, min: number, max: number): number {
  const given = options.get(name);
  if (given === undefined) return otherwise;
  const value = Number(given);
  if (given === 'true' || !Number.isFinite(value) || value < min || value > max)
    throw new InputError(`--${name} ${given} is not a number from ${min} to ${max}`);
  return value;
}
