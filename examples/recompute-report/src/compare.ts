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
/** State of the moment, names, and what is said about figures: no figures of the past. */
const NOT_FIGURES = new Set([
  'totals.showId',
  'totals.watchingCount',
  'totals.updatedAt',
  'totals.isUniqueViewerCountEstimated',
  'sampling',
]);

/** HyperLogLog sketches of 2,048 buckets: the report says so of them, and they are held to what such a sketch may be off by. */
const ESTIMATED_MINUTE = /^minutes\[\d+\]\.uniqueViewerCount$/;
const SKETCH_BUCKETS = 2_048;
const STANDARD_ERRORS = 4;

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
  const isTotalEstimated = right.get('totals.isUniqueViewerCountEstimated') === true;
  const isEstimated = (figure: string) => ESTIMATED_MINUTE.test(figure) || (isTotalEstimated && figure === 'totals.uniqueViewerCount');
  const isSame = (figure: string) => {
    const [counted, said] = [left.get(figure), right.get(figure)];
    if (counted === said || !isEstimated(figure) || typeof counted !== 'number' || typeof said !== 'number') return counted === said;
    return Math.abs(counted - said) <= STANDARD_ERRORS * sketchErrorOf(counted) + 0.5;
  };
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((figure) => !NOT_FIGURES.has(figure) && !isSame(figure))
    .map((figure) => ({ figure, recomputed: left.get(figure), reported: right.get(figure) }));
}

/**
 * Standard error of a sketch that holds `count` members: that of linear counting while buckets are empty (Whang et al.
 * 1990, eq. 7), at most that of HyperLogLog (Flajolet et al. 2007, 1.04 / sqrt(m) of the count) beyond.
 */
function sketchErrorOf(count: number): number {
  const load = count / SKETCH_BUCKETS;
  const linear = Math.sqrt(SKETCH_BUCKETS * (Math.exp(load) - load - 1));
  return load <= 2.5 ? linear : (1.04 / Math.sqrt(SKETCH_BUCKETS)) * count;
}

function flatten(value: unknown, path = '', found = new Map<string, unknown>()): Map<string, unknown> {
  if (Array.isArray(value)) {
    for (const [at, row] of value.entries()) flatten(row, `${path}[${row[ROW_KEY[path] ?? ''] ?? at}]`, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) flatten(inner, path === '' ? key : `${path}.${key}`, found);
  } else found.set(path, value);
  return found;
}
