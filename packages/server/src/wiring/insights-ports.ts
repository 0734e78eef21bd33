// What insights and the copilot see of a show, put together from its owners.
import type { CustomerId, ProductId } from '@insp/protocol';
import type { Clock } from '../kernel/clock.ts';
import type { Accounts } from '../modules/accounts/index.ts';
import type { AutoEnd } from '../modules/auto-end/index.ts';
import type { Capture } from '../modules/capture/index.ts';
import type { ArchivedMessage, Chat } from '../modules/chat/index.ts';
import type { CopilotPorts } from '../modules/copilot/index.ts';
import type { Insights, InsightsPorts } from '../modules/insights/index.ts';
import type { Orders } from '../modules/orders/index.ts';
import type { Realtime } from '../modules/realtime/index.ts';
import type { Shows } from '../modules/shows/index.ts';
import type { Viewers } from '../modules/viewers/index.ts';
import type { RoomViews } from './room-views.ts';

type ChatLine = Parameters<Insights['chatPosted']>[1];

export type PanelSources = {
  accounts: Pick<Accounts, 'organizationSettings'>;
  rooms: RoomViews;
  shows: Pick<Shows, 'startHighlight'>;
  viewers: Pick<Viewers, 'showsAttended'>;
  orders: Pick<Orders, 'ordersOfCustomers'>;
  capture: Pick<Capture, 'readShow'>;
  chat: Pick<Chat, 'archive'>;
  realtime(): Pick<Realtime, 'presence' | 'publish' | 'publishLatest'>;
  insights(): Pick<Insights, 'setAnswered'>;
  autoEnd(): Pick<AutoEnd, 'keepLive'>;
  clock: Clock;
};

/** Questions are collected from at most this much of an archive. */
const CHAT_LINES_READ = 50_000;

/** What insights hears of a message; null for staff, who ask no questions. */
export function chatLineOf({ message, viewerId, featuredProductId }: ArchivedMessage): ChatLine | null {
  if (message.author.kind !== 'viewer') return null;
  return { seq: message.seq, viewerId, text: message.text, postedAt: message.postedAt, featuredProductId };
}

export function createInsightsPorts(sources: PanelSources): InsightsPorts {
  const { accounts, rooms, viewers, orders, capture, chat, clock } = sources;
  return {
    async showFacts(showId) {
      const room = await rooms.room(showId);
      if (room === null) return null;
      const settings = await accounts.organizationSettings(room.orgId);
      const { orgId, state, highlights, products } = room;
      return {
        orgId,
        state,
        products,
        locale: settings?.locale ?? 'en',
        highlightedProductIds: highlights.map(({ productId }) => productId),
      };
    },
    presence: (showId) => sources.realtime().presence(showId),
    showsAttended: viewers.showsAttended,
    async pastOrders(orgId, customerIds, beforeShowId) {
      const room = await rooms.room(beforeShowId);
      const found = await orders.ordersOfCustomers(orgId, customerIds as CustomerId[], room?.liveAt ?? clock.nowMs());
      // A customer of several currencies is shown with the largest.
      return new Map(
        [...found].flatMap(
          ([
            id,
            {
              orderCount,
              spend: [most],
            },
          ]) => (most === undefined ? [] : [[id, { orderCount, spendMinor: most.amountMinor, currency: most.currency }] as const]),
        ),
      );
    },
    buyersInShow: rooms.buyers,
    async chatOf(showId) {
      const lines: ChatLine[] = [];
      for await (const archived of chat.archive(showId)) {
        const line = chatLineOf(archived);
        if (line !== null && archived.message.state === 'visible') lines.push(line);
        if (lines.length === CHAT_LINES_READ) break;
      }
      return lines;
    },
    async recentDeeds(showId, sinceMs) {
      const deeds: Awaited<ReturnType<InsightsPorts['recentDeeds']>> = [];
      for await (const event of capture.readShow(showId, { names: ['orders.line_sold', 'product.clicked'], sinceMs })) {
        if (event.productId === null) continue;
        const kind = event.name === 'orders.line_sold' ? 'sold' : 'clicked';
        deeds.push({ productId: event.productId as ProductId, kind, weight: event.weight, occurredAt: event.occurredAt });
      }
      return deeds;
    },
    publishLatest: (showId, channel, type, data) => sources.realtime().publishLatest(showId, channel, type, data as never),
  };
}

export function createCopilotPorts(sources: PanelSources): CopilotPorts {
  const { rooms, shows } = sources;
  return {
    showFacts: rooms.room,
    joinedAt: (showId, viewerId) =>
      sources
        .realtime()
        .presence(showId)
        .find((entry) => entry.viewerId === viewerId)?.joinedAtMs ?? null,
    startHighlight: (by, showId, productId) =>
      shows.startHighlight(by.orgId, showId, productId, { kind: 'member', id: by.memberId, name: 'Copilot' }),
    keepLive: (by, showId) => sources.autoEnd().keepLive(by, showId),
    markAnswered: (by, showId, id) => sources.insights().setAnswered(showId, id, true, by.memberId),
    publish: (showId, channel, type, data) => sources.realtime().publish(showId, channel, type, data as never),
  };
}
