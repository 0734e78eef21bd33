// One simulated viewer: joins the room through the public client, says and does what the plan has for it, answers to
// what goes on display, buys in the shop. It leaves nothing running after `leave`.
import { randomBytes, randomUUID } from 'node:crypto';
import {
  type ClientClock,
  createRoomClient,
  createRoomPagePoll,
  createViewerSessionSource,
  type FetchLike,
  type RoomClient,
  type SocketConstructor,
} from '@insp/client';
import {
  type EventId,
  type Highlight,
  OPEN_ROOM_STATES,
  type PlayerEvent,
  type Product,
  type ReactionKind,
  type ShowId,
} from '@insp/protocol';
import { fillLine } from '../plan/corpus.ts';
import { type Act, respondToHighlight } from '../plan/highlight-response.ts';
import type { PlannedEvent, PlannedViewer } from '../plan/plan.ts';
import { createSeeded } from '../plan/seeded.ts';
import type { Figures } from './figures.ts';
import type { Gate } from './gate.ts';
import { featuredProduct, type RoomView } from './room-view.ts';
import type { Shopper } from './shopper.ts';
import { signSimulatedToken } from './viewer-token.ts';

export type BotWorld = {
  seed: string | number;
  showId: ShowId;
  inspUrl: string;
  shopUrl: string;
  viewerSecret: string;
  fetch: FetchLike;
  WebSocket: SocketConstructor;
  clock: ClientClock;
  figures: Figures;
  view: RoomView;
  /** Bounds the joins and shop requests under way at one time. */
  joins: Gate;
  shopping: Gate;
  createShopper(): Shopper;
  log(line: string): void;
};
export type ViewerBot = { join(): Promise<void>; act(event: PlannedEvent): void; leave(): void; readonly isConnected: boolean };

/** Responses waiting for their moment; a viewer who is busy with this many ignores further highlights. */
const MAX_PENDING_ACTS = 24;
const MAX_UNANSWERED_LINES = 16;

