// Paid orders as the shop tells them, and the tokens that say which of them came from a show.
import type { CustomerId, MintShowToken, Order, ShopWebhookAnswer, ShowId } from '@insp/protocol';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import type { Service } from '../../kernel/service.ts';
import type { Database } from '../../platform/postgres/database.ts';
import { deleteDeliveriesBefore } from './delivery-store.postgres.ts';
import { createOrderIntake, type OrderIntakeDeps } from './order-intake.ts';
import { countCoverage, listBuyersOfShow, listOrdersOfShow, sumOrdersOfCustomers } from './order-store.postgres.ts';
import { mintShowToken } from './show-token.ts';
import type { WebhookHeaders } from './webhook-signature.ts';

/** A webhook id is remembered this long; shops repeat a delivery for three days at most. */
const DELIVERIES_KEPT_MS = 30 * 24 * 60 * 60_000;
const CLEAN_UP_EVERY_MS = 6 * 60 * 60_000;

export type OrdersDeps = OrderIntakeDeps & { database: Database };
export type OrderPage = { data: Order[]; nextCursor: string | null };
export type Orders = ReturnType<typeof createOrders>;

export function createOrders(deps: OrdersDeps) {
  const { database, clock, logger, ports } = deps;
  const receive = createOrderIntake(deps);
  let stopCleaning = () => {};

  async function cleanUp(): Promise<void> {
    try {
      await deleteDeliveriesBefore(database, clock.nowMs() - DELIVERIES_KEPT_MS);
    } catch (err) {
      logger.warn({ err }, 'old webhook deliveries could not be forgotten; trying again later');
    }
  }

  const service: Service = {
    async start() {
      stopCleaning();
      stopCleaning = clock.every(CLEAN_UP_EVERY_MS, () => void cleanUp());
      await cleanUp();
    },
    async stop() {
      stopCleaning();
    },
  };

  return {
    ...service,

    /** One webhook delivery; `body` is the raw bytes. */
    receive: (orgId: string, headers: WebhookHeaders, body: Buffer): Promise<Outcome<ShopWebhookAnswer>> => receive(orgId, headers, body),

    /** The signed attribution for one add to cart. `origin` is the page that asks: a token of another page is of no use there. */
    async mint(sessionToken: string, origin: string | null, wanted: MintShowToken): Promise<Outcome<{ showToken: string }>> {
      const verified = await ports.verifySession(sessionToken, origin);
      if (!verified.ok) return verified;
      const { orgId, showId, viewerId, isSimulated } = verified.value;
      const { productId, highlightId } = wanted;
      if (!(await ports.isInLineUp(showId, productId))) return refused('INSP_SHOWS_PRODUCT_NOT_IN_LINE_UP');
      if (highlightId !== null && !(await ports.hasHighlight(showId, highlightId, productId)))
        return refused('INSP_SHOWS_HIGHLIGHT_NOT_FOUND');
      const [key] = await ports.showTokenKeys(orgId);
      if (key === undefined) throw new Error(`organization ${orgId} has no key for show tokens`);
      return accepted({
        showToken: mintShowToken({ orgId, showId, productId, highlightId, viewerId, isSimulated, mintedAt: clock.nowMs() }, key),
      });
    },

    /** Orders with lines of the show, newest first. */
    async ordersOfShow(orgId: string, showId: ShowId, page: { cursor: string | null; limit: number }): Promise<Outcome<OrderPage>> {
      const show = await ports.endOfShow(showId);
      if (show === null || show.orgId !== orgId) return refused('INSP_SHOWS_NOT_FOUND');
      const found = await listOrdersOfShow(database.read, orgId, showId, { before: page.cursor, limit: page.limit + 1 });
      const data = found.slice(0, page.limit);
      return accepted({ data, nextCursor: found.length > page.limit ? (data.at(-1)?.id ?? null) : null });
    },

    /** Past orders of customers, placed before `beforeMs`; spend is net of refunds, largest currency first. */
    ordersOfCustomers: (orgId: string, customerIds: readonly CustomerId[], beforeMs: number) =>
      sumOrdersOfCustomers(database.read, orgId, customerIds, beforeMs),

    /** Viewers who bought in the show. */
    buyersInShow: (showId: ShowId) => listBuyersOfShow(database, showId),

    /** Orders of the organization in a span of time: with a line of the show, and without. */
    coverage: (orgId: string, showId: ShowId, span: { fromMs: number; toMs: number }) => countCoverage(database.read, orgId, showId, span),
  };
}
