// What auto-end needs of the others.
import type { AutoEndWarning, Fact, ShowId, ShowState } from '@insp/protocol';
import type { Outcome } from '../../kernel/outcome.ts';
import type { Sql } from '../../platform/postgres/database.ts';

export type { NewFact } from '../capture/index.ts';

/** Rows and facts in one transaction (capture). */
export type FactRecorder = { commit<T>(work: (tx: Sql, record: (fact: Fact) => void) => Promise<T>): Promise<T> };

export type ShowOnAir = {
  readonly showId: ShowId;
  readonly orgId: string;
  readonly state: ShowState;
  readonly liveAt: number | null;
  readonly isSimulated: boolean;
};

export type AutoEndPorts = {
  /** Live, paused or waiting for the encoder, of all organizations (shows). */
  showsOnAir(): Promise<readonly ShowOnAir[]>;
  /** How long a show of this organization may be on air (accounts). */
  maxLiveMin(orgId: string): Promise<number>;
  /** What is seen of the picture; null = nothing is known (media). */
  picture(showId: ShowId): {
    readonly blackSinceMs: number | null;
    readonly frozenSinceMs: number | null;
    readonly silentSinceMs: number | null;
  } | null;
  /** Null: this process does not know (realtime). */
  watchingCount(showId: ShowId): number | null;
  /** Ends the show as a host would (shows). */
  endShow(show: ShowOnAir, reason: string): Promise<Outcome<unknown>>;
  /** Tells the staff; null = the warning is withdrawn (realtime, copilot). */
  tell(showId: ShowId, warning: AutoEndWarning | null): void;
};

export type Member = { readonly orgId: string; readonly memberId: string };
