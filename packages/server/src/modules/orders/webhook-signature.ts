// Standard Webhooks (standardwebhooks.com), the receiving side: HMAC-SHA256 over `id.timestamp.body` with the raw bytes
// of the body, several signatures while a secret rotates, five minutes of clock on both sides.
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
  const isSigned = secrets.some((secret) => isSignedWith(secret, body, { id, timestamp, signature }));
  return isSigned ? accepted(id) : refused('INSP_ORDERS_SIGNATURE_INVALID');
}

function isSignedWith(secret: string, body: Buffer, told: { id: string; timestamp: string; signature: string }): boolean {
  const headers = { 'webhook-id': told.id, 'webhook-timestamp': told.timestamp, 'webhook-signature': told.signature };
  try {
    new Webhook(secret).verify(body, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}
