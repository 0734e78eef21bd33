// The schema as text, from the catalogue (no pg_dump comes with embedded Postgres): stable order, one line per fact,
// so that a migration is reviewed as a diff of migrations/schema.golden.sql.
import type { Sql } from './database.ts';

const TABLES = `
  SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
         pg_get_expr(d.adbin, d.adrelid) AS initial, a.attidentity AS identity, a.attgenerated AS generated
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY c.relname, a.attnum`;
// Postgres 18 keeps NOT NULL as constraints too (contype n); the columns show them already.
const CONSTRAINTS = `
  SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace AND contype <> 'n' AND conparentid = 0 AND conrelid <> 0 ORDER BY 1, 2`;
const INDEXES = `
  SELECT pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
    AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) ORDER BY c.relname`;
const OTHERS = `
  SELECT format('FUNCTION %s(%s)', proname, pg_get_function_identity_arguments(oid)) AS line FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal AND t.tgparentid = 0
  UNION ALL SELECT format('VIEW %s AS %s', relname, pg_get_viewdef(oid)) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
  ORDER BY 1`;

type Column = { table: string; name: string; type: string; required: boolean; initial: string | null; identity: string; generated: string };

/** Writes the schema `public` down. */
export async function dumpSchema(sql: Sql): Promise<string> {
  const columns = await sql.query<Column>(TABLES);
  const constraints = await sql.query<{ table: string; name: string; definition: string }>(CONSTRAINTS);
  const blocks = [...Map.groupBy(columns, (column) => column.table)].map(([table, own]) => {
    const lines = own.map(({ name, type, required, initial, identity, generated }) => {
      const value =
        generated !== ''
          ? ` GENERATED ALWAYS AS (${initial})`
          : identity !== ''
            ? ' GENERATED AS IDENTITY'
            : initial === null
              ? ''
              : ` DEFAULT ${initial}`;
      return `  ${name} ${type}${required ? ' NOT NULL' : ''}${value}`;
    });
    for (const { name, definition } of constraints.filter((constraint) => constraint.table === table))
      lines.push(`  CONSTRAINT ${name} ${definition}`);
    return `TABLE ${table} (\n${lines.join(',\n')}\n);`;
  });
  const indexes = (await sql.query<{ definition: string }>(INDEXES)).map(({ definition }) => `${definition};`);
  const others = (await sql.query<{ line: string }>(OTHERS)).map(({ line }) => `${line};`);
  return `${[...blocks, indexes.join('\n'), ...others].filter((block) => block !== '').join('\n\n')}\n`;
}
