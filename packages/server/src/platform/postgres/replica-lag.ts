// Lag in time, by our clock alone: where the primary was when. A replica's own `now() - pg_last_xact_replay_timestamp()`
// grows while nobody writes, and needs two clocks that agree.
const SAMPLES_KEPT = 512;

export type PrimaryTrack = {
  /** The primary was there at `atMs`. */
  add(lsn: bigint, atMs: number): void;
  /** How long ago the primary went beyond `replayed`; 0 when it has not, as far as we know. */
  lagMs(replayed: bigint, nowMs: number): number;
  /** On a new timeline the old track means nothing. */
  clear(): void;
};

export function createPrimaryTrack(): PrimaryTrack {
  let samples: { lsn: bigint; atMs: number }[] = [];
  return {
    add(lsn, atMs) {
      if (samples.at(-1)?.lsn === lsn) return;
      samples.push({ lsn, atMs });
      // The older half is thinned out, not cut off: a long lag must not look short.
      if (samples.length > SAMPLES_KEPT) samples = samples.filter((_, index) => index % 2 === 0 || index > SAMPLES_KEPT / 2);
    },
    lagMs(replayed, nowMs) {
      const ahead = samples.find(({ lsn }) => lsn > replayed);
      return ahead === undefined ? 0 : nowMs - ahead.atMs;
    },
    clear() {
      samples = [];
    },
  };
}
