// The whole app on a real database and a clock that a test turns: shows that everybody forgot, from calm to the report.
import type { AutoEndWarning, Fact, Show, ShowId } from '@insp/protocol';
import { eventDefinitions } from '@insp/protocol/schemas';
import { createFakeClock, type FakeClock, settlePromises } from '@insp/test-kit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test-support/test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import type { TestPerson } from '../../../test-support/test-server.ts';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { accepted } from '../../kernel/outcome.ts';
import { systemRandom } from '../../kernel/random.ts';
import { newFact as createNewFact } from '../capture/index.ts';
import { type AutoEnd, createAutoEnd } from './auto-end.ts';
import { AUTO_END_LIMITS } from './auto-end-rules.ts';
import type { AutoEndPorts, ShowOnAir } from './ports.ts';

const MIN = 60_000;

describe('through the app', () => {
  let clock: FakeClock;
  let test_: TestApp;
  let owner: TestPerson;
  let show: Show;

  beforeEach(async () => {
    clock = createFakeClock(Date.UTC(2026, 10, 20, 9));
    test_ = await createTestApp({}, { clock });
    await test_.app.start();
    owner = await test_.owner('Forgetful');
    show = (await owner.post('/v1/shows', { title: 'Left alone', scheduledAt: clock.nowMs() + MIN })).json<Show>();
    for (const command of ['schedule', 'open']) await owner.post(`/v1/shows/${show.id}/commands`, { command });
    // The encoder is played: the row says what a picture would have brought.
    await test_.query("UPDATE show SET state = 'live', live_at_ms = $2 WHERE id = $1", [show.id, clock.nowMs()]);
  });
  afterEach(() => test_.close());

  const facts = (name: 'shows.auto_end_warned' | 'shows.kept_live') =>
    test_.query<{ kind: string; props: Record<string, unknown> }>(
      'SELECT kind, props FROM ev WHERE show_id = $1 AND type = $2 ORDER BY xid, seq',
      [show.id, eventDefinitions[name].code],
    );
  const stateOf = async () => (await owner.get(`/v1/shows/${show.id}`)).json<Show>().state;

  /** Turns the clock in steps of a look, far enough apart that each look is done before the next. */
  async function pass(minutes: number): Promise<void> {
    const stepMs = 4 * AUTO_END_LIMITS.lookEveryMs;
    for (let passedMs = 0; passedMs < minutes * MIN; passedMs += stepMs) {
      clock.advance(stepMs);
      // Looks that fall into a running one are left out, as they are when a database is slow.
      await owner.get(`/v1/shows/${show.id}`);
      await settlePromises();
    }
  }

  test('[AE3] nobody watches and nobody acts: warned twice, then ended with the reason in the trace', async () => {
    await pass(44);
    expect(await facts('shows.auto_end_warned')).toEqual([]);
    await pass(20);
    expect(await stateOf()).toBe('ended');
    expect((await facts('shows.auto_end_warned')).map(({ kind, props }) => [kind, props.isLast])).toEqual([
      ['unwatched', false],
      ['unwatched', true],
    ]);
    const { data } = (await owner.get(`/v1/shows/${show.id}/transitions`)).json<{
      data: { to: string; cause: string; reason: string; actor: string }[];
    }>();
    expect(data.at(-1)).toMatchObject({
      to: 'ended',
      cause: 'end',
      actor: 'Insp',
      reason: expect.stringMatching(/^Ended by itself, because nobody watches/),
    });
  });

  test('[AE6] one tap keeps it and starts the clocks anew; an act of the host does the same', async () => {
    await pass(48);
    expect(await facts('shows.auto_end_warned')).toHaveLength(1);
    expect((await owner.post(`/v1/shows/${show.id}/keep-live`)).statusCode).toBe(204);
    expect(await facts('shows.kept_live')).toHaveLength(1);
    await pass(40);
    expect([await stateOf(), (await facts('shows.auto_end_warned')).length]).toEqual(['live', 1]);
    await owner.post(`/v1/shows/${show.id}/commands`, { command: 'pause' });
    await owner.post(`/v1/shows/${show.id}/commands`, { command: 'resume' });
    await pass(40);
    expect([await stateOf(), (await facts('shows.auto_end_warned')).length]).toEqual(['live', 1]);
  }, 60_000);

  test('[AE8] who may not run the show may not keep it, and a show that is not on air needs no keeping', async () => {
    const moderator = await test_.member(owner, 'moderator');
    expect((await moderator.post(`/v1/shows/${show.id}/keep-live`)).statusCode).toBe(403);
    const stranger = await test_.owner('Strangers');
    expect((await stranger.post(`/v1/shows/${show.id}/keep-live`)).statusCode).toBe(404);
    await owner.post(`/v1/shows/${show.id}/commands`, { command: 'end' });
    const answer = await owner.post(`/v1/shows/${show.id}/keep-live`);
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'INSP_SHOWS_TRANSITION_REFUSED']);
  });

  test('[AE4] the cap is a setting of the organization', async () => {
    expect((await owner.get('/v1/organization')).json()).toMatchObject({ maxLiveMin: 480 });
    expect((await owner.patch('/v1/organization', { maxLiveMin: 29 })).statusCode).toBe(400);
    expect((await owner.patch('/v1/organization', { maxLiveMin: 30 })).statusCode).toBe(200);
    await pass(40);
    expect(await stateOf()).toBe('ended');
    expect((await facts('shows.auto_end_warned')).map(({ kind }) => kind)).toEqual(['too_long', 'too_long']);
  });
});

