import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AggregateDefinition, checkDefinition } from './aggregate.ts';
import { evaluate, merge } from './evaluate.ts';
import type { LogRecord } from './log-columns.ts';
import { renderPostgresBatch, renderPostgresMerge, renderPostgresTable, renderSelect } from './render-postgres.ts';

const SALES: AggregateDefinition = {
  name: 'sales_by_product',
  doc: 'One row per show and product.',
  keys: ['show_id', 'product_id'],
  where: {
    all: [
      { column: 'show_id', isSet: true },
      { column: 'product_id', isSet: true },
    ],
  },
  measures: {
    org_id: { op: 'min', column: 'org_id' },
    click_count: { op: 'sum', column: 'weight', where: { column: 'type', oneOf: [51] } },
    gmv_minor: {
      op: 'sum',
      column: 'amount_minor',
      where: {
        all: [
          { column: 'type', oneOf: [61, 62] },
          { column: 'kind', oneOf: ['first'] },
        ],
      },
    },
    simulated_count: { op: 'sum', column: 'weight', where: { column: 'is_simulated', isTrue: true } },
    last_sold_at_ms: { op: 'max', column: 'occurred_at_ms', where: { column: 'type', oneOf: [61] } },
  },
};

describe('rendering', () => {
  test('select', () => {
    expect(renderSelect(SALES, 'ev')).toMatchInlineSnapshot(`
      "SELECT show_id, product_id,
        CAST(SUM(weight) AS BIGINT) AS n,
        MIN(org_id) AS org_id,
        CAST(COALESCE(SUM(weight) FILTER (WHERE type = 51), 0) AS BIGINT) AS click_count,
        CAST(COALESCE(SUM(amount_minor) FILTER (WHERE type IN (61, 62) AND kind = 'first'), 0) AS BIGINT) AS gmv_minor,
        CAST(COALESCE(SUM(weight) FILTER (WHERE is_simulated), 0) AS BIGINT) AS simulated_count,
        MAX(occurred_at_ms) FILTER (WHERE type = 61) AS last_sold_at_ms
      FROM ev WHERE show_id IS NOT NULL AND product_id IS NOT NULL GROUP BY show_id, product_id"
    `);
  });
  test('table', () => {
    expect(renderPostgresTable(SALES)).toMatchInlineSnapshot(`
      "-- One row per show and product.
      CREATE TABLE sales_by_product (
        show_id text NOT NULL,
        product_id text NOT NULL,
        n bigint NOT NULL,
        org_id text,
        click_count bigint NOT NULL,
        gmv_minor bigint NOT NULL,
        simulated_count bigint NOT NULL,
        last_sold_at_ms bigint,
        PRIMARY KEY (show_id, product_id)
      ) WITH (fillfactor = 70);"
    `);
  });
  test('merge', () => {
    expect(renderPostgresMerge(SALES, 'b')).toMatchInlineSnapshot(`
      "INSERT INTO sales_by_product AS t (show_id, product_id, n, org_id, click_count, gmv_minor, simulated_count, last_sold_at_ms)
      SELECT show_id, product_id,
        CAST(SUM(weight) AS BIGINT) AS n,
        MIN(org_id) AS org_id,
        CAST(COALESCE(SUM(weight) FILTER (WHERE type = 51), 0) AS BIGINT) AS click_count,
        CAST(COALESCE(SUM(amount_minor) FILTER (WHERE type IN (61, 62) AND kind = 'first'), 0) AS BIGINT) AS gmv_minor,
        CAST(COALESCE(SUM(weight) FILTER (WHERE is_simulated), 0) AS BIGINT) AS simulated_count,
        MAX(occurred_at_ms) FILTER (WHERE type = 61) AS last_sold_at_ms
      FROM b WHERE show_id IS NOT NULL AND product_id IS NOT NULL GROUP BY show_id, product_id
      ON CONFLICT (show_id, product_id) DO UPDATE SET
        n = t.n + excluded.n,
        org_id = LEAST(t.org_id, excluded.org_id),
        click_count = t.click_count + excluded.click_count,
        gmv_minor = t.gmv_minor + excluded.gmv_minor,
        simulated_count = t.simulated_count + excluded.simulated_count,
        last_sold_at_ms = GREATEST(t.last_sold_at_ms, excluded.last_sold_at_ms)"
    `);
  });
  test('the whole micro-batch', () => {
    expect(renderPostgresBatch({ definitions: [SALES], touched: [SALES] })).toMatchInlineSnapshot(`
      "WITH o AS (SELECT xid, seq FROM log_cursor WHERE name = $1 AND fence = $3 FOR UPDATE),
      b AS MATERIALIZED (SELECT xid, seq, show_id, b1m, type, occurred_at_ms, org_id, product_id, kind, amount_minor, weight, is_simulated FROM ev
        WHERE (xid, seq) > ((SELECT xid FROM o), (SELECT seq FROM o)) AND xid < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY xid, seq LIMIT $2),
      m0 AS (
      INSERT INTO sales_by_product AS t (show_id, product_id, n, org_id, click_count, gmv_minor, simulated_count, last_sold_at_ms)
      SELECT show_id, product_id,
        CAST(SUM(weight) AS BIGINT) AS n,
        MIN(org_id) AS org_id,
        CAST(COALESCE(SUM(weight) FILTER (WHERE type = 51), 0) AS BIGINT) AS click_count,
        CAST(COALESCE(SUM(amount_minor) FILTER (WHERE type IN (61, 62) AND kind = 'first'), 0) AS BIGINT) AS gmv_minor,
        CAST(COALESCE(SUM(weight) FILTER (WHERE is_simulated), 0) AS BIGINT) AS simulated_count,
        MAX(occurred_at_ms) FILTER (WHERE type = 61) AS last_sold_at_ms
      FROM b WHERE show_id IS NOT NULL AND product_id IS NOT NULL GROUP BY show_id, product_id
      ON CONFLICT (show_id, product_id) DO UPDATE SET
        n = t.n + excluded.n,
        org_id = LEAST(t.org_id, excluded.org_id),
        click_count = t.click_count + excluded.click_count,
        gmv_minor = t.gmv_minor + excluded.gmv_minor,
        simulated_count = t.simulated_count + excluded.simulated_count,
        last_sold_at_ms = GREATEST(t.last_sold_at_ms, excluded.last_sold_at_ms)
      RETURNING t.show_id, t.product_id
      ),
      l AS (SELECT xid, seq FROM b ORDER BY xid DESC, seq DESC LIMIT 1),
      p AS (SELECT xid, seq FROM (SELECT xid, seq FROM l UNION ALL SELECT xid, seq FROM o) x ORDER BY xid DESC, seq DESC LIMIT 1),
      u AS (UPDATE log_cursor c SET xid = p.xid, seq = p.seq, held_until = clock_timestamp() + $4 * interval '1 ms'
        FROM p WHERE c.name = $1)
      SELECT p.xid, p.seq,
        (SELECT COUNT(*) FROM b) AS merged_count,
        EXISTS (SELECT 1 FROM ev WHERE (ev.xid, ev.seq) > (p.xid, p.seq)) AS has_more,
        (SELECT json_agg(json_build_array(show_id, b1m)) FROM (SELECT DISTINCT show_id, b1m FROM b WHERE show_id IS NOT NULL) d) AS minutes,
        (SELECT json_agg(json_build_array(show_id, product_id)) FROM m0) AS touched_0
      FROM p"
    `);
  });
});

