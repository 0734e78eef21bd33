// The cart bridge as a pure state machine (product.md 3.2): one tap is one request id, and one request id is one
// add, however late and however often the shop answers.
//
//   (none) --ask--> asking --answer ok------> done      counted once
//                     |----answer refused---> refused   with a reason in words
//                     |----time out---------> late      the product link is offered; says so
//                   late ----answer ok------> done      still counted, once
//                   late ----ask again------> asking    the same request id: the shop can tell it is a repeat
//
// A second tap while a request for the same article is asking changes nothing: that is the double click.
import { CART_REASONS, type Cart, type CartReason, type HighlightId, type ProductId } from '@insp/protocol';

/** Requests remembered for late answers; the oldest settled ones are forgotten first. */
export const MAX_REMEMBERED_REQUESTS = 40;
/** Bounds what a runaway handler can claim; a bag badge needs no more. */
const MAX_COUNT = 9_999;

export type CartRequestKind = 'add' | 'update';
export type CartRequest = {
  readonly requestId: string;
  readonly kind: CartRequestKind;
  /** Null for a bag line the show does not know. */
  readonly productId: ProductId | null;
  readonly highlightId: HighlightId | null;
  readonly sku: string;
  readonly quantity: number;
  readonly stage: 'asking' | 'done' | 'refused' | 'late';
  readonly reason: CartReason | null;
  /** Words of the shop itself, shown as they are. */
  readonly message: string | null;
  readonly available: number | null;
};

export type CartState = {
  readonly requests: readonly CartRequest[];
  /** The shop's cart as last told; null until it tells. */
  readonly cart: Cart | null;
  readonly count: number;
  readonly isCheckingOut: boolean;
};

export const emptyCartState: CartState = { requests: [], cart: null, count: 0, isCheckingOut: false };

export type ParsedAnswer =
  | { ok: true; cart: Cart | null }
  | { ok: false; reason: CartReason; message: string | null; available: number | null };

export type CartEvent =
  | { type: 'asked'; request: Pick<CartRequest, 'requestId' | 'kind' | 'productId' | 'highlightId' | 'sku' | 'quantity'> }
  | { type: 'answered'; requestId: string; answer: ParsedAnswer }
  | { type: 'timed_out'; requestId: string }
  | { type: 'cart_told'; cart: Cart }
  | { type: 'checkout_started' }
  | { type: 'checkout_settled' };

export type CartEffect =
  | { type: 'ask_shop'; request: CartRequest }
  | { type: 'tell_done'; request: CartRequest; wasLate: boolean }
  | { type: 'tell_failed'; request: CartRequest; reason: CartReason };

/** The next state and what must happen because of it. */
export function nextCart(state: CartState, event: CartEvent): { state: CartState; effects: readonly CartEffect[] } {
  switch (event.type) {
    case 'asked':
      return ask(state, event.request);
    case 'answered':
      return answered(state, event.requestId, event.answer);
    case 'timed_out':
      return timedOut(state, event.requestId);
    case 'cart_told':
      return { state: withCart(state, event.cart), effects: [] };
    case 'checkout_started':
      return { state: { ...state, isCheckingOut: true }, effects: [] };
    case 'checkout_settled':
      return { state: { ...state, isCheckingOut: false }, effects: [] };
  }
}

const same = (state: CartState) => ({ state, effects: [] as CartEffect[] });

function ask(state: CartState, wanted: Extract<CartEvent, { type: 'asked' }>['request']) {
  const open = state.requests.find((known) => known.sku === wanted.sku && known.kind === wanted.kind && known.stage === 'asking');
  if (open || state.requests.some((known) => known.requestId === wanted.requestId)) return same(state);
  const late = state.requests.find((known) => known.sku === wanted.sku && known.kind === wanted.kind && known.stage === 'late');
  // Asking again after a time-out repeats the same request, so that a slow shop does not add twice.
  const isRepeat = late !== undefined && late.quantity === wanted.quantity;
  const request: CartRequest = {
    ...wanted,
    requestId: isRepeat ? late.requestId : wanted.requestId,
    stage: 'asking',
    reason: null,
    message: null,
    available: null,
  };
  const others = isRepeat ? state.requests.filter((known) => known !== late) : state.requests;
  return { state: { ...state, requests: remember([...others, request]) }, effects: [{ type: 'ask_shop', request } as const] };
}

