import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import { dumpSchema } from './schema-dump.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

// After a new migration: npm run test:medium -- schema-dump -u
test('the migrations make the schema of the golden file', async () => {
  const golden = new URL('../../../migrations/schema.golden.sql', import.meta.url).pathname;
  await expect(await dumpSchema(db.database)).toMatchFileSnapshot(golden);
});
