// The public surface as the live panels will use it: one customer's evening, from acts to what the host is shown.
import { expect, test } from 'vitest';
import { say, seededUniform, who } from './index.ts';

test('a viewer who buys is scored anew, and everything survives a restart as bytes', () => {
  const uniform = seededUniform(2);
  const rows: who.Transaction[] = [];
  for (let n = 0; n < 260; n += 1) {
    const everyDays = 10 + 60 * uniform();
    for (let day = Math.floor(30 * uniform()); day < 300 * uniform() + 40; day += Math.ceil(everyDays * uniform()))
      rows.push({ customer: `c${n}`, day, amount: 10 + Math.round(40 * uniform()) });
  }
  const today = 340;
  const score = who.bytesToValueScore(who.learnValueScore(rows, today, 26).toBytes());

  let running = who.addPurchase(null, { customer: 'me', day: 200, amount: 30 });
  running = who.addPurchase(running, { customer: 'me', day: 320, amount: 30 });
  const before = score.score(who.summaryAt(running, today));
  running = who.addPurchase(running, { customer: 'me', day: today, amount: 45 });
  const summary = who.summaryAt(running, today);
  expect(score.score(summary)).toBeGreaterThan(before);

  const outlook = who.outlookOf({ purchases: score.purchases!, spend: score.spend }, summary, 26);
  expect(outlook.purchases.low).toBeLessThanOrEqual(outlook.purchases.high);

  const book = new who.HabitBook();
  book.take('me', { kind: 'entered_show', showSeq: 7 }, 1_000);
  book.take('me', { kind: 'ordered' }, 2_000);
  expect(who.HabitBook.fromBytes(book.toBytes()).suggest(['me'], 2_000, 3)).toMatchObject([{ viewer: 'me', move: 'thank_first_order' }]);
  expect(say.tokenize('in red?').length).toBeGreaterThan(0);
});
