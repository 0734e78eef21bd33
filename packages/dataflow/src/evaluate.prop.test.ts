// Any split into batches, any duplication, any order: the same tables. Held for an aggregate of every operation, by
// random logs; and each property says how often it met the cases it is there for, so that a generator that got lazy
// is found out.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AggregateDefinition, Measure, Predicate } from './aggregate.ts';
import { minuteBucket, tenSecondBucket } from './buckets.ts';
import { type AggregateState, evaluate, merge } from './evaluate.ts';
import type { LogRecord } from './log-columns.ts';

const set = (...columns: ('show_id' | 'product_id' | 'viewer_id' | 'subject_id' | 'hb')[]): Predicate => ({
  all: columns.map((column) => ({ column, isSet: true }) as const),
});
const sold: Predicate = { column: 'type', oneOf: [61] };
const measures: Record<string, Measure> = {
  org_id: { op: 'min', column: 'org_id' },
  unit_count: { op: 'sum', column: 'weight', where: sold },
  gmv_minor: { op: 'sum', column: 'amount_minor', where: { all: [sold, { column: 'currency', oneOf: ['EUR', 'USD'] }] } },
  currency_min: { op: 'min', column: 'currency', where: sold },
  currency_max: { op: 'max', column: 'currency', where: sold },
  first_at_ms: { op: 'min', column: 'occurred_at_ms' },
  last_sold_at_ms: { op: 'max', column: 'occurred_at_ms', where: sold },
  simulated_count: { op: 'sum', column: 'weight', where: { column: 'is_simulated', isTrue: true } },
};
const DEFINITIONS: readonly AggregateDefinition[] = [
  { name: 'by_show', doc: 'One key.', keys: ['show_id'], where: set('show_id'), measures },
  { name: 'by_minute', doc: 'A time bucket.', keys: ['show_id', 'b1m'], where: set('show_id'), measures },
  { name: 'by_ten_seconds', doc: 'The smaller bucket.', keys: ['show_id', 'b10s'], where: set('show_id'), measures: {} },
  { name: 'by_product', doc: 'Keys that may be missing.', keys: ['show_id', 'product_id'], where: set('show_id', 'product_id'), measures },
  {
    name: 'by_viewer',
    doc: 'Across shows.',
    keys: ['org_id', 'viewer_id'],
    where: set('viewer_id'),
    measures: { ...measures, org_id: { op: 'max', column: 'show_id' } },
  },
  {
    name: 'uniques',
    doc: 'A sketch.',
    keys: ['show_id', 'hb'],
    where: set('show_id', 'hb'),
    measures: { hr: { op: 'max', column: 'hr' } },
  },
];
// A measure may not be named like a key.
for (const definition of DEFINITIONS)
  if ((definition.keys as readonly string[]).includes('org_id')) delete (definition.measures as Record<string, Measure>).org_id;

type Event = { readonly id: number; readonly row: LogRecord };
const NOON_MS = 1_760_000_040_000;
const HOUR_MS = 3_600_000;

const arbEvent: fc.Arbitrary<Event> = fc
  .record({
    id: fc.nat(1_000_000),
    type: fc.constantFrom(10, 51, 61, 61, 62),
    // One in eight is hours late.
    occurred_at_ms: fc.oneof(
      { weight: 7, arbitrary: fc.integer({ min: NOON_MS, max: NOON_MS + 180_000 }) },
      { weight: 1, arbitrary: fc.integer({ min: NOON_MS - 5 * HOUR_MS, max: NOON_MS - HOUR_MS }) },
    ),
    show_id: fc.constantFrom('shw_a', 'shw_b', null),
    viewer_id: fc.constantFrom('vwr_a', 'vwr_b', 'vwr_c', null),
    product_id: fc.constantFrom('prd_a', 'prd_b', null),
    subject_id: fc.constantFrom('ord_a', 'ord_b', null),
    currency: fc.constantFrom('EUR', 'USD', 'USD', null),
    amount_minor: fc.integer({ min: 0, max: 1_000_000_000_000 }),
    weight: fc.integer({ min: 1, max: 64 }),
    is_simulated: fc.boolean(),
    hb: fc.constantFrom(1, 2, null),
    hr: fc.integer({ min: 1, max: 54 }),
  })
  .map(({ id, ...row }) => ({
    id,
    row: {
      ...row,
      stream: 'engage',
      received_at_ms: NOON_MS + 180_000,
      b10s: tenSecondBucket(row.occurred_at_ms),
      b1m: minuteBucket(row.occurred_at_ms),
      org_id: 'org',
      highlight_id: null,
      kind: null,
      hr: row.hb === null ? null : row.hr,
    },
  }));

