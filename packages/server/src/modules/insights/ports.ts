// What insights needs from the others, as narrow as it uses it.
import type { Audience, Currency, Product, ProductId, Push, Questions, SellOrder, ShowId, ShowState, ViewerId } from '@insp/protocol';
import type { PresentViewer } from './audience.ts';

export type ShowFacts = {
  orgId: string;
  state: ShowState;
  locale: string;
  highlightedProductIds: readonly ProductId[];
  products: readonly Product[];
};

/** One accepted chat line of a viewer; `seq` as in the archive. */
export type ChatLine = { seq: number; viewerId: ViewerId; text: string; postedAt: number; featuredProductId: ProductId | null };

export type InsightsPorts = {
  /** Null for a show that does not exist. May be a moment old. */
  showFacts(showId: ShowId): Promise<ShowFacts | null>;
  presence(
    showId: ShowId,
  ): (Omit<PresentViewer, 'showsAttendedCount' | 'name'> & { displayName: string; role: string; customerId: string | null })[];
  /** Shows each viewer has attended with this organization, this one included. */
  showsAttended(orgId: string, viewerIds: readonly ViewerId[]): Promise<Map<ViewerId, number>>;
  /** Orders of these customers before the show, for the Audience View. */
  pastOrders(
    orgId: string,
    customerIds: readonly string[],
    beforeShowId: ShowId,
  ): Promise<Map<string, { orderCount: number; spendMinor: number; currency: Currency }>>;
  buyersInShow(showId: ShowId): Promise<ReadonlySet<ViewerId>>;
  /** The archived chat of a show, oldest first, to rebuild the questions after a restart. */
  chatOf(showId: ShowId): Promise<ChatLine[]>;
  /** Sales and taps since a time, to rebuild the window after a restart. */
  recentDeeds(
    showId: ShowId,
    sinceMs: number,
  ): Promise<{ productId: ProductId; kind: 'sold' | 'clicked'; weight: number; occurredAt: number }[]>;
  publishLatest<T extends 'audience_changed' | 'questions_changed' | 'sell_order_changed'>(
    showId: ShowId,
    channel: 'staff',
    type: T,
    data: Extract<Push, { type: T }>['data'],
  ): void;
};

export type Panels = { audience: Audience; questions: Questions; sellOrder: SellOrder };
