// The time base of one receiver: 0 at the key frame it began with, never back, and on through what happens at the
// source. An encoder that comes back, or whose clock jumps, goes on after what was sent last by the time that passed.

export type OutgoingTimeline = {
  /** Begins, or goes on, at a key frame. `gapMs` is how long nothing was sent; ignored the first time. */
  beginAt(keyDtsMs: number, gapMs: number): void;
  /** The time to send for a decode time of the source, ms. Never below one given before for the same kind of tag. */
  at(kind: 'video' | 'audio', dtsMs: number): number;
};

export function createOutgoingTimeline(): OutgoingTimeline {
  let baseDtsMs: number | null = null;
  let offsetMs = 0;
  const lastMs = { video: 0, audio: 0 };
  return {
    beginAt(keyDtsMs, gapMs) {
      offsetMs = baseDtsMs === null ? 0 : Math.max(lastMs.video, lastMs.audio) + Math.max(1, Math.round(gapMs));
      baseDtsMs = keyDtsMs;
    },
    at(kind, dtsMs) {
      const atMs = Math.max(lastMs[kind], offsetMs + dtsMs - (baseDtsMs ?? dtsMs));
      lastMs[kind] = atMs;
      return atMs;
    },
  };
}
