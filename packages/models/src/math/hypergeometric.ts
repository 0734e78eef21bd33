/**
 * Gauss hypergeometric function 2F1(a, b; c; z) for z < 1 and c > 0: the power series where it converges quickly, the Pfaff
 * transform 2F1(a, b; c; z) = (1 - z)^-a 2F1(a, c - b; c; z / (z - 1)) for z < 0 (DLMF 15.8.1), and the Euler transform
 * (1 - z)^(c-a-b) 2F1(c-a, c-b; c; z) near 1 when it shrinks the terms. Throws if the series does not settle.
 */
export function hypergeometric2F1(a: number, b: number, c: number, z: number): number {
  if (!(z < 1)) throw new RangeError(`2F1 needs z < 1, got ${z}`);
  if (z < 0) return (1 - z) ** -a * series(a, c - b, c, z / (z - 1));
  if (z > 0.5 && c - a - b < 0) return (1 - z) ** (c - a - b) * series(c - a, c - b, c, z);
  return series(a, b, c, z);
}

const MAX_TERMS = 50_000;

function series(a: number, b: number, c: number, z: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 0; n < MAX_TERMS; n += 1) {
    term *= (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    sum += term;
    if (Math.abs(term) < 1e-15 * Math.abs(sum)) return sum;
  }
  throw new RangeError(`2F1(${a}, ${b}; ${c}; ${z}) did not converge in ${MAX_TERMS} terms`);
}
