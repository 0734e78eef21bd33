import { createFakeClock } from '@insp/test-kit';
import { expect, test } from 'vitest';
import { createSendQueues, SEND_QUEUE_LOOK_MS, sendQueueIn } from './send-queue.ts';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:9C40 0100007F:078F 01 0001E240:00000000 01:00000014 00000000     0        0 2 1 0 20 4 30 10 -1
   2: 0100007F:078F 0100007F:9C40 01 00000000:0000FFFF 00:00000000 00000000     0        0 3 1 0 20 4 30 10 -1
   3: 0200007F:9C41 0100007F:078F 01 00000001:00000000 00:00000000 00000000     0        0 4 1 0 20 4 30 10 -1
   4: 0300007F:9C41 0300007F:078F 01 00000002:00000000 00:00000000 00000000     0        0 5 1 0 20 4 30 10 -1
`;

test('the queue of a connection is found by its ports, in its own direction', () => {
  expect(sendQueueIn(TABLE, 40_000, 1_935)).toBe(123_456);
  expect(sendQueueIn(TABLE, 1_935, 40_000)).toBe(0);
});

test('what is not there, only listens, or is not the only one, has no queue', () => {
  expect(sendQueueIn(TABLE, 40_002, 1_935)).toBeNull();
  expect(sendQueueIn(TABLE, 8_080, 0)).toBeNull();
  expect(sendQueueIn(TABLE, 40_001, 1_935)).toBeNull();
  expect(sendQueueIn('', 1, 2)).toBeNull();
});

test('one look serves all that are watched, twice a second, and none is taken while nobody is', async () => {
  const clock = createFakeClock();
  let lookCount = 0;
  const queues = createSendQueues(clock, async (path) => {
    lookCount += 1;
    return path.endsWith('tcp') ? TABLE : '';
  });
  const one = queues.watch({ localPort: 40_000, remotePort: 1_935 });
  const gone = queues.watch({ localPort: undefined, remotePort: undefined });
  expect(one.bytes()).toBe(0);
  await clock.advanceAsync(SEND_QUEUE_LOOK_MS);
  expect([one.bytes(), gone.bytes(), lookCount]).toEqual([123_456, 0, 2]);
  one.forget();
  gone.forget();
  expect(clock.timerCount).toBe(0);
  await clock.advanceAsync(10 * SEND_QUEUE_LOOK_MS);
  expect(lookCount).toBe(2);
});

test('a system without such tables holds nothing we know of', async () => {
  const clock = createFakeClock();
  const queues = createSendQueues(clock, () => Promise.reject(new Error('no such file')));
  const queue = queues.watch({ localPort: 40_000, remotePort: 1_935 });
  await clock.advanceAsync(SEND_QUEUE_LOOK_MS);
  expect(queue.bytes()).toBe(0);
});
