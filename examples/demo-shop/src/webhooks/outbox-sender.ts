// Sends the outbox to Insp, oldest first, one at a time: order is kept, so an old stock figure never overwrites a
// newer one. A message leaves the outbox when Insp acknowledged it (2xx). All else:
//
//   no answer, 5xx, 429, 401, 403, 404, 408, 410   wait and send the same bytes with the same id again, for ever:
//                                                  1 s, 2 s, 4 s ... at most 60 s, with jitter, Retry-After respected
//   400, 409, 413, 422                             Insp will never take these bytes: parked, logged, next one
//
// The queue is the journal's (shop-state.ts), so it survives a crash; a crash between Insp's yes and our note of it
// means one repeat, which Insp recognises by the id. That is all that at-least-once needs.
import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import type { ConnectionSource } from '../shop-config.ts';
import type { WebhookMessage } from '../store/shop-state.ts';
import { backOffMs, isRefusedForGood, retryAfterMs } from './retry-rule.ts';

const TIMEOUT_MS = 10_000;

export type Outbox = {
  /** The oldest unacknowledged message. */
  next(): WebhookMessage | undefined;
  settle(id: string, outcome: 'delivered' | 'parked'): Promise<void>;
  onQueued(listen: () => void): void;
};
export type OutboxSender = { stop(): Promise<void> };

export function startOutboxSender(outbox: Outbox, connection: ConnectionSource, log: (line: string) => void): OutboxSender {
  const stopping = new AbortController();
  let wake = Promise.withResolvers<void>();
  let changed = new AbortController();
  const nudge = (): void => {
    wake.resolve();
  };
  outbox.onQueued(nudge);
  connection.onChanged(() => {
    nudge();
    changed.abort();
  });

  async function run(): Promise<void> {
    let failureCount = 0;
    while (!stopping.signal.aborted) {
      const message = outbox.next();
      const { inspUrl, orgId, orderWebhookSecret } = connection.current();
      if (!message || !inspUrl || !orgId || !orderWebhookSecret) {
        await wake.promise;
        wake = Promise.withResolvers();
        continue;
      }
      const result = await send(message, `${inspUrl}/v1/webhooks/orders/${orgId}`, orderWebhookSecret);
      if (stopping.signal.aborted) return;
      if (result.kind === 'delivered' || isRefusedForGood(result.status)) {
        failureCount = 0;
        const outcome = result.kind === 'delivered' ? 'delivered' : 'parked';
        if (outcome === 'parked') log(`webhook ${message.id} was refused for good: ${result.status} ${result.text}`);
        await outbox.settle(message.id, outcome);
        continue;
      }
      failureCount += 1;
      const waitMs = Math.max(result.retryAfterMs, backOffMs(failureCount, Math.random()));
      if (failureCount === 1 || failureCount % 10 === 0) {
        log(
          `webhook ${message.id}: ${result.status || 'no answer'} ${result.text}; try ${failureCount + 1} in ${Math.ceil(waitMs / 1000)} s`,
        );
      }
      // A new configuration may be the cure: it cuts the wait short. New orders do not.
      await delay(waitMs, undefined, { signal: AbortSignal.any([stopping.signal, changed.signal]) }).catch(() => {});
      changed = new AbortController();
    }
  }
  async function send(message: WebhookMessage, url: string, secret: string) {
    const at = new Date();
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'webhook-id': message.id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
          'webhook-signature': new Webhook(secret).sign(message.id, at, message.body),
        },
        body: message.body,
        redirect: 'error',
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      const text = (await answer.text()).slice(0, 300);
      if (answer.ok) return { kind: 'delivered' as const, status: answer.status, text, retryAfterMs: 0 };
      return { kind: 'failed' as const, status: answer.status, text, retryAfterMs: retryAfterMs(answer.headers.get('retry-after')) };
    } catch (error) {
      return { kind: 'failed' as const, status: 0, text: (error as Error).message, retryAfterMs: 0 };
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      nudge();
      await running;
    },
  };
}
