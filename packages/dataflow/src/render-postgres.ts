// Definition -> SQL. The SELECT is the portable part, the same for any engine; around it Postgres gets the table, the
// merge of new events, and the merge of what was set aside when old events were dropped.
import { type AggregateDefinition, checkDefinition, columnsOf, type Measure, measuresOf, type Predicate } from './aggregate.ts';
import { LOG_COLUMNS } from './log-columns.ts';

/** Renders a condition. */
export function renderPredicate(predicate: Predicate): string {
  if ('all' in predicate) return predicate.all.map(renderPredicate).join(' AND ');
  if ('isSet' in predicate) return `${predicate.column} IS NOT NULL`;
  if ('isTrue' in predicate) return predicate.column;
  const values = predicate.oneOf.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
  return values.length === 1 ? `${predicate.column} = ${values[0]}` : `${predicate.column} IN (${values.join(', ')})`;
}

function renderMeasure(measure: Measure): string {
  const filter = measure.where ? ` FILTER (WHERE ${renderPredicate(measure.where)})` : '';
  if (measure.op !== 'sum') return `${measure.op.toUpperCase()}(${measure.column})${filter}`;
  // Postgres widens SUM(bigint) to numeric; a filter that matches nothing gives NULL.
  return measure.where ? `CAST(COALESCE(SUM(${measure.column})${filter}, 0) AS BIGINT)` : `CAST(SUM(${measure.column}) AS BIGINT)`;
}

/** The aggregate over all rows of `source`: what an auditor runs, and what a batch merges. */
export function renderSelect(definition: AggregateDefinition, source: string): string {
  checkDefinition(definition);
  const keys = definition.keys.join(', ');
  const measures = measuresOf(definition).map(([name, measure]) => `${renderMeasure(measure)} AS ${name}`);
  return `SELECT ${keys},\n  ${measures.join(',\n  ')}\nFROM ${source} WHERE ${renderPredicate(definition.where)} GROUP BY ${keys}`;
}

/** Adds up rows of the aggregate itself, say from two tables: SUM of sums, MIN of minima, MAX of maxima. */
export function renderCombine(definition: AggregateDefinition, source: string): string {
  const keys = definition.keys.join(', ');
  const measures = measuresOf(definition).map(([name, { op }]) =>
    op === 'sum' ? `CAST(SUM(${name}) AS BIGINT) AS ${name}` : `${op.toUpperCase()}(${name}) AS ${name}`,
  );
  return `SELECT ${keys},\n  ${measures.join(',\n  ')}\nFROM ${source} GROUP BY ${keys}`;
}

/** The table. A lower fill factor leaves room for the many updates of a hot row on its own page. */
export function renderPostgresTable(definition: AggregateDefinition, schema?: string): string {
  checkDefinition(definition);
  const table = schema === undefined ? definition.name : `${schema}.${definition.name}`;
  const keys = definition.keys.map((key) => `  ${key} ${LOG_COLUMNS[key].type} NOT NULL`);
  const measures = measuresOf(definition).map(([name, measure]) =>
    measure.op === 'sum' ? `  ${name} bigint NOT NULL` : `  ${name} ${LOG_COLUMNS[measure.column].type}`,
  );
  const columns = [...keys, ...measures, `  PRIMARY KEY (${definition.keys.join(', ')})`].join(',\n');
  const indexes = Object.entries(definition.indexes ?? {}).map(([name, on]) => `\nCREATE INDEX ${name} ON ${table} ${on};`);
  return `-- ${definition.doc}\nCREATE TABLE ${table} (\n${columns}\n) WITH (fillfactor = 70);${indexes.join('')}`;
}

/** Adds the rows of `source` (of the log) to the table. */
export function renderPostgresMerge(definition: AggregateDefinition, source: string, schema?: string): string {
  return renderUpsert(definition, renderSelect(definition, source), schema);
}

/** Adds the rows a SELECT gives, which have the columns of the table, to the table. */
export function renderUpsert(definition: AggregateDefinition, select: string, schema?: string): string {
  const table = schema === undefined ? definition.name : `${schema}.${definition.name}`;
  const sets = measuresOf(definition).map(([name, measure]) => {
    if (measure.op === 'sum') return `${name} = t.${name} + excluded.${name}`;
    return `${name} = ${renderGreatest(measure, `t.${name}`, `excluded.${name}`)}`;
  });
  return [
    `INSERT INTO ${table} AS t (${columnsOf(definition).join(', ')})`,
    definition.isSketch ? renderMoving(definition, select, table) : select,
    `ON CONFLICT (${definition.keys.join(', ')}) DO UPDATE SET`,
    `  ${sets.join(',\n  ')}`,
  ].join('\n');
}

