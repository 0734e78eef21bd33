// Draws from the distributions the models are made of; the uniform stream is an argument.
import type { Uniform } from './seeded-random.ts';

/** Standard normal by Box-Muller (one of the pair). */
export function sampleNormal(uniform: Uniform): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Gamma(shape, rate): Marsaglia & Tsang (2000), with the power trick below shape 1. */
export function sampleGamma(uniform: Uniform, shape: number, rate = 1): number {
  if (shape < 1) return sampleGamma(uniform, shape + 1, rate) * (1 - uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = sampleNormal(uniform);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return (d * v) / rate;
  }
}

/** Beta(a, b) as a ratio of gammas. */
export function sampleBeta(uniform: Uniform, a: number, b: number): number {
  const x = sampleGamma(uniform, a);
  return x / (x + sampleGamma(uniform, b));
}
