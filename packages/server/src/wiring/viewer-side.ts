// How shows look at their viewers, from what players tell and how many are here: the viewers' line of stream health. Of
// this process: where rooms live in another one, it is not known here.
import { createViewerSide, type ViewerSide, type ViewersReading } from '@insp/media';
import type { ShowId } from '@insp/protocol';
import type { Clock } from '../kernel/clock.ts';
import type { EventBus } from '../kernel/event-bus.ts';

const SHOWS_KEPT = 200;

export type ViewerSides = {
  /** Called each second while a picture comes in. */
  count(showId: ShowId): void;
  read(showId: string): ViewersReading | null;
};

export function createViewerSides(deps: { bus: EventBus; clock: Clock; watchingCount(showId: ShowId): number }): ViewerSides {
  const { bus, clock } = deps;
  const sides = new Map<string, ViewerSide>();

  function sideOf(showId: string): ViewerSide {
    const side = sides.get(showId) ?? createViewerSide();
    sides.delete(showId);
    sides.set(showId, side);
    const oldest = sides.keys().next().value;
    if (sides.size > SHOWS_KEPT && oldest !== undefined) sides.delete(oldest);
    return side;
  }

  bus.on('player.stalled', ({ showId, payload, weight }) => {
    if (showId !== null) sideOf(showId).stalled(payload.stallMs, weight, clock.nowMs());
  });
  bus.on('player.latency_measured', ({ showId, payload }) => {
    if (showId !== null && payload.behindHostMs !== null) sideOf(showId).behind(payload.behindHostMs, clock.nowMs());
  });
  bus.on('player.joined', ({ showId, payload }) => {
    if (showId !== null) sideOf(showId).joined(payload.joinMs, clock.nowMs());
  });

  return {
    count: (showId) => sideOf(showId).watching(deps.watchingCount(showId), clock.nowMs()),
    read: (showId) => sides.get(showId)?.read(clock.nowMs()) ?? null,
  };
}
