// What Flink could not run, or would run to another result, though Postgres does (events-and-store.md 4.1). It comes on
// top of `checkDefinition`, which holds for every engine.
import { type AggregateDefinition, checkDefinition, type Predicate } from './aggregate.ts';
import { LOG_COLUMNS, type LogColumn } from './log-columns.ts';
import { isPortableName } from './portable-names.ts';

/**
 * Text that sorts alike everywhere: lower-case hexadecimal ids and upper-case currency codes. MIN and MAX of any other
 * text follow the collation of the database in Postgres and bytes in Flink.
 */
const SORTS_ALIKE: ReadonlySet<string> = new Set([
  'org_id',
  'show_id',
  'viewer_id',
  'product_id',
  'highlight_id',
  'subject_id',
  'currency',
]);

/** A Flink source is one stream: the column is not in its table, and its name is reserved there. */
const NOT_IN_FLINK: ReadonlySet<string> = new Set(['stream']);

/** Columns a Flink source has. */
export const FLINK_COLUMNS = (Object.keys(LOG_COLUMNS) as LogColumn[]).filter((name) => !NOT_IN_FLINK.has(name));

/** Throws on a definition that is not the same on Flink, with the reason. */
export function checkPortable(definition: AggregateDefinition): void {
  checkDefinition(definition);
  const fail = (reason: string): never => {
    throw new Error(`aggregate ${definition.name}: ${reason}`);
  };
  const checkName = (name: string) => {
    if (!isPortableName(name)) fail(`${name} is reserved on some engine, and names are never quoted`);
  };
  const checkColumn = (column: string) => {
    if (NOT_IN_FLINK.has(column)) fail(`${column} is no column on Flink, where each stream is a table of its own: say which types instead`);
    checkName(column);
  };
  checkName(definition.name);
  for (const key of definition.keys) checkColumn(key);
  for (const column of columnsOf(definition.where)) checkColumn(column);
  for (const [name, { op, column, where }] of Object.entries(definition.measures)) {
    checkName(name);
    checkColumn(column);
    if (op !== 'sum' && LOG_COLUMNS[column].type === 'text' && !SORTS_ALIKE.has(column)) {
      fail(`${op} of ${column}: text sorts by collation in Postgres and by bytes in Flink`);
    }
    for (const tested of where ? columnsOf(where) : []) checkColumn(tested);
  }
}

function columnsOf(predicate: Predicate): string[] {
  return 'all' in predicate ? predicate.all.flatMap(columnsOf) : [predicate.column];
}
