// Rungs have no B-frames: their encoder gives them in the order they are shown. To be cut where the source is cut, by
// decode time, they need the source's decode times back: the first shown gets the first decode time, and so on. Before
// an IDR both orders have seen the same pictures, so a key frame gets exactly the source's decode time; no picture is
// shown before it is decoded; and without B-frames nothing changes.

export type SentPicture = { readonly dtsMs: number; readonly ptsMs: number; readonly isKey: boolean };

export type DecodeTimes = {
  /** In the order of the source. */
  sent(picture: SentPicture): void;
  /** The decode time for what is shown at `ptsMs`; that time itself when it belongs to nothing sent. */
  of(ptsMs: number): number;
};

/** Picture groups remembered: far more than an encoder is ever behind. */
const KEPT_MS = 15_000;

export function createDecodeTimes(): DecodeTimes {
  let groups: { readonly fromPtsMs: number; readonly dtsMs: number[]; readonly ptsMs: number[] }[] = [];
  return {
    sent({ dtsMs, ptsMs, isKey }) {
      if (isKey || groups.length === 0) {
        groups.push({ fromPtsMs: ptsMs, dtsMs: [], ptsMs: [] });
        groups = groups.filter((group, index) => index >= groups.length - 2 || ptsMs - group.fromPtsMs <= KEPT_MS);
      }
      const open = groups.at(-1);
      open?.dtsMs.push(dtsMs);
      open?.ptsMs.push(ptsMs);
    },
    of(ptsMs) {
      const group = groups.findLast(({ fromPtsMs }) => fromPtsMs <= ptsMs);
      if (!group) return ptsMs;
      const rank = group.ptsMs.reduce((count, other) => (other < ptsMs ? count + 1 : count), 0);
      return Math.min(ptsMs, group.dtsMs[rank] ?? ptsMs);
    },
  };
}
