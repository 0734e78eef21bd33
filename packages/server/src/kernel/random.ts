import { randomBytes } from 'node:crypto';

/** Randomness is a dependency, so that a run replays from a seed. */
export type Random = {
  bytes(count: number): Uint8Array;
  /** Uniform in [0, 1). */
  float(): number;
};

/** Cryptographic randomness of the system. */
export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  float: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
};
