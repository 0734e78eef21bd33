// Facts of every kind, drawn from a seed: a few viewers, products, highlights and orders, so that keys collide. A new
// event does not compile until it is here too.
import type { EventName, EventPayload, Fact, HighlightId, ProductId, ShowId } from '@insp/protocol';
import { eventDefinitions, TURNOVER_EVENTS } from '@insp/protocol/schemas';
import type { SeededRandom } from '@insp/test-kit';

export const EVENT_NAMES = Object.keys(eventDefinitions) as EventName[];
const TURNOVER: ReadonlySet<string> = new Set(TURNOVER_EVENTS);

const hex = (n: number) => n.toString(16).padStart(32, '0');

type World = { orgId: string; showId: ShowId; fromMs: number; spanMs: number; viewerCount: number; currencies: readonly string[] };
type Draw = { [N in EventName]: (random: SeededRandom, currency: string) => EventPayload<N> };

const session = (random: SeededRandom) => `ses_${hex(random.int(400))}` as const;
const order = (random: SeededRandom) => `ord_${hex(random.int(60))}` as const;
const message = (random: SeededRandom) => `msg_${hex(random.int(1_000))}` as const;
const broadcast = (random: SeededRandom) => `brd_${hex(random.int(3))}` as const;
const cue = (random: SeededRandom) => `cue_${hex(random.int(50))}` as const;
const nothing = () => ({});

const PAYLOADS: Draw = {
  'pressure.level_changed': (random) => ({ from: 0, to: random.pick([1, 2, 3, 4] as const), isForced: false }),
  'shows.state_changed': (random) => ({ from: 'paused', to: random.pick(['live', 'paused', 'ended']), cause: 'host', reason: '' }),
  'shows.highlight_started': nothing,
  'shows.highlight_ended': () => ({ reason: 'next' }),
  'shows.line_up_changed': () => ({ productIds: [] }),
  'shows.auto_end_warned': (random) => ({ cause: random.pick(['dead_air', 'unwatched', 'too_long'] as const), endsAt: 1, isLast: false }),
  'shows.kept_live': () => ({ untilMs: 1 }),
  'catalog.products_imported': () => ({ createdCount: 1, updatedCount: 0, errorCount: 0 }),
  'catalog.stock_changed': (random) => ({ sku: 'S', stockCount: random.int(9) }),
  'realtime.viewer_joined': (random) => ({ sessionId: session(random), device: 'phone', isReturning: random.int(2) === 0 }),
  'realtime.viewer_left': (random) => ({ sessionId: session(random), watchedMs: random.int(900_000) }),
  'realtime.concurrency_sampled': nothing,
  'chat.message_posted': (random) => ({ messageId: message(random), seq: 1, authorKind: 'viewer', length: 12 }),
  'chat.message_removed': (random) => ({ messageId: message(random), reason: 'spam' }),
  'chat.message_restored': (random) => ({ messageId: message(random) }),
  'chat.message_pinned': (random) => ({ messageId: message(random) }),
  'chat.message_unpinned': (random) => ({ messageId: message(random) }),
  'chat.viewer_banned': () => ({ scope: 'show', reason: 'spam', untilMs: null }),
  'chat.viewer_unbanned': nothing,
  'chat.slow_mode_changed': () => ({ intervalSec: 5 }),
  'chat.reactions_sent': () => ({ reaction: 'heart' }),
  'player.opened': nothing,
  'player.closed': nothing,
  'player.minimised': nothing,
  'player.restored': nothing,
  'player.pip': nothing,
  'player.joined': (random) => ({ joinMs: random.int(5_000) }),
  'player.stalled': (random) => ({ stallMs: random.int(5_000) }),
  'player.failed': nothing,
  'player.latency_measured': (random) => ({ latencyMs: random.int(5_000), targetMs: 1_500, behindHostMs: random.int(9_000) }),
  'player.quality_changed': (random) => ({ heightPx: 360 + random.int(720), bitrateBitsPerSec: random.int(6_000_000) }),
  'player.recovered': () => ({ detail: 'bufferAppendError' }),
  'product.impression': nothing,
  'product.clicked': nothing,
  'cart.added': () => ({ sku: 'S', quantity: 1, requestId: 'r' }),
  'cart.failed': () => ({ sku: 'S', requestId: 'r' }),
  'cart.checkout': nothing,
  'share.clicked': nothing,
  'orders.order_placed': (random, currency) => ({ orderId: order(random), orderRef: 'A-1', currency, lineCount: 2 }),
  'orders.line_sold': (random, currency) => ({ orderId: order(random), lineId: '1', sku: 'S', currency }),
  'orders.line_refunded': (random, currency) => ({ orderId: order(random), lineId: '1', refundRef: 'R', quantity: 1, currency }),
  'media.broadcast_started': (random) => ({ broadcastId: broadcast(random) }),
  'media.encoder_lost': (random) => ({ broadcastId: broadcast(random), cause: 'closed' }),
  'media.encoder_resumed': (random) => ({ broadcastId: broadcast(random), gapMs: random.int(9_000) }),
  'media.publish_refused': nothing,
  'restream.target_state_changed': (random) => ({
    ...{ targetId: `rst_${hex(random.int(5))}`, platform: 'youtube', from: 'live', to: 'backoff', reason: 'stalled' },
    attemptCount: 1 + random.int(5),
  }),
  'media.ingest_switched': (random) => ({
    broadcastId: broadcast(random),
    from: 'primary',
    to: 'backup',
    cause: 'silent',
    gapMs: random.int(9_000),
  }),
  'copilot.cue_shown': (random) => ({ cueId: cue(random), reason: 'asked often' }),
  'copilot.cue_ended': (random) => ({ cueId: cue(random) }),
  'insights.question_closed': (random) => ({ questionClusterId: `qst_${hex(random.int(40))}`, openMs: random.int(600_000) }),
};

