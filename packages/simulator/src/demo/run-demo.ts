// The living part of a demo, in one process of its own so that it takes nothing from the server's event loop: camera,
// director, audience and shelves. Ends when the signal aborts, and then nothing of it is left.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Product } from '@insp/protocol';
import { summaryLine } from '../audience/figures.ts';
import { simulate } from '../audience/simulate.ts';
import { startSyntheticEncoder } from '../encoder/synthetic-encoder.ts';
import type { SendOwner } from './demo-api.ts';
import { directDemo } from './demo-director.ts';
import type { PreparedDemo } from './prepare-demo.ts';
import { DEMO_SEED, DEMO_SHOW_TITLE } from './prepare-demo.ts';
import { keepStocked } from './restocking.ts';

export type RunDemoOptions = PreparedDemo & {
  inspUrl: string;
  shopUrl: string;
  simulatorKey: string;
  /** 0 = no audience. */
  viewerCount: number;
  ffmpegPath?: string;
  turnMs?: number;
};

/** One audience plays this long, then the next comes in. */
const AUDIENCE_MS = 60 * 60_000;

const price = ({ variants }: Product): string => {
  const [first] = variants;
  if (!first) return '';
  const lowest = Math.min(...variants.map(({ priceMinor }) => priceMinor));
  return new Intl.NumberFormat('en-IE', { style: 'currency', currency: first.currency }).format(lowest / 100).replace(/\.00$/, '');
};

export async function runDemo(
  options: RunDemoOptions,
  sendAsOwner: SendOwner,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<void> {
  const { products, showId, inspUrl, shopUrl, simulatorKey } = options;
  const encoder = await startSyntheticEncoder({
    serverUrl: options.serverUrl,
    streamKey: options.streamKey,
    brand: products[0]?.brand || options.brand,
    title: DEMO_SHOW_TITLE,
    subtitle: 'We begin in a moment',
    products: products.map((product) => ({
      key: product.id,
      title: product.title,
      subtitle: `${product.category} · from ${price(product)}`,
      imageUrl: product.imageUrl,
    })),
    ...(options.ffmpegPath && { ffmpegPath: options.ffmpegPath }),
    log,
  });
  // The show being over ends all the rest.
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  const lineUp = products.map(({ id }) => id);
  const directing = directDemo({
    sendAsOwner,
    showId,
    lineUp,
    signal: until,
    log,
    onDisplay: (productId) => encoder.show(productId),
    ...(options.turnMs && { turnMs: options.turnMs }),
  }).finally(() => over.abort());
  try {
    await Promise.all([directing, keepStocked({ shopUrl, simulatorKey, signal: until, log }), playAudiences()]);
  } finally {
    over.abort();
    await encoder.stop();
  }

  async function playAudiences(): Promise<void> {
    let seed: string = DEMO_SEED;
    while (options.viewerCount > 0 && !until.aborted) {
      await simulate({
        inspUrl,
        shopUrl,
        showId,
        simulatorKey,
        viewerSecret: options.secrets.viewerSecret,
        seed,
        viewerCount: options.viewerCount,
        durationMs: AUDIENCE_MS,
        signal: until,
        onSummary: (summary) => log(`audience ${summaryLine(summary)}`),
        log,
      }).catch(async (error: Error) => {
        log(`the audience stopped: ${error.message}`);
        await delay(5_000, undefined, { signal: until }).catch(() => {});
      });
      seed = `${DEMO_SEED}-${randomUUID()}`;
    }
  }
}
