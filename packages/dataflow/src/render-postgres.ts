// Definition -> SQL. The SELECT is the portable part, the same for any engine; around it Postgres gets the table and
// the merge, and all merges together become the one statement of the micro-batch.
import { type AggregateDefinition, checkDefinition, type Measure, measuresOf, type Predicate } from './aggregate.ts';
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

/** The table. A lower fill factor leaves room for the many updates of a hot row on its own page. */
export function renderPostgresTable(definition: AggregateDefinition): string {
  checkDefinition(definition);
  const keys = definition.keys.map((key) => `  ${key} ${LOG_COLUMNS[key].type} NOT NULL`);
  const measures = measuresOf(definition).map(([name, measure]) =>
    measure.op === 'sum' ? `  ${name} bigint NOT NULL` : `  ${name} ${LOG_COLUMNS[measure.column].type}`,
  );
  const columns = [...keys, ...measures, `  PRIMARY KEY (${definition.keys.join(', ')})`].join(',\n');
  return `-- ${definition.doc}\nCREATE TABLE ${definition.name} (\n${columns}\n) WITH (fillfactor = 70);`;
}

/** Adds the rows of `source` to the table. */
export function renderPostgresMerge(definition: AggregateDefinition, source: string): string {
  const columns = [...definition.keys, ...measuresOf(definition).map(([name]) => name)].join(', ');
  const sets = measuresOf(definition).map(([name, measure]) => {
    if (measure.op === 'sum') return `${name} = t.${name} + excluded.${name}`;
    // LEAST and GREATEST pass over NULL, as MIN and MAX do.
    return `${name} = ${measure.op === 'min' ? 'LEAST' : 'GREATEST'}(t.${name}, excluded.${name})`;
  });
  return [
    `INSERT INTO ${definition.name} AS t (${columns})`,
    renderSelect(definition, source),
    `ON CONFLICT (${definition.keys.join(', ')}) DO UPDATE SET`,
    `  ${sets.join(',\n  ')}`,
  ].join('\n');
}

/**
 * The micro-batch in one statement, hence one transaction: take the cursor, read the next rows that no slower writer
 * can still get in front of, merge them into every table, move the cursor. It happens as a whole or not at all.
 * Parameters: $1 cursor name, $2 most rows. Answers merged_count, show_ids, xid and seq of the cursor, and has_more:
 * whether rows are left, be it over the limit or above the horizon.
 */
export function renderPostgresBatch(definitions: readonly AggregateDefinition[]): string {
  const merges = definitions.map((definition, at) => `m${at} AS (\n${renderPostgresMerge(definition, 'b')}\n)`);
  return [
    'WITH o AS (SELECT xid, seq FROM log_cursor WHERE name = $1 FOR UPDATE)',
    `b AS MATERIALIZED (SELECT xid, seq, ${Object.keys(LOG_COLUMNS).join(', ')} FROM ev
  WHERE (xid, seq) > ((SELECT xid FROM o), (SELECT seq FROM o)) AND xid < pg_snapshot_xmin(pg_current_snapshot())
  ORDER BY xid, seq LIMIT $2)`,
    ...merges,
    'l AS (SELECT xid, seq FROM b ORDER BY xid DESC, seq DESC LIMIT 1)',
    'u AS (UPDATE log_cursor c SET xid = l.xid, seq = l.seq FROM l WHERE c.name = $1)',
    `p AS (SELECT xid, seq FROM (SELECT xid, seq FROM l UNION ALL SELECT xid, seq FROM o) x ORDER BY xid DESC, seq DESC LIMIT 1)
SELECT p.xid, p.seq,
  (SELECT COUNT(*) FROM b) AS merged_count,
  (SELECT ARRAY_AGG(DISTINCT show_id) FROM b WHERE show_id IS NOT NULL) AS show_ids,
  EXISTS (SELECT 1 FROM ev WHERE (ev.xid, ev.seq) > (p.xid, p.seq)) AS has_more
FROM p`,
  ].join(',\n');
}
