// The service: it looks every second, tells at once, and writes what it told as soon as the log can be written.
import type { Fact, PressureStatus } from '@insp/protocol';
import { createFakeClock, createSeededRandom, settlePromises } from '@insp/test-kit';
import { describe, expect, test } from 'vitest';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import type { Sql } from '../../platform/postgres/database.ts';
import { newFact } from '../capture/new-fact.ts';
import { ENGAGEMENT_STOPS_AT_RATIO, MONEY_ONLY_AT_RATIO, nextDiskMode, PLENTY_FREE_BYTES } from './disk-guard.ts';
import type { MachineReading } from './machine-signals.node.ts';
import { createPressure, PENDING_CHANGES_MAX } from './pressure.ts';
import { SHED_RULES } from './shed-level.ts';
import { hex } from './test-support/traffic.ts';
import { DEFAULT_THRESHOLDS, documentThresholds, parseThresholds, SIGNAL_NAMES } from './thresholds.ts';

const shows = [
  { showId: `shw_${hex(1)}` as const, orgId: 'org1' },
  { showId: `shw_${hex(2)}` as const, orgId: 'org2' },
];

function createFixture(more: Partial<Parameters<typeof createPressure>[0]> = {}) {
  const clock = createFakeClock();
  const ids = createIds(clock, createSeededRandom(1));
  const written: Fact[] = [];
  const rows: unknown[] = [];
  const told: PressureStatus[] = [];
  const world = {
    queue: { oldestQueuedAgeMs: 0, queueFillRatio: 0, appendP99Ms: 0 },
    machine: { loopLagMs: 0, memoryUsedRatio: 0.1, disk: null } as MachineReading,
    isDatabaseAway: false,
  };
  const tx: Sql = {
    async query(_text, params) {
      rows.push(...JSON.parse(String(params?.[0])));
      return [];
    },
  };
  const pressure = createPressure({
    ...{ sql: tx, clock, logger: silentLogger, salt: 1, forcedLevel: null, newFact: newFact(ids, clock) },
    ports: {
      recorder: {
        async commit(work) {
          if (world.isDatabaseAway) throw new Error('away');
          const facts: Fact[] = [];
          const result = await work(tx, (fact) => facts.push(fact));
          written.push(...facts);
          return result;
        },
      },
      queue: () => world.queue,
      socketBufferedBytes: () => 0,
      machine: () => world.machine,
      liveShows: async () => shows,
    },
    ...more,
  });
  pressure.onChanged((status) => told.push(status));
  return { clock, pressure, written, rows, told, world };
}

const levelsOf = (facts: readonly Fact[]) =>
  facts.map((fact) => (fact.name === 'pressure.level_changed' ? [fact.showId, fact.payload.to] : []));

test('[P7] a change is told at once and written for every open show, with its row, in one transaction', async () => {
  const { clock, pressure, written, rows, told, world } = createFixture();
  await pressure.start();
  world.queue = { oldestQueuedAgeMs: 5_000, queueFillRatio: 0, appendP99Ms: 0 };
  await clock.advanceAsync(1_000);
  expect(told).toMatchObject([{ level: 2, cause: 'queueAgeMs', isForced: false, sinceMs: clock.nowMs() }]);
  expect(levelsOf(written)).toEqual(shows.map(({ showId }) => [showId, 2]));
  expect(written).toMatchObject([{ orgId: 'org1', kind: 'queueAgeMs', occurredAt: clock.nowMs() }, { orgId: 'org2' }]);
  expect(rows).toMatchObject([{ show_id: shows[0]?.showId, level: 2, event_id: written[0]?.id }, {}]);
  expect(pressure.effects().reactionsEveryMs).toBe(1_000);

  world.queue = { oldestQueuedAgeMs: 0, queueFillRatio: 0, appendP99Ms: 0 };
  await clock.advanceAsync(60_000);
  expect(told.map(({ level }) => level)).toEqual([2, 1, 0]);
  expect(written.at(-1)).toMatchObject({ payload: { from: 1, to: 0 } });
  await pressure.stop();
  expect(clock.timerCount).toBe(0);
});

test('[P7] a database that is away holds up nothing: the level acts, and the change is written when it is back', async () => {
  const { clock, pressure, written, told, world } = createFixture();
  await pressure.start();
  world.isDatabaseAway = true;
  world.queue = { oldestQueuedAgeMs: 2_000, queueFillRatio: 0, appendP99Ms: 0 };
  await clock.advanceAsync(3_000);
  world.queue = { oldestQueuedAgeMs: 9_000, queueFillRatio: 0, appendP99Ms: 0 };
  await clock.advanceAsync(3_000);
  expect([pressure.level(), written.length, pressure.stats().pendingChangeCount]).toEqual([3, 0, 2]);
  world.isDatabaseAway = false;
  await clock.advanceAsync(1_000);
  expect(written.map((fact) => fact.payload)).toMatchObject([{ to: 1 }, { to: 1 }, { from: 1, to: 3 }, { to: 3 }]);
  expect(told).toHaveLength(2);
  expect(pressure.stats().pendingChangeCount).toBe(0);
});

test('[P7] a show that opens while the level is raised learns of it; at level 0 there is nothing to learn', async () => {
  const { clock, pressure, written, world } = createFixture();
  await pressure.start();
  pressure.showWentLive(`shw_${hex(2)}`);
  await settlePromises();
  expect(written).toEqual([]);
  world.queue = { oldestQueuedAgeMs: 2_000, queueFillRatio: 0, appendP99Ms: 0 };
  await clock.advanceAsync(1_000);
  written.length = 0;
  pressure.showWentLive(`shw_${hex(2)}`);
  await settlePromises();
  expect(levelsOf(written)).toEqual([[`shw_${hex(2)}`, 1]]);
});

