// The distribution behind a forecast: P(Y >= n) of the purchases Y within the coming weeks, n = 0, 1, ..., from which every
// interval and median is read. Exact for the Beta drop-out models, by quadrature for the Pareto/NBD.
//
// Given alive at age T, lambda ~ Gamma(R, A) with A = alpha + T, so arrivals within t are negative binomial.

/** P(Y >= n), n = 0, 1, ...; `tail[0]` = 1, falling; ends where it is below 1e-9. */
export type PurchaseTail = readonly number[];

const LEAST_TAIL = 1e-9;
const MAX_PURCHASES_FORECAST = 2_000;

/** Arrivals beyond which the tail of a negative binomial (shape R, scale A) is nothing: mean plus twelve deviations. */
export function arrivalLimit(shape: number, scale: number, weeks: number, perPurchase = 1): number {
  const expected = ((shape + perPurchase) * weeks) / scale;
  const wide = Math.ceil(40 + 12 * expected + 12 * Math.sqrt(expected * (1 + weeks / scale)));
  return Math.min(MAX_PURCHASES_FORECAST * perPurchase, wide);
}

/** P(arrivals within `weeks` >= m) for m = 0..limit. */
export function arrivalTail(shape: number, scale: number, weeks: number, limit: number): Float64Array {
  const q = weeks / (scale + weeks);
  const tail = new Float64Array(limit + 1);
  let mass = Math.exp(shape * Math.log1p(-q));
  let below = 0;
  for (let m = 0; m <= limit; m += 1) {
    tail[m] = Math.max(0, 1 - below);
    below += mass;
    mass *= ((shape + m) / (m + 1)) * q;
  }
  return tail;
}

export type BetaDropout = {
  /** P(alive). */
  readonly alive: number;
  /** Gamma(shape, scale) of the rate, given alive. */
  readonly shape: number;
  readonly scale: number;
  /** Beta(a, b) of the chance to leave after a purchase, given alive. */
  readonly a: number;
  readonly b: number;
};

/** BG/NBD and MBG/NBD: P(Y >= n) = P(alive) P(arrivals >= n) E[(1 - p)^(n - 1)]. */
export function betaDropoutTail({ alive, shape, scale, a, b }: BetaDropout, weeks: number): PurchaseTail {
  const arrivals = arrivalTail(shape, scale, weeks, arrivalLimit(shape, scale, weeks));
  const tail = [1];
  let surviving = alive;
  for (let n = 1; n < arrivals.length; n += 1) {
    const value = surviving * (arrivals[n] as number);
    if (value < LEAST_TAIL) break;
    tail.push(value);
    surviving *= (b + n - 1) / (a + b + n - 1);
  }
  return tail;
}

export type GammaLifetime = {
  readonly alive: number;
  readonly shape: number;
  readonly scale: number;
  /** Gamma(s, scale) of the rate of leaving, given alive. */
  readonly s: number;
  readonly leaveScale: number;
};

/**
 * Pareto/NBD: P(Y >= n | alive) = integral over u in (0, t) of the density of the n-th arrival at u times
 * (B / (B + u))^s, B = beta + T, which in q = u / (A + u) is Beta(n, R): composite Gauss-Legendre, 8 panels of 8 points.
 */
export function gammaLifetimeTail({ alive, shape, scale, s, leaveScale }: GammaLifetime, weeks: number): PurchaseTail {
  const end = weeks / (scale + weeks);
  const limit = arrivalLimit(shape, scale, weeks);
  const points: { weight: number; q: number; density: number }[] = [];
  for (let panel = 0; panel < PANELS; panel += 1) {
    for (const [x, w] of GAUSS_8) {
      const q = ((panel + (1 + x) / 2) * end) / PANELS;
      const u = (scale * q) / (1 - q);
      const staying = Math.exp(-s * Math.log1p(u / leaveScale));
      points.push({ weight: ((w / 2) * end * staying) / PANELS, q, density: shape * Math.exp((shape - 1) * Math.log1p(-q)) });
    }
  }
  const tail = [1];
  for (let n = 1; n <= limit; n += 1) {
    let sum = 0;
    for (const point of points) {
      sum += point.weight * point.density;
      point.density *= (point.q * (shape + n)) / n;
    }
    if (alive * sum < LEAST_TAIL) break;
    tail.push(alive * sum);
  }
  return tail;
}

const PANELS = 8;
/** Nodes and weights on [-1, 1] (Abramowitz & Stegun 25.4). */
const GAUSS_8 = [0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975363].flatMap((x, i) => {
  const w = [0.362683783378362, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763][i] as number;
  return [[-x, w] as const, [x, w] as const];
});

/** Smallest n with P(Y <= n) >= `probability`. */
export function purchaseQuantile(tail: PurchaseTail, probability: number): number {
  let n = 0;
  while (n + 1 < tail.length && 1 - (tail[n + 1] as number) < probability) n += 1;
  return n;
}

/** Mean of Y: the sum of P(Y >= n) over n >= 1. */
export function meanOfTail(tail: PurchaseTail): number {
  let sum = 0;
  for (let n = tail.length - 1; n >= 1; n -= 1) sum += tail[n] as number;
  return sum;
}
