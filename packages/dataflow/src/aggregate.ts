// An aggregate is data: which rows, by which keys, which running figures. From one definition come the SQL that
// merges a batch, the table it merges into, the SELECT an auditor runs over the whole log, and an evaluator in
// plain TypeScript; tests hold them equal. Only what merges is allowed (events-and-store.md 4.1): SUM, MIN and MAX
// with a FILTER. No AVG, no DISTINCT, no COUNT(*): a count is SUM(weight), so that shedding stays unbiased, and a
// distinct count is the number of rows of an aggregate keyed by what is to be distinct.
import { LOG_COLUMNS, type LogColumn } from './log-columns.ts';

export type Predicate =
  | { readonly column: LogColumn; readonly oneOf: readonly (number | string)[] }
  | { readonly column: LogColumn; readonly isSet: true }
  | { readonly column: LogColumn; readonly isTrue: true }
  | { readonly all: readonly Predicate[] };

export type Measure =
  | { readonly op: 'sum'; readonly column: 'weight' | 'amount_minor'; readonly where?: Predicate }
  | { readonly op: 'min' | 'max'; readonly column: LogColumn; readonly where?: Predicate };

export type AggregateDefinition = {
  /** Table name. */
  readonly name: string;
  /** One sentence: what a row is. */
  readonly doc: string;
  readonly keys: readonly LogColumn[];
  /** Rows that count at all; must make every nullable key present. */
  readonly where: Predicate;
  readonly measures: Readonly<Record<string, Measure>>;
  /**
   * A table of MIN and MAX only, which most rows do not move (HyperLogLog). It has no `n`, and a merge writes a row
   * only where a measure moves: repeating an event changes nothing.
   */
  readonly isSketch?: true;
  /** More indexes than the primary key: the text after the table's name. */
  readonly indexes?: Readonly<Record<string, string>>;
};

/**
 * Every table that is no sketch also carries `n` = SUM(weight) of its rows. It only ever grows, so a sink that writes
 * absolute values can refuse to go backwards while it replays (events-and-store.md 4.4).
 */
export const GROWTH_MEASURE: Measure = { op: 'sum', column: 'weight' };

/** The measures of a definition with the growth guard first, in the order of the table. */
export function measuresOf(definition: AggregateDefinition): [name: string, measure: Measure][] {
  const own = Object.entries(definition.measures);
  return definition.isSketch ? own : [['n', GROWTH_MEASURE], ...own];
}

/** Names of the columns of the table, keys first. */
export function columnsOf(definition: AggregateDefinition): string[] {
  return [...definition.keys, ...measuresOf(definition).map(([name]) => name)];
}

const RESERVED = new Set([
  'all',
  'count',
  'day',
  'end',
  'hour',
  'interval',
  'minute',
  'month',
  'order',
  'percent',
  'second',
  'start',
  'sum',
  'timestamp',
  'user',
  'value',
  'values',
  'year',
]);
const NAME = /^[a-z][a-z0-9_]{0,62}$/;
const LITERAL = /^[A-Za-z0-9_.:-]{1,60}$/;

/** Throws on a definition that some engine could not run, with the reason. */
export function checkDefinition(definition: AggregateDefinition): void {
  const fail = (reason: string): never => {
    throw new Error(`aggregate ${definition.name}: ${reason}`);
  };
  const checkName = (name: string) => {
    if (!NAME.test(name) || RESERVED.has(name)) fail(`${name} is not a portable name`);
  };
  checkName(definition.name);
  if (definition.keys.length === 0) fail('has no key');
  if (new Set(definition.keys).size !== definition.keys.length) fail('repeats a key');
  const present = columnsMadePresent(definition.where);
  for (const key of definition.keys) {
    if (LOG_COLUMNS[key].isNullable && !present.has(key)) fail(`key ${key} may be null: say { column: '${key}', isSet: true }`);
  }
  checkPredicate(definition.where, fail);
  if (Object.keys(definition.measures).length === 0 && definition.isSketch) fail('a sketch without a measure');
  for (const [name, measure] of Object.entries(definition.measures)) {
    checkName(name);
    if (name === 'n' || (definition.keys as readonly string[]).includes(name)) fail(`measure ${name} is taken`);
    if (definition.isSketch && measure.op === 'sum') fail(`measure ${name}: a sketch cannot sum`);
    if (measure.op !== 'sum' && LOG_COLUMNS[measure.column].type === 'boolean') fail(`${measure.op} of a boolean is not portable`);
    if (measure.where) checkPredicate(measure.where, fail);
  }
}

function checkPredicate(predicate: Predicate, fail: (reason: string) => never): void {
  if ('all' in predicate) {
    if (predicate.all.length === 0) fail('an empty conjunction');
    for (const part of predicate.all) checkPredicate(part, fail);
  } else if ('isTrue' in predicate) {
    if (LOG_COLUMNS[predicate.column].type !== 'boolean') fail(`${predicate.column} is no boolean`);
  } else if ('oneOf' in predicate) {
    if (predicate.oneOf.length === 0) fail(`${predicate.column} is one of nothing`);
    const { type } = LOG_COLUMNS[predicate.column];
    const isText = type === 'text';
    for (const value of predicate.oneOf) {
      if (type === 'boolean' || (typeof value === 'string' ? !isText || !LITERAL.test(value) : isText || !Number.isSafeInteger(value))) {
        fail(`${predicate.column} cannot be ${JSON.stringify(value)}`);
      }
    }
  }
}

function columnsMadePresent(predicate: Predicate): Set<LogColumn> {
  if ('all' in predicate) return new Set(predicate.all.flatMap((part) => [...columnsMadePresent(part)]));
  return new Set([predicate.column]);
}
