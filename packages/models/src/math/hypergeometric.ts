/**
 * Gauss hypergeometric function 2F1(a, b; c; z) for z < 1 and c > 0: the power series where it converges quickly, the Pfaff
 * transform 2F1(a, b; c; z) = (1 - z)^-a 2F1(a, c - b; c; z / (z - 1)) for z < 0 (DLMF 15.8.1), and the Euler transform
 * (1 - z)^(c-a-b) 2F1(c-a, c-b; c; z) near 1 when it shrinks the terms. NaN if the series does not settle in `MAX_TERMS` (huge
 * parameters close to z = 1): a likelihood treats that as a wall.
 */
export function hypergeometric2F1(a: number, b: number, c: number, z: number): number {
  if (!(z < 1)) throw new RangeError(`2F1 needs z < 1, got ${z}`);
  if (z < 0) return (1 - z) ** -a * series(a, c - b, c, z / (z - 1));
  if (z > 0.5 && c - a - b < 0) return (1 - z) ** (c - a - b) * series(c - a, c - b, c, z);
  return series(a, b, c, z);
}

const MAX_TERMS = 20_000;

function series(a: number, b: number, c: number, z: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 0; n < MAX_TERMS; n += 1) {
    term *= (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    sum += term;
    if (Math.abs(term) < 1e-15 * Math.abs(sum)) return sum;
  }
  return Number.NaN;
}

/**
 * 2F1(a, 1; c; z) for a, c > 0 and 0 <= z < 1 by Gauss's continued fraction (DLMF 15.7.1 with b = 1), evaluated by the
 * modified Lentz method. Needs about 1 / sqrt(1 - z) steps, where the power series needs 1 / (1 - z). NaN if it does not settle.
 */
export function hypergeometric2F1One(a: number, c: number, z: number): number {
  // 1 / (1 - k1 z / (1 - k2 z / (1 - ...)))
  const coefficient = (step: number) => {
    const n = Math.floor(step / 2);
    return step % 2 === 1
      ? ((a + n) * (c - 1 + n)) / ((c + 2 * n - 1) * (c + 2 * n))
      : (n * (c - a + n - 1)) / ((c + 2 * n - 2) * (c + 2 * n - 1));
  };
  const tiny = 1e-300;
  let value = 1;
  let upper = 1;
  let lower = 0;
  for (let step = 1; step < MAX_TERMS; step += 1) {
    const k = -coefficient(step) * z;
    lower = 1 + k * lower;
    if (Math.abs(lower) < tiny) lower = tiny;
    upper = 1 + k / upper;
    if (Math.abs(upper) < tiny) upper = tiny;
    lower = 1 / lower;
    const change = upper * lower;
    value *= change;
    if (Math.abs(change - 1) < 1e-15) return 1 / value;
  }
  return Number.NaN;
}
