// The headline numbers of a report: each with its definition, its formula, and the figures it is made of. What needs
// money is left out for a reader who may not see it. Pure.
import { formatMoney, type ShowKpis, type ShowReport } from '@insp/protocol';
import { isEstimated } from '../ui/estimates.ts';
import { countText, rateText } from '../ui/format.ts';

export type HeadlineFigure = {
  readonly key: string;
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
  /** One sentence: what it counts. */
  readonly definition: string;
  /** With the server's own formula where it has one. */
  readonly formula: string;
};

export function headlineFigures(report: Pick<ShowReport, 'kpis' | 'formulas' | 'coverage'>, locale: string): HeadlineFigure[] {
  const { totals } = report.kpis;
  const formula = (key: string, own: string) => report.formulas[key] ?? own;
  // A rate is as uncertain as the count it is made of.
  const about = (figure: string, value: string) => (isEstimated(report.kpis.sampling, figure) ? `~${value}` : value);
  const money = (amountMinor: number) => formatMoney({ amountMinor, currency: totals.currency ?? 'EUR' }, locale);
  const { attributedCount, unattributedCount } = report.coverage;
  return [
    {
      key: 'uniqueViewerCount',
      label: 'Viewers',
      value: countText(totals.uniqueViewerCount),
      definition: 'Distinct people who came in.',
      formula: formula('uniqueViewerCount', 'distinct viewer ids'),
    },
    {
      key: 'peakWatchingCount',
      label: 'Peak',
      value: about('peakWatchingCount', countText(totals.peakWatchingCount)),
      unit: 'at once',
      definition: 'Most people in the room at one moment.',
      formula: formula('peakWatchingCount', 'greatest of the samples taken every 10 s'),
    },
    {
      key: 'visitCount',
      label: 'Visits',
      value: countText(totals.visitCount),
      definition: 'Entries into the room; one person may come several times.',
      formula: formula('visitCount', 'entries into the room'),
    },
    {
      key: 'messageCount',
      label: 'Messages',
      value: countText(totals.messageCount),
      definition: 'Chat messages that were accepted.',
      formula: formula('messageCount', 'accepted chat messages'),
    },
    {
      key: 'chatRate',
      label: 'Chat rate',
      value: rateText(totals.chatterCount, totals.uniqueViewerCount),
      definition: 'Share of viewers who wrote at least once.',
      formula: `chatters / viewers = ${totals.chatterCount} / ${totals.uniqueViewerCount}`,
    },
    {
      key: 'productClickCount',
      label: 'Product clicks',
      value: about('productClickCount', countText(totals.productClickCount)),
      definition: 'Taps on a product card.',
      formula: formula('productClickCount', 'taps on a product card'),
    },
    {
      key: 'cartAddCount',
      label: 'Adds to cart',
      value: countText(totals.cartAddCount),
      definition: 'Adds the shop accepted.',
      formula: formula('cartAddCount', 'adds the shop accepted'),
    },
    {
      key: 'addRate',
      label: 'Add rate',
      value: about('productClickCount', rateText(totals.cartAddCount, totals.productClickCount)),
      definition: 'Adds the shop accepted, of all product clicks.',
      formula: `accepted adds / product clicks = ${totals.cartAddCount} / ${totals.productClickCount}`,
    },
    {
      key: 'orderCount',
      label: 'Orders',
      value: countText(totals.orderCount),
      definition: 'Paid orders with a line of this show.',
      formula: formula('orderCount', 'orders with a valid token of this show'),
    },
    {
      key: 'ctor',
      label: 'CTOR',
      value: about('productClickCount', rateText(totals.orderCount, totals.productClickCount)),
      definition: 'Orders, of all product clicks.',
      formula: `orders / product clicks = ${totals.orderCount} / ${totals.productClickCount}`,
    },
    ...moneyFigures(totals, money, formula),
    {
      key: 'coverage',
      label: 'Order coverage',
      value: rateText(attributedCount, attributedCount + unattributedCount),
      definition: 'Orders of the shop in that time that could be matched to the show.',
      formula: `${formula('coverage', 'matched / all')} Here: ${attributedCount} / ${attributedCount + unattributedCount}`,
    },
  ];
}

function moneyFigures(
  totals: ShowKpis,
  money: (amountMinor: number) => string,
  formula: (key: string, own: string) => string,
): HeadlineFigure[] {
  const { gmvMinor, refundedMinor, orderCount, visitCount } = totals;
  if (gmvMinor === null) return [];
  const aov = orderCount === 0 ? null : Math.round(gmvMinor / orderCount);
  const gpm = visitCount === 0 ? null : Math.round((gmvMinor * 1000) / visitCount);
  return [
    {
      key: 'gmvMinor',
      label: 'Direct GMV',
      value: money(gmvMinor),
      definition: 'Paid for products of this show, after coupons, without tax and shipping.',
      formula: formula('gmvMinor', 'sum of the lines of this show'),
    },
    {
      key: 'net',
      label: 'Net',
      value: money(gmvMinor - (refundedMinor ?? 0)),
      definition: 'Direct GMV less refunds so far.',
      formula: `direct GMV - refunds = ${money(gmvMinor)} - ${money(refundedMinor ?? 0)}`,
    },
    {
      key: 'aov',
      label: 'Average order',
      value: aov === null ? '–' : money(aov),
      definition: 'Direct GMV per order.',
      formula: `direct GMV / orders = ${money(gmvMinor)} / ${orderCount}`,
    },
    {
      key: 'gpm',
      label: 'GPM',
      value: gpm === null ? '–' : money(gpm),
      definition: 'Direct GMV per thousand visits.',
      formula: `direct GMV × 1000 / visits = ${money(gmvMinor)} × 1000 / ${visitCount}`,
    },
  ];
}
