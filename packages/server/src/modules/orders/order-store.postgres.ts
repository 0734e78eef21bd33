// Orders, lines and refunds in Postgres. Rows are only ever added.
import type { Currency, CustomerId, HighlightId, Money, Order, OrderId, ProductId, ShowId, ViewerId } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';
import type { TokenVerdict } from './attribution.ts';
import type { FactLine, FactOrder } from './order-facts.ts';

export type NewLine = FactLine & { readonly productRef: string; readonly verdict: TokenVerdict };
export type NewOrder = Omit<FactOrder, 'lines'> & {
  readonly lines: readonly NewLine[];
  readonly contentDigest: string;
  readonly customerId: CustomerId | null;
  readonly customerName: string | null;
  readonly totalMinor: number;
  readonly receivedAt: number;
};

/** Adds the order with its lines; false when an order with this ref is there already. */
export async function insertOrder(tx: Sql, order: NewOrder): Promise<boolean> {
  const added = await tx.query(
    `INSERT INTO orders (id, org_id, order_ref, content_digest, customer_id, customer_name, currency, total_minor, is_counted, is_simulated,
       placed_at_ms, received_at_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (org_id, order_ref) DO NOTHING RETURNING id`,
    [
      ...[order.id, order.orgId, order.orderRef, order.contentDigest, order.customerId, order.customerName, order.currency],
      ...[order.totalMinor, order.isCounted, order.isSimulated, order.placedAt, order.receivedAt],
    ],
  );
  if (added.length === 0) return false;
  const lines = order.lines.map(({ attribution, ...line }, position) => ({ ...line, ...attribution, position }));
  await tx.query(
    `INSERT INTO order_line (order_id, org_id, line_id, position, sku, product_ref, product_id, quantity, amount_minor, token_verdict,
       show_id, highlight_id, viewer_id)
     SELECT $1, $2, r."lineId", r.position, r.sku, r."productRef", r."productId", r.quantity, r."amountMinor", r.verdict,
       r."showId", r."highlightId", r."viewerId"
     FROM jsonb_to_recordset($3::jsonb) AS r("lineId" text, position int, sku text, "productRef" text, "productId" text, quantity int,
       "amountMinor" bigint, verdict text, "showId" text, "highlightId" text, "viewerId" text)`,
    [order.id, order.orgId, JSON.stringify(lines)],
  );
  return true;
}

export type KnownOrder = {
  id: OrderId;
  contentDigest: string;
  currency: Currency;
  isCounted: boolean;
  isSimulated: boolean;
  attributedLineCount: number;
};

/** Reads an order by the shop's ref and holds it until the transaction ends. */
export async function lockOrder(tx: Sql, orgId: string, orderRef: string): Promise<KnownOrder | null> {
  const [order] = await tx.query<KnownOrder>(
    `SELECT id, content_digest AS "contentDigest", currency, is_counted AS "isCounted", is_simulated AS "isSimulated",
       (SELECT count(*) FROM order_line l WHERE l.order_id = orders.id AND l.show_id IS NOT NULL) AS "attributedLineCount"
     FROM orders WHERE org_id = $1 AND order_ref = $2 FOR UPDATE`,
    [orgId, orderRef],
  );
  return order ?? null;
}

export type RefundableLine = {
  lineId: string;
  productId: ProductId | null;
  amountMinor: number;
  refundedMinor: number;
  showId: ShowId | null;
  highlightId: HighlightId | null;
  viewerId: ViewerId | null;
};

export async function listRefundableLines(tx: Sql, orderId: OrderId): Promise<Map<string, RefundableLine>> {
  const rows = await tx.query<RefundableLine>(
    `SELECT l.line_id AS "lineId", l.product_id AS "productId", l.amount_minor AS "amountMinor", l.show_id AS "showId",
       l.highlight_id AS "highlightId", l.viewer_id AS "viewerId", coalesce(sum(r.amount_minor), 0)::bigint AS "refundedMinor"
     FROM order_line l LEFT JOIN order_refund r ON r.order_id = l.order_id AND r.line_id = l.line_id
     WHERE l.order_id = $1 GROUP BY l.order_id, l.line_id`,
    [orderId],
  );
  return new Map(rows.map((row) => [row.lineId, row]));
}

export type NewRefundLine = { lineId: string; quantity: number; amountMinor: number; toldAmountMinor: number };

export async function hasRefund(tx: Sql, orderId: OrderId, refundRef: string): Promise<boolean> {
  return (await tx.query('SELECT 1 FROM order_refund WHERE order_id = $1 AND refund_ref = $2 LIMIT 1', [orderId, refundRef])).length > 0;
}

export async function insertRefund(
  tx: Sql,
  refund: { orgId: string; orderId: OrderId; refundRef: string; refundedAt: number; lines: readonly NewRefundLine[] },
): Promise<void> {
  await tx.query(
    `INSERT INTO order_refund (order_id, refund_ref, org_id, refunded_at_ms, line_id, quantity, amount_minor, told_amount_minor)
     SELECT $1, $2, $3, $4, r."lineId", r.quantity, r."amountMinor", r."toldAmountMinor"
     FROM jsonb_to_recordset($5::jsonb) AS r("lineId" text, quantity int, "amountMinor" bigint, "toldAmountMinor" bigint)`,
    [refund.orderId, refund.refundRef, refund.orgId, refund.refundedAt, JSON.stringify(refund.lines)],
  );
}

