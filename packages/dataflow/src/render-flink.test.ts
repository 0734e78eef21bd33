import { describe, expect, test } from 'vitest';
import type { AggregateDefinition } from './aggregate.ts';
import { checkPortable, FLINK_COLUMNS } from './portability.ts';
import { isPortableName } from './portable-names.ts';
import { renderFlinkInsert, renderFlinkJob, renderFlinkSink, renderFlinkSource, streamsOf } from './render-flink.ts';

const MINUTE: AggregateDefinition = {
  name: 'sales_by_minute',
  doc: 'A minute of a show.',
  keys: ['show_id', 'b1m'],
  where: {
    all: [
      { column: 'show_id', isSet: true },
      { column: 'type', oneOf: [61, 50] },
    ],
  },
  measures: {
    org_id: { op: 'min', column: 'org_id' },
    gmv_minor: { op: 'sum', column: 'amount_minor', where: { column: 'type', oneOf: [61] } },
    simulated_count: { op: 'sum', column: 'weight', where: { column: 'is_simulated', isTrue: true } },
  },
};
const SHOW: AggregateDefinition = { ...MINUTE, name: 'sales_by_show', keys: ['show_id'], where: { column: 'show_id', isSet: true } };
const JOB = {
  definitions: [MINUTE, SHOW],
  streams: ['money', 'engage', 'chat'],
  streamOfType: (code: number) => (code >= 60 ? 'money' : 'engage'),
};

describe('rendering', () => {
  test('a sink is keyed by the group and never enforces it', () => {
    expect(renderFlinkSink(MINUTE)).toMatchInlineSnapshot(`
      "-- A minute of a show.
      CREATE TABLE sales_by_minute (
        show_id STRING,
        b1m INT,
        n BIGINT,
        org_id STRING,
        gmv_minor BIGINT,
        simulated_count BIGINT,
        PRIMARY KEY (show_id, b1m) NOT ENFORCED
      ) WITH (
        'connector' = 'jdbc',
        'url' = 'jdbc:postgresql://\${DB}?reWriteBatchedInserts=true',
        'username' = '\${DB_USER}',
        'password' = '\${DB_PASSWORD}',
        'table-name' = 'flink_sales_by_minute',
        'sink.buffer-flush.max-rows' = '2000',
        'sink.buffer-flush.interval' = '1s',
        'sink.max-retries' = '10'
      );"
    `);
  });
  test('an insert reads the one stream or the union it needs, and keeps state as long as its key lives', () => {
    expect(renderFlinkInsert(MINUTE, 'ev_money_engage')).toMatchInlineSnapshot(`
      "INSERT INTO sales_by_minute
      SELECT show_id, b1m,
        CAST(SUM(weight) AS BIGINT) AS n,
        MIN(org_id) AS org_id,
        CAST(COALESCE(SUM(amount_minor) FILTER (WHERE type = 61), 0) AS BIGINT) AS gmv_minor,
        CAST(COALESCE(SUM(weight) FILTER (WHERE is_simulated), 0) AS BIGINT) AS simulated_count
      FROM ev_money_engage WHERE show_id IS NOT NULL AND type IN (61, 50) GROUP BY show_id, b1m;"
    `);
    expect(renderFlinkInsert(SHOW, 'ev_money_engage_chat')).toContain("SELECT /*+ STATE_TTL('ev_money_engage_chat' = '400 d') */ show_id,");
  });
  test('only streams that can hold the wanted types are read', () => {
    expect(streamsOf(MINUTE, JOB)).toEqual(['money', 'engage']);
    expect(streamsOf({ ...MINUTE, where: { column: 'type', oneOf: [61] } }, JOB)).toEqual(['money']);
    expect(streamsOf(SHOW, JOB)).toEqual(['money', 'engage', 'chat']);
  });
  test('a source has every column aggregates may use, but for the stream it is itself', () => {
    const source = renderFlinkSource('engage');
    for (const name of FLINK_COLUMNS) expect(source).toMatch(new RegExp(`^  ${name} (BIGINT|INT|SMALLINT|STRING|BOOLEAN)`, 'm'));
    expect(source).not.toMatch(/^ {2}stream /m);
  });
  test('a job is one statement set with one insert for each definition, and nothing is quoted', () => {
    const job = renderFlinkJob(JOB);
    expect(job.match(/EXECUTE STATEMENT SET BEGIN/g)).toHaveLength(1);
    expect(job.match(/^INSERT INTO /gm)).toHaveLength(2);
    expect(job.match(/^CREATE TEMPORARY VIEW /gm)).toHaveLength(2);
    expect(job).not.toMatch(/["`]/);
  });
});

describe('what Flink would refuse, or count differently, is refused', () => {
  const cases: [string, Partial<AggregateDefinition>, string][] = [
    ['a table named by a word only Flink reserves', { name: 'measures' }, 'measures is reserved'],
    ['a measure named by a word only Postgres reserves', { measures: { verbose: { op: 'sum', column: 'weight' } } }, 'verbose is reserved'],
    ['a key that no Flink table has', { keys: ['show_id', 'stream'] }, 'stream is no column on Flink'],
    [
      'a condition on it',
      {
        where: {
          all: [
            { column: 'show_id', isSet: true },
            { column: 'stream', oneOf: ['money'] },
          ],
        },
      },
      'stream is no column',
    ],
    [
      'a filter on it',
      { measures: { x: { op: 'sum', column: 'weight', where: { column: 'stream', oneOf: ['money'] } } } },
      'stream is no column',
    ],
    ['the least of free text', { measures: { x: { op: 'min', column: 'kind' } } }, 'text sorts by collation'],
    ['the greatest of free text', { measures: { x: { op: 'max', column: 'kind' } } }, 'text sorts by collation'],
    ['what no engine could run', { keys: [] }, 'has no key'],
  ];
  test.each(cases)('%s', (_, change, message) => {
    expect(() => checkPortable({ ...MINUTE, ...change })).toThrow(message);
    expect(() => renderFlinkSink({ ...MINUTE, ...change })).toThrow(message);
  });
  test('the sample itself passes', () => expect(() => checkPortable(MINUTE)).not.toThrow());
  test.each(['value', 'timestamp', 'user', 'percent', 'stream', 'Sales', '1st', 'a-b', '', 'x'.repeat(64)])(
    '%j is no portable name',
    (name) => expect(isPortableName(name)).toBe(false),
  );
});
