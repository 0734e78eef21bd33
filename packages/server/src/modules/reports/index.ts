// After the show: the report; during it: the same figures over HTTP.
export { readMetricFigures } from './metrics/metric-store.postgres.ts';
export type { ReportPorts } from './ports.ts';
export { reportRoutes } from './reports.http.ts';
export { createReports, type Reports, withoutTurnover } from './reports.ts';