/** Distinct events, and a delivery of them: cut into batches, some events several times, in any order. */
const arbDelivery = fc.uniqueArray(arbEvent, { selector: ({ id }) => id, maxLength: 50, size: '+1' }).chain((events) =>
  fc.record({
    events: fc.constant(events),
    batches: fc
      .tuple(
        fc.shuffledSubarray(events, { minLength: events.length }),
        events.length === 0 ? fc.constant([]) : fc.array(fc.constantFrom(...events), { maxLength: 20 }),
        fc.array(fc.nat(9), { minLength: 70, maxLength: 70 }),
        fc.array(fc.nat(1_000), { minLength: 70, maxLength: 70 }),
      )
      .map(([once, again, batchOf, place]) => {
        const sent = [...once, ...again].map((event, at) => ({ event, batch: batchOf[at] ?? 0, place: place[at] ?? 0 }));
        return Array.from({ length: 10 }, (_, batch) =>
          sent
            .filter((one) => one.batch === batch)
            .sort((left, right) => left.place - right.place)
            .map(({ event }) => event),
        );
      }),
  }),
);

const met = {
  'keys hit by several batches': 0,
  'duplicates within a batch': 0,
  'duplicates across batches': 0,
  'late events behind others': 0,
  'keys with two currencies': 0,
  'empty batches': 0,
  'events no key fits': 0,
  'MIN or MAX of nothing': 0,
};

/** The log keeps the first of an id: what an engine reads of a delivery, batch by batch. */
function deduplicate(batches: readonly (readonly Event[])[]): Event[][] {
  const seenIn = new Map<number, number>();
  let newestMs = 0;
  return batches.map((batch, at) => {
    if (batch.length === 0) met['empty batches'] += 1;
    const fresh = batch.filter(({ id }) => {
      const before = seenIn.get(id);
      if (before !== undefined) met[before === at ? 'duplicates within a batch' : 'duplicates across batches'] += 1;
      else seenIn.set(id, at);
      return before === undefined;
    });
    for (const { row } of fresh) {
      const occurredAtMs = row.occurred_at_ms as number;
      if (occurredAtMs < newestMs - HOUR_MS / 2) met['late events behind others'] += 1;
      newestMs = Math.max(newestMs, occurredAtMs);
    }
    return fresh;
  });
}

const rowsOf = (events: readonly Event[]) => events.map(({ row }) => row);
const inOrder = (state: AggregateState) => new Map([...state].sort(([left], [right]) => (left < right ? -1 : 1)));
const empty: AggregateState = new Map();

function note(definition: AggregateDefinition, parts: readonly AggregateState[], whole: AggregateState, events: readonly Event[]): void {
  for (const [key, row] of whole) {
    if (parts.filter((part) => part.has(key)).length > 1) met['keys hit by several batches'] += 1;
    if (row.currency_min !== row.currency_max) met['keys with two currencies'] += 1;
    if (row.last_sold_at_ms === null) met['MIN or MAX of nothing'] += 1;
  }
  if (definition.name === 'by_show') met['events no key fits'] += events.filter(({ row }) => row.show_id === null).length;
}

test('any split, any duplication, any order gives the tables of the distinct events', () => {
  fc.assert(
    fc.property(arbDelivery, ({ events, batches }) => {
      const fresh = deduplicate(batches);
      for (const definition of DEFINITIONS) {
        const whole = evaluate(definition, rowsOf(events));
        const parts = fresh.map((batch) => evaluate(definition, rowsOf(batch)));
        note(definition, parts, whole, events);
        expect(inOrder(parts.reduce((left, right) => merge(definition, left, right), empty))).toEqual(inOrder(whole));
        // Batches merged in a tree, from the other end: engines that share the work.
        const tree = (states: readonly AggregateState[]): AggregateState => {
          if (states.length < 2) return states[0] ?? empty;
          const middle = states.length >> 1;
          return merge(definition, tree(states.slice(middle)), tree(states.slice(0, middle)));
        };
        expect(inOrder(tree(parts))).toEqual(inOrder(whole));
      }
    }),
    { numRuns: 300 },
  );
  for (const [what, count] of Object.entries(met)) expect(count, what).toBeGreaterThan(10);
});

test('merging changes neither of its sides, and nothing is its neutral element', () => {
  fc.assert(
    fc.property(fc.array(arbEvent, { maxLength: 20 }), fc.array(arbEvent, { maxLength: 20 }), (left, right) => {
      for (const definition of DEFINITIONS) {
        const [a, b] = [evaluate(definition, rowsOf(left)), evaluate(definition, rowsOf(right))];
        const before = [structuredClone(a), structuredClone(b)];
        merge(definition, a, b);
        expect([a, b]).toEqual(before);
        expect(merge(definition, a, empty)).toEqual(a);
        expect(merge(definition, empty, a)).toEqual(a);
      }
    }),
  );
});

test('without deduplication the tables differ: the property can fail', () => {
  const run = () =>
    fc.assert(
      fc.property(arbDelivery, ({ events, batches }) => {
        for (const definition of DEFINITIONS) {
          const parts = batches.map((batch) => evaluate(definition, rowsOf(batch)));
          const merged = parts.reduce((left, right) => merge(definition, left, right), empty);
          expect(inOrder(merged)).toEqual(inOrder(evaluate(definition, rowsOf(events))));
        }
      }),
    );
  expect(run).toThrow();
});
