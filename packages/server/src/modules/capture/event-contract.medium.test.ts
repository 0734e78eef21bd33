// The contract against a real server: the migrated table has the columns the schema says, aggregates see the same, and
// every word Postgres reserves is refused as a name.
import { isPortableName, LOG_COLUMNS } from '@insp/dataflow';
import { describeEvents } from '@insp/protocol/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

/** What the table has beside the event: its place. */
const OWN_COLUMNS = new Set(['seq', 'xid', 'log_day']);

test('the table has exactly the columns of the record schema (if not: the migration and log-record.ts differ)', async () => {
  const rows = await db.database.query<{ name: string; type: string; is_nullable: string }>(
    `SELECT column_name AS name, data_type AS type, is_nullable FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name = 'ev' ORDER BY column_name`,
  );
  const inTable = rows
    .filter(({ name }) => !OWN_COLUMNS.has(name))
    .map(({ name, type, is_nullable }) => ({ name, type, isNullable: is_nullable === 'YES' }));
  expect(inTable).toEqual(describeEvents().columns.toSorted((left, right) => (left.name < right.name ? -1 : 1)));
});

test('every column aggregates may use is a column of the record, of the same type', () => {
  const columns = new Map(describeEvents().columns.map((column) => [column.name, column]));
  for (const [name, { type, isNullable }] of Object.entries(LOG_COLUMNS)) expect(columns.get(name)).toEqual({ name, type, isNullable });
});

test('no word Postgres reserves is a portable name', async () => {
  const rows = await db.database.query<{ word: string }>("SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')");
  expect(rows.length).toBeGreaterThan(70);
  expect(rows.map(({ word }) => word).filter(isPortableName)).toEqual([]);
});
