// Small builders for the tests of this folder.
import { type RoomState as ClientRoomState, initialRoomState, type StaffState } from '@insp/client';
import type { ChatMessage, Cue, Product } from '@insp/protocol';
import { type RoomState, roomOf } from './room-state.ts';

const hex = (n: number) => n.toString(16).padStart(32, '0');
export const productId = (n: number) => `prd_${hex(n)}` as const;

export function message(seq: number, text = `line ${seq}`): ChatMessage {
  const author = { kind: 'viewer', id: `vwr_${hex(seq)}`, name: `Viewer ${seq}`, isBuyer: false, isSimulated: false } as const;
  return { id: `msg_${hex(seq)}`, seq, author, text, postedAt: 1_000 + seq, platform: 'insp' };
}

export function product(n: number, stockCount: number | null = 5, isAvailable = stockCount !== 0): Product {
  return {
    id: productId(n),
    externalId: `p${n}`,
    title: `Product ${n}`,
    brand: '',
    description: '',
    category: '',
    url: 'https://shop.example/p',
    imageUrl: null,
    facts: [],
    optionNames: [],
    variants: [
      {
        id: `var_${hex(n)}`,
        sku: `s${n}`,
        options: {},
        priceMinor: 1_000 * n,
        originalPriceMinor: null,
        currency: 'EUR',
        stockCount,
        isAvailable,
      },
    ],
    updatedAt: 0,
  };
}

export function cue(n: number, lane: Cue['lane'], shownAt: number, expiresAt = shownAt + 60_000): Cue {
  return {
    id: `cue_${hex(n)}`,
    lane,
    headline: 'h',
    detail: 'd',
    reason: 'r',
    act: { kind: 'start_highlight', productId: productId(1) },
    shownAt,
    expiresAt,
  };
}

/** A live room with three products; `staff` and `more` replace parts of it. */
export function room(staff: Partial<StaffState> = {}, more: Partial<ClientRoomState> = {}): RoomState {
  const empty: StaffState = {
    removedMessages: [],
    bans: [],
    kpis: null,
    audience: null,
    questions: null,
    sellOrder: null,
    cues: [],
    health: null,
    autoEnd: null,
    pressure: null,
    restream: null,
  };
  const state: ClientRoomState = {
    ...initialRoomState,
    showState: 'live',
    products: [product(1), product(2), product(3)],
    staff: { ...empty, ...staff },
    ...more,
  };
  return roomOf(state, 0)!;
}
