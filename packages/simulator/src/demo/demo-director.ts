// The demo's stage manager, through the public API: opens the room, goes live when the picture is there, shows one
// product after the other until a person takes over, keeps the synthetic picture on whatever is on display, and lets
// the demo shop's shelves be filled again some minutes after something sold out.
import { setTimeout as delay } from 'node:timers/promises';
import type { ProductId, Show, ShowId } from '@insp/protocol';
import { createDemoApi, DemoApiError, type SendOwner } from './demo-api.ts';
import { FIRST_ROTATION, nextStep, type Rotation } from './rotation.ts';

export type DemoDirectorOptions = {
  sendAsOwner: SendOwner;
  showId: ShowId;
  lineUp: readonly ProductId[];
  turnMs?: number;
  signal: AbortSignal;
  /** Puts the product in the picture. */
  onDisplay?: (productId: ProductId | null) => void;
  log?: (line: string) => void;
};

export const DEFAULT_TURN_MS = 75_000;
const LOOK_INTERVAL_MS = 2_000;

/** Runs until the show is over or `signal` aborts. Troubles of the API are waited out. */
export async function directDemo(options: DemoDirectorOptions): Promise<void> {
  const api = createDemoApi(options.sendAsOwner);
  const { showId, signal, turnMs = DEFAULT_TURN_MS, log = () => {} } = options;
  let rotation: Rotation = FIRST_ROTATION;
  let shown: ProductId | null | undefined;
  let wasLive = false;

  async function look(): Promise<'go on' | 'over'> {
    const show = await api.show(showId);
    if (show.state === 'ended' || show.state === 'cancelled') return 'over';
    await advance(show);
    const featured = show.highlights.toSorted((a, b) => a.startedAt - b.startedAt).at(-1)?.productId ?? null;
    if (featured !== shown) {
      shown = featured;
      options.onDisplay?.(featured);
    }
    // A highlight that was there before we began (a restart in the middle of a show) is carried on with.
    const before = rotation;
    const adopted =
      rotation === FIRST_ROTATION && show.highlights.length === 1
        ? { ...rotation, ownHighlightId: show.highlights[0]?.id ?? null }
        : rotation;
    const step = nextStep(adopted, { isLive: show.state === 'live', highlights: show.highlights }, options.lineUp, turnMs, Date.now());
    rotation = step.rotation;
    if (rotation.isHandedOver && !before.isHandedOver) log('a person has taken over the products; the demo only watches now');
    if (step.show) {
      if (step.hide) await api.endHighlight(showId, step.hide);
      const highlight = await api.startHighlight(showId, step.show);
      rotation = { ...rotation, ownHighlightId: highlight.id };
      shown = step.show;
      options.onDisplay?.(step.show);
    }
    return 'go on';
  }

  /** Opens the room and goes live, once each; later states are for people to change. */
  async function advance(show: Show): Promise<void> {
    if (show.state === 'scheduled') await api.command(showId, 'open', 'the demo');
    else if (show.state === 'waiting' && show.previewPlaylistUrl !== null && !wasLive) {
      await api.command(showId, 'go_live', 'the demo');
      wasLive = true;
      log('the demo show is live');
    } else if (show.state === 'live') wasLive = true;
  }

  let troubleCount = 0;
  while (!signal.aborted) {
    try {
      if ((await look()) === 'over') return;
      troubleCount = 0;
    } catch (error) {
      // "Not ready" is the picture on its way; anything else is told now and then.
      const isExpected =
        error instanceof DemoApiError && (error.code === 'INSP_SHOWS_NOT_READY' || error.code === 'INSP_SHOWS_TRANSITION_REFUSED');
      troubleCount += 1;
      if (!signal.aborted && !isExpected && (troubleCount === 1 || troubleCount % 30 === 0))
        log(`the demo waits: ${(error as Error).message}`);
    }
    await delay(LOOK_INTERVAL_MS, undefined, { signal }).catch(() => {});
  }
}
