// Who is here, what they ask, what could sell: three panels a show, each with its reason.

export { withoutMoney } from './audience.ts';
export type { Insights } from './insights.ts';
export { createInsights } from './insights.ts';
export type { InsightsPorts, Panels } from './ports.ts';
