// Standard Webhooks (standardwebhooks.com), the receiving side: HMAC-SHA256 over `id.timestamp.body` with the raw bytes
// of the body, several signatures while a secret rotates, five minutes of clock on both sides.
import { timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';

export const TIMESTAMP_WINDOW_MS = 5 * 60_000;
const MAX_ID_LENGTH = 200;

export type WebhookHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Answers the webhook id of a delivery that one of the secrets signed just now. */
export function verifyWebhook(body: Buffer, headers: WebhookHeaders, secrets: readonly string[], nowMs: number): Outcome<string> {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signature = headers['webhook-signature'];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string') {
    return refused('INSP_ORDERS_SIGNATURE_INVALID', { detail: 'Send webhook-id, webhook-timestamp and webhook-signature.' });
  }
  if (id.length === 0 || id.length > MAX_ID_LENGTH)
    return refused('INSP_ORDERS_SIGNATURE_INVALID', { detail: 'The webhook id has 1 to 200 characters.' });
  if (!/^\d{1,11}$/.test(timestamp))
    return refused('INSP_ORDERS_SIGNATURE_INVALID', { detail: 'webhook-timestamp is in seconds since 1970.' });
  if (Math.abs(nowMs - Number(timestamp) * 1000) > TIMESTAMP_WINDOW_MS) return refused('INSP_ORDERS_TIMESTAMP_OUT_OF_WINDOW');
  const expected = secrets.map((secret) => new Webhook(secret).sign(id, new Date(Number(timestamp) * 1000), body));
  // Several signatures stand side by side, divided by spaces. The library's own `verify` reads the system clock.
  const isSigned = signature.split(' ').some((told) => expected.some((each) => isSame(each, told)));
  return isSigned ? accepted(id) : refused('INSP_ORDERS_SIGNATURE_INVALID');
}

function isSame(expected: string, told: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(told)];
  return a.length === b.length && timingSafeEqual(a, b);
}
