// Which lot to show next, for the people who are in the room.
//
//   appeal(lot) = recency(lot) + audienceWeight x known / (known + shrinkViewers) x audience(lot)
//   recency     = clicks of the last hour + dayShare x clicks of the last day, each scaled to maximum 1, then together
//   audience    = sum over viewers of value weight x (chance that the lot is their next item + ownWeight x ownDecay^j for
//                 the j-th last item they looked at), scaled to maximum 1
//   score       = appeal x margin; lots owed by contract stand first when time gets short
//
// A room of strangers falls back to recency. Clicks are learned one by one; nothing personal is kept beyond the session ids
// and items of the next-item index. The next-item model may be shared with the viewer panels.
import { InputError } from '../../input-error.ts';
import { bytesToJson, jsonToBytes } from '../../say/group/json-bytes.ts';
import type { Click } from '../next/click-index.ts';
import { NextItemModel } from '../next/next-item-model.ts';
import { type CounterfactualOrders, loudestOrder, orderBy } from './counterfactual-orders.ts';
import { applyLotRules, DEFAULT_LOT_RULES, type HoldReason, type Lot, type LotRuleOptions, type RuledLot } from './lot-rules.ts';
import { type CountedClick, RecentCounts } from './recent-counts.ts';

export type RoomOptions = {
  readonly recentMs: number;
  readonly dayMs: number;
  readonly dayShare: number;
  readonly audienceWeight: number;
  /** Weight of the last item a viewer looked at, against a chance of 1; the items before fade by `ownDecay`. */
  readonly ownWeight: number;
  readonly ownDecay: number;
  /** Viewers at which the audience has half its weight. */
  readonly shrinkViewers: number;
  readonly rules: LotRuleOptions;
};

const HOUR_MS = 3_600_000;
export const DEFAULT_ROOM: RoomOptions = {
  recentMs: HOUR_MS,
  dayMs: 24 * HOUR_MS,
  dayShare: 0.1,
  audienceWeight: 10,
  ownWeight: 1,
  ownDecay: 0.5,
  shrinkViewers: 2,
  rules: DEFAULT_LOT_RULES,
};

export type RoomViewer = {
  readonly sessionId: string;
  /** From the viewer's value score; relative to the others in the room. Default 1. */
  readonly valueWeight?: number;
};

export type RoomMoment = {
  readonly nowMs: number;
  readonly viewers: readonly RoomViewer[];
  /** In the order of the run sheet: it is the `fixed` order and decides ties. */
  readonly lots: readonly Lot[];
  /** Time left of the show; null = open end. */
  readonly timeLeftMs?: number | null;
};

export type LotReason =
  | { readonly kind: 'owed_by_contract'; readonly owedMs: number }
  | { readonly kind: 'looked_at_by_viewers'; readonly viewerCount: number }
  | { readonly kind: 'likely_next_for_viewers'; readonly viewerCount: number }
  | { readonly kind: 'clicked_lately'; readonly clickCount: number; readonly withinMs: number }
  | { readonly kind: 'in_the_run_sheet' };

export type RankedLot = {
  readonly lotId: string;
  readonly score: number;
  /** Parts of the appeal, each 0..1. */
  readonly recency: number;
  readonly audience: number;
  readonly reasons: readonly LotReason[];
};

export type RoomOrder = {
  readonly ranked: readonly RankedLot[];
  readonly held: readonly { readonly lotId: string; readonly reason: HoldReason }[];
  /** The same open lots as three plain rules would order them. */
  readonly orders: CounterfactualOrders;
  /** Viewers of whom at least one item is known. */
  readonly knownViewerCount: number;
};

/** Items of a viewer that count, latest first. */
const OWN_ITEMS = 10;
/** A chance from which a lot counts as likely for a viewer. */
const LIKELY_CHANCE = 0.05;
const SNAPSHOT_VERSION = 1;

type Saved = {
  readonly version: number;
  readonly options: RoomOptions;
  readonly clicks: readonly CountedClick[];
  readonly nextItem: number;
};
/** Chances of viewers, kept until the next click is learned: a room is asked more often than it changes. */
type ChanceMemo = { clickCount: number; readonly bySession: Map<string, ReadonlyMap<string, number>> };
type Audience = { readonly figure: number; readonly lookers: number; readonly likely: number };

