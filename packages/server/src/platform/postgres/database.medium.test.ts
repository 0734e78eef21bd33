import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';

let test_: TestDatabase;
beforeAll(async () => {
  test_ = await createTestDatabase();
});
afterAll(() => test_.drop());

test('a throw inside a transaction rolls everything back', async () => {
  const { database } = test_;
  await database.query('CREATE TABLE t (n int)');
  const attempt = database.transaction(async (tx) => {
    await tx.query('INSERT INTO t VALUES (1)');
    throw new Error('no');
  });
  await expect(attempt).rejects.toThrow('no');
  expect(await database.query('SELECT n FROM t')).toEqual([]);
});

test('bigint comes back as a number, and beyond 2^53 as an error', async () => {
  expect(await test_.database.query('SELECT 9007199254740991::bigint AS n')).toEqual([{ n: 9007199254740991 }]);
  await expect(test_.database.query('SELECT 9007199254740993::bigint AS n')).rejects.toThrow(RangeError);
});
