// Two sets of figures side by side, number by number. Lists are matched by what their rows are about, not by their place.

export type Difference = { readonly figure: string; readonly recomputed: unknown; readonly reported: unknown };

/** What a row of each list is about. */
const ROW_KEY: Readonly<Record<string, string>> = {
  minutes: 'minute',
  products: 'productId',
  highlights: 'highlightId',
  sources: 'source',
  phases: 'phase',
};
/** State of the moment and names: no figures of the past. */
const NOT_FIGURES = new Set(['totals.showId', 'totals.watchingCount', 'totals.updatedAt']);

/** Made of what events of one show do not tell: questions that stand open, orders that named no show. */
const NOT_FROM_EVENTS = new Set(['answerRate', 'coverage']);

type Metric = { readonly name: string; readonly value: unknown };
type Report = { readonly kpis?: object; readonly sources?: unknown; readonly metrics?: readonly Metric[]; readonly phases?: unknown };

/** The part of a report that events can answer for. */
export function figuresOf(report: Report): Readonly<Record<string, unknown>> {
  const metrics = (report.metrics ?? []).filter(({ name }) => !NOT_FROM_EVENTS.has(name)).map(({ name, value }) => [name, value]);
  return { ...report.kpis, sources: report.sources, metrics: Object.fromEntries(metrics), phases: report.phases };
}

/** Every figure that is not the same on both sides, or is on one side only. */
export function findDifferences(recomputed: object, reported: object): Difference[] {
  const [left, right] = [flatten(recomputed), flatten(reported)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((figure) => !NOT_FIGURES.has(figure) && left.get(figure) !== right.get(figure))
    .map((figure) => ({ figure, recomputed: left.get(figure), reported: right.get(figure) }));
}

function flatten(value: unknown, path = '', found = new Map<string, unknown>()): Map<string, unknown> {
  if (Array.isArray(value)) {
    for (const [at, row] of value.entries()) flatten(row, `${path}[${row[ROW_KEY[path] ?? ''] ?? at}]`, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) flatten(inner, path === '' ? key : `${path}.${key}`, found);
  } else found.set(path, value);
  return found;
}
