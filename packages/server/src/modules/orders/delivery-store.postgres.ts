// Webhook ids that were accepted, with what was answered.
import type { ShopWebhookAnswer } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';

export type Delivery = { orgId: string; webhookId: string; bodyDigest: string; nowMs: number };
export type EarlierDelivery = { bodyDigest: string; answer: ShopWebhookAnswer };

/**
 * Takes the webhook id for this transaction; null when it is new, else what came under it before. Who comes second while
 * the first is still at work waits for it here.
 */
export async function claimDelivery(tx: Sql, delivery: Delivery): Promise<EarlierDelivery | null> {
  const { orgId, webhookId, bodyDigest, nowMs } = delivery;
  const added = await tx.query(
    `INSERT INTO webhook_delivery (org_id, webhook_id, body_digest, answer, received_at_ms) VALUES ($1, $2, $3, '{}', $4)
     ON CONFLICT (org_id, webhook_id) DO NOTHING RETURNING webhook_id`,
    [orgId, webhookId, bodyDigest, nowMs],
  );
  if (added.length > 0) return null;
  const [earlier] = await tx.query<EarlierDelivery>(
    'SELECT body_digest AS "bodyDigest", answer FROM webhook_delivery WHERE org_id = $1 AND webhook_id = $2',
    [orgId, webhookId],
  );
  if (earlier === undefined) throw new Error('a delivery vanished while it was claimed');
  return earlier;
}

export async function saveAnswer(tx: Sql, { orgId, webhookId }: Delivery, answer: ShopWebhookAnswer): Promise<void> {
  await tx.query('UPDATE webhook_delivery SET answer = $3 WHERE org_id = $1 AND webhook_id = $2', [
    orgId,
    webhookId,
    JSON.stringify(answer),
  ]);
}

/** Forgets deliveries from before `beforeMs`; answers how many. */
export async function deleteDeliveriesBefore(sql: Sql, beforeMs: number): Promise<number> {
  return (await sql.query('DELETE FROM webhook_delivery WHERE received_at_ms < $1 RETURNING 1', [beforeMs])).length;
}
