import type { Fact } from '@insp/protocol';
import { createFakeClock } from '@insp/test-kit';
import { expect, test } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import { createFactQueue, FACT_QUEUE_LIMITS } from './fact-queue.ts';

const factNumber = (number: number) => ({ name: 'media.publish_refused', showId: null, weight: number }) as unknown as Fact;

function setUp(failures: number) {
  const clock = createFakeClock();
  const written: number[] = [];
  const errors: string[] = [];
  let left = failures;
  const queue = createFactQueue({
    clock,
    logger: { ...silentLogger, error: (_fields, message) => errors.push(message) },
    recorder: {
      async commit(work) {
        if (left > 0) {
          left -= 1;
          throw new Error('the database is away');
        }
        return await work(null, (fact) => written.push(fact.weight));
      },
    },
  });
  return { clock, queue, written, errors };
}

test('facts are written in order, also when the database is away for a while', async () => {
  const { clock, queue, written, errors } = setUp(FACT_QUEUE_LIMITS.attemptCount - 1);
  for (const number of [1, 2, 3]) queue.add(factNumber(number));
  await clock.advanceAsync(60_000);
  await queue.settled();
  expect(written).toEqual([1, 2, 3]);
  expect(errors).toEqual([]);
});

test('a fact that cannot be written is given up with an error, the next one is tried', async () => {
  const { clock, queue, written, errors } = setUp(FACT_QUEUE_LIMITS.attemptCount);
  for (const number of [1, 2]) queue.add(factNumber(number));
  await clock.advanceAsync(60_000);
  await queue.settled();
  expect(written).toEqual([2]);
  expect(errors).toEqual(['a media fact is lost']);
});

test('as many facts as the limit wait, one more is lost with an error', async () => {
  const { queue, written, errors } = setUp(0);
  for (let number = 1; number <= FACT_QUEUE_LIMITS.waitingCount + 1; number += 1) queue.add(factNumber(number));
  await queue.settled();
  expect(written).toHaveLength(FACT_QUEUE_LIMITS.waitingCount);
  expect(errors).toEqual(['too many media facts are waiting: one is lost']);
});
