// Randomness that replays: the same seed gives the same numbers on every machine. `fork` gives an independent
// sequence by name, so that adding a draw in one place does not shift all others.

export type Seeded = {
  /** Uniform in [0, 1). */
  float(): number;
  /** Uniform integer in [0, limit). */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Exponential with the given mean: waiting times of a Poisson process. */
  exponential(mean: number): number;
  fork(name: string | number): Seeded;
};

/** FNV-1a over the text, for turning names into seeds. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}

export function createSeeded(seed: string | number): Seeded {
  const name = String(seed);
  let state = hash(name);
  // mulberry32
  const float = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    float,
    below: (limit) => Math.floor(float() * limit),
    chance: (probability) => float() < probability,
    pick(items) {
      if (items.length === 0) throw new Error('nothing to pick from');
      return items[Math.floor(float() * items.length)] as (typeof items)[number];
    },
    exponential: (mean) => -Math.log(1 - float()) * mean,
    fork: (part) => createSeeded(`${name}/${part}`),
  };
}
