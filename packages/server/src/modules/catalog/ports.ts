// What catalog needs from the others.
import type { Fact } from '@insp/protocol';
import type { Outcome } from '../../kernel/outcome.ts';
import type { Sql } from '../../platform/postgres/database.ts';

export type { NewFact } from '../capture/index.ts';

/** Rows and facts in one transaction (capture). */
export type FactRecorder = { commit<T>(work: (tx: Sql, record: (fact: Fact) => void) => Promise<T>): Promise<T> };

/** Reads the product list a shop serves, through the outbound guard. */
export type FetchFeed = (url: string) => Promise<Outcome<unknown>>;
