// A report as files: JSON as the API gave it, CSV for a spreadsheet. The same numbers as on the page, to the unit.
import type { Product, ShowReport } from '@insp/protocol';
import { isEstimated } from '../ui/estimates.ts';

/** RFC 4180, and no cell that a spreadsheet would run as a formula. */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvOf(head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return [head, ...rows]
    .map((row) => row.map(csvCell).join(','))
    .join('\r\n')
    .concat('\r\n');
}

/** The columns of a row that are estimates, by their names in the file. */
const estimatedColumns = (report: ShowReport, columns: Record<string, string>): string =>
  Object.keys(columns)
    .filter((column) => isEstimated(report.kpis.sampling, columns[column] ?? ''))
    .join(' ');

const iso = (epochMs: number | null) => (epochMs === null ? null : new Date(epochMs).toISOString());

export function highlightsCsv(report: ShowReport, products: ReadonlyMap<string, Product>): string {
  const currency = report.kpis.totals.currency ?? '';
  return csvOf(
    [
      'highlight_id',
      'product_id',
      'product',
      'started_at',
      'ended_at',
      'clicks',
      'adds',
      'orders',
      'units',
      'gmv_minor',
      'currency',
      'estimated',
    ],
    report.kpis.highlights.map((span) => [
      span.highlightId,
      span.productId,
      products.get(span.productId)?.title ?? '',
      iso(span.startedAt),
      iso(span.endedAt),
      span.clickCount,
      span.cartAddCount,
      span.orderCount,
      span.unitCount,
      span.gmvMinor,
      span.gmvMinor === null ? null : currency,
      estimatedColumns(report, { clicks: 'clickCount' }),
    ]),
  );
}

export function minutesCsv(report: ShowReport): string {
  return csvOf(
    [
      'minute',
      'watching_mean',
      'watching_max',
      'unique_viewers',
      'messages',
      'reactions',
      'adds',
      'orders',
      'units',
      'gmv_minor',
      'estimated',
    ],
    report.kpis.minutes.map((row) => [
      iso(row.minute * 60_000),
      row.watchingMean,
      row.watchingMax,
      row.uniqueViewerCount,
      row.messageCount,
      row.reactionCount,
      row.cartAddCount,
      row.orderCount,
      row.unitCount,
      row.gmvMinor,
      estimatedColumns(report, { watching_mean: 'watchingMean', watching_max: 'watchingMax' }),
    ]),
  );
}

/** `spring-drop-2026-03-05-highlights.csv` */
export function fileName(report: ShowReport, part: string, ending: string): string {
  const readable =
    report.show.title
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || report.show.id;
  const day = new Date(report.show.liveAt ?? report.show.createdAt).toISOString().slice(0, 10);
  return `${readable}-${day}-${part}.${ending}`;
}
