// The definition run in memory, row by row: the oracle tests hold every SQL engine to, and the proof that batches
// merge: folding all at once equals folding parts and merging them, in any order.
import { type AggregateDefinition, type Measure, measuresOf, type Predicate } from './aggregate.ts';
import type { LogRecord } from './log-columns.ts';

export type Figure = number | string | null;
export type AggregateRow = Readonly<Record<string, Figure | boolean>>;
/** Rows by their key. */
export type AggregateState = ReadonlyMap<string, AggregateRow>;

export function matches(predicate: Predicate, row: LogRecord): boolean {
  if ('all' in predicate) return predicate.all.every((part) => matches(part, row));
  const cell = row[predicate.column];
  if ('isSet' in predicate) return cell !== null;
  if ('isTrue' in predicate) return cell === true;
  return cell !== null && predicate.oneOf.includes(cell as string | number);
}

function combine(measure: Measure, left: Figure, right: Figure): Figure {
  if (measure.op === 'sum') return (left as number) + (right as number);
  if (left === null || right === null) return left ?? right;
  return (measure.op === 'min' ? left <= right : left >= right) ? left : right;
}

/** Folds rows of the log into the aggregate. */
export function evaluate(definition: AggregateDefinition, rows: Iterable<LogRecord>): AggregateState {
  const measures = measuresOf(definition);
  const state = new Map<string, AggregateRow>();
  for (const row of rows) {
    if (!matches(definition.where, row)) continue;
    const one: Record<string, Figure | boolean> = {};
    for (const key of definition.keys) one[key] = row[key];
    for (const [name, measure] of measures) {
      const isCounted = measure.where === undefined || matches(measure.where, row);
      one[name] = isCounted ? row[measure.column] : measure.op === 'sum' ? 0 : null;
    }
    add(definition, state, one);
  }
  return state;
}

/** Merges two states of one definition. */
export function merge(definition: AggregateDefinition, left: AggregateState, right: AggregateState): AggregateState {
  const state = new Map(left);
  for (const row of right.values()) add(definition, state, row);
  return state;
}

function add(definition: AggregateDefinition, state: Map<string, AggregateRow>, row: AggregateRow): void {
  const key = JSON.stringify(definition.keys.map((column) => row[column]));
  const before = state.get(key);
  if (before === undefined) {
    state.set(key, row);
    return;
  }
  const sum = { ...before };
  for (const [name, measure] of measuresOf(definition)) sum[name] = combine(measure, before[name] as Figure, row[name] as Figure);
  state.set(key, sum);
}
