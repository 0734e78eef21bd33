// When the demo director changes the product on display, and when it stops doing so. Pure: what it sees in, what it
// wants out. A highlight it did not start, or one of its own that somebody else ended, means a person has taken over;
// from then on it only watches.
import type { Highlight, ProductId } from '@insp/protocol';

export type Rotation = {
  readonly ownHighlightId: string | null;
  readonly shownAtMs: number;
  readonly nextIndex: number;
  readonly isHandedOver: boolean;
};
export type RotationStep = { rotation: Rotation; show: ProductId | null; hide: string | null };

export const FIRST_ROTATION: Rotation = { ownHighlightId: null, shownAtMs: 0, nextIndex: 0, isHandedOver: false };

/** `turnMs` = how long each product stays on display. */
export function nextStep(
  rotation: Rotation,
  seen: { isLive: boolean; highlights: readonly Highlight[] },
  lineUp: readonly ProductId[],
  turnMs: number,
  nowMs: number,
): RotationStep {
  const wait: RotationStep = { rotation, show: null, hide: null };
  if (rotation.isHandedOver || lineUp.length === 0) return wait;
  const isOurs = seen.highlights.every(({ id }) => id === rotation.ownHighlightId);
  const isOursGone = rotation.ownHighlightId !== null && !seen.highlights.some(({ id }) => id === rotation.ownHighlightId);
  if (!isOurs || isOursGone) return { ...wait, rotation: { ...rotation, isHandedOver: true } };
  if (!seen.isLive || (rotation.ownHighlightId !== null && nowMs - rotation.shownAtMs < turnMs)) return wait;
  const show = lineUp[rotation.nextIndex % lineUp.length] as ProductId;
  return { rotation: { ...rotation, nextIndex: rotation.nextIndex + 1, shownAtMs: nowMs }, show, hide: rotation.ownHighlightId };
}
