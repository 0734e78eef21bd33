// Downhill simplex (Nelder & Mead 1965) with the adaptive coefficients of Gao & Han (2012) for more than two
// dimensions. Deterministic: no randomness, no time. Starts and restarts are the caller's.

export type Minimum = { x: number[]; value: number; iterationCount: number; hasConverged: boolean };

export type NelderMeadOptions = { step?: number; maxIterations?: number; tolerance?: number };

/** Minimizes `f` from `start`. A value that is not finite counts as +infinity, so bounds can be walls. */
export function minimize(f: (x: readonly number[]) => number, start: readonly number[], options: NelderMeadOptions = {}): Minimum {
  const n = start.length;
  const { step = 0.5, maxIterations = 400 * n, tolerance = 1e-9 } = options;
  const reflect = 1;
  const expand = 1 + 2 / n;
  const contract = 0.75 - 1 / (2 * n);
  const shrink = 1 - 1 / n;
  const value = (x: readonly number[]) => {
    const y = f(x);
    return Number.isFinite(y) ? y : Number.POSITIVE_INFINITY;
  };
  type Vertex = { x: number[]; y: number };
  const simplex: Vertex[] = [{ x: [...start], y: value(start) }];
  for (let i = 0; i < n; i += 1) {
    const x = [...start];
    x[i] = (x[i] as number) + step;
    simplex.push({ x, y: value(x) });
  }
  const along = (centre: readonly number[], x: readonly number[], factor: number): Vertex => {
    const point = centre.map((c, i) => c + factor * (c - (x[i] as number)));
    return { x: point, y: value(point) };
  };
  for (let iteration = 0; iteration < maxIterations; iteration += 1) {
    simplex.sort((a, b) => a.y - b.y);
    const best = simplex[0] as Vertex;
    const worst = simplex[n] as Vertex;
    const spread = Math.max(...best.x.map((b, i) => Math.max(...simplex.map((vertex) => Math.abs((vertex.x[i] as number) - b)))));
    if (worst.y - best.y < tolerance * (1 + Math.abs(best.y)) * 1e-3 && spread < tolerance ** 0.5) {
      return { x: best.x, value: best.y, iterationCount: iteration, hasConverged: true };
    }
    const centre = Array.from({ length: n }, (_, i) => simplex.slice(0, n).reduce((sum, vertex) => sum + (vertex.x[i] as number), 0) / n);
    const reflected = along(centre, worst.x, reflect);
    if (reflected.y < best.y) {
      const expanded = along(centre, worst.x, expand);
      simplex[n] = expanded.y < reflected.y ? expanded : reflected;
    } else if (reflected.y < (simplex[n - 1] as Vertex).y) {
      simplex[n] = reflected;
    } else {
      const contracted = reflected.y < worst.y ? along(centre, worst.x, contract) : along(centre, worst.x, -contract);
      if (contracted.y < Math.min(reflected.y, worst.y)) simplex[n] = contracted;
      else {
        for (let k = 1; k <= n; k += 1) {
          const vertex = simplex[k] as Vertex;
          const x = vertex.x.map((xi, i) => (best.x[i] as number) + shrink * (xi - (best.x[i] as number)));
          simplex[k] = { x, y: value(x) };
        }
      }
    }
  }
  simplex.sort((a, b) => a.y - b.y);
  const best = simplex[0] as Vertex;
  return { x: best.x, value: best.y, iterationCount: maxIterations, hasConverged: false };
}
