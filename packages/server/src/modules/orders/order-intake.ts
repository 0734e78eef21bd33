// Takes in what a shop tells by webhook. See SPEC.md for the rules ORD1 to ORD10.
//
// Everything that asks others (catalog, shows, keys) happens before the transaction; inside it only rows and facts are
// written, with the webhook id first: one delivery, one order, one refund each count once, however often they are told.
import { createHash } from 'node:crypto';
import {
  ERROR_CODES,
  type ErrorCode,
  type OrderPaid,
  type OrderRefunded,
  type ProductId,
  type ShopWebhookAnswer,
  type StockChanged,
} from '@insp/protocol';
import { shopWebhookSchema } from '@insp/protocol/schemas';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import { accepted, type Outcome, type Refusal, refused } from '../../kernel/outcome.ts';
import type { Sql } from '../../platform/postgres/database.ts';
import { judgeLine, VERDICT_MESSAGES } from './attribution.ts';
import { claimDelivery, type Delivery, saveAnswer } from './delivery-store.postgres.ts';
import { factsOfOrder, shopActor } from './order-facts.ts';
import {
  hasRefund,
  insertOrder,
  insertRefund,
  listRefundableLines,
  lockOrder,
  type NewLine,
  type NewOrder,
} from './order-store.postgres.ts';
import { countRefund, MAX_ORDER_MINOR, sumMinor } from './order-sums.ts';
import type { FactRecorder, NewFact, OrdersPorts } from './ports.ts';
import { readShowToken } from './show-token.ts';
import { verifyWebhook, type WebhookHeaders } from './webhook-signature.ts';

export type OrderIntakeDeps = { recorder: FactRecorder; newFact: NewFact; clock: Clock; ids: Ids; logger: Logger; ports: OrdersPorts };

type Record = Parameters<Parameters<FactRecorder['commit']>[0]>[1];
type Warning = ShopWebhookAnswer['warnings'][number];
type Work = (tx: Sql, record: Record) => Promise<ShopWebhookAnswer>;

/** Rolls the transaction back and leaves as a refusal. */
class RefusedInside extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

const digestOf = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');
const warn = (pointer: string, code: ErrorCode, message: string = ERROR_CODES[code].title): Warning => ({ pointer, code, message });

/** The first id that stands twice in a list of lines. */
function findDouble(lines: readonly { lineId: string }[]): string | undefined {
  const seen = new Set<string>();
  return lines.find(({ lineId }) => seen.size === seen.add(lineId).size)?.lineId;
}

