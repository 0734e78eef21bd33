// Bad input gets an error that names row and column, never a silent wrong number.

export class InputError extends Error {
  readonly row: number | null;
  readonly column: string | null;

  /** `row` counts from 1 in the order given; null = the input as a whole. */
  constructor(message: string, place: { row?: number | null; column?: string | null } = {}) {
    const row = place.row ?? null;
    const column = place.column ?? null;
    super(`${row === null ? '' : `row ${row}: `}${column === null ? '' : `column ${column}: `}${message}`);
    this.name = 'InputError';
    this.row = row;
    this.column = column;
  }
}

/** Throws unless `value` is a finite number within [min, max]; returns it. */
export function finiteWithin(value: number, min: number, max: number, place: { row?: number; column: string }): number {
  if (!Number.isFinite(value) || value < min || value > max) throw new InputError(`${value} is not a number from ${min} to ${max}`, place);
  return value;
}

/** Throws unless the two arrays are equally long and not empty; returns their length. */
export function pairedLength(a: ArrayLike<unknown>, b: ArrayLike<unknown>, names: readonly [string, string]): number {
  if (a.length !== b.length) throw new InputError(`${names[0]} has ${a.length} entries, ${names[1]} has ${b.length}`);
  if (a.length === 0) throw new InputError(`${names[0]} is empty`);
  return a.length;
}
