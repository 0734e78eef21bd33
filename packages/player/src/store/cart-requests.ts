// Buying as requests: what a tap means now, what the shop is asked, what everybody hears of the answer.
import type { CartHandlers, Currency, Product, ProductId } from '@insp/protocol';
import { type CartEvent, nextCart } from '../cart/cart-bridge.ts';
import type { CartCaller } from '../cart/cart-caller.ts';
import type { EventReporter } from '../session/event-reporter.ts';
import type { Action } from './action.ts';
import { buyStepOf } from './buy-step.ts';
import type { Emit } from './embed-events.ts';
import { chosenVariant } from './options.ts';
import type { PlayerState } from './player-state.ts';
import type { RequestMap } from './requests.ts';
import { pictureMsOf, visibleHighlights } from './shelf-slice.ts';

type CartRequests = Pick<RequestMap, 'add_to_bag' | 'change_quantity' | 'checkout' | 'follow_link' | 'see_product'>;

export type CartDeps = {
  state(): PlayerState;
  dispatch(action: Action): void;
  caller(): CartCaller;
  handlers(): CartHandlers;
  newKey(): string;
  emit: Emit;
  report: EventReporter['report'];
  announce(product: Product): void;
  notice(
    text: 'checkoutFailed' | 'buyOnPage',
    problem: { code: 'INSP_EMBED_HANDLER_MISSING' | 'INSP_EMBED_HANDLER_FAILED'; detail: string; cause?: unknown },
  ): void;
  showToken(productId: ProductId): Promise<string>;
  leaveFor(url: string): void;
};

/** Brings an event into the machine and carries out what it asks for. */
export function createCartDispatch(deps: CartDeps): (event: CartEvent) => void {
  return (event) => {
    const { effects } = nextCart(deps.state().bag, event);
    deps.dispatch({ type: 'cart', event });
    for (const effect of effects) {
      const { request } = effect;
      const { productId, highlightId, sku, quantity, requestId } = request;
      const product = deps.state().shelf.products.find((known) => known.id === productId);
      const variant = product?.variants.find((known) => known.sku === sku);
      const price = variant ? { current: variant.priceMinor, currency: variant.currency } : null;
      if (effect.type === 'ask_shop') deps.caller().ask(request);
      if (effect.type === 'tell_done' && request.kind === 'add') {
        deps.emit('cart.added', { requestId, sku, quantity, price });
        if (productId !== null) deps.report({ name: 'cart.added', productId, highlightId, sku, quantity, requestId });
        if (product) deps.announce(product);
        if (deps.state().shelf.openProductId === productId) deps.dispatch({ type: 'options_closed' });
      }
      if (effect.type === 'tell_done' && request.kind === 'update')
        deps.emit(quantity === 0 ? 'cart.removed' : 'cart.updated', { requestId, sku, quantity, price });
      if (effect.type === 'tell_failed') {
        deps.emit('cart.failed', { requestId, sku, quantity, price, reason: effect.reason });
        if (request.kind === 'add' && productId !== null)
          deps.report({ name: 'cart.failed', productId, highlightId, sku, reason: effect.reason, requestId });
        if (effect.reason === 'login_required') deps.emit('auth.needed', { reason: 'cart' });
      }
    }
  };
}

export function createCartRequests(deps: CartDeps, dispatchCart: (event: CartEvent) => void): CartRequests {
  const highlightOf = (productId: ProductId) => {
    const state = deps.state();
    return visibleHighlights(state.shelf.highlights, pictureMsOf(state)).findLast((known) => known.productId === productId)?.id ?? null;
  };
  const productOf = (productId: ProductId) => deps.state().shelf.products.find((known) => known.id === productId);

  return {
    add_to_bag({ productId }) {
      const product = productOf(productId);
      if (!product || buyStepOf(deps.state(), product).kind !== 'add') return;
      const variant = chosenVariant(product, deps.state().shelf.choices[productId] ?? {});
      if (!variant) return;
      const request = {
        requestId: `req_${deps.newKey()}`,
        kind: 'add' as const,
        productId,
        highlightId: highlightOf(productId),
        sku: variant.sku,
        quantity: 1,
      };
      dispatchCart({ type: 'asked', request });
    },
    change_quantity({ sku, quantity }) {
      const product = deps.state().shelf.products.find((known) => known.variants.some((variant) => variant.sku === sku));
      const request = {
        requestId: `req_${deps.newKey()}`,
        kind: 'update' as const,
        productId: product?.id ?? null,
        highlightId: null,
        sku,
        quantity,
      };
      dispatchCart({ type: 'asked', request });
    },
    checkout() {
      void checkOut(deps, dispatchCart);
    },
    follow_link({ productId }) {
      const product = productOf(productId);
      if (!product) return;
      deps.emit('navigate', { url: product.url, behind: true });
      deps.leaveFor(product.url);
    },
    see_product({ productId, highlightId }) {
      const sku = productOf(productId)?.variants[0]?.sku ?? null;
      const shownBy = highlightId ?? highlightOf(productId);
      const position = deps.state().shelf.products.findIndex((known) => known.id === productId);
      deps.emit('product.click', { productId, sku, position, highlightId: shownBy });
      if (shownBy)
        deps.emit('highlight.clicked', {
          highlightId: shownBy,
          kind: 'product',
          refId: productId,
          mediaSec: deps.state().video.positionSec,
        });
      deps.report({ name: 'product.clicked', productId, highlightId: shownBy });
    },
  };
}

async function checkOut(deps: CartDeps, dispatchCart: (event: CartEvent) => void): Promise<void> {
  const { bag } = deps.state();
  if (bag.isCheckingOut) return;
  const { checkout } = deps.handlers();
  if (checkout === undefined) return deps.notice('checkoutFailed', { code: 'INSP_EMBED_HANDLER_MISSING', detail: 'checkout' });
  dispatchCart({ type: 'checkout_started' });
  deps.emit('cart.checkout', { count: bag.count });
  deps.report({ name: 'cart.checkout' });
  try {
    const lastAdded = bag.requests.findLast((request) => request.kind === 'add' && request.stage === 'done');
    const showToken = lastAdded?.productId ? await deps.showToken(lastAdded.productId) : '';
    const answer = await checkout({ cart: bag.cart, showToken: showToken === '' ? null : showToken });
    if (typeof answer === 'object' && answer !== null && 'url' in answer && typeof answer.url === 'string') deps.leaveFor(answer.url);
    else if (!(typeof answer === 'object' && answer !== null && 'handled' in answer))
      throw new TypeError('checkout answered neither { url } nor { handled: true }');
  } catch (cause) {
    deps.notice('checkoutFailed', { code: 'INSP_EMBED_HANDLER_FAILED', detail: 'checkout', cause });
  } finally {
    dispatchCart({ type: 'checkout_settled' });
  }
}

/** What `provideProducts` is asked: our id and the shop's own. */
export function provideProductsRequest(state: PlayerState, currency: Currency | null) {
  const items = state.shelf.lineUp.map((product) => ({ id: product.id, ref: product.externalId }));
  return { locale: state.settings.locale, currency: currency ?? state.shelf.lineUp[0]?.variants[0]?.currency ?? 'EUR', items };
}
