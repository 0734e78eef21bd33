// The flat columns of the event log, as far as aggregates may use them. The payload is not among them: what an
// aggregate needs must be a column, stamped once at ingest, so that every engine reads the same.

export const COLUMN_TYPES = ['bigint', 'integer', 'smallint', 'text', 'boolean'] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export const LOG_COLUMNS = {
  stream: { type: 'text', isNullable: false },
  type: { type: 'smallint', isNullable: false },
  occurred_at_ms: { type: 'bigint', isNullable: false },
  received_at_ms: { type: 'bigint', isNullable: false },
  b10s: { type: 'integer', isNullable: false },
  b1m: { type: 'integer', isNullable: false },
  b1d: { type: 'integer', isNullable: false },
  salt: { type: 'smallint', isNullable: false },
  org_id: { type: 'text', isNullable: false },
  show_id: { type: 'text', isNullable: true },
  viewer_id: { type: 'text', isNullable: true },
  product_id: { type: 'text', isNullable: true },
  highlight_id: { type: 'text', isNullable: true },
  subject_id: { type: 'text', isNullable: true },
  kind: { type: 'text', isNullable: true },
  currency: { type: 'text', isNullable: true },
  amount_minor: { type: 'bigint', isNullable: false },
  weight: { type: 'bigint', isNullable: false },
  is_simulated: { type: 'boolean', isNullable: false },
  hb: { type: 'smallint', isNullable: true },
  hr: { type: 'smallint', isNullable: true },
} as const satisfies Record<string, { type: ColumnType; isNullable: boolean }>;

export type LogColumn = keyof typeof LOG_COLUMNS;
/** A row of the log as plain values, for the in-memory evaluator. */
export type LogRecord = Readonly<Record<LogColumn, string | number | boolean | null>>;
