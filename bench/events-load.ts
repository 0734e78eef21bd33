// The traffic of the events bench: what a busy evening sends, by share. One show draws `hotRatio` of it, the rest is
// spread evenly; viewers and products of a show are drawn evenly. Seeded, so that two runs send the same.
import type { Fact, ProductId, ShowId, ViewerId } from '@insp/protocol';
import { createSeededRandom } from '@insp/test-kit';
import type { Clock } from '../packages/server/src/kernel/clock.ts';
import type { Ids } from '../packages/server/src/kernel/ids.ts';
import { newFact } from '../packages/server/src/modules/capture/index.ts';

/** Events by hundredths, each up to its mark; the 40 above the last are impressions. */
const MIX = [
  [20, 'product.clicked'],
  [40, 'chat.reactions_sent'],
  [46, 'realtime.viewer_joined'],
  [50, 'realtime.viewer_left'],
  [55, 'cart.added'],
  [60, 'player.joined'],
] as const;

export type LoadShape = { showCount: number; hotRatio: number; viewersPerShow: number; productsPerShow: number };
export const EVENING: LoadShape = { showCount: 50, hotRatio: 0.6, viewersPerShow: 20_000, productsPerShow: 20 };

/** UUIDv7 with a counter for chance: in a real evening the ids are made in the shoppers' browsers, not here. */
function createCheapIds(clock: Clock, seed: number): Ids {
  let count = 0;
  return {
    create(prefix) {
      count += 1;
      const time = clock.nowMs().toString(16).padStart(12, '0');
      return `${prefix}_${time}7${seed.toString(16).padStart(3, '0')}8${count.toString(16).padStart(15, '0')}`;
    },
  };
}

export function createLoad(deps: { clock: Clock; seed: number; shape?: LoadShape }) {
  const { clock } = deps;
  const ids = createCheapIds(clock, deps.seed);
  const shape = deps.shape ?? EVENING;
  const random = createSeededRandom(deps.seed);
  const make = newFact(ids, clock);
  const showIds = Array.from({ length: shape.showCount }, () => ids.create('shw'));
  const productIds = showIds.map(() => Array.from({ length: shape.productsPerShow }, () => ids.create('prd')));
  const viewerIds: ViewerId[] = Array.from({ length: shape.viewersPerShow }, () => ids.create('vwr'));
  const orgId = 'org_bench';
  const pickShow = () => (random.int(1_000) < shape.hotRatio * 1_000 ? 0 : random.int(shape.showCount));

  return {
    showIds,
    hotShowId: showIds[0] as ShowId,
    next(): Fact {
      const at = pickShow();
      const viewerId = random.pick(viewerIds);
      const base = { orgId, showId: showIds[at] as ShowId, viewerId, actor: { kind: 'viewer', id: viewerId } as const };
      const of = { ...base, productId: random.pick(productIds[at] as ProductId[]) };
      const draw = random.int(100);
      const name = MIX.find(([upTo]) => draw < upTo)?.[1] ?? 'product.impression';
      switch (name) {
        case 'chat.reactions_sent':
          return make(name, { ...base, kind: 'heart', weight: 1 + random.int(5), payload: { reaction: 'heart' } });
        case 'realtime.viewer_joined':
          return make(name, { ...base, kind: 'direct', payload: { sessionId: ids.create('ses'), device: 'phone', isReturning: false } });
        case 'realtime.viewer_left':
          return make(name, { ...base, payload: { sessionId: ids.create('ses'), watchedMs: 60_000 } });
        case 'cart.added':
          return make(name, { ...of, payload: { sku: 'S', quantity: 1, requestId: 'r' } });
        case 'player.joined':
          return make(name, { ...base, payload: { joinMs: 900 } });
        default:
          return make(name, { ...of, payload: {} });
      }
    },
    /** A paid order of one line: two facts of one transaction. */
    order(amountMinor: number): [Fact, Fact] {
      const showId = showIds[0] as ShowId;
      const orderId = ids.create('ord');
      const viewerId = random.pick(viewerIds);
      const of = { orgId, showId, viewerId, actor: { kind: 'shop', id: orgId } as const, amountMinor };
      return [
        make('orders.order_placed', { ...of, payload: { orderId, orderRef: orderId, currency: 'EUR', lineCount: 1 } }),
        make('orders.line_sold', {
          ...of,
          productId: random.pick(productIds[0] as ProductId[]),
          payload: { orderId, lineId: '1', sku: 'S', currency: 'EUR' },
        }),
      ];
    },
  };
}

export type Load = ReturnType<typeof createLoad>;
