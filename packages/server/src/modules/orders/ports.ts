// What orders needs from the others.
import type { Actor, Currency, CustomerId, Fact, ProductId, ShowId, ViewerId } from '@insp/protocol';
import type { Outcome } from '../../kernel/outcome.ts';
import type { Sql } from '../../platform/postgres/database.ts';

export type { NewFact } from '../capture/index.ts';

/** Rows and facts in one transaction (capture). */
export type FactRecorder = { commit<T>(work: (tx: Sql, record: (fact: Fact) => void) => Promise<T>): Promise<T> };

/** Who asks for a show token (viewers). */
export type TokenSession = {
  readonly orgId: string;
  readonly showId: ShowId;
  readonly viewerId: ViewerId;
  readonly isSimulated: boolean;
};

export type OrdersPorts = {
  /** Currency of the organization; null = no such organization (accounts). */
  currencyOf(orgId: string): Promise<Currency | null>;
  /** Webhook secrets that are accepted now, `whsec_...` (accounts: `order_webhook`). */
  webhookSecrets(orgId: string): Promise<readonly string[]>;
  /** Keys under which show tokens are valid; the first one signs (accounts: `show_token`). */
  showTokenKeys(orgId: string): Promise<readonly string[]>;
  /** Our ids of the shop's product ids (catalog). */
  productIds(orgId: string, externalIds: readonly string[]): Promise<ReadonlyMap<string, ProductId>>;
  /** Takes over stock (catalog); older news and repeats change nothing. */
  applyStock(
    orgId: string,
    items: readonly { sku: string; stockCount: number }[],
    asOfMs: number,
    actor: Actor,
  ): Promise<{ unknownSkus: readonly string[] }>;
  /** Pseudonym of the shop's customer id (viewers). */
  customerId(orgId: string, customerRef: string): Promise<CustomerId>;
  /** `origin`: of the page that asks; refused when the session is of another. */
  verifySession(token: string, origin: string | null): Promise<Outcome<TokenSession>>;
  /** Whose a show is and when it ended (shows); null = no such show. */
  endOfShow(showId: ShowId): Promise<{ orgId: string; endedAt: number | null } | null>;
  isInLineUp(showId: ShowId, productId: ProductId): Promise<boolean>;
  hasHighlight(showId: ShowId, highlightId: string, productId: ProductId): Promise<boolean>;
};
