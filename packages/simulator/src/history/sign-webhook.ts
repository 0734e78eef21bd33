import { createHmac } from 'node:crypto';

/** Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body` with the decoded `whsec_` secret. */
export function signWebhook(secret: string, id: string, timestampSec: number, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestampSec}.${body}`).digest('base64')}`;
}