export function createViewerBot(viewer: PlannedViewer, world: BotWorld): ViewerBot {
  const { figures, view, clock } = world;
  const random = createSeeded(`${world.seed}/bot/${viewer.number}`);
  const shopper = world.createShopper();
  const pending = new Set<() => void>();
  /** Own lines on their way: text -> time sent. */
  const sentAtMs = new Map<string, number>();
  const respondedTo = new Set<string>();
  let client: RoomClient | null = null;
  let viewerId: string | null = null;
  let lastSeq: number | null = null;
  let isGone = false;
  let bagIsFilled = false;

  const source = createViewerSessionSource({
    fetch: world.fetch,
    baseUrl: world.inspUrl,
    showId: world.showId,
    source: viewer.source,
    device: viewer.device,
  });

  function later(delayMs: number, work: () => void): void {
    if (pending.size >= MAX_PENDING_ACTS) {
      figures.add('shed');
      return;
    }
    const cancel = clock.after(delayMs, () => {
      pending.delete(cancel);
      if (!isGone) work();
    });
    pending.add(cancel);
  }

  function report(...events: PlayerEvent[]): void {
    void client?.request('report_player_events', { events });
  }
  const base = () => ({ id: newEventId(clock.nowMs()), occurredAt: clock.nowMs() + (client?.clockOffsetMs ?? 0) });

  function say(line: string): void {
    const text = fillLine(line, featuredProduct(view)?.product.title ?? null);
    if (!client || !view.isOpen || sentAtMs.size >= MAX_UNANSWERED_LINES) return;
    figures.add('messagesSent');
    sentAtMs.set(text, clock.nowMs());
    void client.request('send_chat_message', { key: randomUUID(), text }).then((answer) => {
      if (answer.ok) return;
      sentAtMs.delete(text);
      figures.add('messagesRefused');
    });
  }

  function received(message: { seq: number; text: string; author: { id: string } }): void {
    figures.add('messagesReceived');
    if (lastSeq !== null && message.seq > lastSeq + 1) figures.add('messagesLost', message.seq - lastSeq - 1);
    if (lastSeq === null || message.seq > lastSeq) lastSeq = message.seq;
    const sent = message.author.id === viewerId ? sentAtMs.get(message.text) : undefined;
    if (sent === undefined) return;
    sentAtMs.delete(message.text);
    figures.latency(clock.nowMs() - sent);
  }

  function respond(highlight: Highlight): void {
    const product = view.products.get(highlight.productId);
    if (!product || respondedTo.has(highlight.id)) return;
    if (respondedTo.size > 200) respondedTo.clear();
    respondedTo.add(highlight.id);
    for (const act of respondToHighlight(world.seed, viewer, view.turnOf(highlight))) {
      later(act.afterMs, () => perform(act, product, highlight));
    }
  }

  function perform(act: Act, product: Product, highlight: Highlight): void {
    const item = { productId: product.id, highlightId: highlight.id };
    if (act.type === 'see') report({ ...base(), name: 'product.impression', ...item });
    else if (act.type === 'say') say(act.text);
    else if (act.type === 'react') react(act.kind, act.count);
    else if (act.type === 'tap') {
      figures.add('taps');
      report({ ...base(), name: 'product.clicked', ...item });
      if (random.chance(0.3)) void shop(() => shopper.browse(`/products/${encodeURIComponent(product.externalId)}`));
    } else if (act.type === 'add') void add(act.variant, act.quantity, product, highlight);
    else if (bagIsFilled) void order();
  }

  /** Runs one visit to the shop, bounded and counted; null when it did not come to an answer. */
  async function shop<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      const result = await world.shopping.run(work);
      if (result !== 'turned away') return result;
      figures.add('shed');
    } catch {
      figures.add('shopFailures');
    }
    return null;
  }

  async function add(choice: number, quantity: number, product: Product, highlight: Highlight): Promise<void> {
    const variants = product.variants.filter(({ isAvailable }) => isAvailable);
    // People do try what is sold out; the shop says so.
    const variant = (variants.length > 0 ? variants : product.variants)[Math.floor(choice * (variants.length || product.variants.length))];
    if (!variant) return;
    const item = { productId: product.id, highlightId: highlight.id };
    const requestId = randomUUID();
    const minted = await source.mintShowToken(item);
    if (isGone) return;
    const showToken = minted.ok ? minted.data.showToken : null;
    const answer = await shop(() => shopper.add({ sku: variant.sku, quantity, requestId, showToken }));
    if (!answer || isGone) return;
    if (answer.ok) {
      bagIsFilled = true;
      figures.add('adds');
      report({ ...base(), name: 'cart.added', ...item, sku: variant.sku, quantity, requestId });
    } else {
      figures.add('addsRefused');
      report({ ...base(), name: 'cart.failed', ...item, sku: variant.sku, reason: answer.reason, requestId });
    }
  }

  async function order(): Promise<void> {
    report({ ...base(), name: 'cart.checkout' });
    bagIsFilled = false;
    const name = viewer.customer?.name ?? `Guest ${viewer.number}`;
    const customerRef = viewer.customer?.customerRef ?? null;
    const answer = await shop(() => shopper.order({ key: randomUUID(), name, email: `viewer-${viewer.number}@example.com`, customerRef }));
    if (answer) figures.add(answer.ok ? 'orders' : 'ordersRefused');
  }

  function react(kind: ReactionKind, count: number): void {
    if (!client || !view.isOpen) return;
    figures.add('reactions', count);
    void client.request('send_reaction', { kind, count: Math.min(count, 50) });
  }

  function listen(room: RoomClient): void {
    room.on('welcome', ({ viewerId: id, snapshot }) => {
      viewerId = id;
      view.isOpen = OPEN_ROOM_STATES.includes(snapshot.showState);
      view.highlights = snapshot.highlights;
      view.products = new Map(snapshot.products.map((product) => [product.id, product]));
      // The replay after a cut continues the sequence; a first welcome begins it at what the snapshot shows.
      lastSeq ??= snapshot.recentMessages.at(-1)?.seq ?? null;
      const shown = featuredProduct(view);
      if (shown) respond(shown.highlight);
    });
    room.on('gap', () => {
      figures.add('gapsAnnounced');
      lastSeq = null;
    });
    room.on('chat_message_posted', received);
    room.on('products_changed', ({ products }) => {
      for (const product of products) view.products.set(product.id, product);
    });
    room.on('show_state_changed', ({ to }) => {
      view.isOpen = OPEN_ROOM_STATES.includes(to);
    });
    room.on('highlight_started', (highlight) => {
      if (!view.highlights.some(({ id }) => id === highlight.id)) view.highlights = [...view.highlights, highlight];
      respond(highlight);
    });
    room.on('highlight_ended', ({ highlightId }) => {
      view.highlights = view.highlights.filter(({ id }) => id !== highlightId);
    });
  }

  return {
    get isConnected() {
      return client?.state.kind === 'open';
    },
    async join() {
      const joined = await world.joins.run(async () => {
        if (isGone) return true;
        source.setViewerToken(await signSimulatedToken(viewer.customer, world.shopUrl, world.viewerSecret));
        const answer = await source.start();
        if (!answer.ok) world.log(`viewer ${viewer.number} could not join: ${answer.error.code} ${answer.error.detail ?? ''}`);
        return answer.ok;
      });
      if (joined !== true) figures.add('joinFailures');
      if (isGone || joined !== true) return;
      const room = createRoomClient({
        session: async (cause) => {
          if (cause === 'expired') source.setViewerToken(await signSimulatedToken(viewer.customer, world.shopUrl, world.viewerSecret));
          return source.provider(cause);
        },
        WebSocket: world.WebSocket,
        clock,
        random: { float: random.float },
        poll: createRoomPagePoll({ fetch: world.fetch, baseUrl: world.inspUrl, showId: world.showId }),
      });
      client = room;
      listen(room);
      room.start();
      report({ ...base(), name: 'player.opened' }, { ...base(), name: 'player.joined', joinMs: Math.round(600 + random.exponential(700)) });
      if (random.chance(0.15)) void shop(() => shopper.browse('/'));
    },
    act(event) {
      if (event.type === 'say') say(event.text);
      else if (event.type === 'react') react(event.kind, event.count);
    },
    leave() {
      if (isGone) return;
      isGone = true;
      for (const cancel of pending) cancel();
      pending.clear();
      client?.stop();
    },
  };
}

/** `evt_` and a UUIDv7. */
function newEventId(nowMs: number): EventId {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return `evt_${bytes.toString('hex')}`;
}
