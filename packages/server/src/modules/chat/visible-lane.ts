// Which lines viewers are shown when more are written than the room can carry: so many a second, first come first
// shown. Staff and buyers are always shown, and take a place each. Nothing is lost: the archive has every line, staff
// read every line, a newcomer's snapshot holds the newest, and an author sees the own one.
import type { ChatMessage, ShowId } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';

/** Shows whose lane is remembered; the one that spoke longest ago is forgotten and starts with a full second. */
export const LANES_MAX = 500;

type Lane = { places: number; atMs: number };

export type VisibleLane = {
  shows(showId: ShowId, message: Pick<ChatMessage, 'author'>): boolean;
};

export function createVisibleLane(deps: { clock: Clock; linesPerSec: () => number | null }): VisibleLane {
  const lanes = new Map<ShowId, Lane>();

  return {
    shows(showId, { author }) {
      const perSec = deps.linesPerSec();
      if (perSec === null) {
        lanes.delete(showId);
        return true;
      }
      const nowMs = deps.clock.nowMs();
      const lane = lanes.get(showId) ?? { places: perSec, atMs: nowMs };
      lanes.delete(showId);
      lanes.set(showId, lane);
      if (lanes.size > LANES_MAX) for (const oldest of [...lanes.keys()].slice(0, 1)) lanes.delete(oldest);
      lane.places = Math.min(perSec, lane.places + (Math.max(0, nowMs - lane.atMs) / 1_000) * perSec);
      lane.atMs = nowMs;
      const isKept = author.kind === 'staff' || author.isBuyer;
      if (!isKept && lane.places < 1) return false;
      lane.places = Math.max(0, lane.places - 1);
      return true;
    },
  };
}
