/** A stream of uniform numbers in [0, 1). */
export type Uniform = () => number;

/** Mulberry32 (Tommy Ettinger): a small seeded generator with period 2^32; for simulators and tests, not for secrets. */
export function seededUniform(seed: number): Uniform {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