describe('what no engine could run is refused', () => {
  const cases: [string, Partial<AggregateDefinition>, string][] = [
    ['a reserved table name', { name: 'user' }, 'not a portable name'],
    ['a name that needs quotes', { name: 'Sales' }, 'not a portable name'],
    ['no key', { keys: [] }, 'has no key'],
    ['a key twice', { keys: ['show_id', 'show_id'] }, 'repeats a key'],
    ['a key that may be null', { keys: ['show_id', 'viewer_id'] }, 'key viewer_id may be null'],
    ['a reserved measure name', { measures: { timestamp: { op: 'max', column: 'occurred_at_ms' } } }, 'not a portable name'],
    ['a measure named like the growth guard', { measures: { n: { op: 'sum', column: 'weight' } } }, 'measure n is taken'],
    ['a measure named like a key', { measures: { show_id: { op: 'min', column: 'show_id' } } }, 'measure show_id is taken'],
    ['the greatest boolean', { measures: { x: { op: 'max', column: 'is_simulated' } } }, 'max of a boolean'],
    ['one of nothing', { keys: ['org_id'], where: { column: 'show_id', oneOf: [] } }, 'one of nothing'],
    ['an empty conjunction', { keys: ['org_id'], where: { all: [] } }, 'an empty conjunction'],
    [
      'a literal that could close its quote',
      { measures: { x: { op: 'sum', column: 'weight', where: { column: 'kind', oneOf: ["a' OR 1"] } } } },
      'cannot be',
    ],
    [
      'text where a number belongs',
      { measures: { x: { op: 'sum', column: 'weight', where: { column: 'type', oneOf: ['1'] } } } },
      'cannot be',
    ],
    ['a fraction', { measures: { x: { op: 'sum', column: 'weight', where: { column: 'type', oneOf: [1.5] } } } }, 'cannot be'],
    [
      'a truth that is none',
      { measures: { x: { op: 'sum', column: 'weight', where: { column: 'kind', isTrue: true } } } },
      'is no boolean',
    ],
  ];
  test.each(cases)('%s', (_, change, message) => {
    expect(() => checkDefinition({ ...SALES, ...change })).toThrow(message);
  });
  test('the sample itself passes', () => {
    expect(() => checkDefinition(SALES)).not.toThrow();
  });
});

const arbRow: fc.Arbitrary<LogRecord> = fc.record({
  stream: fc.constant('engage'),
  type: fc.constantFrom(51, 61, 62, 70),
  occurred_at_ms: fc.nat(1_000_000),
  received_at_ms: fc.constant(0),
  b10s: fc.nat(9),
  b1m: fc.nat(3),
  org_id: fc.constant('org'),
  show_id: fc.constantFrom('shw_a', 'shw_b', null),
  viewer_id: fc.constantFrom('vwr_a', null),
  product_id: fc.constantFrom('prd_a', 'prd_b', null),
  highlight_id: fc.constant(null),
  subject_id: fc.constant(null),
  kind: fc.constantFrom('first', 'more', null),
  currency: fc.constant('EUR'),
  amount_minor: fc.integer({ min: -5_000, max: 5_000 }),
  weight: fc.integer({ min: 1, max: 8 }),
  is_simulated: fc.boolean(),
  hb: fc.constant(null),
  hr: fc.constant(null),
});

test('random splits, merged in any order, equal the whole', () => {
  let mergedRows = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(arbRow, fc.nat(3)), { maxLength: 60 }),
      fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
      (rows, order) => {
        const whole = evaluate(
          SALES,
          rows.map(([row]) => row),
        );
        const parts = order.map((part) =>
          evaluate(
            SALES,
            rows.filter(([, at]) => at === part).map(([row]) => row),
          ),
        );
        const merged = parts.reduce((left, right) => merge(SALES, left, right), evaluate(SALES, []));
        mergedRows += merged.size;
        expect(new Map([...merged].sort())).toEqual(new Map([...whole].sort()));
      },
    ),
  );
  expect(mergedRows).toBeGreaterThan(0);
});
