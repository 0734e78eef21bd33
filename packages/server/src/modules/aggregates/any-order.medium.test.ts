// The property of the dataflow package, held again for the engine on a real database and through capture's front door:
// any split into batches, any duplication, any order gives the tables the definitions give of the distinct facts, run
// in memory. Each run is an organization of its own, so that nothing is emptied and nobody else's rows count.
import { evaluate, LOG_COLUMNS, type LogRecord } from '@insp/dataflow';
import type { Fact, ShowId } from '@insp/protocol';
import { eventDefinitions } from '@insp/protocol/schemas';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { createEventBus } from '../../kernel/event-bus.ts';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { systemRandom } from '../../kernel/random.ts';
import { type Capture, createCapture, newFact } from '../capture/index.ts';
import { factToLogRow } from '../capture/log-row.ts';
import { createAggregates } from './aggregates.ts';
import { AGGREGATES } from './definitions.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.database.query('CREATE TABLE told (id text PRIMARY KEY)');
});
afterAll(() => db.drop());

/** Receipt stands still, so that what is derived at ingest is the same whichever delivery of a fact is the first. */
const NOW_MS = systemClock.nowMs();
const clock: Clock = { ...systemClock, nowMs: () => NOW_MS };
const ids = createIds(clock, systemRandom);
const make = newFact(ids, clock);
const HOUR_MS = 3_600_000;
const hex = (n: number) => n.toString(16).padStart(32, '0');

/** What differs between facts; ids and the organization are given when a run begins. */
type Draft = {
  kind: keyof typeof MAKERS;
  show: number;
  ageMs: number;
  viewer: number | null;
  product: number | null;
  highlight: number | null;
  order: number;
  currency: 'EUR' | 'USD';
  amountMinor: number;
  weight: number;
  isSimulated: boolean;
};
type Base = Pick<Fact, 'orgId' | 'showId' | 'actor' | 'occurredAt' | 'isSimulated' | 'viewerId' | 'productId' | 'highlightId'>;

const MAKERS = {
  joined: (base: Base, { order }: Draft) =>
    make('realtime.viewer_joined', {
      ...base,
      kind: order % 2 === 0 ? 'direct' : 'newsletter',
      payload: { sessionId: ids.create('ses'), device: 'phone', isReturning: false },
    }),
  sampled: (base: Base, { amountMinor }: Draft) =>
    make('realtime.concurrency_sampled', { ...base, viewerId: null, amountMinor: amountMinor % 5_000, payload: {} }),
  reacted: (base: Base, { weight }: Draft) =>
    make('chat.reactions_sent', { ...base, weight, kind: 'heart', payload: { reaction: 'heart' } }),
  seen: (base: Base, { weight }: Draft) => make('product.impression', { ...base, weight, payload: {} }),
  clicked: (base: Base) => make('product.clicked', { ...base, payload: {} }),
  added: (base: Base) => make('cart.added', { ...base, payload: { sku: 'S', quantity: 2, requestId: 'r' } }),
  placed: (base: Base, { order, currency, amountMinor }: Draft) =>
    make('orders.order_placed', {
      ...base,
      amountMinor,
      payload: { orderId: `ord_${hex(order)}`, orderRef: 'A', currency, lineCount: 1 },
    }),
  sold: (base: Base, { order, currency, amountMinor, weight }: Draft) =>
    make('orders.line_sold', { ...base, amountMinor, weight, payload: { orderId: `ord_${hex(order)}`, lineId: '1', sku: 'S', currency } }),
  refunded: (base: Base, { order, currency, amountMinor }: Draft) =>
    make('orders.line_refunded', {
      ...base,
      amountMinor,
      payload: { orderId: `ord_${hex(order)}`, lineId: '1', refundRef: 'R', quantity: 1, currency },
    }),
  said: (base: Base) =>
    make('chat.message_posted', { ...base, payload: { messageId: ids.create('msg'), seq: 1, authorKind: 'viewer', length: 3 } }),
  shown: (base: Base) => make('shows.highlight_started', { ...base, payload: {} }),
  hidden: (base: Base) => make('shows.highlight_ended', { ...base, payload: { reason: '' } }),
} satisfies Record<string, (base: Base, draft: Draft) => Fact>;

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 5 });
const arbDraft: fc.Arbitrary<Draft> = fc.record({
  kind: fc.constantFrom(...(Object.keys(MAKERS) as (keyof typeof MAKERS)[])),
  show: fc.nat(1),
  ageMs: fc.oneof({ weight: 5, arbitrary: fc.nat(50_000) }, { weight: 1, arbitrary: fc.integer({ min: HOUR_MS, max: 5 * HOUR_MS }) }),
  viewer: orNull(fc.nat(3)),
  product: orNull(fc.nat(2)),
  highlight: orNull(fc.nat(1)),
  order: fc.nat(3),
  currency: fc.constantFrom('EUR', 'USD'),
  amountMinor: fc.nat(1_000_000_000),
  weight: fc.integer({ min: 1, max: 64 }),
  isSimulated: fc.boolean(),
});

/** Facts by their place among the drafts, some several times, in any order, cut into batches; after some the engine works. */
const arbDelivery = fc.array(arbDraft, { minLength: 5, maxLength: 40, size: 'max' }).chain((drafts) => {
  const places = drafts.map((_, at) => at);
  return fc.record({
    drafts: fc.constant(drafts),
    sent: fc
      .tuple(fc.shuffledSubarray(places, { minLength: places.length }), fc.array(fc.constantFrom(...places), { maxLength: 20 }))
      .chain(([once, again]) => fc.shuffledSubarray([...once, ...again], { minLength: once.length + again.length })),
    batchCounts: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 60, maxLength: 60 }),
    settles: fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
    batchMaxRows: fc.integer({ min: 1, max: 15 }),
  });
});

