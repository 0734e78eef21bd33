// The figures of shows on air as the console draws them, told on every change: for each show the last ones read, of
// which only what a batch touched is read again. One read a show and turn, however many consoles look on, and none
// while nobody does. A show has its turn at most every TURN_EVERY_MS, and turns come one after the other with a rest as
// long as the read took: the screens of many shows slow down together before they take the database from the log.
import type { ShowId } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { KpiRows, StoredKpis } from './kpi-store.postgres.ts';
import type { ShowChange } from './micro-batch.postgres.ts';

export const TURN_EVERY_MS = 100;
const REST_MAX_MS = 100;
const RETRY_AFTER_MS = 1_000;
/** Shows kept; the one that changed the longest ago goes first, and is read whole when it changes again. */
const SHOWS_KEPT = 200;

type Stale = { minutes: Set<number>; productIds: Set<string>; highlightIds: Set<string> };
type Kept = { figures: StoredKpis | null; stale: Stale; isStale: boolean; isWaiting: boolean; nextTurnMs: number };

const nothing = (): Stale => ({ minutes: new Set(), productIds: new Set(), highlightIds: new Set() });

export type LiveFigures = {
  /** Says that a batch changed a show. */
  changed(showId: ShowId, change: ShowChange): void;
  /** Says that somebody may look at a show now who did not before. */
  look(showId: ShowId): void;
  /** Says that changes of a show, or of any, may have been missed: it is read whole when it changes next. */
  forget(showId?: ShowId): void;
};

export function createLiveFigures(deps: {
  clock: Clock;
  logger: Logger;
  isWatched(showId: ShowId): boolean;
  read(showId: ShowId, rows?: KpiRows): Promise<StoredKpis>;
  tell(showId: ShowId, figures: StoredKpis): void | Promise<void>;
}): LiveFigures {
  const { clock, logger } = deps;
  const shows = new Map<ShowId, Kept>();
  const waiting: [ShowId, Kept][] = [];
  let isTurning = false;

  async function turn(showId: ShowId, kept: Kept): Promise<void> {
    const { stale } = kept;
    kept.stale = nothing();
    kept.isStale = false;
    kept.nextTurnMs = clock.steadyMs() + TURN_EVERY_MS;
    try {
      const rows = { minutes: [...stale.minutes], productIds: [...stale.productIds], highlightIds: [...stale.highlightIds] };
      const read = await deps.read(showId, kept.figures === null ? undefined : rows);
      kept.figures = kept.figures === null ? read : renew(kept.figures, read);
      await deps.tell(showId, kept.figures);
    } catch (err) {
      logger.warn({ err, showId }, 'figures could not be read; they are read again');
      kept.figures = null;
      kept.isStale = true;
      kept.nextTurnMs = clock.steadyMs() + RETRY_AFTER_MS;
    }
    if (kept.isStale) queue(showId, kept);
  }

  async function turnAll(): Promise<void> {
    if (isTurning) return;
    isTurning = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [showId, kept] = next;
      kept.isWaiting = false;
      if (shows.get(showId) !== kept || !deps.isWatched(showId)) continue;
      const beganMs = clock.steadyMs();
      await turn(showId, kept);
      const tookMs = Math.min(REST_MAX_MS, clock.steadyMs() - beganMs);
      if (tookMs >= 1) await new Promise<void>((done) => clock.after(tookMs, done));
    }
    isTurning = false;
  }

  function queue(showId: ShowId, kept: Kept): void {
    if (kept.isWaiting) return;
    kept.isWaiting = true;
    clock.after(Math.max(0, kept.nextTurnMs - clock.steadyMs()), () => {
      waiting.push([showId, kept]);
      void turnAll();
    });
  }

  return {
    changed(showId, change) {
      const kept = shows.get(showId) ?? { figures: null, stale: nothing(), isStale: false, isWaiting: false, nextTurnMs: 0 };
      shows.delete(showId);
      shows.set(showId, kept);
      const oldest = shows.keys().next().value;
      if (shows.size > SHOWS_KEPT && oldest !== undefined) shows.delete(oldest);
      for (const minute of change.minutes) kept.stale.minutes.add(minute);
      for (const id of change.productIds) kept.stale.productIds.add(id);
      for (const id of change.highlightIds) kept.stale.highlightIds.add(id);
      kept.isStale = true;
      queue(showId, kept);
    },
    look(showId) {
      const kept = shows.get(showId);
      if (kept?.isStale) queue(showId, kept);
    },
    forget(showId) {
      for (const [id, kept] of shows) if (showId === undefined || id === showId) kept.figures = null;
    },
  };
}

/** The figures with the rows that were read in the place of those they renew, in the order a whole read has. */
export function renew(before: StoredKpis, read: StoredKpis): StoredKpis {
  return {
    totals: read.totals,
    minutes: replace(before.minutes, read.minutes, ({ minute }) => minute).sort((a, b) => a.minute - b.minute),
    products: replace(before.products, read.products, ({ productId }) => productId).sort(
      (a, b) => (b.gmvMinor ?? 0) - (a.gmvMinor ?? 0) || b.clickCount - a.clickCount || (a.productId < b.productId ? -1 : 1),
    ),
    highlights: replace(before.highlights, read.highlights, ({ highlightId }) => highlightId).sort(
      (a, b) => a.startedAt - b.startedAt || (a.highlightId < b.highlightId ? -1 : 1),
    ),
  };
}

function replace<Row, Key>(before: readonly Row[], read: readonly Row[], keyOf: (row: Row) => Key): Row[] {
  const rows = new Map(before.map((row) => [keyOf(row), row]));
  for (const row of read) rows.set(keyOf(row), row);
  return [...rows.values()];
}