function answered(state: CartState, requestId: string, answer: ParsedAnswer) {
  const request = state.requests.find((known) => known.requestId === requestId);
  if (!request || request.stage === 'done' || request.stage === 'refused') return same(state);
  if (answer.ok) {
    const done: CartRequest = { ...request, stage: 'done', reason: null };
    const settled = replace(state, done);
    const counted = answer.cart ? withCart(settled, answer.cart) : withoutCart(settled, done);
    return { state: counted, effects: [{ type: 'tell_done', request: done, wasLate: request.stage === 'late' } as const] };
  }
  const refused: CartRequest = {
    ...request,
    stage: 'refused',
    reason: answer.reason,
    message: answer.message,
    available: answer.available,
  };
  // A late "no" was already told as a time-out: the words change, the event does not come twice.
  const effects = request.stage === 'late' ? [] : [{ type: 'tell_failed', request: refused, reason: answer.reason } as const];
  return { state: replace(state, refused), effects };
}

function timedOut(state: CartState, requestId: string) {
  const request = state.requests.find((known) => known.requestId === requestId);
  if (request?.stage !== 'asking') return same(state);
  const late: CartRequest = { ...request, stage: 'late', reason: 'timeout' };
  return { state: replace(state, late), effects: [{ type: 'tell_failed', request: late, reason: 'timeout' } as const] };
}

function replace(state: CartState, request: CartRequest): CartState {
  return { ...state, requests: state.requests.map((known) => (known.requestId === request.requestId ? request : known)) };
}

function withCart(state: CartState, cart: Cart): CartState {
  return { ...state, cart, count: clampCount(cart.count) };
}

/** The shop said yes and no more: an add raises the count, an update cannot be known. */
function withoutCart(state: CartState, request: CartRequest): CartState {
  return request.kind === 'add' ? { ...state, count: clampCount(state.count + request.quantity) } : state;
}

const clampCount = (count: number) => Math.max(0, Math.min(MAX_COUNT, Math.trunc(count) || 0));

function remember(requests: readonly CartRequest[]): readonly CartRequest[] {
  if (requests.length <= MAX_REMEMBERED_REQUESTS) return requests;
  const settled = requests.findIndex((request) => request.stage !== 'asking');
  const forgotten = settled === -1 ? 0 : settled;
  return requests.filter((_, index) => index !== forgotten);
}

/** The last thing that happened to a product, for its card; settled refusals of other variants do not count. */
export function lastRequestFor(state: CartState, productId: ProductId, kind: CartRequestKind = 'add'): CartRequest | null {
  return state.requests.findLast((request) => request.productId === productId && request.kind === kind) ?? null;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Reads whatever a handler returned. Plain true and false are accepted; null = not an answer at all. */
export function parseAnswer(value: unknown): ParsedAnswer | null {
  if (value === true) return { ok: true, cart: null };
  if (value === false) return { ok: false, reason: 'custom', message: null, available: null };
  if (!isObject(value) || typeof value.ok !== 'boolean') return null;
  if (value.ok) return { ok: true, cart: parseCart(value.cart) };
  return {
    ok: false,
    reason: CART_REASONS.find((reason) => reason === value.reason) ?? 'custom',
    message: typeof value.message === 'string' && value.message.trim() !== '' ? value.message.trim().slice(0, 200) : null,
    available: typeof value.available === 'number' && value.available >= 0 ? Math.trunc(value.available) : null,
  };
}

/** Reads a cart; null when it is none. Lines that are no lines are left out. */
export function parseCart(value: unknown): Cart | null {
  if (!isObject(value) || typeof value.count !== 'number' || !Number.isFinite(value.count)) return null;
  const currency = typeof value.currency === 'string' ? value.currency : '';
  const lines = (Array.isArray(value.lines) ? value.lines : []).filter(
    (line): line is Cart['lines'][number] => isObject(line) && typeof line.sku === 'string' && typeof line.quantity === 'number',
  );
  return {
    lines: lines.slice(0, 200),
    count: value.count,
    total: typeof value.total === 'number' ? Math.trunc(value.total) : 0,
    currency,
    coupons: Array.isArray(value.coupons) ? value.coupons.filter((coupon) => typeof coupon === 'string') : [],
  };
}
