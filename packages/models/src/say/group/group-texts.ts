import { InputError } from '../../input-error.ts';
import type { Uniform } from '../../math/seeded-random.ts';
import { capGroups } from './cap-groups.ts';
import { louvain, renumber } from './graph-communities.ts';
import { nearestNeighbours, symmetricGraph, type WeightedGraph } from './neighbour-graph.ts';
import { refineGroups } from './refine-groups.ts';
import { smoothPoints } from './smooth-points.ts';
import { DEFAULT_K_MEANS, type KMeansOptions, sphericalKMeans } from './spherical-k-means.ts';
import { DEFAULT_TEXT_SPACE, TextSpace, type TextSpaceOptions } from './text-space.ts';

export type GroupTextsOptions = {
  readonly space: TextSpaceOptions;
  readonly kMeans: KMeansOptions;
  readonly smoothNeighbours: number;
  readonly linkNeighbours: number;
};
export const DEFAULT_GROUP_TEXTS: GroupTextsOptions = {
  space: DEFAULT_TEXT_SPACE,
  kMeans: DEFAULT_K_MEANS,
  smoothNeighbours: 5,
  linkNeighbours: 7,
};

const RESOLUTION_STEPS = 10;

/** Exact neighbours of more texts would take minutes; a stream takes any number. */
export const MAX_BATCH_TEXTS = 20_000;

/**
 * Groups texts that ask the same into `groupCount` groups, without labels: text space learnt on `fitOn`, communities of
 * the neighbour graph at the resolution that gives just enough of them, surplus ones merged by average link, the result refined by classification. Where the
 * graph does not fall apart that far, spherical k-means over points smoothed along the graph. Group of every text,
 * 0..groupCount-1 or fewer groups. Refuses more groups than texts, and more than `MAX_BATCH_TEXTS` (neighbours cost n^2).
 */
export function groupTexts(
  texts: readonly string[],
  groupCount: number,
  uniform: Uniform,
  fitOn: readonly string[] = texts,
  options: GroupTextsOptions = DEFAULT_GROUP_TEXTS,
): { groups: Int32Array } {
  if (texts.length === 0) throw new InputError('there are no texts');
  if (texts.length > MAX_BATCH_TEXTS)
    throw new InputError(`${texts.length} texts are more than ${MAX_BATCH_TEXTS}: group them as a stream`);
  if (groupCount > texts.length) throw new InputError(`cannot make ${groupCount} groups of ${texts.length} texts`);
  const space = TextSpace.fit(fitOn, uniform, options.space);
  const placed = space.placeAll(texts);
  const graph = nearestNeighbours(placed, Math.max(options.linkNeighbours, options.smoothNeighbours));
  const communities = communitiesAtLeast(symmetricGraph(graph, options.linkNeighbours), groupCount, uniform);
  if (communities !== null) {
    const capped = renumber(capGroups(placed.points, space.dims, communities, groupCount)).groups;
    return { groups: refineGroups(placed.rows, placed.featureCount, capped, uniform) };
  }
  const smoothed = smoothPoints(placed.points, space.dims, graph, options.smoothNeighbours);
  return { groups: sphericalKMeans(smoothed, space.dims, groupCount, uniform, options.kMeans).groups };
}

/** Communities at the least resolution found (bisection on its logarithm) that gives `count` or more; null if none does. */
function communitiesAtLeast(graph: WeightedGraph, count: number, uniform: Uniform): Int32Array | null {
  let low = Math.log(0.1);
  let high = Math.log(200);
  let best: Int32Array | null = null;
  for (let step = 0; step < RESOLUTION_STEPS; step += 1) {
    const middle = (low + high) / 2;
    const found = louvain(graph, Math.exp(middle), uniform);
    if (new Set(found).size >= count) {
      best = found;
      high = middle;
    } else low = middle;
  }
  return best;
}
