// The headline numbers of a report: the counts, then the server's metrics. Each has its definition and its formula with the
// figures in it; one made of sampled facts wears `~`; what needs money is left out for a reader who may not see it. Pure.
import { formatMoney, type ReportMetric, type ShowKpis, type ShowReport } from '@insp/protocol';
import { isEstimated } from '../ui/estimates.ts';
import { countText, spanText, timeText } from '../ui/format.ts';

export type HeadlineFigure = {
  readonly key: string;
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
  /** One sentence: what it counts. */
  readonly definition: string;
  readonly formula: string;
  /** Shown large on top; the others open on demand. */
  readonly isMain: boolean;
};

const MAIN = [
  ...['viewers', 'concurrentMax', 'averageWatchTime', 'buyerConversion'],
  ...['messageCount', 'chatRate', 'cartAddCount', 'orderCount'],
  ...['directGmv', 'net', 'aov', 'gpm'],
];

/** Counts that are no metric of their own; the rest of the totals is in the metrics. */
const COUNTS: readonly { key: keyof ShowKpis; label: string; definition: string }[] = [
  { key: 'messageCount', label: 'Messages', definition: 'Chat messages that were accepted.' },
  { key: 'productClickCount', label: 'Product clicks', definition: 'Taps on a product card.' },
  { key: 'cartAddCount', label: 'Adds to cart', definition: 'Adds the shop accepted.' },
  { key: 'orderCount', label: 'Orders', definition: 'Paid orders with a line of this show.' },
  { key: 'unitCount', label: 'Units', definition: 'Units on those lines.' },
];

export function headlineFigures(report: Pick<ShowReport, 'kpis' | 'formulas' | 'metrics'>, locale: string): HeadlineFigure[] {
  const { totals, sampling } = report.kpis;
  /** A rate is as uncertain as the counts it is made of. */
  const about = (names: readonly string[], value: string) => (names.some((name) => isEstimated(sampling, name)) ? `~${value}` : value);
  const isBlind = totals.gmvMinor === null;
  const place = (key: string) => (MAIN.includes(key) ? MAIN.indexOf(key) : MAIN.length);
  const counts = COUNTS.map(({ key, label, definition }) => ({
    key,
    label,
    value: about([key], countText(Number(totals[key]))),
    definition,
    formula: report.formulas[key] ?? definition,
    isMain: MAIN.includes(key),
  }));
  const metrics = (report.metrics ?? [])
    .filter(({ unit }) => unit !== 'minor' || !isBlind)
    .map((metric) => {
      const figure = figureOf(metric, totals, locale);
      return { ...figure, value: about([metric.name, ...Object.keys(metric.parts)], figure.value) };
    });
  return [...metrics, ...counts].sort((left, right) => place(left.key) - place(right.key));
}

function figureOf(metric: ReportMetric, totals: ShowKpis, locale: string): HeadlineFigure {
  const { name, label, value, unit, definition } = metric;
  const money = (amountMinor: number) => formatMoney({ amountMinor, currency: totals.currency ?? 'EUR' }, locale);
  const text = (): string => {
    if (value === null) return '–';
    switch (unit) {
      case 'ratio':
        return `${(value * 100).toFixed(1)} %`;
      case 'minor':
        return money(value);
      case 'ms':
        return spanText(value);
      case 'minute':
        return timeText(value * 60_000, locale);
      default:
        return countText(value);
    }
  };
  return { key: name, label, value: text(), definition, formula: formulaText(metric, money), isMain: MAIN.includes(name) };
}

/** `v1: clickCount / impressionCount = 60 / 400`: the formula, and the same with its figures. */
function formulaText({ formula, parts }: ReportMetric, money: (amountMinor: number) => string): string {
  const named = formula.replace(/^v\d+: /, '');
  const filled = named.replaceAll(/[a-z]\w+/gi, (word) => {
    const figure = parts[word];
    if (figure === undefined) return word;
    if (figure === null) return '–';
    return word.endsWith('Minor') ? money(figure) : countText(figure);
  });
  return filled === named ? formula : `${formula} = ${filled}`;
}