/** Orders with lines of the show, newest first; the amounts are those of these lines. */
export async function listOrdersOfShow(
  sql: Sql,
  orgId: string,
  showId: string,
  page: { before: string | null; limit: number },
): Promise<Order[]> {
  return sql.query<Order>(
    `SELECT o.id, o.order_ref AS "orderRef", l.show_id AS "showId", (array_agg(l.highlight_id ORDER BY l.position))[1] AS "highlightId",
       'token' AS attribution, o.currency, sum(l.amount_minor)::bigint AS "totalMinor",
       coalesce(sum((SELECT sum(r.amount_minor) FROM order_refund r WHERE r.order_id = l.order_id AND r.line_id = l.line_id)), 0)::bigint
         AS "refundedMinor",
       o.is_simulated AS "isSimulated", o.placed_at_ms AS "placedAt"
     FROM order_line l JOIN orders o ON o.id = l.order_id
     WHERE l.show_id = $2 AND l.org_id = $1 AND ($3::text IS NULL OR o.seq < (SELECT seq FROM orders WHERE id = $3 AND org_id = $1))
     GROUP BY o.id, l.show_id ORDER BY o.seq DESC LIMIT $4`,
    [orgId, showId, page.before, page.limit],
  );
}

export type CustomerOrders = { orderCount: number; firstOrderAt: number; lastOrderAt: number; spend: Money[] };

/** What each customer bought of the organization before `beforeMs`, refunds taken off. Customers without orders are not in the answer. */
export async function sumOrdersOfCustomers(
  sql: Sql,
  orgId: string,
  customerIds: readonly string[],
  beforeMs: number,
): Promise<Map<CustomerId, CustomerOrders>> {
  const rows = await sql.query<{
    customerId: CustomerId;
    currency: Currency;
    orderCount: number;
    firstOrderAt: number;
    lastOrderAt: number;
    amountMinor: number;
  }>(
    `SELECT o.customer_id AS "customerId", o.currency, count(*) AS "orderCount", min(o.placed_at_ms) AS "firstOrderAt",
       max(o.placed_at_ms) AS "lastOrderAt",
       (sum(o.total_minor) - sum(coalesce((SELECT sum(r.amount_minor) FROM order_refund r WHERE r.order_id = o.id), 0)))::bigint AS "amountMinor"
     FROM orders o WHERE o.org_id = $1 AND o.customer_id = ANY($2) AND o.placed_at_ms < $3
     GROUP BY o.customer_id, o.currency ORDER BY o.customer_id, "amountMinor" DESC, o.currency`,
    [orgId, customerIds, beforeMs],
  );
  const customers = new Map<CustomerId, CustomerOrders>();
  for (const { customerId, currency, amountMinor, orderCount, firstOrderAt, lastOrderAt } of rows) {
    const before = customers.get(customerId);
    customers.set(customerId, {
      orderCount: (before?.orderCount ?? 0) + orderCount,
      firstOrderAt: Math.min(before?.firstOrderAt ?? firstOrderAt, firstOrderAt),
      lastOrderAt: Math.max(before?.lastOrderAt ?? lastOrderAt, lastOrderAt),
      spend: [...(before?.spend ?? []), { amountMinor, currency }],
    });
  }
  return customers;
}

export type Buyer = { viewerId: ViewerId; customerId: CustomerId | null; orderCount: number; unitCount: number };

/** Viewers with a line of the show. */
export async function listBuyersOfShow(sql: Sql, showId: string): Promise<Buyer[]> {
  return sql.query<Buyer>(
    `SELECT l.viewer_id AS "viewerId", max(o.customer_id) AS "customerId", count(DISTINCT o.id) AS "orderCount", sum(l.quantity)::bigint AS "unitCount"
     FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.show_id = $1 GROUP BY l.viewer_id ORDER BY l.viewer_id`,
    [showId],
  );
}

/** Order coverage (product.md 3.6): orders of the organization in a span of time, with and without a line of the show. */
export async function countCoverage(
  sql: Sql,
  orgId: string,
  showId: string,
  span: { fromMs: number; toMs: number },
): Promise<{ attributedCount: number; unattributedCount: number }> {
  const [row] = await sql.query<{ attributedCount: number; unattributedCount: number }>(
    `SELECT count(*) FILTER (WHERE is_of_show) AS "attributedCount", count(*) FILTER (WHERE NOT is_of_show) AS "unattributedCount"
     FROM (SELECT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.show_id = $2) AS is_of_show
           FROM orders o WHERE o.org_id = $1 AND o.placed_at_ms BETWEEN $3 AND $4) AS told`,
    [orgId, showId, span.fromMs, span.toMs],
  );
  return row ?? { attributedCount: 0, unattributedCount: 0 };
}
