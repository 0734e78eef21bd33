// The orders a host could follow without us, logged beside every suggestion: what beats them earns its place.
//   fixed    best sellers over a long past, or the run sheet
//   recency  what was clicked most in the last hour: the baseline to beat
//   loudest  the items of the busiest session first, then the run sheet: what one noisy viewer wants

export type CounterfactualOrders = { readonly fixed: string[]; readonly recency: string[]; readonly loudest: string[] };

/** Lots by a figure, most first; equal ones keep the order they came in. */
export function orderBy(lotIds: readonly string[], figureOf: (lotId: string) => number): string[] {
  return lotIds
    .map((lotId) => ({ lotId, figure: figureOf(lotId) }))
    .sort((a, b) => b.figure - a.figure)
    .map(({ lotId }) => lotId);
}

/** Lots of the busiest session first (its most clicked, then latest, first), all others in the order given. */
export function loudestOrder(lotIds: readonly string[], sessions: readonly (readonly string[])[]): string[] {
  const busiest = sessions.reduce<readonly string[]>((most, session) => (session.length > most.length ? session : most), []);
  const places = new Map<string, { clicks: number; latest: number }>();
  for (const [latest, itemId] of busiest.entries()) places.set(itemId, { clicks: (places.get(itemId)?.clicks ?? 0) + 1, latest });
  const wanted = [...places].sort(([, a], [, b]) => b.clicks - a.clicks || b.latest - a.latest);
  const left = new Set(lotIds);
  const order: string[] = [];
  for (const [itemId] of wanted) if (left.delete(itemId)) order.push(itemId);
  return [...order, ...left];
}
