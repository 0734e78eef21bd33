// Running figures per show, minute, product, highlight, source and viewer, merged from the event log.
export { type Aggregates, type AggregatesStats, createAggregates } from './aggregates.ts';
export type { StoredKpis } from './kpi-store.postgres.ts';
export { createLiveFigures, type LiveFigures } from './live-figures.ts';
export type { ShowChange } from './micro-batch.postgres.ts';
export { setAside } from './set-aside.postgres.ts';
export type { TableVerdict, VerifyRange } from './verify.postgres.ts';
