// Running figures per show, minute, product, highlight, source and viewer, merged from the event log.
export { type Aggregates, type AggregatesStats, createAggregates } from './aggregates.ts';
export type { StoredKpis } from './kpi-store.postgres.ts';
