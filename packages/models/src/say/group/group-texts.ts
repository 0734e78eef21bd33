import { InputError } from '../../input-error.ts';
import type { Uniform } from '../../math/seeded-random.ts';
import { nearestNeighbours } from './neighbour-graph.ts';
import { smoothPoints } from './smooth-points.ts';
import { DEFAULT_K_MEANS, type KMeansOptions, sphericalKMeans } from './spherical-k-means.ts';
import { DEFAULT_TEXT_SPACE, TextSpace, type TextSpaceOptions } from './text-space.ts';

export type GroupTextsOptions = { readonly space: TextSpaceOptions; readonly kMeans: KMeansOptions; readonly smoothNeighbours: number };
export const DEFAULT_GROUP_TEXTS: GroupTextsOptions = { space: DEFAULT_TEXT_SPACE, kMeans: DEFAULT_K_MEANS, smoothNeighbours: 5 };

/**
 * Groups texts that ask the same into `groupCount` groups, without labels: text space learnt on `fitOn`, points smoothed
 * over their neighbours, spherical k-means. Group of every text, 0..groupCount-1. Refuses more groups than texts.
 * Exact neighbours cost n^2: for files of a few thousand texts.
 */
export function groupTexts(
  texts: readonly string[],
  groupCount: number,
  uniform: Uniform,
  fitOn: readonly string[] = texts,
  options: GroupTextsOptions = DEFAULT_GROUP_TEXTS,
): { groups: Int32Array } {
  if (texts.length === 0) throw new InputError('there are no texts');
  if (groupCount > texts.length) throw new InputError(`cannot make ${groupCount} groups of ${texts.length} texts`);
  const space = TextSpace.fit(fitOn, uniform, options.space);
  const placed = space.placeAll(texts);
  const graph = nearestNeighbours(placed, options.smoothNeighbours);
  const smoothed = smoothPoints(placed.points, space.dims, graph, options.smoothNeighbours);
  return { groups: sphericalKMeans(smoothed, space.dims, groupCount, uniform, options.kMeans).groups };
}
