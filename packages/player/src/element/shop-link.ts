// Between the shop's page and the player: handlers that come and go, products and carts the shop tells, consent,
// tokens. A missing addToCart is named once the page had time to bring it.
import type { CartHandlers, Currency, EmbedProduct } from '@insp/protocol';
import type { CartEvent } from '../cart/cart-bridge.ts';
import { parseCart } from '../cart/cart-bridge.ts';
import type { CartCaller } from '../cart/cart-caller.ts';
import type { MessageKey } from '../i18n/messages.ts';
import type { PlayerSite, Problem } from '../loader/mount-contract.ts';
import type { ViewerTokenSource } from '../loader/shop-hub.ts';
import type { SessionKeeper } from '../session/session-keeper.ts';
import type { Action } from '../store/action.ts';
import { provideProductsRequest } from '../store/cart-requests.ts';
import type { Emit } from '../store/embed-events.ts';
import type { PlayerState } from '../store/player-state.ts';
import { parseEmbedProducts } from '../store/shop-products.ts';

/** Handlers may be registered after the player opened; this long nobody complains. */
const HANDLER_GRACE_MS = 3_000;
const WANTED_HANDLERS = ['addToCart', 'checkout'] as const satisfies readonly (keyof CartHandlers)[];

export type ShopLink = ReturnType<typeof createShopLink>;

export function createShopLink(deps: {
  site: PlayerSite;
  state(): PlayerState;
  dispatch(action: Action): void;
  dispatchCart(event: CartEvent): void;
  caller: CartCaller;
  session: SessionKeeper;
  emit: Emit;
  report(problem: Problem): void;
  notice(text: MessageKey, problem: Pick<Problem, 'code' | 'detail'>): void;
}) {
  const { site, state, dispatch } = deps;
  let ownViewerToken: ViewerTokenSource | undefined;
  let askedFor = '';
  let graceTimer: ReturnType<typeof setTimeout> | undefined;

  const missingHandlers = () => WANTED_HANDLERS.filter((name) => site.hub.handlers[name] === undefined);

  const giveProducts = (value: unknown) => {
    const products: EmbedProduct[] = parseEmbedProducts(value);
    if (products.length > 0) dispatch({ type: 'shop_products_given', products });
  };

  const askForProducts = () => {
    const { provideProducts } = site.hub.handlers;
    const now = state();
    if (provideProducts === undefined || now.shelf.lineUp.length === 0) return;
    const request = provideProductsRequest(now, now.settings.currency as Currency | null);
    askedFor = lineUpKey(now);
    Promise.resolve()
      .then(() => provideProducts(request))
      .then(giveProducts, (cause) => deps.report({ code: 'INSP_EMBED_HANDLER_FAILED', detail: 'provideProducts', isFatal: false, cause }));
  };

  const followHandlers = () => {
    dispatch({ type: 'handlers_changed', hasAddHandler: site.hub.handlers.addToCart !== undefined });
    if (site.hub.handlers.provideProducts) askForProducts();
    if (site.hub.handlers.syncCart) deps.caller.syncCart('handlers');
  };

  const nameMissing = () => {
    const missing = missingHandlers();
    if (missing.length === 0 || state().shelf.products.length === 0) return;
    const problem = { code: 'INSP_EMBED_HANDLER_MISSING' as const, detail: missing.join(', ') };
    deps.report({ ...problem, isFatal: false });
    if (missing.includes('addToCart')) deps.notice('buyOnPage', problem);
  };

  const stopListening = site.hub.listen((change) => {
    if (change.kind === 'handlers') followHandlers();
    if (change.kind === 'viewer_token') renewSession();
    if (change.kind === 'cart_changed') {
      const cart = parseCart(change.cart);
      if (cart) deps.dispatchCart({ type: 'cart_told', cart });
      else deps.report({ code: 'INSP_EMBED_HANDLER_FAILED', detail: 'cartChanged was given no cart', isFatal: false, cause: change.cart });
    }
  });

  const renewSession = () => {
    // A refusal leaves the session that is there; the next start says what is wrong.
    if (state().session === 'ready')
      deps.session.renew().catch((cause) => deps.report({ code: 'INSP_EMBED_VIEWER_TOKEN_INVALID', isFatal: false, cause }));
  };

  return {
    begin: followHandlers,
    follow(now: PlayerState, before: PlayerState) {
      if (now.shelf.lineUp !== before.shelf.lineUp && lineUpKey(now) !== askedFor) askForProducts();
      if (now.surface === 'open' && before.surface === 'closed') {
        clearTimeout(graceTimer);
        graceTimer = setTimeout(nameMissing, HANDLER_GRACE_MS);
        deps.caller.syncCart('open');
      }
    },
    end() {
      clearTimeout(graceTimer);
      stopListening();
    },
    missingHandlers,
    askForProducts,
    giveProducts,
    viewerToken: () => (ownViewerToken === undefined ? site.hub.viewerToken : ownViewerToken),
    setViewerToken(token: string | null) {
      ownViewerToken = token;
      renewSession();
    },
  };
}

const lineUpKey = ({ shelf, settings }: PlayerState) =>
  `${settings.locale} ${settings.currency} ${shelf.lineUp.map((product) => product.id).join()}`;
