// What shows needs from the others, as narrow as it uses it.
import type { Fact, IngestSource, Product, ProductId, PublicReplay, ShowId } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';

export type { NewFact } from '../capture/index.ts';

/** Rows and facts in one transaction (capture). */
export type FactRecorder = { commit<T>(work: (tx: Sql, record: (fact: Fact) => void) => Promise<T>): Promise<T> };

/** Of the organization's settings (accounts). */
export type OrganizationOfShow = {
  readonly name: string;
  readonly encoderGraceSec: number;
  readonly storeOrigins: readonly string[];
};

export type ShowsPorts = {
  /** Null for an organization that does not exist (any more). */
  organization(orgId: string): Promise<OrganizationOfShow | null>;
  /** Products of this organization among the ids (catalog). */
  products(orgId: string, productIds: readonly string[]): Promise<Map<ProductId, Product>>;
  /** Whether an encoder is sending for the show right now (media). */
  hasPicture(showId: ShowId): boolean;
  /** What viewers may see of a show that has ended (recordings). */
  replay(showId: ShowId): Promise<PublicReplay | null>;
  /** Where a viewer may start over while the show is on air (recordings). */
  startOverUrl(showId: ShowId): Promise<string | null>;
  /** The key was replaced: whoever sends with the old one is cut off. */
  dropEncoder(showId: ShowId, source: IngestSource): void;
  /** Puts that encoder on air; false when it could not begin at once. */
  switchSource(showId: ShowId, source: IngestSource): boolean;
};
