import type { Fact, RestreamState } from '@insp/protocol';
import { createFakeClock } from '@insp/test-kit';
import { expect, test } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import { CHANGE_LIMITS, createChangeWriter, isWorthAFact } from './change-writer.ts';
import type { NewFact } from './ports.ts';
import { INITIAL_STATE } from './relay/target-state.ts';
import type { TargetRecord } from './target-record.ts';

const RECORD = { id: `rst_${'1'.repeat(32)}`, orgId: 'org', showId: `shw_${'1'.repeat(32)}`, platform: 'rtmp' } as TargetRecord;
const change = (from: RestreamState, to: RestreamState, attemptCount = 1) => ({
  from: { ...INITIAL_STATE, kind: from },
  to: { ...INITIAL_STATE, kind: to, attemptCount },
  atMs: 5,
});
const newFact = ((name: string, fields: object) => ({ name, ...fields })) as unknown as NewFact;

function setUp(failureCount = 0) {
  const clock = createFakeClock();
  const batches: number[] = [];
  const facts: Fact[] = [];
  let failuresLeft = failureCount;
  const writer = createChangeWriter({
    recorder: {
      async commit(work) {
        if (failuresLeft > 0) {
          failuresLeft -= 1;
          throw new Error('the database is away');
        }
        const tx = {
          async query<Row>(text: string, params: readonly unknown[] = []): Promise<Row[]> {
            if (text.startsWith('INSERT')) batches.push((JSON.parse(String(params[0])) as unknown[]).length);
            return [];
          },
        };
        return work(tx as Parameters<typeof work>[0], (fact) => facts.push(fact));
      },
    },
    ...{ newFact, clock, logger: silentLogger },
  });
  return { clock, writer, batches, facts };
}

test('[RS-9] what tells somebody something is a fact; steps of connecting and repeated tries are not', () => {
  const told = (from: RestreamState, to: RestreamState, attemptCount = 1) => isWorthAFact(change(from, to, attemptCount));
  expect([
    told('publishing', 'live'),
    told('live', 'degraded'),
    told('live', 'backoff'),
    told('backoff', 'failed'),
    told('live', 'ended'),
  ]).toEqual(Array(5).fill(true));
  expect([told('idle', 'resolving'), told('connecting', 'handshaking'), told('resolving', 'backoff', 2), told('idle', 'idle')]).toEqual(
    Array(4).fill(false),
  );
});

test('[RS-9] changes are written in order, many at once, facts with them', async () => {
  const { writer, batches, facts } = setUp();
  for (let count = 0; count < CHANGE_LIMITS.batchCount + 1; count += 1) writer.add(RECORD, change('publishing', 'live'), true);
  await writer.settled();
  expect(batches).toEqual([CHANGE_LIMITS.batchCount, 1]);
  expect(facts).toHaveLength(CHANGE_LIMITS.batchCount + 1);
  expect(facts[0]).toMatchObject({ name: 'restream.target_state_changed', kind: 'live', isSimulated: true, occurredAt: 5 });
});

test('[RS-9] a database that is away is asked again; after six times the batch is given up, the next is not', async () => {
  const away = setUp(2);
  away.writer.add(RECORD, change('live', 'ended'), false);
  await away.clock.advanceAsync(1_500);
  await away.writer.settled();
  expect(away.batches).toEqual([1]);
  const gone = setUp(CHANGE_LIMITS.attemptCount);
  gone.writer.add(RECORD, change('live', 'ended'), false);
  await gone.clock.advanceAsync(60_000);
  gone.writer.add(RECORD, change('live', 'ended'), false);
  await gone.writer.settled();
  expect(gone.batches).toEqual([1]);
});

test('what waits has a limit', async () => {
  const { writer, batches } = setUp();
  for (let count = 0; count < CHANGE_LIMITS.waitingCount + 5; count += 1) writer.add(RECORD, change('live', 'ended'), false);
  await writer.settled();
  expect(batches.reduce((sum, size) => sum + size, 0)).toBe(CHANGE_LIMITS.waitingCount);
});
