// What a report is made of; each part comes from its owner.
import type { LiveKpis, QuestionCluster, ReportPhase, Show, ShowId, ShowTransition } from '@insp/protocol';
import type { StoredMetricFigures } from './metrics/metric-store.postgres.ts';

export type ReportPorts = {
  /** Null when the show does not exist or belongs to another organization. */
  show(orgId: string, showId: ShowId): Promise<Show | null>;
  transitions(showId: ShowId): Promise<ShowTransition[]>;
  /** Figures from the aggregates, after everything appended so far was merged. */
  kpis(showId: ShowId): Promise<LiveKpis>;
  /** Figures of the metrics; read after `kpis`. */
  metricFigures(showId: ShowId): Promise<{ figures: StoredMetricFigures; phases: ReportPhase[] }>;
  openQuestions(showId: ShowId): Promise<QuestionCluster[]>;
  sources(showId: ShowId): Promise<{ source: string; visitCount: number }[]>;
  /** Orders of the organization placed while the show was on (to 24 h after), matched to it and not. */
  coverage(orgId: string, showId: ShowId): Promise<{ attributedCount: number; unattributedCount: number }>;
};
