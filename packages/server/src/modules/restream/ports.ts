// What restream needs from others.
import type { Fact, ShowState } from '@insp/protocol';
import type { Outcome } from '../../kernel/outcome.ts';
import type { Sql } from '../../platform/postgres/database.ts';

export type { NewFact } from '../capture/index.ts';
export type { BroadcastTap, OpenTap, PublishGrant } from '../media/index.ts';

/** Rows and facts in one transaction (capture). */
export type FactRecorder = { commit<T>(work: (tx: Sql, record: (fact: Fact) => void) => Promise<T>): Promise<T> };

export type Shows = {
  /** Refuses with INSP_SHOWS_NOT_FOUND for a show that is not the organization's. */
  read(orgId: string, showId: string): Promise<Outcome<{ readonly state: ShowState }>>;
};