let runCount = 0;
function toFacts(drafts: readonly Draft[]): { facts: Fact[]; orgId: string; showIds: ShowId[] } {
  const run = ++runCount;
  const orgId = `org-${run}`;
  const showIds: ShowId[] = [`shw_${hex(run * 2)}`, `shw_${hex(run * 2 + 1)}`];
  const facts = drafts.map((draft) => {
    const named = <P extends 'vwr' | 'prd' | 'hlt'>(prefix: P, n: number | null) => (n === null ? null : (`${prefix}_${hex(n)}` as const));
    const base: Base = {
      orgId,
      showId: showIds[draft.show] ?? null,
      actor: { kind: 'system', id: null },
      occurredAt: NOW_MS - draft.ageMs,
      isSimulated: draft.isSimulated,
      viewerId: named('vwr', draft.viewer),
      productId: named('prd', draft.product),
      highlightId: named('hlt', draft.highlight),
    };
    return (MAKERS[draft.kind] as (base: Base, draft: Draft) => Fact)(base, draft);
  });
  return { facts, orgId, showIds };
}

const isEngagement = (fact: Fact) => eventDefinitions[fact.name].stream === 'engage';

/** As the product sends it: engagement by the queue, changes in their transaction with a row that tells a repeat. */
async function deliver(capture: Capture, batch: readonly Fact[]): Promise<void> {
  expect(capture.accept(batch.filter(isEngagement)).rejected).toEqual([]);
  await capture.flush();
  for (const fact of batch.filter((one) => !isEngagement(one))) {
    await capture.commit(async (tx, record) => {
      const added = await tx.query('INSERT INTO told VALUES ($1) ON CONFLICT DO NOTHING RETURNING id', [fact.id]);
      if (added.length > 0) record(fact);
    });
  }
}

const met = {
  'duplicates within a batch': 0,
  'duplicates across batches': 0,
  'late money': 0,
  'shows of two currencies': 0,
  'shared keys': 0,
  'merges in between': 0,
};

function note(facts: readonly Fact[], batches: readonly (readonly number[])[]): void {
  const seen = new Set<number>();
  for (const batch of batches) {
    met['duplicates within a batch'] += batch.length - new Set(batch).size;
    for (const at of new Set(batch)) {
      if (seen.has(at)) met['duplicates across batches'] += 1;
      seen.add(at);
    }
  }
  met['late money'] += facts.filter((fact) => !isEngagement(fact) && fact.occurredAt <= NOW_MS - HOUR_MS).length;
}

test('any split into batches, any duplication, any order gives the tables of the distinct facts', async () => {
  const capture = createCapture({ database: db.database, bus: createEventBus(silentLogger), clock, logger: silentLogger });
  await capture.start();
  await fc.assert(
    fc.asyncProperty(arbDelivery, async ({ drafts, sent, batchCounts, settles, batchMaxRows }) => {
      const { facts, orgId, showIds } = toFacts(drafts);
      const engine = createAggregates({
        database: db.database,
        clock: systemClock,
        logger: silentLogger,
        onAppended: () => () => {},
        batchMaxRows,
      });
      const left = [...sent];
      const batches: number[][] = [];
      while (left.length > 0) batches.push(left.splice(0, batchCounts[batches.length] ?? 1));
      note(facts, batches);
      for (const [at, batch] of batches.entries()) {
        await deliver(
          capture,
          batch.map((place) => facts[place] as Fact),
        );
        if (!settles[at]) continue;
        await engine.settle();
        met['merges in between'] += 1;
      }
      await engine.settle();

      const log = facts.map((fact) => factToLogRow(fact, NOW_MS) as unknown as LogRecord);
      for (const definition of AGGREGATES) {
        const expected = [...evaluate(definition, log).values()];
        const columns = await columnsOf(definition.name);
        const isOurs = columns.includes('org_id') ? 'org_id = $1' : 'show_id = ANY ($1)';
        const stored = await db.database.query(`SELECT * FROM ${definition.name} WHERE ${isOurs}`, [
          columns.includes('org_id') ? orgId : showIds,
        ]);
        if (definition.name === 'agg_show')
          met['shows of two currencies'] += stored.filter((row) => row.currency_min !== row.currency_max).length;
        met['shared keys'] += stored.filter((row) => (row.n as number) > 64).length;
        expect(sorted(stored), definition.name).toEqual(sorted(expected));
      }
    }),
    { numRuns: 25 },
  );
  await capture.stop();
  for (const [what, count] of Object.entries(met)) expect(count, what).toBeGreaterThan(5);
});

const sorted = (rows: readonly object[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();

const columnsOf = async (table: string): Promise<string[]> =>
  (
    await db.database.query<{ name: string }>('SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1', [table])
  ).map(({ name }) => name);

test('the columns an evaluator reads are those a fact is given at ingest', () => {
  const { facts } = toFacts([
    {
      kind: 'sold',
      show: 0,
      ageMs: 0,
      viewer: 1,
      product: 1,
      highlight: 1,
      order: 1,
      currency: 'EUR',
      amountMinor: 1,
      weight: 1,
      isSimulated: false,
    },
  ]);
  expect(Object.keys(factToLogRow(facts[0] as Fact, NOW_MS))).toEqual(expect.arrayContaining(Object.keys(LOG_COLUMNS)));
});
