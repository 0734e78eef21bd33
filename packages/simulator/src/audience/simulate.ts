// Plays a plan against a real Insp and a real shop: real sockets, real HTTP, at most `viewerCount` of them. Ends by
// itself when the plan is over, or when it is told to; then every socket is closed and no timer is left.
import { setTimeout as delay } from 'node:timers/promises';
import type { SocketConstructor } from '@insp/client';
import type { ShowId } from '@insp/protocol';
import { Agent, fetch } from 'undici';
import { WebSocket } from 'ws';
import { createPlan, type PlanOptions } from '../plan/plan.ts';
import { createFigures, type Summary } from './figures.ts';
import { createGate } from './gate.ts';
import { createRoomView } from './room-view.ts';
import { createShopper } from './shopper.ts';
import { createViewerBot, type ViewerBot } from './viewer-bot.ts';

export type SimulateOptions = PlanOptions & {
  inspUrl: string;
  shopUrl: string;
  showId: ShowId;
  /** Signs the viewers' tokens, as the shop would. */
  viewerSecret: string;
  /** Lets the shop mark the orders as simulated. */
  simulatorKey: string;
  signal?: AbortSignal;
  /** Every ten seconds, and once at the end. */
  onSummary?: (summary: Summary) => void;
  log?: (line: string) => void;
};

export const SIMULATE_LIMITS = { joinsAtOnce: 24, joinsWaiting: 5_000, shopRequestsAtOnce: 16, shopRequestsWaiting: 500 } as const;
const SUMMARY_INTERVAL_MS = 10_000;
const MAX_LOGGED_LINES = 20;

/** Runs a simulated audience; resolves with the last summary. */
export async function simulate(options: SimulateOptions): Promise<Summary> {
  const plan = createPlan(options);
  const signal = options.signal ?? new AbortController().signal;
  const dispatcher = new Agent({ connections: SIMULATE_LIMITS.shopRequestsAtOnce + SIMULATE_LIMITS.joinsAtOnce });
  const figures = createFigures();
  const origin = new URL(options.shopUrl).origin;
  const bots = new Map<number, ViewerBot>();
  let loggedCount = 0;

  /** As the shop's page would open it: with its Origin. */
  class ShopSocket extends WebSocket {
    constructor(url: string, protocol?: string) {
      super(url, protocol, { origin, perMessageDeflate: false, handshakeTimeout: 15_000 });
    }
  }

  const world = {
    seed: options.seed,
    showId: options.showId,
    inspUrl: options.inspUrl.replace(/\/$/, ''),
    shopUrl: origin,
    viewerSecret: options.viewerSecret,
    fetch: (url: string, init: { method: string; headers: Record<string, string>; body?: string }) =>
      fetch(url, { ...init, headers: { ...init.headers, origin }, dispatcher, signal: AbortSignal.timeout(15_000) }),
    // A `ws` socket is one; only its event types are declared wider.
    WebSocket: ShopSocket as unknown as SocketConstructor,
    clock: {
      nowMs: () => Date.now(),
      after(delayMs: number, work: () => void) {
        const timer = setTimeout(work, delayMs);
        return () => clearTimeout(timer);
      },
    },
    figures,
    view: createRoomView(),
    joins: createGate(SIMULATE_LIMITS.joinsAtOnce, SIMULATE_LIMITS.joinsWaiting),
    shopping: createGate(SIMULATE_LIMITS.shopRequestsAtOnce, SIMULATE_LIMITS.shopRequestsWaiting),
    createShopper: () => createShopper({ shopUrl: options.shopUrl.replace(/\/$/, ''), simulatorKey: options.simulatorKey, dispatcher }),
    log(line: string) {
      loggedCount += 1;
      if (loggedCount <= MAX_LOGGED_LINES) options.log?.(line);
      if (loggedCount === MAX_LOGGED_LINES) options.log?.('further lines of this kind are only counted');
    },
  };

  const startedAtMs = Date.now();
  const summary = () => {
    const sockets = [...bots.values()].filter((bot) => bot.isConnected).length;
    return figures.summary(Date.now() - startedAtMs, bots.size, sockets);
  };
  const timer = setInterval(() => options.onSummary?.(summary()), SUMMARY_INTERVAL_MS);

  try {
    for (const event of plan.events) {
      const waitMs = startedAtMs + event.atMs - Date.now();
      if (waitMs > 0) await delay(waitMs, undefined, { signal });
      signal.throwIfAborted();
      const viewer = plan.viewers[event.viewer];
      if (event.type === 'arrive' && viewer) {
        const bot = createViewerBot(viewer, world);
        bots.set(event.viewer, bot);
        void bot.join();
      } else if (event.type === 'leave') {
        bots.get(event.viewer)?.leave();
        bots.delete(event.viewer);
      } else bots.get(event.viewer)?.act(event);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearInterval(timer);
  }
  const last = summary();
  options.onSummary?.(last);
  for (const bot of bots.values()) bot.leave();
  await dispatcher.destroy();
  return last;
}