// LEAST and GREATEST pass over NULL, as MIN and MAX do.
const renderGreatest = ({ op }: Measure, left: string, right: string) => `${op === 'min' ? 'LEAST' : 'GREATEST'}(${left}, ${right})`;

/** The rows of a sketch that move one of the table's. ON CONFLICT would lock and log every other one as well. */
function renderMoving(definition: AggregateDefinition, select: string, table: string): string {
  const isSame = definition.keys.map((key) => `s.${key} = g.${key}`);
  const isStill = measuresOf(definition).map(
    ([name, measure]) => `s.${name} IS NOT DISTINCT FROM ${renderGreatest(measure, `s.${name}`, `g.${name}`)}`,
  );
  return `SELECT g.* FROM (${select}) g WHERE NOT EXISTS (\n  SELECT 1 FROM ${table} s WHERE ${[...isSame, ...isStill].join(' AND ')})`;
}

export type PostgresBatch = {
  readonly definitions: readonly AggregateDefinition[];
  /** Schema of the tables merged into; left out, the usual one. */
  readonly schema?: string;
  /** Definitions whose touched keys the batch answers. */
  readonly touched?: readonly AggregateDefinition[];
};

/** Columns of a batch: what its definitions read, so that no more is carried through it. */
function columnsRead(definitions: readonly AggregateDefinition[]): string[] {
  const used = new Set<string>(['weight']);
  const look = (predicate: Predicate): void => {
    if ('all' in predicate) predicate.all.forEach(look);
    else used.add(predicate.column);
  };
  for (const { keys, where, measures } of definitions) {
    for (const key of keys) used.add(key);
    look(where);
    for (const measure of Object.values(measures)) {
      used.add(measure.column);
      if (measure.where) look(measure.where);
    }
  }
  return Object.keys(LOG_COLUMNS).filter((column) => used.has(column));
}

/**
 * The micro-batch in one statement, hence one transaction: take the cursor, read the next rows that no slower writer
 * can still get in front of, merge them into every table, move the cursor. It happens as a whole or not at all.
 * Parameters: $1 cursor name, $2 most rows, $3 fence: the statement does nothing and answers no row unless the cursor
 * still carries it, $4 how long the lease then runs, ms. Answers xid and seq of the cursor, merged_count, has_more
 * (whether rows are left, be it over the limit or above the horizon), minutes (JSON: the [show_id, b1m] it met), and
 * for each definition of `touched` the keys it wrote, as touched_0, ... (JSON arrays of arrays; null for none).
 */
export function renderPostgresBatch({ definitions, schema, touched = [] }: PostgresBatch): string {
  const merges = definitions.map((definition, at) => {
    const returning = touched.includes(definition) ? `\nRETURNING ${definition.keys.map((key) => `t.${key}`).join(', ')}` : '';
    return `m${at} AS (\n${renderPostgresMerge(definition, 'b', schema)}${returning}\n)`;
  });
  const answers = touched.map((definition, at) => {
    const keys = definition.keys.join(', ');
    return `(SELECT json_agg(json_build_array(${keys})) FROM m${definitions.indexOf(definition)}) AS touched_${at}`;
  });
  const columns = new Set<string>(['show_id', 'b1m', ...columnsRead(definitions)]);
  return [
    'WITH o AS (SELECT xid, seq FROM log_cursor WHERE name = $1 AND fence = $3 FOR UPDATE)',
    `b AS MATERIALIZED (SELECT xid, seq, ${[...columns].join(', ')} FROM ev
  WHERE (xid, seq) > ((SELECT xid FROM o), (SELECT seq FROM o)) AND xid < pg_snapshot_xmin(pg_current_snapshot())
  ORDER BY xid, seq LIMIT $2)`,
    ...merges,
    'l AS (SELECT xid, seq FROM b ORDER BY xid DESC, seq DESC LIMIT 1)',
    'p AS (SELECT xid, seq FROM (SELECT xid, seq FROM l UNION ALL SELECT xid, seq FROM o) x ORDER BY xid DESC, seq DESC LIMIT 1)',
    `u AS (UPDATE log_cursor c SET xid = p.xid, seq = p.seq, held_until = clock_timestamp() + $4 * interval '1 ms'
  FROM p WHERE c.name = $1)
SELECT ${[
      'p.xid, p.seq',
      '(SELECT COUNT(*) FROM b) AS merged_count',
      'EXISTS (SELECT 1 FROM ev WHERE (ev.xid, ev.seq) > (p.xid, p.seq)) AS has_more',
      '(SELECT json_agg(json_build_array(show_id, b1m)) FROM (SELECT DISTINCT show_id, b1m FROM b WHERE show_id IS NOT NULL) d) AS minutes',
      ...answers,
    ].join(',\n  ')}
FROM p`,
  ].join(',\n');
}
