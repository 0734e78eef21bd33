// Sends the past orders through the door every shop uses, the signed order webhook, marked as simulated. Sending them
// again is harmless: same ids, same content.
import type { PastOrder } from './past-orders.ts';
import { signWebhook } from './sign-webhook.ts';

export type SeedHistoryOptions = {
  inspUrl: string;
  orgId: string;
  orderWebhookSecret: string;
  currency: string;
  orders: readonly PastOrder[];
  signal?: AbortSignal;
  log?: (line: string) => void;
};
export type SeededHistory = { sentCount: number; knownCount: number; refusedCount: number };

const AT_ONCE = 4;
const MAX_TRIES = 5;

export async function seedHistory(options: SeedHistoryOptions): Promise<SeededHistory> {
  const result: SeededHistory = { sentCount: 0, knownCount: 0, refusedCount: 0 };
  const waiting = options.orders.values();
  const worker = async () => {
    for (const order of waiting) {
      if (options.signal?.aborted) return;
      const outcome = await send(order, options);
      result[outcome] += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return result;
}

export function orderBody(order: PastOrder, currency: string): string {
  const placedAt = new Date(order.placedAtMs).toISOString();
  const { orderRef, customerRef, customerName, lines } = order;
  return JSON.stringify({
    type: 'order.paid',
    timestamp: placedAt,
    data: { orderRef, customerRef, customerName, currency, placedAt, simulated: true, lines },
  });
}

async function send(
  order: PastOrder,
  { inspUrl, orgId, orderWebhookSecret, currency, log }: SeedHistoryOptions,
): Promise<keyof SeededHistory> {
  const id = `history-${order.orderRef}`;
  const body = orderBody(order, currency);
  for (let tries = 1; ; tries += 1) {
    const timestampSec = Math.floor(Date.now() / 1_000);
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestampSec),
      'webhook-signature': signWebhook(orderWebhookSecret, id, timestampSec, body),
    };
    let status = 0;
    try {
      const answer = await fetch(`${inspUrl}/v1/webhooks/orders/${orgId}`, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(10_000),
      });
      status = answer.status;
      const text = await answer.text();
      if (answer.ok) return text.includes('"isRepeat":true') ? 'knownCount' : 'sentCount';
      // Told on another day with other dates: Insp keeps the first telling.
      if (status === 409) return 'knownCount';
      if (tries === MAX_TRIES || (status < 500 && status !== 429))
        log?.(`past order ${order.orderRef} was refused: ${status} ${text.slice(0, 200)}`);
    } catch (error) {
      if (tries === MAX_TRIES) log?.(`past order ${order.orderRef}: ${(error as Error).message}`);
    }
    if (tries === MAX_TRIES || (status >= 400 && status < 500 && status !== 429)) return 'refusedCount';
    await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** tries));
  }
}
