// What a report is made of, from its owners.
import type { LiveKpis, ShowId, ShowTransition } from '@insp/protocol';
import type { Clock } from '../kernel/clock.ts';
import type { Aggregates } from '../modules/aggregates/index.ts';
import type { Insights } from '../modules/insights/index.ts';
import type { Orders } from '../modules/orders/index.ts';
import { type ReportPorts, readMetricFigures } from '../modules/reports/index.ts';
import type { Shows } from '../modules/shows/index.ts';
import type { Database } from '../platform/postgres/database.ts';

/** Attribution counts orders until a day after the end (product.md 3.6). */
const WINDOW_AFTER_END_MS = 24 * 3_600_000;
const TRANSITIONS_SHOWN = 500;

export function createReportPorts(sources: {
  shows: Pick<Shows, 'read' | 'transitions' | 'endOf'>;
  orders: Pick<Orders, 'coverage'>;
  aggregates: Pick<Aggregates, 'settle' | 'sources'>;
  insights: Pick<Insights, 'panels'>;
  kpis(showId: ShowId): Promise<LiveKpis>;
  database: Database;
  clock: Clock;
}): ReportPorts {
  const { shows, orders, aggregates, insights, database, clock } = sources;
  const ownShow = async (orgId: string, showId: ShowId) => {
    const found = await shows.read(orgId, showId);
    return found.ok ? found.value : null;
  };
  return {
    show: ownShow,
    async transitions(showId): Promise<ShowTransition[]> {
      const owner = await shows.endOf(showId);
      const page = owner && (await shows.transitions(owner.orgId, showId, { cursor: null, limit: TRANSITIONS_SHOWN }));
      return page?.ok ? page.value.data : [];
    },
    async kpis(showId) {
      await aggregates.settle();
      return sources.kpis(showId);
    },
    openQuestions: async (showId) => (await insights.panels(showId))?.questions.clusters.filter(({ state }) => state === 'open') ?? [],
    sources: aggregates.sources,
    metricFigures: (showId) => readMetricFigures(database.read, showId),
    async coverage(orgId, showId) {
      const show = await ownShow(orgId, showId);
      if (show === null || show.liveAt === null) return { attributedCount: 0, unattributedCount: 0 };
      return orders.coverage(orgId, showId, { fromMs: show.liveAt, toMs: (show.endedAt ?? clock.nowMs()) + WINDOW_AFTER_END_MS });
    },
  };
}
