// Metrics that are defined but cannot be counted, because a fact they need is not recorded. Listed, so that nobody takes a
// near figure for them.
export const METRICS_NOT_YET: readonly { readonly name: string; readonly formula: string; readonly missing: string }[] = [
  { name: 'viewers per target', formula: 'distinct viewers of each target', missing: 'restream targets report no viewers yet' },
  {
    name: 'buyer conversion, strict',
    formula: 'buyers who watched >= 3 s and were shown the product before / viewers',
    missing: 'watching is known when a session ends, and which highlight a viewer saw is not recorded',
  },
  {
    name: 'assisted GMV',
    formula: 'orders with a product click <= 14 d before',
    missing: 'clicks of a viewer across shows are not kept by product',
  },
  { name: 'cancels in net', formula: 'direct - refunds - cancels', missing: 'the order webhook has no cancel; shops send it as a refund' },
  {
    name: 'lost by consent',
    formula: 'counted / (counted + lost by consent + unknown)',
    missing: 'consent is not recorded; it is within "unattributed"',
  },
  { name: 'attend rate', formula: 'sign-ups who came / sign-ups', missing: 'there are no sign-ups' },
  { name: 'reach factor', formula: 'total / on-site concurrent', missing: 'restream targets report no viewers yet' },
  {
    name: 'fan growth',
    formula: 'new repeat viewers (>= 2 shows in 28 d) / previous',
    missing: 'an aggregate of viewer and day over shows',
  },
  { name: 'lift', formula: 'outcome shown - outcome held out, 95 % interval', missing: 'no viewers are held out' },
  { name: 'CLTV change', formula: 'mean expected value after - before', missing: 'the model of buyers is not part of the report' },
  {
    name: 'messages and sales by phase',
    formula: 'each figure before, during and after the show',
    missing: 'replays send no chat; orders after the end count for the live show (24 h)',
  },
];
