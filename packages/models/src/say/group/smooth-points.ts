import type { NeighbourGraph } from './neighbour-graph.ts';
import { scaleToUnit } from './spherical-k-means.ts';

/**
 * Moves every point to the mean of itself and its `k` nearest neighbours, unit length again: one step of graph
 * convolution (SGC, Wu et al. 2019), which draws short texts of one meaning together before they are grouped.
 */
export function smoothPoints(points: Float32Array, dims: number, graph: NeighbourGraph, k: number): Float32Array {
  const smoothed = Float32Array.from(points);
  for (let i = 0; i < graph.nodeCount; i += 1) {
    const to = i * dims;
    for (let t = 0; t < Math.min(k, graph.k); t += 1) {
      const j = graph.neighbours[i * graph.k + t] as number;
      if (j < 0) break;
      for (let d = 0; d < dims; d += 1) smoothed[to + d] = (smoothed[to + d] as number) + (points[j * dims + d] as number);
    }
    scaleToUnit(smoothed, to, dims);
  }
  return smoothed;
}
