// The orders a host could follow without us, logged beside every suggestion: what beats them earns its place.
//   fixed    best sellers over a long past, or the run sheet
//   recency  what was clicked most in the last hour: the baseline to beat
//   loudest  the items of the busiest session first: what one noisy viewer wants

export type CounterfactualOrders = { readonly fixed: string[]; readonly recency: string[]; readonly loudest: string[] };

/** Lots by a figure, most first; equal ones keep the order they came in. */
export function orderBy(lotIds: readonly string[], figureOf: (lotId: string) => number): string[] {
  return lotIds
    .map((lotId) => ({ lotId, figure: figureOf(lotId) }))
    .sort((a, b) => b.figure - a.figure)
    .map(({ lotId }) => lotId);
}

/** Lots of the busiest session first (its latest click first), then of the next busiest; lots nobody clicked keep their order at the end. */
export function loudestOrder(lotIds: readonly string[], sessions: readonly (readonly string[])[]): string[] {
  const left = new Set(lotIds);
  const order: string[] = [];
  for (const itemIds of [...sessions].sort((a, b) => b.length - a.length)) {
    for (const itemId of itemIds.toReversed()) if (left.delete(itemId)) order.push(itemId);
  }
  return [...order, ...left];
}
