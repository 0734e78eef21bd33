// Communities of a weighted graph: modularity with a resolution (Reichardt & Bornholdt 2006), maximized by the Louvain
// method (Blondel et al. 2008).
import type { Uniform } from '../../math/seeded-random.ts';
import { compress, shuffled, type WeightedGraph } from './neighbour-graph.ts';

const MAX_PASSES = 20;
const MAX_LEVELS = 12;

/**
 * Louvain: move nodes while modularity rises, fold communities into nodes, repeat. Community of every node, numbered from
 * 0 in order of first appearance; a node without edges is alone. Greater `resolution` = more, smaller communities.
 */
export function louvain(graph: WeightedGraph, resolution: number, uniform: Uniform): Int32Array {
  let member = Int32Array.from({ length: graph.starts.length - 1 }, (_, i) => i);
  let current = graph;
  let loops: Float64Array = new Float64Array(member.length);
  for (let level = 0; level < MAX_LEVELS; level += 1) {
    const { groups, moved } = moveLocally(current, loops, resolution, uniform);
    const numbered = renumber(groups);
    member = member.map((node) => numbered.groups[node] as number);
    if (!moved) break;
    const folded = fold(current, loops, numbered.groups, numbered.count);
    current = folded.graph;
    loops = folded.loops;
  }
  return renumber(member).groups;
}

/** One level of node moves. `loops[i]` = weight inside node i, counted from both ends. */
function moveLocally(
  graph: WeightedGraph,
  loops: Float64Array,
  resolution: number,
  uniform: Uniform,
): { groups: Int32Array; moved: boolean } {
  const { starts, ends, weights } = graph;
  const n = starts.length - 1;
  const degrees = Float64Array.from(loops);
  let total = 0;
  for (let i = 0; i < n; i += 1) {
    for (let p = starts[i] as number; p < (starts[i + 1] as number); p += 1) degrees[i] = (degrees[i] as number) + (weights[p] as number);
    total += degrees[i] as number;
  }
  const groups = Int32Array.from({ length: n }, (_, i) => i);
  if (total === 0) return { groups, moved: false };
  const groupDegrees = Float64Array.from(degrees);
  const links = new Float64Array(n);
  const touched: number[] = [];
  let moved = false;
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    let moves = 0;
    for (const i of shuffled(n, uniform)) {
      const own = groups[i] as number;
      touched.length = 0;
      touched.push(own);
      for (let p = starts[i] as number; p < (starts[i + 1] as number); p += 1) {
        const g = groups[ends[p] as number] as number;
        if (links[g] === 0 && g !== own) touched.push(g);
        links[g] = (links[g] as number) + (weights[p] as number);
      }
      const degree = degrees[i] as number;
      groupDegrees[own] = (groupDegrees[own] as number) - degree;
      let best = own;
      let bestGain = Number.NEGATIVE_INFINITY;
      for (const g of touched) {
        const gain = (links[g] as number) - (resolution * degree * (groupDegrees[g] as number)) / total;
        if (gain > bestGain + 1e-12) {
          bestGain = gain;
          best = g;
        }
        links[g] = 0;
      }
      groupDegrees[best] = (groupDegrees[best] as number) + degree;
      if (best !== own) {
        groups[i] = best;
        moves += 1;
        moved = true;
      }
    }
    if (moves === 0) break;
  }
  return { groups, moved };
}

function fold(graph: WeightedGraph, loops: Float64Array, groups: Int32Array, count: number): { graph: WeightedGraph; loops: Float64Array } {
  const rows: Map<number, number>[] = Array.from({ length: count }, () => new Map());
  const foldedLoops = new Float64Array(count);
  for (let i = 0; i < groups.length; i += 1) {
    const a = groups[i] as number;
    foldedLoops[a] = (foldedLoops[a] as number) + (loops[i] as number);
    for (let p = graph.starts[i] as number; p < (graph.starts[i + 1] as number); p += 1) {
      const b = groups[graph.ends[p] as number] as number;
      if (a === b) foldedLoops[a] = (foldedLoops[a] as number) + (graph.weights[p] as number);
      else rows[a]?.set(b, (rows[a]?.get(b) ?? 0) + (graph.weights[p] as number));
    }
  }
  return { graph: compress(rows), loops: foldedLoops };
}

/** Numbers groups 0, 1, ... in order of first appearance. */
export function renumber(groups: ArrayLike<number>): { groups: Int32Array; count: number } {
  const numbers = new Map<number, number>();
  const renumbered = Int32Array.from({ length: groups.length }, (_, i) => {
    const g = groups[i] as number;
    const known = numbers.get(g);
    if (known !== undefined) return known;
    numbers.set(g, numbers.size);
    return numbers.size - 1;
  });
  return { groups: renumbered, count: numbers.size };
}