test('[P9] changes that cannot be written are bounded: the oldest is forgotten and counted', async () => {
  const { pressure, world } = createFixture({ forcedLevel: 1 });
  world.isDatabaseAway = true;
  await pressure.start();
  for (let n = 0; n < PENDING_CHANGES_MAX; n += 1) pressure.showWentLive(`shw_${hex(1)}`);
  await settlePromises();
  expect(pressure.stats()).toMatchObject({ pendingChangeCount: PENDING_CHANGES_MAX, forgottenChangeCount: 1 });
});

test('[P8] a forced level is held whatever is measured, says so, and is written as forced', async () => {
  const { clock, pressure, written, world } = createFixture({ forcedLevel: 3 });
  world.queue = { oldestQueuedAgeMs: 60_000, queueFillRatio: 1, appendP99Ms: 9_000 };
  await pressure.start();
  await clock.advanceAsync(5_000);
  expect(pressure.status()).toMatchObject({ level: 3, isForced: true, cause: null });
  expect(written).toMatchObject([{ kind: 'forced', payload: { from: 0, to: 3, isForced: true } }, {}]);
  expect(pressure.signals().queueAgeMs).toBe(60_000);
});

test('other rules are taken', async () => {
  const { clock, pressure, world } = createFixture({ rules: { ...SHED_RULES, thresholds: parseThresholds('loopLagMs=10/20/30/40') } });
  await pressure.start();
  world.machine = { ...world.machine, loopLagMs: 25 };
  await clock.advanceAsync(1_000);
  expect(pressure.level()).toBe(2);
});

describe('the disk', () => {
  const full = (usedRatio: number) => ({ usedRatio, freeBytes: 1024 ** 3 });

  test('[P10] engagement stops at 90 %, chat at 95 %; money goes on; both come back below', async () => {
    const { clock, pressure, told, world } = createFixture();
    await pressure.start();
    const fact = { name: 'cart.added' } as Fact;
    const at = async (usedRatio: number) => {
      world.machine = { ...world.machine, disk: full(usedRatio) };
      await clock.advanceAsync(1_000);
      const [engagement, chat] = [pressure.admit(fact), pressure.admitChat()];
      return [engagement.ok || engagement.code, chat.ok || chat.code];
    };
    expect(await at(0.899)).toEqual([true, true]);
    expect(await at(0.9)).toEqual(['INSP_CAPTURE_DISK_FULL', true]);
    expect(await at(0.95)).toEqual(['INSP_CAPTURE_DISK_FULL', 'INSP_CAPTURE_DISK_FULL']);
    expect(await at(0.94)).toEqual(['INSP_CAPTURE_DISK_FULL', 'INSP_CAPTURE_DISK_FULL']);
    expect(await at(0.92)).toEqual(['INSP_CAPTURE_DISK_FULL', true]);
    expect(await at(0.87)).toEqual([true, true]);
    expect(pressure.stats().diskRefusedCount).toBe(4);
    expect([...new Set(told.map(({ disk }) => disk))]).toEqual(expect.arrayContaining(['no_engagement', 'money_only', 'open']));
    // Level changes are money: they are recorded at any fill.
  });

  test('[P10] the modes at their edges; with plenty free, or unread, nothing is stopped', () => {
    const use = (usedRatio: number, freeBytes = 0) => ({ usedRatio, freeBytes });
    expect(nextDiskMode('open', use(ENGAGEMENT_STOPS_AT_RATIO - 0.001))).toBe('open');
    expect(nextDiskMode('open', use(ENGAGEMENT_STOPS_AT_RATIO))).toBe('no_engagement');
    expect(nextDiskMode('no_engagement', use(0.881))).toBe('no_engagement');
    expect(nextDiskMode('no_engagement', use(0.879))).toBe('open');
    expect(nextDiskMode('no_engagement', use(MONEY_ONLY_AT_RATIO))).toBe('money_only');
    expect(nextDiskMode('money_only', use(0.931))).toBe('money_only');
    expect(nextDiskMode('money_only', use(0.929))).toBe('no_engagement');
    expect(nextDiskMode('open', use(0.99, PLENTY_FREE_BYTES))).toBe('open');
    expect(nextDiskMode('open', use(0.99, PLENTY_FREE_BYTES - 1))).toBe('money_only');
    expect(nextDiskMode('money_only', null)).toBe('money_only');
    expect(nextDiskMode('open', use(Number.NaN))).toBe('open');
  });
});

test('thresholds: read over the defaults, refused with the reason, and each is documented', () => {
  const read = parseThresholds(' loopLagMs=300/600/1200/2400, diskUsedRatio=0.7/0.8/never/never');
  expect(read).toEqual({
    ...DEFAULT_THRESHOLDS,
    loopLagMs: [300, 600, 1_200, 2_400],
    diskUsedRatio: [0.7, 0.8, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  });
  expect(parseThresholds('')).toEqual(DEFAULT_THRESHOLDS);
  for (const wrong of ['lag=1/2/3/4', 'loopLagMs=1/2/3', 'loopLagMs=4/3/2/1', 'loopLagMs=a/b/c/d', 'loopLagMs=0/1/2/3'])
    expect(() => parseThresholds(wrong), wrong).toThrow(/INSP_CONFIG_INVALID_SETTING.*INSP_SHED_THRESHOLDS/s);
  for (const name of SIGNAL_NAMES) expect(documentThresholds()).toContain(`\`${name}\``);
});
