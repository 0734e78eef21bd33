// Order of lots for the people present, replayed over a log of clicks. Per day the lots are the 200 most clicked items of the
// seven days before; per clock hour the room is the sessions that click in both halves. The lots are ordered at the half hour
// from what was known then; relevance of a lot = sessions of the room that click it in the second half. Options are chosen on
// the development days, reported on the report days, one pass through time. UTC throughout.
import { InputError } from '../../../packages/models/src/input-error.ts';
import { ndcgAt } from '../../../packages/models/src/metrics/ndcg.ts';
import { pairedDifference } from '../../../packages/models/src/metrics/paired-difference.ts';
import { chooseRoomOptions, ROOM_CANDIDATES } from '../../../packages/models/src/sell/room/choose-room-options.ts';
import { orderBy } from '../../../packages/models/src/sell/room/counterfactual-orders.ts';
import { RoomRanker } from '../../../packages/models/src/sell/room/room-ranker.ts';
import type { Task } from '../eval.ts';
import { type EventRow, readEvents } from '../events.ts';
import { wholeOption } from '../texts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const AT = 10;
const ORDERS = ['score', 'recency', 'fixed', 'loudest'] as const;

type Room = {
  readonly atMs: number;
  readonly sessionIds: readonly string[];
  readonly lotIds: readonly string[];
  readonly gains: ReadonlyMap<string, number>;
};
type Days = { readonly from: number; readonly to: number };

export const task: Task = {
  name: 'rooms',
  usage:
    'rooms --events F --dev FROM,TO --report FROM,TO [--kind K] [--lots 200] [--min-viewers 5]   (tab-separated SessionId, ItemId, Time in epoch seconds, optional Weight, Kind; days as 2020-06-16, both included; --kind: only events of this Kind count as relevant)',
  run: async (options) => {
    const dev = readDays(options, 'dev');
    const report = readDays(options, 'report');
    if (dev.to >= report.from) throw new InputError('--dev must end before --report begins: weights come from development days only');
    const events = readEvents(options, 'events').sort((a, b) => a.occurredAtMs - b.occurredAtMs);
    const kind = options.get('kind') ?? null;
    if (kind !== null && !events.some((event) => event.kind === kind))
      throw new InputError(`--kind ${kind}: no event is of this kind`, { column: 'Kind' });
    const shape = { kind, lotCount: wholeOption(options, 'lots', 200), minViewers: wholeOption(options, 'min-viewers', 5) };
    const devRooms = roomsOf(events, dev, shape);
    const reportRooms = roomsOf(events, report, shape);
    if (reportRooms.length === 0)
      throw new InputError(
        `--report: no hour with ${shape.minViewers} sessions in both halves that click one of the lots in the second half`,
      );
    const live = new LiveReplay(events);
    const devScores = ROOM_CANDIDATES.map(() => [] as number[]);
    for (const room of devRooms) {
      live.learnUntil(room.atMs);
      for (const [c, candidate] of ROOM_CANDIDATES.entries())
        (devScores[c] as number[]).push(ndcgOf(live.rank(room, candidate).ranked, room));
    }
    const chosen = chooseRoomOptions(devScores);
    const soldBefore = clicksBy(events.filter(({ occurredAtMs }) => occurredAtMs < report.from * DAY_MS));
    const ndcg = Object.fromEntries(ORDERS.map((name) => [name, [] as number[]])) as Record<(typeof ORDERS)[number], number[]>;
    const rankUs: number[] = [];
    for (const room of reportRooms) {
      live.learnUntil(room.atMs);
      const start = performance.now();
      const { ranked, orders } = live.rank(room, chosen.options);
      rankUs.push((performance.now() - start) * 1000);
      ndcg.score.push(ndcgOf(ranked, room));
      ndcg.recency.push(ndcgOf(orders.recency, room));
      ndcg.loudest.push(ndcgOf(orders.loudest, room));
      ndcg.fixed.push(
        ndcgOf(
          orderBy(room.lotIds, (lotId) => soldBefore.get(lotId) ?? 0),
          room,
        ),
      );
    }
    const days = reportRooms.map(({ atMs }) => Math.floor(atMs / DAY_MS));
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const gains = ORDERS.slice(1).map((name) => {
      const { mean: difference, standardError } = pairedDifference(ndcg.score, ndcg[name]);
      const { standardError: standardErrorByDay } = pairedDifference(ndcg.score, ndcg[name], days);
      const errors = standardError === null || standardError === 0 ? null : difference / standardError;
      return { over: name, difference, standardError, standardErrorByDay, errors };
    });
    const result = {
      task: 'rooms',
      at: AT,
      events: events.length,
      devRooms: devRooms.length,
      reportRooms: reportRooms.length,
      viewersPerRoom: mean(reportRooms.map(({ sessionIds }) => sessionIds.length)),
      ndcg: Object.fromEntries(ORDERS.map((name) => [name, mean(ndcg[name])])),
      gains,
      devNdcg: devRooms.length === 0 ? null : mean(devScores[chosen.chosen] as number[]),
      options: chosen.options,
      keptAsShipped: chosen.reason,
      usPerRoom: mean(rankUs),
    };
    const show = (value: number | null) => (value === null ? '-' : value.toFixed(4));
    const table = [
      ['order', `NDCG@${AT}`, 'score ahead by', 'standard error', 'by day', 'errors'],
      ...ORDERS.map((name) => {
        const gain = gains.find(({ over }) => over === name);
        const cells = gain === undefined ? [] : [gain.difference, gain.standardError, gain.standardErrorByDay, gain.errors];
        return [name, show(mean(ndcg[name])), ...cells.map(show)];
      }),
      ['rooms', `${devRooms.length} development`, `${reportRooms.length} report`],
      ['kept as shipped', chosen.reason === '' ? 'no' : chosen.reason],
    ];
    return { result, table };
  },
};