/** The place in the span: on air from about a fifth to about four fifths of it. */
function timeOf(random: SeededRandom, state: string | undefined): number {
  const place = random.float();
  if (state === 'live') return 0.15 + place / 10;
  return state === 'ended' ? 0.75 + place / 10 : place;
}

/** One fact of a show. A viewer's session is his own, as in a real log. */
export function randomFact(random: SeededRandom, world: World, id: Fact['id']): Fact {
  const name = random.pick(EVENT_NAMES);
  const payload = PAYLOADS[name](random, random.pick(world.currencies));
  const isMoney = TURNOVER.has(name);
  const { watchedMs, openMs, sessionId } = payload as { watchedMs?: number; openMs?: number; sessionId?: string };
  const to = name === 'shows.state_changed' ? ((payload as { to?: unknown }).to as string) : undefined;
  const viewer = sessionId === undefined ? random.int(world.viewerCount) : Number.parseInt(sessionId.slice(4), 16) % world.viewerCount;
  const product: ProductId = `prd_${hex(random.int(7))}`;
  const highlight = random.int(9);
  // A highlight shows one product.
  const highlightId: HighlightId | null = random.int(3) === 0 ? null : `hlt_${hex(highlight)}`;
  const productId: ProductId | null = name.startsWith('shows.highlight')
    ? `prd_${hex(highlight % 7)}`
    : random.int(6) === 0
      ? null
      : product;
  return {
    id,
    name,
    v: eventDefinitions[name].v,
    orgId: world.orgId,
    showId: world.showId,
    occurredAt: world.fromMs + Math.floor(world.spanMs * timeOf(random, to)),
    actor: { kind: 'system', id: null },
    isSimulated: false,
    viewerId: name === 'realtime.concurrency_sampled' || random.int(20) === 0 ? null : `vwr_${hex(viewer)}`,
    productId,
    highlightId,
    kind: to ?? random.pick(['direct', 'newsletter', 'instagram', null]),
    amountMinor: isMoney ? random.int(100_000) : (watchedMs ?? openMs ?? random.int(500)),
    weight: name === 'realtime.viewer_joined' || name === 'realtime.viewer_left' ? 1 : 1 + random.int(4),
    payload,
  } as Fact;
}
