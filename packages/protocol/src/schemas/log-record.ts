// One row of the event log as a schema: what a Kafka record holds, what the columns of `ev` are, and what Flink reads.
// A column's SQL type follows from its bounds, so the schema is the only place that says it: whole numbers take the
// smallest of smallint, integer, bigint that holds them. Derived columns are stamped once, at ingest.
import * as z from 'zod';
import { epochMsSchema, idSchema, orgIdSchema } from './basics.ts';
import { EVENT_STREAMS } from './events.ts';

const smallint = z.int().max(32_767);
const bucket = z.int().min(0).max(2_147_483_647);
/** Wider than one event may say, because sums of it share the type. */
const bigint = z.int();

export const logRecordSchema = z.strictObject({
  id: idSchema('evt'),
  stream: z.enum(EVENT_STREAMS),
  type: smallint.min(1),
  v: smallint.min(1),
  occurred_at_ms: epochMsSchema,
  received_at_ms: epochMsSchema,
  /** floor(occurred_at_ms / 10,000), / 60,000 and / 86,400,000. */
  b10s: bucket,
  b1m: bucket,
  b1d: bucket,
  /** Viewer hash mod 64: spreads a hot show over the partitions of a distributed log. */
  salt: smallint.min(0),
  org_id: orgIdSchema,
  show_id: idSchema('shw').nullable(),
  viewer_id: idSchema('vwr').nullable(),
  product_id: idSchema('prd').nullable(),
  highlight_id: idSchema('hlt').nullable(),
  /** What the event is about, taken out of the payload: order, message, session, cue ... */
  subject_id: z.string().nullable(),
  kind: z.string().nullable(),
  currency: z.string().nullable(),
  amount_minor: bigint,
  weight: bigint.min(1),
  is_simulated: z.boolean(),
  /** HyperLogLog bucket and rank of the viewer. */
  hb: smallint.min(0).nullable(),
  hr: smallint.min(0).nullable(),
  actor_kind: z.string(),
  actor_id: z.string().nullable(),
  /** Opaque to aggregates. */
  props: z.record(z.string(), z.unknown()),
});

/** The part of JSON Schema our contract uses. */
export type JsonSchema = { readonly [keyword: string]: unknown };

export type SqlType = 'smallint' | 'integer' | 'bigint' | 'text' | 'boolean' | 'jsonb';
export type SqlColumn = { readonly name: string; readonly type: SqlType; readonly isNullable: boolean };

/** JSON Schema says "or null" in two ways; both come apart into the plain schema and whether null is allowed. */
export function splitNullable(schema: JsonSchema): { solid: JsonSchema; isNullable: boolean } {
  const { type, anyOf, ...rest } = schema as { type?: unknown; anyOf?: JsonSchema[] };
  if (Array.isArray(type) && type.includes('null')) {
    const [only, ...more] = type.filter((word) => word !== 'null');
    return { solid: { ...rest, type: more.length === 0 ? only : [only, ...more] }, isNullable: true };
  }
  const [solid, ...others] = anyOf?.filter((one) => one.type !== 'null') ?? [];
  if (solid !== undefined && others.length === 0 && anyOf?.length === 2) return { solid: { ...rest, ...solid }, isNullable: true };
  return { solid: schema, isNullable: false };
}

/** Columns of a flat schema, in order. Throws on a field no column can hold. */
export function sqlColumnsOf(schema: z.ZodObject): SqlColumn[] {
  const { properties = {} } = z.toJSONSchema(schema, { unrepresentable: 'any' });
  return Object.entries(properties).map(([name, property]) => {
    const { solid, isNullable } = splitNullable(property as JsonSchema);
    return { name, type: sqlTypeOf(name, solid), isNullable };
  });
}

function sqlTypeOf(name: string, schema: JsonSchema): SqlType {
  const {
    type,
    minimum = Number.NEGATIVE_INFINITY,
    maximum = Number.POSITIVE_INFINITY,
  } = schema as {
    type?: string;
    minimum?: number;
    maximum?: number;
  };
  if (type === 'string') return 'text';
  if (type === 'boolean') return 'boolean';
  if (type === 'object') return 'jsonb';
  if (type !== 'integer') throw new Error(`${name}: no column can hold ${type ?? 'a value of any type'}`);
  if (minimum >= -32_768 && maximum <= 32_767) return 'smallint';
  return minimum >= -2_147_483_648 && maximum <= 2_147_483_647 ? 'integer' : 'bigint';
}

/** The columns as Postgres DDL: what the migrated table must have, checked by a test against a real server. */
export function renderPostgresColumns(columns: readonly SqlColumn[]): string {
  return columns.map(({ name, type, isNullable }) => `  ${name} ${type}${isNullable ? '' : ' NOT NULL'}`).join(',\n');
}