/** Feeds the ranker the events before a moment, each once. */
class LiveReplay {
  readonly #events: readonly EventRow[];
  readonly #ranker = new RoomRanker();
  #next = 0;

  constructor(events: readonly EventRow[]) {
    this.#events = events;
  }

  learnUntil(atMs: number): void {
    for (let event = this.#events[this.#next]; event !== undefined && event.occurredAtMs < atMs; event = this.#events[this.#next]) {
      this.#ranker.add(event, event.weight);
      this.#next += 1;
    }
  }

  rank(room: Room, options: object) {
    const viewers = room.sessionIds.map((sessionId) => ({ sessionId }));
    const order = this.#ranker.withOptions(options).rank({ nowMs: room.atMs, viewers, lots: room.lotIds.map((lotId) => ({ lotId })) });
    return { ranked: order.ranked.map(({ lotId }) => lotId), orders: order.orders };
  }
}

function ndcgOf(order: readonly string[], { gains }: Room): number {
  return ndcgAt(order, (lotId) => gains.get(lotId) ?? 0, [...gains.values()], AT);
}

function clicksBy(events: readonly EventRow[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { itemId, weight } of events) sums.set(itemId, (sums.get(itemId) ?? 0) + weight);
  return sums;
}

function roomsOf(
  events: readonly EventRow[],
  { from, to }: Days,
  { kind, lotCount, minViewers }: { kind: string | null; lotCount: number; minViewers: number },
): Room[] {
  const rooms: Room[] = [];
  const between = (startMs: number, endMs: number) => events.slice(firstAtOrAfter(events, startMs), firstAtOrAfter(events, endMs));
  for (let day = from; day <= to; day += 1) {
    const lotIds = [...clicksBy(between((day - 7) * DAY_MS, day * DAY_MS))]
      .sort((a, b) => b[1] - a[1])
      .slice(0, lotCount)
      .map(([lotId]) => lotId);
    const isLot = new Set(lotIds);
    for (let hour = 0; hour < 24; hour += 1) {
      const startMs = day * DAY_MS + hour * HOUR_MS;
      const atMs = startMs + HOUR_MS / 2;
      const after = between(atMs, startMs + HOUR_MS);
      const staying = new Set(after.map(({ sessionId }) => sessionId));
      const sessionIds = [...new Set(between(startMs, atMs).map(({ sessionId }) => sessionId))].filter((id) => staying.has(id));
      if (sessionIds.length < minViewers) continue;
      const isPresent = new Set(sessionIds);
      // A session counts once a lot, with the largest weight it gave.
      const bySession = new Map<string, Map<string, number>>();
      for (const { sessionId, itemId, weight, kind: own } of after) {
        if (!isPresent.has(sessionId) || !isLot.has(itemId) || (kind !== null && own !== kind)) continue;
        const of = bySession.get(itemId) ?? new Map<string, number>();
        bySession.set(itemId, of.set(sessionId, Math.max(of.get(sessionId) ?? 0, weight)));
      }
      const gains = new Map([...bySession].map(([itemId, of]) => [itemId, [...of.values()].reduce((sum, weight) => sum + weight, 0)]));
      if ([...gains.values()].some((gain) => gain > 0)) rooms.push({ atMs, sessionIds, lotIds, gains });
    }
  }
  return rooms;
}

function firstAtOrAfter(events: readonly EventRow[], atMs: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle] as EventRow).occurredAtMs < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Days since 1970 of `--name FROM,TO`, both included. */
function readDays(options: ReadonlyMap<string, string>, name: string): Days {
  const given = options.get(name) ?? '';
  const [from, to, ...rest] = given.split(',').map((text) => {
    const ms = /^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? Date.parse(`${text.trim()}T00:00:00Z`) : Number.NaN;
    if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text.trim())
      throw new InputError(`--${name} ${given}: "${text}" is not a day like 2020-06-16; wanted FROM,TO`);
    return ms / DAY_MS;
  });
  if (from === undefined || to === undefined || rest.length > 0 || to < from)
    throw new InputError(`--${name} ${given} is not FROM,TO with FROM not after TO`);
  return { from, to };
}