export class RoomRanker {
  readonly options: RoomOptions;
  readonly nextItem: NextItemModel;
  #recent: RecentCounts;
  #memo: ChanceMemo = { clickCount: -1, bySession: new Map() };

  constructor(given: { readonly options?: Partial<RoomOptions>; readonly nextItem?: NextItemModel } = {}) {
    this.options = { ...DEFAULT_ROOM, ...given.options };
    for (const name of ['dayShare', 'audienceWeight', 'ownWeight', 'ownDecay', 'shrinkViewers'] as const) {
      const value = this.options[name];
      if (!(value >= 0 && Number.isFinite(value))) throw new InputError(`${value} is not a number >= 0`, { column: name });
    }
    this.nextItem = given.nextItem ?? new NextItemModel();
    this.#recent = new RecentCounts([this.options.recentMs, this.options.dayMs]);
  }

  /** Learns a click (or an order: give it more weight). */
  add(click: Click, weight = 1): void {
    this.nextItem.add(click);
    this.#recent.add({ itemId: click.itemId, occurredAtMs: click.occurredAtMs, weight });
  }

  /** The same clicks ranked by other options. The windows are counted anew when their lengths differ. */
  withOptions(options: Partial<RoomOptions>): RoomRanker {
    const other = new RoomRanker({ options: { ...this.options, ...options }, nextItem: this.nextItem });
    other.#memo = this.#memo;
    if (other.options.recentMs === this.options.recentMs && other.options.dayMs === this.options.dayMs) other.#recent = this.#recent;
    else for (const click of this.#recent.dump()) other.#recent.add(click);
    return other;
  }

  /** Orders the lots that may be shown now. Refuses lots and weights that make no sense, by row and column. */
  rank({ nowMs, viewers, lots, timeLeftMs = null }: RoomMoment): RoomOrder {
    this.#recent.advance(nowMs);
    const { open, held } = applyLotRules(lots, nowMs, timeLeftMs, this.options.rules);
    const lotIds = open.map(({ lot }) => lot.lotId);
    const sessions = viewers.map(({ sessionId }) => this.nextItem.itemsOf(sessionId));
    const knownViewerCount = sessions.filter((itemIds) => itemIds.length > 0).length;
    const audience = this.#audienceOf(viewers, sessions, new Set(lotIds));
    const audienceScale = scaleOf([...audience.values()].map(({ figure }) => figure));
    const recency = this.#recencyOf(lotIds);
    const { audienceWeight, shrinkViewers } = this.options;
    const weight = knownViewerCount === 0 ? 0 : (audienceWeight * knownViewerCount) / (knownViewerCount + shrinkViewers);
    const ranked = open.map((ruled) => {
      const { lotId, marginMinor } = ruled.lot;
      const of = audience.get(lotId) ?? { figure: 0, lookers: 0, likely: 0 };
      const parts = { recency: recency.get(lotId) ?? 0, audience: of.figure * audienceScale };
      const score = (parts.recency + weight * parts.audience) * (marginMinor ?? 1);
      return { lotId, score, ...parts, reasons: this.#reasonsFor(ruled, of), isDue: ruled.isDue };
    });
    ranked.sort((a, b) => Number(b.isDue) - Number(a.isDue) || b.score - a.score);
    return {
      ranked: ranked.map(({ isDue: _isDue, ...lot }) => lot),
      held,
      orders: {
        fixed: lotIds,
        recency: orderBy(lotIds, (lotId) => this.#recent.sumOf(0, lotId)),
        loudest: loudestOrder(lotIds, sessions),
      },
      knownViewerCount,
    };
  }

  /** Everything needed to go on after a restart. Holds session ids: personal data. */
  snapshot(): Uint8Array {
    const nextItem = this.nextItem.snapshot();
    const saved: Saved = { version: SNAPSHOT_VERSION, options: this.options, clicks: this.#recent.dump(), nextItem: nextItem.length };
    const head = jsonToBytes(saved);
    const bytes = new Uint8Array(4 + head.length + nextItem.length);
    new DataView(bytes.buffer).setUint32(0, head.length);
    bytes.set(head, 4);
    bytes.set(nextItem, 4 + head.length);
    return bytes;
  }

  /** Takes up a snapshot; refuses bytes that are not one of this version. */
  static restore(bytes: Uint8Array): RoomRanker {
    let saved: Saved;
    let headLength = 0;
    try {
      headLength = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
      saved = bytesToJson(bytes.subarray(4, 4 + headLength)) as Saved;
    } catch (cause) {
      throw new InputError(`the bytes are not a snapshot of a room ranker: ${String(cause)}`);
    }
    if (saved?.version !== SNAPSHOT_VERSION || !Array.isArray(saved.clicks))
      throw new InputError(`the snapshot is of version ${saved?.version}, not ${SNAPSHOT_VERSION}`);
    const nextItem = NextItemModel.restore(bytes.subarray(4 + headLength, 4 + headLength + saved.nextItem));
    const ranker = new RoomRanker({ options: saved.options, nextItem });
    for (const click of saved.clicks) ranker.#recent.add(click);
    return ranker;
  }

  #recencyOf(lotIds: readonly string[]): Map<string, number> {
    const [hour, day] = [0, 1].map((place) => lotIds.map((lotId) => this.#recent.sumOf(place, lotId))) as [number[], number[]];
    const [hourScale, dayScale] = [scaleOf(hour), scaleOf(day)];
    const mixed = hour.map((clicks, i) => clicks * hourScale + this.options.dayShare * (day[i] as number) * dayScale);
    const scale = scaleOf(mixed);
    return new Map(lotIds.map((lotId, i) => [lotId, (mixed[i] as number) * scale]));
  }

  #audienceOf(viewers: readonly RoomViewer[], sessions: readonly string[][], lotIds: ReadonlySet<string>): Map<string, Audience> {
    const audience = new Map<string, { figure: number; lookers: number; likely: number }>();
    const at = (lotId: string) => {
      const held = audience.get(lotId) ?? { figure: 0, lookers: 0, likely: 0 };
      audience.set(lotId, held);
      return held;
    };
    for (const [index, { sessionId, valueWeight = 1 }] of viewers.entries()) {
      if (!(valueWeight >= 0 && Number.isFinite(valueWeight)))
        throw new InputError(`${valueWeight} is not a weight >= 0`, { row: index + 1, column: 'valueWeight' });
      const itemIds = sessions[index] as string[];
      if (itemIds.length === 0) continue;
      for (const [itemId, chance] of this.#chancesOf(sessionId, itemIds)) {
        if (!lotIds.has(itemId)) continue;
        const lot = at(itemId);
        lot.figure += valueWeight * chance;
        if (chance >= LIKELY_CHANCE) lot.likely += 1;
      }
      let own = this.options.ownWeight;
      for (const itemId of [...new Set(itemIds.toReversed())].slice(0, OWN_ITEMS)) {
        if (lotIds.has(itemId)) {
          const lot = at(itemId);
          lot.figure += valueWeight * own;
          lot.lookers += 1;
        }
        own *= this.options.ownDecay;
      }
    }
    return audience;
  }

  #chancesOf(sessionId: string, itemIds: readonly string[]): ReadonlyMap<string, number> {
    const { clickCount } = this.nextItem.index;
    if (this.#memo.clickCount !== clickCount) {
      this.#memo.clickCount = clickCount;
      this.#memo.bySession.clear();
    }
    const known = this.#memo.bySession.get(sessionId);
    if (known !== undefined) return known;
    const chances = this.nextItem.chances(itemIds, sessionId);
    this.#memo.bySession.set(sessionId, chances);
    return chances;
  }

  #reasonsFor({ lot, owedMs, isDue }: RuledLot, { lookers, likely }: Audience): LotReason[] {
    const reasons: LotReason[] = [];
    const clickCount = this.#recent.sumOf(0, lot.lotId);
    if (isDue) reasons.push({ kind: 'owed_by_contract', owedMs });
    if (lookers > 0) reasons.push({ kind: 'looked_at_by_viewers', viewerCount: lookers });
    if (likely > 0) reasons.push({ kind: 'likely_next_for_viewers', viewerCount: likely });
    if (clickCount > 0) reasons.push({ kind: 'clicked_lately', clickCount, withinMs: this.options.recentMs });
    return reasons.length > 0 ? reasons : [{ kind: 'in_the_run_sheet' }];
  }
}

/** 1 / maximum; 0 when there is none above 0. */
function scaleOf(figures: readonly number[]): number {
  const most = figures.reduce((max, figure) => Math.max(max, figure), 0);
  return most > 0 ? 1 / most : 0;
}
