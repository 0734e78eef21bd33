import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import { systemClock } from '../../kernel/clock.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { createSignals, SIGNAL_MAX_BYTES } from './signals.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

async function open() {
  const signals = createSignals({ url: db.url, clock: systemClock, logger: silentLogger });
  const heard: string[] = [];
  const state = { connectedCount: 0 };
  signals.listen('insp_test', (text) => void heard.push(text));
  signals.onConnected(() => {
    state.connectedCount += 1;
  });
  await signals.start();
  return { signals, heard, state };
}

test('a word reaches the others, in order, and not who said it', async () => {
  const [one, two] = [await open(), await open()];
  const long = 'x'.repeat(SIGNAL_MAX_BYTES);
  for (const word of ['a', 'b', long]) one.signals.say('insp_test', word);
  await expect.poll(() => two.heard).toEqual(['a', 'b', long]);
  two.signals.say('insp_test', 'c');
  await expect.poll(() => one.heard).toEqual(['c']);
  expect(two.heard).toHaveLength(3);
  await Promise.all([one.signals.stop(), two.signals.stop()]);
});

test('a connection that breaks comes back and says that words may have been missed', async () => {
  const [one, two] = [await open(), await open()];
  expect(one.state.connectedCount).toBe(1);
  await db.database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'insp signals'`);
  await expect.poll(() => [one.state.connectedCount, two.state.connectedCount], { timeout: 10_000 }).toEqual([2, 2]);
  one.signals.say('insp_test', 'again');
  await expect.poll(() => two.heard).toEqual(['again']);
  await Promise.all([one.signals.stop(), two.signals.stop()]);
  one.signals.say('insp_test', 'nobody there: no harm');
});
