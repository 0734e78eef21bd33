// From what the filters of one ffmpeg say to what listeners are told: begin and end of black, frozen and silent. Another
// ffmpeg sees with fresh eyes: what was open is over when it begins, and begins again if it is still so.
import type { Sign } from '@insp/media';
import type { PictureSignal } from './ports.ts';

type Kind = PictureSignal['kind'];

export function createPictureSignals(tell: (signal: PictureSignal) => void) {
  const openFromMs = new Map<Kind, number>();
  const close = (kind: Kind, untilMs: number): void => {
    const fromMs = openFromMs.get(kind);
    if (fromMs === undefined) return;
    openFromMs.delete(kind);
    tell({ kind, fromMs, untilMs: Math.max(fromMs, untilMs) });
  };
  return {
    /** `wallMs`: when that was, on the wall. */
    sign(sign: Sign, wallMs: number): void {
      if (sign.kind === 'still') return;
      if (sign.isOver) close(sign.kind, wallMs);
      else if (!openFromMs.has(sign.kind)) {
        openFromMs.set(sign.kind, wallMs);
        tell({ kind: sign.kind, fromMs: wallMs, untilMs: null });
      }
    },
    /** Nobody looks any more. */
    endAll(nowMs: number): void {
      for (const kind of [...openFromMs.keys()]) close(kind, nowMs);
    },
  };
}
