// Groups of viewers with like interests and the topics they like: TF-IDF of topics over viewers, spherical k-means, the
// number of groups by the simplified silhouette; a group's topics are those it likes more than the room does (lift).
import { InputError } from '../../input-error.ts';
import type { Uniform } from '../../math/seeded-random.ts';
import { rowDot, scaleToUnit, sphericalKMeans } from '../group/spherical-k-means.ts';

/** `interests`: topic (product tag, category, asked-for property) -> weight >= 0, e.g. decayed clicks and questions. */
export type ViewerInterests = { readonly viewer: string; readonly interests: ReadonlyMap<string, number> };

export type Persona = {
  readonly viewers: readonly string[];
  /** Topics by falling lift: share of the group's interest over the room's share. */
  readonly topics: readonly { readonly topic: string; readonly lift: number; readonly shareRatio: number }[];
};

export type PersonaOptions = {
  readonly maxPersonas: number;
  readonly minViewers: number;
  readonly topicsShown: number;
  readonly maxTopics: number;
};
export const DEFAULT_PERSONAS: PersonaOptions = { maxPersonas: 6, minViewers: 5, topicsShown: 3, maxTopics: 500 };

/**
 * Persona groups, largest first. Viewers without interests belong to none. Null when fewer than 2 * minViewers viewers
 * have interests: too few to speak of groups. Refuses weights below 0 or not finite.
 */
export function personaGroups(
  viewers: readonly ViewerInterests[],
  uniform: Uniform,
  options: PersonaOptions = DEFAULT_PERSONAS,
): Persona[] | null {
  const known = viewers.filter(({ interests }, row) => {
    let sum = 0;
    for (const [topic, weight] of interests) {
      if (!Number.isFinite(weight) || weight < 0) throw new InputError(`${weight} is not a weight >= 0`, { row: row + 1, column: topic });
      sum += weight;
    }
    return sum > 0;
  });
  if (known.length < 2 * options.minViewers) return null;
  const counts = new Map<string, number>();
  for (const { interests } of known)
    for (const [topic, weight] of interests) if (weight > 0) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  const topics = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, options.maxTopics);
  const places = new Map(topics.map(([topic], place) => [topic, place]));
  const dims = topics.length;
  const points = new Float32Array(known.length * dims);
  for (const [i, { interests }] of known.entries()) {
    for (const [topic, weight] of interests) {
      const place = places.get(topic);
      if (place === undefined || weight === 0) continue;
      points[i * dims + place] = Math.log1p(weight) * (Math.log((1 + known.length) / (1 + (counts.get(topic) as number))) + 1);
    }
    scaleToUnit(points, i * dims, dims);
  }
  let best: { groups: Int32Array; quality: number } | null = null;
  for (let k = 2; k <= Math.min(options.maxPersonas, Math.floor(known.length / options.minViewers)); k += 1) {
    const { groups, centroids } = sphericalKMeans(points, dims, k, uniform, { restarts: 4, maxIterations: 30 });
    const quality = simplifiedSilhouette(points, dims, groups, centroids);
    if (best === null || quality > best.quality + 0.01) best = { groups, quality };
  }
  const { groups } = best as { groups: Int32Array };
  const total = interestShares(known);
  const personas: Persona[] = [];
  for (let g = 0; g < options.maxPersonas; g += 1) {
    const members = known.filter((_, i) => groups[i] === g);
    if (members.length < options.minViewers) continue;
    const own = interestShares(members);
    const shown = [...own]
      .map(([topic, shareRatio]) => ({ topic, shareRatio, lift: shareRatio / (total.get(topic) as number) }))
      .filter(({ lift }) => lift > 1)
      .sort((a, b) => b.lift * Math.sqrt(b.shareRatio) - a.lift * Math.sqrt(a.shareRatio) || (a.topic < b.topic ? -1 : 1))
      .slice(0, options.topicsShown);
    personas.push({ viewers: members.map(({ viewer }) => viewer), topics: shown });
  }
  return personas.sort((a, b) => b.viewers.length - a.viewers.length);
}

/** Every viewer weighs the same, so a busy one is one voice. */
function interestShares(viewers: readonly ViewerInterests[]): Map<string, number> {
  const shares = new Map<string, number>();
  for (const { interests } of viewers) {
    let sum = 0;
    for (const weight of interests.values()) sum += weight;
    for (const [topic, weight] of interests) if (weight > 0) shares.set(topic, (shares.get(topic) ?? 0) + weight / sum / viewers.length);
  }
  return shares;
}

function simplifiedSilhouette(points: Float32Array, dims: number, groups: Int32Array, centroids: Float32Array): number {
  let sum = 0;
  const k = centroids.length / dims;
  for (let i = 0; i < groups.length; i += 1) {
    const own = 1 - rowDot(points, i * dims, centroids, (groups[i] as number) * dims, dims);
    let other = Number.POSITIVE_INFINITY;
    for (let g = 0; g < k; g += 1) if (g !== groups[i]) other = Math.min(other, 1 - rowDot(points, i * dims, centroids, g * dims, dims));
    const widest = Math.max(own, other);
    sum += widest > 0 ? (other - own) / widest : 0;
  }
  return sum / groups.length;
}
