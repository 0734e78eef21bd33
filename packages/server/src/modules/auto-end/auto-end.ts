// Ends broadcasts that everybody forgot: looks at every show on air each five seconds, warns the staff twice, and ends
// it as a host would. One tap keeps it. Rules: SPEC.md.
//
// After a restart the clocks of "nobody watches" and "nothing to see" begin anew, so a restart never shortens a show;
// the cap follows from the stored start and the stored tap.
import type { AutoEndCause, AutoEndWarning, ShowId } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import type { Service } from '../../kernel/service.ts';
import type { Sql } from '../../platform/postgres/database.ts';
import { AUTO_END_LIMITS, deadSince, nextDue } from './auto-end-rules.ts';
import { type AutoEndAct, type AutoEndEvent, type AutoEndState, CALM, nextAutoEnd } from './auto-end-state.ts';
import { endReason, warningSentence } from './auto-end-words.ts';
import { type Kept, readKept, saveKept } from './keep-live-store.postgres.ts';
import type { AutoEndPorts, FactRecorder, Member, NewFact, ShowOnAir } from './ports.ts';

const SETTING_KEPT_MS = 60_000;

export type AutoEnd = Service & {
  /** The warning that stands, for a console that comes in. */
  warning(showId: string): AutoEndWarning | null;
  /** Resolves when the look that runs now is through. */
  settled(): Promise<void>;
  /** Somebody of the staff did something. */
  hostActed(showId: ShowId): void;
  /** The show goes on: clocks begin anew, the cap moves by an hour. */
  keepLive(by: Member, showId: ShowId): Promise<Outcome<Record<string, never>>>;
};

export type AutoEndDeps = {
  /** Where the newest is read. */
  sql: Sql;
  recorder: FactRecorder;
  newFact: NewFact;
  ports: AutoEndPorts;
  clock: Clock;
  logger: Logger;
};

type Watch = { state: AutoEndState; warning: AutoEndWarning | null; watchedAtMs: number; hostActAtMs: number | null };

