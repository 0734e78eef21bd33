// A show's traffic from a seed: people who come, look at cards, tap, add, react, write and buy, with the odds of a busy
// evening. Every kind of fact the figures are made of is in it, and some carry a weight already.
import type { Fact, ShowId } from '@insp/protocol';
import type { SeededRandom } from '@insp/test-kit';
import { createIds } from '../../../kernel/ids.ts';
import { newFact } from '../../capture/new-fact.ts';

export const hex = (n: number) => n.toString(16).padStart(32, '0');
export const SHOW: ShowId = `shw_${hex(1)}`;
export const TRAFFIC_START_MS = 1_790_000_040_000 - (1_790_000_040_000 % 60_000);

const PRODUCTS = 8;
const CURRENCY = 'EUR';

/** Makes `count` facts, one after the other in time, over `minutes`. The first facts are everybody's coming. */
export function* traffic(random: SeededRandom, options: { count: number; viewers: number; minutes: number }): Generator<Fact> {
  const { count, viewers, minutes } = options;
  let nowMs = TRAFFIC_START_MS;
  const clock = { nowMs: () => nowMs, after: () => () => {}, every: () => () => {} };
  const ids = createIds(clock, random);
  const make = newFact(ids, clock);
  let orderCount = 0;

  for (let at = 0; at < count; at += 1) {
    nowMs = TRAFFIC_START_MS + Math.floor((at * minutes * 60_000) / count);
    // A few are much busier than the rest, as people are.
    const viewer = at < viewers ? at : Math.floor(viewers * random.float() ** 2);
    const viewerId = `vwr_${hex(viewer)}` as const;
    const productId = `prd_${hex(random.int(PRODUCTS))}` as const;
    const base = { orgId: 'org', showId: SHOW, actor: { kind: 'viewer', id: viewerId } as const, viewerId };
    if (at < viewers) {
      const payload = { sessionId: ids.create('ses'), device: 'phone', isReturning: false };
      yield make('realtime.viewer_joined', { ...base, kind: random.pick(['direct', 'mail']), payload });
      continue;
    }
    const draw = random.float();
    if (draw < 0.5)
      yield make('product.impression', { ...base, productId, weight: random.int(20) === 0 ? 1 + random.int(3) : 1, payload: {} });
    else if (draw < 0.72) yield make('product.clicked', { ...base, productId, payload: {} });
    else if (draw < 0.8)
      yield make('chat.reactions_sent', { ...base, kind: 'heart', weight: 1 + random.int(9), payload: { reaction: 'heart' } });
    else if (draw < 0.88) yield make('player.stalled', { ...base, payload: { stallMs: random.int(5_000) } });
    else if (draw < 0.92) {
      yield make('chat.message_posted', {
        ...base,
        kind: 'viewer',
        payload: { messageId: ids.create('msg'), seq: at, authorKind: 'viewer', length: 9 },
      });
    } else if (draw < 0.96) yield make('cart.added', { ...base, productId, payload: { sku: 'S', quantity: 1, requestId: `r${at}` } });
    else {
      orderCount += 1;
      const orderId = ids.create('ord');
      const amountMinor = 100 + random.int(20_000);
      const order = { orderId, orderRef: `A${orderCount}`, currency: CURRENCY, lineCount: 1 };
      yield make('orders.order_placed', { ...base, amountMinor, payload: order });
      const line = { orderId, lineId: '1', sku: 'S', currency: CURRENCY };
      yield make('orders.line_sold', { ...base, productId, amountMinor, weight: 1 + random.int(3), payload: line });
      if (random.int(10) === 0) {
        const refund = { orderId, lineId: '1', refundRef: `R${orderCount}`, quantity: 1, currency: CURRENCY };
        yield make('orders.line_refunded', { ...base, productId, amountMinor: Math.floor(amountMinor / 2), payload: refund });
      }
    }
  }
}
