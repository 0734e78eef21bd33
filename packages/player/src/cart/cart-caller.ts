// Calls the shop's handlers and brings what they say into the cart machine. A handler may answer late, twice,
// nonsense, or throw: each ends in one of the machine's events and, where the shop's code is wrong, a problem.
import type { AddToCartRequest, CartHandlers, ErrorCode } from '@insp/protocol';
import { type CartEvent, type CartRequest, parseAnswer, parseCart } from './cart-bridge.ts';

export type CartCallerDeps = {
  handlers(): CartHandlers;
  timeoutMs(): number;
  after(delayMs: number, work: () => void): () => void;
  showToken(request: CartRequest): Promise<string>;
  dispatch(event: CartEvent): void;
  report(problem: { code: ErrorCode; detail: string; cause?: unknown }): void;
};

export type CartCaller = {
  /** Asks the shop for one request; the answer comes as events, however late. */
  ask(request: CartRequest): void;
  syncCart(cause: string): void;
};

export function createCartCaller(deps: CartCallerDeps): CartCaller {
  const refuse = (requestId: string) =>
    deps.dispatch({ type: 'answered', requestId, answer: { ok: false, reason: 'custom', message: null, available: null } });

  const callHandler = async (request: CartRequest, showToken: string): Promise<unknown> => {
    const { addToCart, updateItem } = deps.handlers();
    const { requestId, sku, quantity, highlightId } = request;
    if (request.kind === 'update') return updateItem?.({ requestId, sku, quantity });
    const asked: AddToCartRequest = { requestId, sku, quantity, coupon: null, holdId: null, highlightId, showToken };
    return addToCart?.(asked);
  };

  /** The shop's time runs from the moment it is asked, not while we fetch the token. */
  const askInTime = async (name: string, request: CartRequest) => {
    const showToken = request.kind === 'add' ? await deps.showToken(request) : '';
    const timeoutMs = deps.timeoutMs();
    const cancel = deps.after(timeoutMs, () => {
      deps.report({ code: 'INSP_EMBED_HANDLER_TIMED_OUT', detail: `${name}, ${timeoutMs} ms` });
      deps.dispatch({ type: 'timed_out', requestId: request.requestId });
    });
    try {
      return await callHandler(request, showToken);
    } finally {
      cancel();
    }
  };

  return {
    ask(request) {
      const name = request.kind === 'add' ? 'addToCart' : 'updateItem';
      if (deps.handlers()[name] === undefined) {
        deps.report({ code: 'INSP_EMBED_HANDLER_MISSING', detail: name });
        return refuse(request.requestId);
      }
      askInTime(name, request).then(
        (value) => {
          const answer = parseAnswer(value);
          if (answer) return deps.dispatch({ type: 'answered', requestId: request.requestId, answer });
          deps.report({ code: 'INSP_EMBED_HANDLER_FAILED', detail: `${name} answered neither { ok } nor true or false`, cause: value });
          refuse(request.requestId);
        },
        (cause) => {
          deps.report({ code: 'INSP_EMBED_HANDLER_FAILED', detail: name, cause });
          refuse(request.requestId);
        },
      );
    },

    syncCart(cause) {
      const { syncCart } = deps.handlers();
      if (syncCart === undefined) return;
      // Bounded by the shop's own patience: a cart that never comes leaves the count as it is.
      Promise.resolve()
        .then(() => syncCart({ cause }))
        .then(
          (value) => {
            const cart = parseCart(value);
            if (cart) deps.dispatch({ type: 'cart_told', cart });
            else deps.report({ code: 'INSP_EMBED_HANDLER_FAILED', detail: 'syncCart answered no cart', cause: value });
          },
          (error) => deps.report({ code: 'INSP_EMBED_HANDLER_FAILED', detail: 'syncCart', cause: error }),
        );
    },
  };
}
