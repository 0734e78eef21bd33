// Cards against the frame they belong to: the host puts a product on display at a moment of the server's clock; the
// card is right when the frame of that moment is on screen, whether the viewer watches live or went back.
import { setTimeout as delay } from 'node:timers/promises';
import type { Highlight } from '@insp/protocol';
import type { Page } from 'playwright-core';
import { cardErrorsMs, type Spread, spreadOf } from './latency-figures.ts';
import type { Seen, SeenCard } from './latency-page.ts';
import type { LatencySystem } from './latency-system.ts';

/** One place's figures: `stampError` against when the frame was painted, `programError` against what the playlist says. */
export type CardFigures = {
  place: string;
  count: number;
  missingCount: number;
  stampError: Spread | null;
  programError: Spread | null;
}[];

const CARD_COUNT = 8;
const BACK_SEC = 8;
const REPLAY_AFTER_MS = 8_000;

type CardDeps = {
  system: LatencySystem;
  page: Page;
  follow(page: Page, durationMs: number, everySec?: (second: number) => unknown): Promise<Seen>;
  say(line: string): void;
};

/** Live and looking back; `moments` are those of all cards, for the replay. */
export async function measureCards(deps: CardDeps): Promise<{ figures: CardFigures; moments: ReadonlyMap<string, number> }> {
  const { system, page, follow } = deps;
  const figures: CardFigures = [];
  const allMoments = new Map<string, number>();
  const at = `/v1/shows/${system.showId}/highlights`;

  async function showCards(place: string, watchMs: number): Promise<void> {
    deps.say(`cards, ${place}`);
    const moments = new Map<string, number>();
    const watching = follow(page, CARD_COUNT * 1_700 + watchMs);
    for (let index = 0; index < CARD_COUNT; index += 1) {
      const productId = system.productIds[index % system.productIds.length];
      const highlight = await system.owner.call<Highlight>('POST', at, { productId });
      moments.set(highlight.id, highlight.startedAt);
      allMoments.set(highlight.id, highlight.startedAt);
      // Anywhere between two looks of the player at its clock.
      await delay(1_100 + ((index * 137) % 400));
      await system.owner.call('DELETE', `${at}/${highlight.id}`);
    }
    const { cards } = await watching;
    figures.push(figuresOf(place, cards, moments));
  }

  await showCards('live', 4_000);
  await seekBack(page, BACK_SEC);
  await showCards(`${BACK_SEC} s back`, 4_000 + BACK_SEC * 1_000);
  return { figures, moments: allMoments };
}

/** Ends the show and watches it again from its beginning: now only the playlist knows the moments. Null without a replay. */
export async function measureReplayCards(
  deps: CardDeps & { shopUrl: string; moments: ReadonlyMap<string, number>; beganAtMs: number },
): Promise<CardFigures[number] | null> {
  const { system, page, moments } = deps;
  deps.say('cards, replay');
  await system.command('end');
  // Made within seconds of the end.
  await delay(REPLAY_AFTER_MS);
  await page.goto(deps.shopUrl);
  const lastMs = Math.max(...moments.values());
  const { cards, firstFrameAtMs } = await deps.follow(page, lastMs - deps.beganAtMs + REPLAY_AFTER_MS);
  return firstFrameAtMs === null ? null : figuresOf('replay', cards, moments);
}

function figuresOf(place: string, cards: readonly SeenCard[], moments: ReadonlyMap<string, number>): CardFigures[number] {
  const shown = new Set(cards.filter(({ isShown }) => isShown).map(({ highlightId }) => highlightId));
  return {
    place,
    count: shown.size,
    missingCount: [...moments.keys()].filter((id) => !shown.has(id)).length,
    stampError: spreadOf(cardErrorsMs(cards, moments, 'stampMs')),
    programError: spreadOf(cardErrorsMs(cards, moments, 'programMs')),
  };
}

const seekBack = (page: Page, backSec: number): Promise<void> =>
  page.evaluate((sec) => {
    const video = document.querySelector('insp-show')?.shadowRoot?.querySelector('video');
    type Handle = { seek(position: number): void };
    const { player } = window as unknown as { player?: Handle };
    const positionSec = (video?.currentTime ?? 0) - sec;
    if (player) player.seek(positionSec);
  }, backSec);
