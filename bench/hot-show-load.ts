// The facts of the hot-show bench: a busy evening's mix of engagement, seeded. `hotRatio` of them concern show 0, the
// rest are spread over the others; at 0 all shows share alike. Viewers belong to a show, as many as its share.
import type { Fact } from '@insp/protocol';
import { createIds } from '../packages/server/src/kernel/ids.ts';
import { newFact } from '../packages/server/src/modules/capture/index.ts';
import { createSeededRandom } from '../packages/test-kit/src/seeded-random.ts';

const PRODUCTS = 12;
const hex = (n: number) => n.toString(16).padStart(32, '0');

/** Gives a maker of facts that happen at `nowMs`. */
export function createHotShowLoad(options: { seed: number; hotRatio: number; showCount: number; viewerCount: number }) {
  const random = createSeededRandom(options.seed);
  let atMs = 0;
  const clock = { nowMs: () => atMs, after: () => () => {}, every: () => () => {} };
  const ids = createIds(clock, random);
  const make = newFact(ids, clock);
  const hotViewers = Math.max(1, Math.round(options.viewerCount * options.hotRatio));
  const viewersElsewhere = Math.max(1, options.viewerCount - hotViewers);

  return (nowMs: number): Fact => {
    atMs = nowMs;
    const isHot = random.float() < options.hotRatio;
    const viewer = isHot ? random.int(hotViewers) : hotViewers + random.int(viewersElsewhere);
    const show = isHot ? 0 : options.hotRatio === 0 ? viewer % options.showCount : 1 + (viewer % (options.showCount - 1));
    const viewerId = `vwr_${hex(viewer)}` as const;
    const productId = `prd_${hex(show * PRODUCTS + random.int(PRODUCTS))}` as const;
    const base = {
      orgId: `org${show % 50}`,
      showId: `shw_${hex(show)}` as const,
      actor: { kind: 'viewer', id: viewerId } as const,
      viewerId,
    };
    const draw = random.float();
    if (draw < 0.45) return make('product.impression', { ...base, productId, payload: {} });
    if (draw < 0.7) return make('product.clicked', { ...base, productId, payload: {} });
    if (draw < 0.85)
      return make('chat.reactions_sent', { ...base, kind: 'heart', weight: 1 + random.int(8), payload: { reaction: 'heart' } });
    if (draw < 0.92) {
      const payload = { sessionId: ids.create('ses'), device: 'phone', isReturning: false };
      return make('realtime.viewer_joined', { ...base, kind: 'direct', payload });
    }
    if (draw < 0.96) return make('cart.added', { ...base, productId, payload: { sku: 'S', quantity: 1, requestId: ids.create('evt') } });
    return make('player.stalled', { ...base, payload: { stallMs: 400 } });
  };
}
