// What the shop told us by `insp(...)`, kept for every player on the page, whichever came first: the script, the
// element or the handlers. Players read it and listen for changes; they never write it.
import {
  type CartHandlers,
  type ConsentState,
  EMBED_EVENT_NAMES,
  type EmbedEvent,
  HANDLER_ALIASES,
  type PlayerHandle,
} from '@insp/protocol';

export type ViewerTokenSource = string | (() => Promise<string | null> | string | null) | null;
export type HubChange =
  | { kind: 'handlers' }
  | { kind: 'consent' }
  | { kind: 'viewer_token' }
  | { kind: 'cart_changed'; cart: unknown }
  | { kind: 'purchase'; purchase: unknown };

export type ShopHub = {
  readonly handlers: CartHandlers;
  readonly handlerTimeoutMs: number;
  /** Only what the shop said; a purpose it did not mention is undefined. */
  readonly consent: Partial<ConsentState>;
  readonly viewerToken: ViewerTokenSource;
  run(name: string, args: readonly unknown[]): void;
  listen(listener: (change: HubChange) => void): () => void;
  addPlayer(player: PlayerHandle): () => void;
  /** Hands an embed event to the callbacks of `insp('on', ...)`. */
  tell(event: EmbedEvent): void;
};

type Console = Pick<typeof console, 'warn' | 'error'>;

export const DEFAULT_HANDLER_TIMEOUT_MS = 5_000;
export const MAX_HANDLER_TIMEOUT_MS = 30_000;
const HANDLER_NAMES = ['provideProducts', 'addToCart', 'updateItem', 'syncCart', 'checkout', 'wishlist'] as const;
const COMMANDS = ['cart', 'ready', 'on', 'consent', 'viewerToken', 'cartChanged', 'purchase'] as const;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const handlerName = (name: string): keyof CartHandlers | null => {
  if (name in HANDLER_ALIASES) return HANDLER_ALIASES[name as keyof typeof HANDLER_ALIASES];
  return (HANDLER_NAMES as readonly string[]).includes(name) ? (name as keyof CartHandlers) : null;
};

export function createShopHub(log: Console): ShopHub {
  let handlers: CartHandlers = {};
  let handlerTimeoutMs = DEFAULT_HANDLER_TIMEOUT_MS;
  let consent: Partial<ConsentState> = {};
  let viewerToken: ViewerTokenSource = null;
  const players = new Set<PlayerHandle>();
  const readyCallbacks: ((player: PlayerHandle) => void)[] = [];
  const eventCallbacks: { name: string; callback: (event: EmbedEvent) => void }[] = [];
  const listeners = new Set<(change: HubChange) => void>();

  const publish = (change: HubChange) => {
    for (const listener of [...listeners]) listener(change);
  };

  /** A callback of the shop may throw; the page is told, the player goes on. */
  const callSafely = <T>(callback: (value: T) => void, value: T) => {
    try {
      callback(value);
    } catch (error) {
      log.error('[insp] a callback of the page threw', error);
    }
  };

  const addHandlers = (given: unknown, options: unknown) => {
    if (!isObject(given)) return log.warn("[insp] insp('cart', handlers): handlers must be an object of functions");
    const added: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(given)) {
      const name = handlerName(key);
      if (name === null) log.warn(`[insp] insp('cart', ...): there is no handler "${key}". Known: ${HANDLER_NAMES.join(', ')}`);
      else if (typeof value !== 'function') log.warn(`[insp] insp('cart', ...): "${key}" must be a function`);
      else added[name] = value;
    }
    handlers = { ...handlers, ...added };
    if (isObject(options) && typeof options.timeoutMs === 'number' && options.timeoutMs > 0) {
      handlerTimeoutMs = Math.min(options.timeoutMs, MAX_HANDLER_TIMEOUT_MS);
    }
    publish({ kind: 'handlers' });
  };

  const addReadyCallback = (callback: unknown) => {
    if (typeof callback !== 'function') return log.warn("[insp] insp('ready', callback): callback must be a function");
    readyCallbacks.push(callback as (player: PlayerHandle) => void);
    for (const player of [...players]) callSafely(callback as (player: PlayerHandle) => void, player);
  };

  const addEventCallback = (name: unknown, callback: unknown) => {
    if (typeof name !== 'string' || typeof callback !== 'function') return log.warn("[insp] insp('on', name, callback)");
    if (name !== '*' && !(EMBED_EVENT_NAMES as readonly string[]).includes(name)) {
      log.warn(`[insp] insp('on', ...): there is no event "${name}". Known: *, ${EMBED_EVENT_NAMES.join(', ')}`);
    }
    eventCallbacks.push({ name, callback: callback as (event: EmbedEvent) => void });
  };

  const setConsent = (given: unknown) => {
    if (!isObject(given)) return log.warn("[insp] insp('consent', { functional, performance, targeting })");
    const next: Partial<ConsentState> = { ...consent };
    for (const purpose of ['functional', 'performance', 'targeting'] as const) {
      if (typeof given[purpose] === 'boolean') next[purpose] = given[purpose];
    }
    consent = next;
    publish({ kind: 'consent' });
  };

  return {
    get handlers() {
      return handlers;
    },
    get handlerTimeoutMs() {
      return handlerTimeoutMs;
    },
    get consent() {
      return consent;
    },
    get viewerToken() {
      return viewerToken;
    },
    run(name, args) {
      const alias = handlerName(name);
      if (alias !== null) return addHandlers({ [alias]: args[0] }, args[1]);
      switch (name as (typeof COMMANDS)[number]) {
        case 'cart':
          return addHandlers(args[0], args[1]);
        case 'ready':
          return addReadyCallback(args[0]);
        case 'on':
          return addEventCallback(args[0], args[1]);
        case 'consent':
          return setConsent(args[0]);
        case 'viewerToken':
          viewerToken = (args[0] ?? null) as ViewerTokenSource;
          return publish({ kind: 'viewer_token' });
        case 'cartChanged':
          return publish({ kind: 'cart_changed', cart: args[0] });
        case 'purchase':
          return publish({ kind: 'purchase', purchase: args[0] });
        default:
          log.warn(`[insp] there is no command "${name}". Known: ${COMMANDS.join(', ')}`);
      }
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    addPlayer(player) {
      players.add(player);
      for (const callback of [...readyCallbacks]) callSafely(callback, player);
      return () => players.delete(player);
    },
    tell(event) {
      for (const { name, callback } of [...eventCallbacks]) if (name === '*' || name === event.name) callSafely(callback, event);
    },
  };
}
