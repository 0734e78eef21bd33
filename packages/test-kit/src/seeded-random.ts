/** Randomness that replays: the same seed gives the same run. Not for secrets. */
export type SeededRandom = {
  bytes(count: number): Uint8Array;
  /** Uniform in [0, 1). */
  float(): number;
  /** Uniform integer in [0, below). */
  int(below: number): number;
  pick<T>(items: readonly T[]): T;
};

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state, good enough to scatter test cases. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const float = () => next() / 2 ** 32;
  const int = (below: number) => Math.floor(float() * below);
  return {
    float,
    int,
    bytes: (count) => Uint8Array.from({ length: count }, () => next() & 0xff),
    pick(items) {
      if (items.length === 0) throw new RangeError('nothing to pick from');
      return items[int(items.length)] as (typeof items)[number];
    },
  };
}