export function createOrderIntake({ recorder, newFact, clock, ids, logger, ports }: OrderIntakeDeps) {
  /** Attribution of each line, with a warning for every token that did not count. */
  async function judge(
    orgId: string,
    data: OrderPaid['data'],
    placedAt: number,
  ): Promise<{ lines: NewLine[]; isSimulated: boolean; warnings: Warning[] }> {
    const keys = await ports.showTokenKeys(orgId);
    const productIds = await ports.productIds(orgId, [...new Set(data.lines.map(({ productRef }) => productRef))]);
    const ends = new Map<string, { endedAt: number | null } | null>();
    const lines: NewLine[] = [];
    const warnings: Warning[] = [];
    let isSimulated = data.simulated;
    for (const [index, line] of data.lines.entries()) {
      const token = line.showToken === undefined ? null : (readShowToken(line.showToken, orgId, keys) ?? 'invalid');
      if (token !== null && token !== 'invalid' && !ends.has(token.showId)) {
        const show = await ports.endOfShow(token.showId);
        ends.set(token.showId, show?.orgId === orgId ? show : null);
      }
      const show = token === null || token === 'invalid' ? null : (ends.get(token.showId) ?? null);
      const productId: ProductId | null = productIds.get(line.productRef) ?? null;
      const { verdict, attribution } = judgeLine({ token, productId, show, placedAt });
      if (verdict !== 'attributed' && verdict !== 'absent') {
        const code = verdict === 'invalid' ? 'INSP_ORDERS_SHOW_TOKEN_INVALID' : 'INSP_ORDERS_LINE_NOT_ATTRIBUTED';
        warnings.push(warn(`/data/lines/${index}/showToken`, code, VERDICT_MESSAGES[verdict]));
        logger.warn({ orgId, orderRef: data.orderRef, lineId: line.lineId, verdict }, 'a show token did not count');
      }
      if (attribution !== null && token !== null && token !== 'invalid' && token.isSimulated) isSimulated = true;
      const { lineId, sku, productRef, quantity, amountMinor } = line;
      lines.push({ lineId, sku, productRef, quantity, amountMinor, productId, verdict, attribution });
    }
    return { lines, isSimulated, warnings };
  }

  async function preparePaid(orgId: string, currency: string, { data }: OrderPaid): Promise<Outcome<Work>> {
    const double = findDouble(data.lines);
    if (double !== undefined) return refused('INSP_HTTP_INVALID_BODY', { detail: `The line id ${double} stands twice in the order.` });
    const totalMinor = sumMinor(data.lines);
    if (totalMinor > MAX_ORDER_MINOR) return refused('INSP_HTTP_INVALID_BODY', { detail: 'The sum of the order is beyond all measure.' });
    const receivedAt = clock.nowMs();
    // A shop whose clock runs ahead must not sell in the future.
    const placedAt = Math.min(Date.parse(data.placedAt), receivedAt);
    const { lines, isSimulated, warnings } = await judge(orgId, data, placedAt);
    const isCounted = data.currency === currency;
    if (!isCounted) warnings.push(warn('/data/currency', 'INSP_ORDERS_CURRENCY_NOT_COUNTED'));
    const order: NewOrder = {
      ...{ id: ids.create('ord'), orgId, orderRef: data.orderRef, currency: data.currency, isCounted, isSimulated, placedAt, lines },
      ...{ contentDigest: digestOf(JSON.stringify(data)), totalMinor, receivedAt },
      customerId: data.customerRef === undefined ? null : await ports.customerId(orgId, data.customerRef),
      customerName: data.customerName ?? null,
    };
    const attributedLineCount = lines.filter(({ attribution }) => attribution !== null).length;
    return accepted(async (tx, record) => {
      if (await insertOrder(tx, order)) {
        for (const fact of factsOfOrder(newFact, order)) record(fact);
        return { isRepeat: false, orderId: order.id, attributedLineCount, warnings };
      }
      const known = await lockOrder(tx, orgId, data.orderRef);
      if (known === null) throw new Error('an order vanished while it was added');
      const changed =
        known.contentDigest === order.contentDigest
          ? []
          : [warn('/data', 'INSP_ORDERS_CONTENT_CHANGED', 'This order was told before with other content; the first one counts.')];
      return { isRepeat: true, orderId: known.id, attributedLineCount: known.attributedLineCount, warnings: changed };
    });
  }

  function prepareRefund(orgId: string, { data, timestamp }: OrderRefunded): Outcome<Work> {
    const double = findDouble(data.lines);
    if (double !== undefined) return refused('INSP_HTTP_INVALID_BODY', { detail: `The line id ${double} stands twice in the refund.` });
    const refundedAt = Math.min(Date.parse(timestamp), clock.nowMs());
    return accepted(async (tx, record) => {
      const order = await lockOrder(tx, orgId, data.orderRef);
      if (order === null)
        throw new RefusedInside(refused('INSP_ORDERS_UNKNOWN_ORDER', { detail: `No order ${data.orderRef} was told yet.` }));
      if (order.currency !== data.currency) {
        throw new RefusedInside(
          refused('INSP_ORDERS_CURRENCY_MISMATCH', { detail: `The order is in ${order.currency}, the refund in ${data.currency}.` }),
        );
      }
      const answer = { orderId: order.id, attributedLineCount: order.attributedLineCount, warnings: [] as Warning[] };
      if (await hasRefund(tx, order.id, data.refundRef)) return { ...answer, isRepeat: true };
      const known = await listRefundableLines(tx, order.id);
      const lines = data.lines.map(({ lineId, quantity, amountMinor: toldAmountMinor }, index) => {
        const line = known.get(lineId);
        if (line === undefined)
          throw new RefusedInside(refused('INSP_ORDERS_UNKNOWN_ORDER', { detail: `The order ${data.orderRef} has no line ${lineId}.` }));
        const amountMinor = countRefund(line.amountMinor, line.refundedMinor, toldAmountMinor);
        if (amountMinor < toldAmountMinor)
          answer.warnings.push(warn(`/data/lines/${index}/amountMinor`, 'INSP_ORDERS_REFUND_EXCEEDS_LINE'));
        return { lineId, quantity, amountMinor, toldAmountMinor, line };
      });
      await insertRefund(tx, {
        orgId,
        orderId: order.id,
        refundRef: data.refundRef,
        refundedAt,
        lines: lines.map(({ line: _line, ...row }) => row),
      });
      for (const { lineId, quantity, amountMinor, line } of lines) {
        const { showId, highlightId, viewerId, productId } = line;
        record(
          newFact('orders.line_refunded', {
            ...{
              orgId,
              showId,
              highlightId,
              viewerId,
              productId,
              actor: shopActor(orgId),
              occurredAt: refundedAt,
              isSimulated: order.isSimulated,
            },
            amountMinor: order.isCounted ? amountMinor : 0,
            payload: { orderId: order.id, lineId, refundRef: data.refundRef, quantity, currency: order.currency },
          }),
        );
      }
      return { ...answer, isRepeat: false };
    });
  }

  /** Stock is set before the delivery is written down: setting it twice changes nothing, losing it would. */
  async function prepareStock(orgId: string, { data, timestamp }: StockChanged): Promise<Outcome<Work>> {
    const asOfMs = Math.min(Date.parse(timestamp), clock.nowMs());
    const { unknownSkus } = await ports.applyStock(orgId, data.items, asOfMs, shopActor(orgId));
    const warnings = unknownSkus.map((sku) =>
      warn(
        `/data/items/${data.items.findIndex((item) => item.sku === sku)}/sku`,
        'INSP_CATALOG_PRODUCT_NOT_FOUND',
        `No variant has the SKU ${sku}.`,
      ),
    );
    return accepted(async () => ({ isRepeat: false, orderId: null, attributedLineCount: 0, warnings }));
  }

  async function deliver(delivery: Delivery, work: Work): Promise<Outcome<ShopWebhookAnswer>> {
    try {
      return accepted(
        await recorder.commit(async (tx, record) => {
          const earlier = await claimDelivery(tx, delivery);
          if (earlier !== null) {
            if (earlier.bodyDigest !== delivery.bodyDigest) throw new RefusedInside(refused('INSP_ORDERS_CONTENT_CHANGED'));
            return { ...earlier.answer, isRepeat: true };
          }
          const answer = await work(tx, record);
          await saveAnswer(tx, delivery, answer);
          return answer;
        }),
      );
    } catch (cause) {
      if (cause instanceof RefusedInside) return cause.refusal;
      throw cause;
    }
  }

  /** Verifies, reads and takes in one delivery. */
  return async function receive(orgId: string, headers: WebhookHeaders, body: Buffer): Promise<Outcome<ShopWebhookAnswer>> {
    const currency = await ports.currencyOf(orgId);
    // An organization that does not exist answers like a wrong signature: nobody learns which ids exist.
    const secrets = currency === null ? [] : await ports.webhookSecrets(orgId);
    const verified = verifyWebhook(body, headers, secrets, clock.nowMs());
    if (!verified.ok) return verified;
    const parsed = shopWebhookSchema.safeParse(parseJson(body));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return refused('INSP_HTTP_INVALID_BODY', { detail: `/${issue?.path.map(String).join('/')}: ${issue?.message}` });
    }
    const webhook = parsed.data;
    const delivery = { orgId, webhookId: verified.value, bodyDigest: digestOf(body), nowMs: clock.nowMs() };
    const work =
      webhook.type === 'order.paid'
        ? await preparePaid(orgId, currency ?? '', webhook)
        : webhook.type === 'order.refunded'
          ? prepareRefund(orgId, webhook)
          : await prepareStock(orgId, webhook);
    return work.ok ? deliver(delivery, work.value) : work;
  };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
