// The report of a show: the same figures as on the live screen, from the same aggregates, with the formula of each.
import type { LiveKpis, ShowId, ShowReport } from '@insp/protocol';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import { FORMULAS } from './formulas.ts';
import { computeMetrics } from './metrics/registry.ts';
import type { ReportPorts } from './ports.ts';

export type Reports = {
  kpis(orgId: string, showId: ShowId, mayReadTurnover: boolean): Promise<Outcome<LiveKpis>>;
  report(orgId: string, showId: ShowId, mayReadTurnover: boolean): Promise<Outcome<ShowReport>>;
};

export function createReports(ports: ReportPorts): Reports {
  return {
    async kpis(orgId, showId, mayReadTurnover) {
      if (!(await ports.show(orgId, showId))) return refused('INSP_SHOWS_NOT_FOUND');
      const kpis = await ports.kpis(showId);
      return accepted(mayReadTurnover ? kpis : withoutTurnover(kpis));
    },
    async report(orgId, showId, mayReadTurnover) {
      const show = await ports.show(orgId, showId);
      if (!show) return refused('INSP_SHOWS_NOT_FOUND');
      // First: reading the figures brings the aggregates up to the log, which the other parts read too.
      const kpis = await ports.kpis(showId);
      const [transitions, openQuestions, sources, coverage, { figures, phases }] = await Promise.all([
        ports.transitions(showId),
        ports.openQuestions(showId),
        ports.sources(showId),
        ports.coverage(orgId, showId),
        ports.metricFigures(showId),
      ]);
      return accepted({
        show,
        kpis: mayReadTurnover ? kpis : withoutTurnover(kpis),
        transitions,
        openQuestions,
        sources,
        coverage,
        formulas: { ...FORMULAS },
        metrics: computeMetrics(
          {
            ...figures,
            openQuestionCount: openQuestions.length,
            attributedOrderCount: coverage.attributedCount,
            unattributedOrderCount: coverage.unattributedCount,
          },
          mayReadTurnover,
        ),
        phases,
      });
    },
  };
}

/** The figures for a reader who may not see money (product.md OR2): every amount is null, everywhere. */
export function withoutTurnover(kpis: LiveKpis): LiveKpis {
  const blind = <T extends { gmvMinor: number | null }>(row: T): T => ({ ...row, gmvMinor: null });
  return {
    ...kpis,
    totals: { ...kpis.totals, gmvMinor: null, refundedMinor: null },
    minutes: kpis.minutes.map(blind),
    products: kpis.products.map(blind),
    highlights: kpis.highlights.map(blind),
  };
}
