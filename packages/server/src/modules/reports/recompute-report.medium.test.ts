// The report against a recount that shares no code with it: a show of facts of every kind, late, twice, refunded, in two
// currencies; its export; and the script in examples/recompute-report, run as people run it.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fact, ShowId, ShowReport } from '@insp/protocol';
import { eventDefinitions } from '@insp/protocol/schemas';
import { createFakeClock, createSeededRandom } from '@insp/test-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EVENT_NAMES, randomFact } from '../../../test-support/random-facts.ts';
import { createTestApp, type TestApp } from '../../../test-support/test-app.ts';
import type { TestPerson } from '../../../test-support/test-server.ts';
import { createEventBus } from '../../kernel/event-bus.ts';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { type Database, openDatabase } from '../../platform/postgres/database.ts';
import { createCapture } from '../capture/capture.ts';

const SCRIPT = createRequire(import.meta.url).resolve('@insp/recompute-report');
const FACTS = 6_000;
const HOUR_MS = 3_600_000;
const NOW_MS = 1_790_000_000_000;

let app: TestApp;
let owner: TestPerson;
let database: Database;
let folder: string;
beforeAll(async () => {
  app = await createTestApp();
  owner = await app.owner('Recount');
  database = openDatabase({ url: app.databaseUrl, maxConnections: 4 });
  folder = await mkdtemp(join(tmpdir(), 'insp-recount-'));
});
afterAll(async () => {
  await database.close();
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

/** A show with `count` random facts: engagement is sent twice, a tenth of the money is told five hours late. */
async function createShow(seed: number, currencies: readonly string[], count = FACTS): Promise<ShowId> {
  const show = (await owner.post('/v1/shows', { title: 'Recount' })).json();
  const random = createSeededRandom(seed);
  const clock = createFakeClock(NOW_MS);
  const ids = createIds(clock, random);
  const capture = createCapture({ database, bus: createEventBus(silentLogger), clock, logger: silentLogger });
  const world = { orgId: owner.orgId, showId: show.id, fromMs: NOW_MS, spanMs: 120 * 60_000, viewerCount: 120, currencies };
  const facts = Array.from({ length: count }, () => randomFact(random, world, ids.create('evt')));
  const seen = new Set(facts.map(({ name }) => name));
  expect(EVENT_NAMES.filter((name) => !seen.has(name))).toEqual([]);
  const isEngagement = ({ name }: Fact) => eventDefinitions[name].stream === 'engage';
  const inTime = facts.toSorted((left, right) => left.occurredAt - right.occurredAt);
  for (let at = 0; at < inTime.length; at += 500) {
    const batch = inTime.slice(at, at + 500);
    clock.advance(Math.max(0, (batch.at(-1)?.occurredAt ?? 0) - clock.nowMs()));
    const counted = batch.filter(isEngagement);
    expect(capture.accept([...counted, ...counted.slice(0, 50)]).rejected).toEqual([]);
    await capture.commit(async (_tx, record) => {
      for (const fact of batch) if (!isEngagement(fact) && random.int(10) > 0) record(fact);
    });
    await capture.flush();
    expect(capture.accept(counted).rejected).toEqual([]);
    await capture.flush();
  }
  clock.advance(5 * HOUR_MS);
  const stored = new Set((await database.query<{ id: string }>('SELECT id FROM ev WHERE show_id = $1', [show.id])).map(({ id }) => id));
  const late = facts.filter((fact) => !isEngagement(fact) && !stored.has(fact.id));
  expect(late.length).toBeGreaterThan(count / 100);
  await capture.commit(async (_tx, record) => {
    for (const fact of late) record(fact);
  });
  expect(capture.stats().duplicateCount).toBeGreaterThan(count / 4);
  return show.id;
}

type Run = { code: number; text: string };
const run = (...args: string[]) =>
  new Promise<Run>((done) => {
    execFile(process.execPath, [SCRIPT, ...args], (failure, stdout, stderr) => {
      done({ code: failure === null ? 0 : Number(failure.code), text: `${stdout}${stderr}` });
    });
  });

async function take(showId: ShowId): Promise<{ report: ShowReport; lines: string[] }> {
  const report = (await owner.get(`/v1/shows/${showId}/report`)).json();
  const lines = (await owner.get(`/v1/shows/${showId}/events.ndjson`)).body.trimEnd().split('\n');
  return { report, lines };
}
async function compare(name: string, lines: readonly string[], report: ShowReport): Promise<Run> {
  const [events, reported] = [join(folder, `${name}.ndjson`), join(folder, `${name}.json`)];
  await writeFile(events, `${lines.join('\n')}\n`);
  await writeFile(reported, JSON.stringify(report));
  return run(events, '--compare', reported);
}

describe.each([
  ['one currency', 11, ['EUR']],
  ['two currencies', 12, ['EUR', 'USD']],
] as const)('a show in %s', (name, seed, currencies) => {
  let taken: Awaited<ReturnType<typeof take>>;
  beforeAll(async () => {
    taken = await take(await createShow(seed, currencies));
  });

  test('the recount equals the report to the unit', async () => {
    const { totals, minutes, products, highlights } = taken.report.kpis;
    expect(await compare(name, taken.lines, taken.report)).toEqual({
      code: 0,
      text: 'Every figure of the report follows from the export.\n',
    });
    // And it was about something.
    for (const [key, value] of Object.entries(totals)) {
      if (typeof value === 'number' && key !== 'watchingCount') expect([key, value > 0]).toEqual([key, true]);
    }
    expect([minutes.length >= 120, products.length, highlights.length, totals.currency]).toEqual([
      true,
      7,
      9,
      currencies.length === 1 ? 'EUR' : null,
    ]);
  });

  test('every metric and every phase of the show took part in that', () => {
    const { metrics = [], phases = [] } = taken.report;
    const valueless = metrics.filter(({ value }) => value === null).map(({ name: metric }) => metric);
    // Nobody ordered at this shop outside the show; and two currencies make no sum of money.
    expect(valueless).toEqual(currencies.length === 1 ? ['coverage'] : ['directGmv', 'net', 'aov', 'gpm', 'coverage']);
    expect(phases.map(({ phase, watchedMs }) => [phase, watchedMs > 0])).toEqual(
      ['pre_live', 'live', 'replay'].map((phase) => [phase, true]),
    );
  });

  test('one cent, one event more or one less is seen', async () => {
    const at = taken.lines.findIndex((line) => line.includes('"orders.line_sold"'));
    const sold = JSON.parse(taken.lines[at] ?? '');
    const dearer = taken.lines.with(at, JSON.stringify({ ...sold, amountMinor: sold.amountMinor + 1 }));
    const cent = await compare(`${name}-cent`, dearer, taken.report);
    expect(cent.code).toBe(1);
    expect(cent.text).toMatch(
      new RegExp(`totals\\.gmvMinor +${taken.report.kpis.totals.gmvMinor! + 1} +${taken.report.kpis.totals.gmvMinor}`),
    );
    const trailer = JSON.parse(taken.lines.at(-1) ?? '');
    const without = taken.lines.toSpliced(at, 1).with(-1, JSON.stringify({ ...trailer, eventCount: trailer.eventCount - 1 }));
    expect(await compare(`${name}-less`, without, taken.report)).toMatchObject({
      code: 1,
      text: expect.stringContaining('totals.unitCount'),
    });
    const joined = taken.lines
      .map((line) => JSON.parse(line))
      .filter(({ name: event, viewerId }) => event === 'realtime.viewer_joined' && viewerId !== null);
    const sessions = new Set(joined.map(({ payload }) => payload.sessionId));
    const leftAt = taken.lines.findIndex(
      (line) => line.includes('"realtime.viewer_left"') && sessions.has(JSON.parse(line).payload.sessionId),
    );
    const left = JSON.parse(taken.lines[leftAt] ?? '');
    const longer = taken.lines.with(leftAt, JSON.stringify({ ...left, amountMinor: left.amountMinor + 1 }));
    expect(await compare(`${name}-longer`, longer, taken.report)).toMatchObject({
      code: 1,
      text: expect.stringMatching(/phases\[\w+\]\.watchedMs/),
    });
    const click = taken.lines.find((line) => line.includes('"product.clicked"')) ?? '';
    const more = taken.lines.toSpliced(1, 0, click).with(-1, JSON.stringify({ ...trailer, eventCount: trailer.eventCount + 1 }));
    expect(await compare(`${name}-more`, more, taken.report)).toMatchObject({
      code: 1,
      text: expect.stringContaining('productClickCount'),
    });
  });

  test('a torn export is no export', async () => {
    expect(await compare(`${name}-torn`, taken.lines.slice(0, -1), taken.report)).toMatchObject({
      code: 2,
      text: expect.stringContaining('cut off'),
    });
    expect(await compare(`${name}-hole`, taken.lines.toSpliced(9, 1), taken.report)).toMatchObject({
      code: 2,
      text: expect.stringMatching(/promises \d+ events and has \d+/),
    });
    expect(await run(join(folder, 'one currency.ndjson'), '--compare')).toMatchObject({ code: 2 });
  });
});
