// Seeded facts of a few shows, viewers, products and minutes, so that the keys of every aggregate collide all the
// time. Two kinds of unit, as in the product: a *change* is committed with its facts (orders, refunds, chat,
// moderation), a *batch* is engagement, accepted and appended.
import type { Fact, OrderId, ShowId } from '@insp/protocol';
import { type Clock, createIds, newFact } from '@insp/server/events';
import { createSeededRandom, type SeededRandom } from '@insp/test-kit';

export const LATE_BY_MS = 5 * 3_600_000;

const hex = (n: number) => n.toString(16).padStart(32, '0');
/** Two organizations; the last show sells in two currencies. */
export const SHOWS = [
  { id: `shw_${hex(1)}`, orgId: 'org-a', currencies: ['EUR'] },
  { id: `shw_${hex(2)}`, orgId: 'org-a', currencies: ['EUR'] },
  { id: `shw_${hex(3)}`, orgId: 'org-b', currencies: ['EUR', 'USD'] },
] as const satisfies readonly { id: ShowId; orgId: string; currencies: readonly string[] }[];
const VIEWER_COUNT = 40;
const PRODUCT_COUNT = 5;
const HIGHLIGHT_COUNT = 3;
const SYSTEM = { kind: 'system', id: null } as const;

export type Unit = {
  readonly kind: 'change' | 'batch';
  readonly id: string;
  readonly facts: readonly Fact[];
  /** The change is given up after its facts were recorded: nothing of it may stay. */
  readonly isDoomed?: boolean;
  /** How long COMMIT itself takes, so that transactions commit in another order than they wrote in. */
  readonly commitDelayMs?: number;
};

export type FactMaker = {
  change(mood: { lateRatio: number; doomedRatio: number; commitDelayMaxMs: number }): Unit;
  batch(maxCount: number, lateRatio: number): Unit;
};

export function createFactMaker(options: { seed: number; clock: Clock }): FactMaker {
  const random = createSeededRandom(options.seed);
  const lateClock: Clock = { ...options.clock, nowMs: () => options.clock.nowMs() - LATE_BY_MS };
  const makers = [options.clock, lateClock].map((clock) => ({
    clock,
    ids: createIds(clock, random),
    make: newFact(createIds(clock, random), clock),
  }));
  const [onTime, late] = makers as [(typeof makers)[0], (typeof makers)[0]];
  const chance = (ratio: number) => random.float() < ratio;
  const maybe = <T>(value: T): T | null => (chance(0.15) ? null : value);
  let unitCount = 0;
  const unitId = () => `u${options.seed.toString(16)}-${++unitCount}`;

  /** What a fact has in common. A late one happened five hours ago; half of those also carry an id of then (an offline producer). */
  function base(lateRatio: number) {
    const isLate = chance(lateRatio);
    const by = isLate && chance(0.5) ? late : onTime;
    const show = random.pick(SHOWS);
    const fields = {
      orgId: show.orgId,
      showId: show.id,
      actor: SYSTEM,
      occurredAt: (isLate ? late : onTime).clock.nowMs() - random.int(30_000),
      isSimulated: chance(0.1),
      viewerId: maybe(`vwr_${hex(random.int(VIEWER_COUNT))}` as const),
      productId: maybe(`prd_${hex(random.int(PRODUCT_COUNT))}` as const),
      highlightId: maybe(`hlt_${hex(random.int(HIGHLIGHT_COUNT))}` as const),
    };
    return { by, show, fields };
  }
  type Base = ReturnType<typeof base>;

  function order({ by, show, fields }: Base): Fact[] {
    const orderId = by.ids.create('ord');
    const currency = random.pick<string>(show.currencies);
    const lines = Array.from({ length: 1 + random.int(3) }, (_, line) =>
      by.make('orders.line_sold', {
        ...fields,
        productId: `prd_${hex(random.int(PRODUCT_COUNT))}`,
        amountMinor: random.int(chance(0.01) ? 1_000_000_000 : 50_000),
        weight: 1 + random.int(4),
        payload: { orderId, lineId: String(line), sku: 'S', currency },
      }),
    );
    const amountMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0);
    const payload = { orderId, orderRef: orderId.slice(-8), currency, lineCount: lines.length };
    return [by.make('orders.order_placed', { ...fields, amountMinor, payload }), ...lines];
  }

  function refund({ by, show, fields }: Base): Fact[] {
    const orderId: OrderId = `ord_${hex(random.int(1_000))}`;
    const payload = { orderId, lineId: '0', refundRef: 'R', quantity: 1, currency: random.pick<string>(show.currencies) };
    return [by.make('orders.line_refunded', { ...fields, amountMinor: random.int(9_999), payload })];
  }

  const changes: ((base: Base) => Fact[])[] = [
    order,
    order,
    order,
    refund,
    ({ by, fields }) => [
      by.make('chat.message_posted', {
        ...fields,
        payload: { messageId: by.ids.create('msg'), seq: unitCount, authorKind: 'viewer', length: random.int(200) },
      }),
    ],
    ({ by, fields }) => [
      by.make('chat.message_removed', { ...fields, payload: { messageId: by.ids.create('msg'), reason: 'ünïcode ✂ 🧣' } }),
    ],
    ({ by, fields }) => [
      by.make('shows.highlight_ended', { ...fields, occurredAt: fields.occurredAt - 1, payload: { reason: '' } }),
      by.make('shows.highlight_started', { ...fields, payload: {} }),
    ],
  ];

  const counts: ((base: Base) => Fact)[] = [
    ({ by, fields }) =>
      by.make('realtime.viewer_joined', {
        ...fields,
        kind: random.pick(['direct', 'newsletter', 'social']),
        payload: { sessionId: by.ids.create('ses'), device: 'phone', isReturning: false },
      }),
    ({ by, fields }) => by.make('realtime.concurrency_sampled', { ...fields, viewerId: null, amountMinor: random.int(5_000), payload: {} }),
    ({ by, fields }) =>
      by.make('chat.reactions_sent', {
        ...fields,
        weight: 1 + random.int(9),
        kind: random.pick(['heart', 'fire']),
        payload: { reaction: 'heart' },
      }),
    // 1, 4 and 8: the weights of shedding.
    ({ by, fields }) => by.make('product.impression', { ...fields, weight: random.pick([1, 4, 8]), payload: {} }),
    ({ by, fields }) => by.make('product.clicked', { ...fields, weight: random.pick([1, 1, 8]), payload: {} }),
    ({ by, fields }) => by.make('cart.added', { ...fields, payload: { sku: 'S', quantity: 2, requestId: 'r' } }),
    ({ by, fields }) => by.make('player.stalled', { ...fields, payload: { stallMs: random.int(9_000) } }),
  ];

  return {
    change({ lateRatio, doomedRatio, commitDelayMaxMs }) {
      const facts = random.pick(changes)(base(lateRatio));
      const isDoomed = chance(doomedRatio);
      return { kind: 'change', id: unitId(), facts, isDoomed, commitDelayMs: commitDelayMaxMs === 0 ? 0 : random.int(commitDelayMaxMs) };
    },
    batch(maxCount, lateRatio) {
      const facts = Array.from({ length: 1 + random.int(maxCount) }, () => random.pick(counts)(base(lateRatio)));
      // Now and then a producer sends one twice in the same breath.
      if (chance(0.3)) facts.push(random.pick(facts));
      return { kind: 'batch', id: unitId(), facts: shuffle(facts, random) };
    },
  };
}

export function shuffle<T>(items: readonly T[], random: SeededRandom): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = random.int(last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
  }
  return shuffled;
}