export function createAutoEnd(deps: AutoEndDeps): AutoEnd {
  const { ports, clock, newFact } = deps;
  const logger = deps.logger.child({ module: 'auto-end' });
  const watches = new Map<ShowId, Watch>();
  const settings = new Map<string, { maxLiveMs: number; readAtMs: number }>();
  let stopTimer: (() => void) | null = null;
  let looking: Promise<void> | null = null;

  function watchOf(showId: ShowId): Watch {
    const known = watches.get(showId);
    if (known) return known;
    // Seen for the first time: as if somebody had just watched.
    const watch: Watch = { state: CALM, warning: null, watchedAtMs: clock.nowMs(), hostActAtMs: null };
    watches.set(showId, watch);
    return watch;
  }

  async function maxLiveMs(orgId: string): Promise<number> {
    const known = settings.get(orgId);
    if (known && Math.abs(clock.nowMs() - known.readAtMs) < SETTING_KEPT_MS) return known.maxLiveMs;
    const setting = { maxLiveMs: (await ports.maxLiveMin(orgId)) * 60_000, readAtMs: clock.nowMs() };
    settings.set(orgId, setting);
    return setting.maxLiveMs;
  }

  function tell(showId: ShowId, watch: Watch, warning: AutoEndWarning | null): void {
    watch.warning = warning;
    ports.tell(showId, warning);
  }

  async function warn(show: ShowOnAir, watch: Watch, { cause, endsAtMs, isLast }: Extract<AutoEndAct, { kind: 'warn' }>): Promise<void> {
    const sentence = warningSentence(cause, endsAtMs - clock.nowMs());
    tell(show.showId, watch, { cause, endsAt: endsAtMs, isLast, sentence });
    logger.warn({ showId: show.showId, cause, isLast }, 'a show ends by itself unless it is kept');
    const { showId, orgId, isSimulated } = show;
    await deps.recorder.commit(async (_tx, record) =>
      record(
        newFact('shows.auto_end_warned', {
          ...{ showId, orgId, isSimulated, occurredAt: clock.nowMs(), actor: { kind: 'system' as const, id: null } },
          kind: cause,
          payload: { cause, endsAt: endsAtMs, isLast },
        }),
      ),
    );
  }

  async function end(show: ShowOnAir, cause: AutoEndCause): Promise<void> {
    const outcome = await ports.endShow(show, endReason(cause));
    if (!outcome.ok) logger.warn({ showId: show.showId, cause, code: outcome.code }, 'a forgotten show could not be ended');
  }

  /** Steps first, acts then: an act that fails is told by the log and by the next look. */
  async function step(show: ShowOnAir, watch: Watch, event: AutoEndEvent): Promise<void> {
    const next = nextAutoEnd(watch.state, event);
    watch.state = next.state;
    for (const act of next.acts) {
      if (act.kind === 'withdraw') tell(show.showId, watch, null);
      else if (act.kind === 'warn') await warn(show, watch, act);
      else await end(show, act.cause);
    }
  }

  async function lookAt(show: ShowOnAir, kept: Kept | undefined): Promise<void> {
    const watch = watchOf(show.showId);
    const nowMs = clock.nowMs();
    const count = ports.watchingCount(show.showId);
    if (count === null || count > 0) watch.watchedAtMs = nowMs;
    const due = nextDue({
      state: show.state,
      liveAtMs: show.liveAt,
      maxLiveMs: await maxLiveMs(show.orgId),
      deadSinceMs: deadSince(ports.picture(show.showId)),
      watchedAtMs: watch.watchedAtMs,
      hostActAtMs: watch.hostActAtMs,
      keptAtMs: kept?.keptAtMs ?? null,
      keptUntilMs: kept?.untilMs ?? null,
    });
    const isDue = due !== null && nowMs >= due.warnAtMs;
    await step(show, watch, isDue ? { kind: 'due', cause: due.cause, endsAtMs: due.endsAtMs, nowMs } : { kind: 'fine' });
  }

  async function look(): Promise<void> {
    const shows = await ports.showsOnAir();
    const kept = await readKept(
      deps.sql,
      shows.map(({ showId }) => showId),
    );
    const ids = new Set(shows.map(({ showId }) => showId));
    for (const [showId, watch] of watches) {
      if (ids.has(showId)) continue;
      if (watch.warning) tell(showId, watch, null);
      watches.delete(showId);
    }
    for (const show of shows) {
      await lookAt(show, kept.get(show.showId)).catch((err: unknown) =>
        logger.warn({ err, showId: show.showId }, 'a show could not be looked at; trying again'),
      );
    }
  }

  function lookOnce(): void {
    looking ??= look()
      .catch((err: unknown) => logger.warn({ err }, 'the shows on air could not be read; trying again'))
      .finally(() => {
        looking = null;
      });
  }

  return {
    warning: (showId) => watches.get(showId as ShowId)?.warning ?? null,
    settled: async () => looking ?? undefined,
    hostActed(showId) {
      const watch = watches.get(showId);
      if (watch) watch.hostActAtMs = clock.nowMs();
    },
    async keepLive(by, showId) {
      const show = (await ports.showsOnAir()).find((one) => one.showId === showId && one.orgId === by.orgId);
      if (!show) return refused('INSP_SHOWS_TRANSITION_REFUSED', { detail: 'The show is not on air: there is nothing to keep.' });
      const nowMs = clock.nowMs();
      const untilMs = nowMs + AUTO_END_LIMITS.keepLiveMs;
      await deps.recorder.commit(async (tx, record) => {
        await saveKept(tx, showId, { keptAtMs: nowMs, untilMs });
        record(
          newFact('shows.kept_live', {
            ...{ showId, orgId: show.orgId, isSimulated: show.isSimulated, occurredAt: nowMs },
            actor: { kind: 'member', id: by.memberId },
            payload: { untilMs },
          }),
        );
      });
      await step(show, watchOf(showId), { kind: 'kept' });
      return accepted({});
    },
    async start() {
      stopTimer ??= clock.every(AUTO_END_LIMITS.lookEveryMs, lookOnce);
    },
    async stop() {
      stopTimer?.();
      stopTimer = null;
      await looking;
    },
  };
}