describe('with a played picture', () => {
  let db: TestDatabase;
  beforeEach(async () => {
    db = await createTestDatabase();
  });
  afterEach(() => db.drop());

  /** A show on air that somebody watches, unless a test changes what is seen. */
  function createRig() {
    const clock = createFakeClock();
    const ids = createIds(clock, systemRandom);
    const facts: Fact[] = [];
    const told: (AutoEndWarning | null)[] = [];
    const ended: string[] = [];
    const seen = {
      shows: [] as ShowOnAir[],
      watchingCount: 5 as number | null,
      picture: null as ReturnType<AutoEndPorts['picture']>,
      isStoreDown: false,
      mayEnd: true,
    };
    const show: ShowOnAir = { showId: ids.create('shw'), orgId: 'org_1', state: 'live', liveAt: clock.nowMs(), isSimulated: false };
    seen.shows = [show];
    const create = () =>
      createAutoEnd({
        ...{ sql: db.database, clock, newFact: createNewFact(ids, clock), logger: silentLogger },
        recorder: {
          commit: (work) =>
            seen.isStoreDown
              ? Promise.reject(new Error('no database'))
              : db.database.transaction((tx) => work(tx, (fact) => facts.push(fact))),
        },
        ports: {
          showsOnAir: async () => seen.shows,
          maxLiveMin: async () => 480,
          picture: () => seen.picture,
          watchingCount: () => seen.watchingCount,
          async endShow(one, reason) {
            if (!seen.mayEnd) throw new Error('no database');
            ended.push(reason);
            seen.shows = seen.shows.filter(({ showId }) => showId !== one.showId);
            return accepted(null);
          },
          tell: (_showId, warning) => told.push(warning),
        },
      });
    const dead = () => ({ blackSinceMs: clock.nowMs(), frozenSinceMs: clock.nowMs(), silentSinceMs: clock.nowMs() });
    /** Turns the clock look by look; each look is through before the next. */
    async function pass(autoEnd: AutoEnd, minutes: number): Promise<void> {
      for (let passedMs = 0; passedMs < minutes * MIN; passedMs += AUTO_END_LIMITS.lookEveryMs) {
        clock.advance(AUTO_END_LIMITS.lookEveryMs);
        await autoEnd.settled();
      }
    }
    return { clock, facts, told, ended, seen, show, create, dead, pass };
  }

  test('[AE2] black and silent: warned at 10 and 2 minutes, ended 20 minutes after it began', async () => {
    const { create, seen, dead, pass, told, ended } = createRig();
    const autoEnd = create();
    await autoEnd.start();
    await pass(autoEnd, 30);
    expect(told).toEqual([]);
    seen.picture = dead();
    await pass(autoEnd, 9);
    expect(told).toEqual([]);
    await pass(autoEnd, 2);
    expect(told).toMatchObject([{ cause: 'dead_air', isLast: false }]);
    await pass(autoEnd, 8);
    expect(told).toMatchObject([{ isLast: false }, { cause: 'dead_air', isLast: true }]);
    expect(ended).toEqual([]);
    await pass(autoEnd, 2);
    expect(ended).toEqual([expect.stringMatching(/^Ended by itself, because the picture stands still/)]);
    expect(told.at(-1)).toBeNull();
    await autoEnd.stop();
  });

  test('[AE6] a picture that comes back withdraws the warning by itself', async () => {
    const { create, seen, dead, pass, told, show } = createRig();
    const autoEnd = create();
    await autoEnd.start();
    seen.picture = dead();
    await pass(autoEnd, 12);
    expect(autoEnd.warning(show.showId)).toMatchObject({ cause: 'dead_air' });
    seen.picture = { blackSinceMs: null, frozenSinceMs: null, silentSinceMs: null };
    await pass(autoEnd, 1);
    expect([told.at(-1), autoEnd.warning(show.showId)]).toEqual([null, null]);
    await autoEnd.stop();
  });

  test('[AE7] a restart never shortens a show: its clocks begin anew, the cap and the tap stay', async () => {
    const { create, seen, pass, told, show, ended } = createRig();
    seen.watchingCount = 0;
    const before = create();
    await before.start();
    await pass(before, 50);
    expect(told).toHaveLength(1);
    await before.stop();
    const after = create();
    await after.start();
    await pass(after, 44);
    expect([told.length, ended]).toEqual([1, []]);
    await pass(after, 2);
    expect(told).toHaveLength(2);
    expect(await after.keepLive({ orgId: 'org_1', memberId: 'usr_1' }, show.showId)).toMatchObject({ ok: true });
    await after.stop();
    // The tap is stored: the next process counts from it.
    seen.watchingCount = 3;
    seen.shows = [{ ...show, liveAt: (show.liveAt ?? 0) - 470 * MIN }];
    const last = create();
    await last.start();
    await pass(last, 40);
    expect(ended).toEqual([]);
    await pass(last, 25);
    expect(ended).toHaveLength(1);
    await last.stop();
  });

  test('[AE7] a database in trouble delays the end and loses nothing', async () => {
    const { create, seen, dead, pass, ended, told } = createRig();
    const autoEnd = create();
    await autoEnd.start();
    seen.picture = dead();
    seen.isStoreDown = true;
    await pass(autoEnd, 12);
    expect(told).toHaveLength(1);
    seen.isStoreDown = false;
    seen.mayEnd = false;
    await pass(autoEnd, 12);
    expect([told.length, ended]).toEqual([2, []]);
    seen.mayEnd = true;
    await pass(autoEnd, 1);
    expect(ended).toHaveLength(1);
    await autoEnd.stop();
  });

  test('[AE3] a process that does not know the viewers never calls a show unwatched', async () => {
    const { create, seen, pass, told } = createRig();
    seen.watchingCount = null;
    const autoEnd = create();
    await autoEnd.start();
    await pass(autoEnd, 120);
    expect(told).toEqual([]);
    await autoEnd.stop();
  });

  test('[AE8] a show of another organization is not kept', async () => {
    const { create, show, facts } = createRig();
    const autoEnd = create();
    expect(await autoEnd.keepLive({ orgId: 'org_2', memberId: 'usr_2' }, show.showId as ShowId)).toMatchObject({ ok: false });
    expect(facts).toEqual([]);
  });
});
