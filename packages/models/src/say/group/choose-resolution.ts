// How fine the communities should be is a property of the texts, not a constant: five intents want a low resolution, two
// hundred a high one. Maximizing modularity at resolution g equals maximum likelihood of the planted-partition model when
//   g = (w_in - w_out) / (ln w_in - ln w_out),   w = edge weight over its expectation, within and between communities
// (Newman 2016, "Equivalence between modularity optimization and maximum likelihood"). That model takes edges for
// independent, while a graph of nearest neighbours is tight at every scale: its fixed point is too fine, the more so the
// fewer edges leave the communities. So the resolution taken is g times that share over a constant.
import type { Uniform } from '../../math/seeded-random.ts';
import { louvain } from './graph-communities.ts';
import type { WeightedGraph } from './neighbour-graph.ts';

/** Share of leaving edges at which g itself is right. Chosen on training parts of 5 to 77 intents with 5 to 100 texts each. */
const LEAVING_RATIO = 0.27;
/** The correction stays between these, whatever the share. */
const LEAST_CORRECTION = 0.3;
const GREATEST_CORRECTION = 1.5;
const LEAST = 0.5;
const GREATEST = 20;
const STEPS = 6;
/** Close enough: a tenth either way changes few groups. */
const TOLERANCE = 0.1;

/** The resolution to use with `louvain`, from `LEAST` to `GREATEST`; bisection on its logarithm, at most `STEPS` runs. */
export function chooseResolution(graph: WeightedGraph, uniform: Uniform): number {
  let low = Math.log(LEAST);
  let high = Math.log(GREATEST);
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2;
    const resolution = Math.exp(middle);
    const asked = askedResolution(graph, louvain(graph, resolution, uniform));
    if (asked === null) return 1;
    const excess = Math.log(asked / resolution);
    if (Math.abs(excess) < TOLERANCE) return resolution;
    if (excess > 0) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

/** Resolution these communities ask for; null when there is one community only, no edge, or no edge between two. */
export function askedResolution({ starts, ends, weights }: WeightedGraph, groups: Int32Array): number | null {
  const degrees = new Float64Array(groups.length);
  let total = 0;
  let inside = 0;
  for (let i = 0; i < groups.length; i += 1) {
    const own = groups[i] as number;
    for (let p = starts[i] as number; p < (starts[i + 1] as number); p += 1) {
      const weight = weights[p] as number;
      total += weight;
      degrees[own] = (degrees[own] as number) + weight;
      if (groups[ends[p] as number] === own) inside += weight;
    }
  }
  if (total === 0) return null;
  let expected = 0;
  for (const degree of degrees) expected += (degree * degree) / total;
  const within = inside / expected;
  const between = (total - inside) / (total - expected);
  if (!(between > 0) || !(within > between)) return null;
  const likeliest = (within - between) / (Math.log(within) - Math.log(between));
  const leaving = (total - inside) / total;
  return likeliest * Math.min(GREATEST_CORRECTION, Math.max(LEAST_CORRECTION, leaving / LEAVING_RATIO));
}
