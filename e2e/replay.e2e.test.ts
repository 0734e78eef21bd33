// What a shopper expects of looking back, in a real browser against the whole system: a show can be watched
// from its beginning while it is live, and "live" brings one back; after the end it is there again, with chapters, and
// each product is on its card when the picture gets to it. Steps follow one another; nothing here judges speed.
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Product, Replay, ReplayChapters } from '@insp/protocol';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { until as untilWithin } from '../packages/server/src/modules/media/test-support/media-rig.ts';
import { type SellingSystem, startSellingSystem } from './faults/system/selling-system.ts';
import { violations } from './support/axe.ts';
import { lookAtPicture, type OwnBrowser, startBrowser } from './support/browser.ts';

/** A busy machine only has to get there. */
const PATIENCE_MS = 60_000;
const SHOTS = join(tmpdir(), 'insp-e2e');
const PHONE = { width: 390, height: 844 };
/** Back at live is nearer than this; started over is further away. */
const NEAR_LIVE_MS = 8_000;
/** Between two products, and before the end. */
const SHOWN_MS = 5_000;

let system: SellingSystem;
let browser: OwnBrowser;
let shop: Page;
let liveAtMs: number;
let shown: readonly Product[];

const until = <T>(what: string, probe: () => T | Promise<T>) => untilWithin(what, probe, PATIENCE_MS);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const player = () => shop.locator('insp-show');
const card = () => player().locator('[part~="card"]');
const shot = (name: string) => shop.screenshot({ path: join(SHOTS, `replay-${name}.png`) });
const positionSec = async () => (await lookAtPicture(shop))?.currentSec ?? 0;
/** Wall time of the frame on screen, as the page may ask for it. */
const programMs = () =>
  shop.evaluate(
    () =>
      new Promise<number | null>((tell) => {
        type Handle = { playback(): { programMs: number | null } | null };
        const { insp } = window as unknown as { insp(name: 'ready', work: (handle: Handle) => void): void };
        insp('ready', (handle) => tell(handle.playback()?.programMs ?? null));
      }),
  );
const openPlayer = () =>
  shop.evaluate(() => {
    const { insp } = window as unknown as { insp(name: 'ready', work: (handle: { open(): void }) => void): void };
    insp('ready', (handle) => handle.open());
  });
const isMoving = async () => {
  const before = await lookAtPicture(shop);
  await pause(300);
  const now = await lookAtPicture(shop);
  return before !== null && now !== null && now.frameCount > before.frameCount && now.currentSec > before.currentSec;
};
const displayed = (product: Product) => card().locator('[part~="product-name"]').getByText(product.title, { exact: true }).first();

const line = (product: Product | undefined) =>
  player()
    .locator('li.line')
    .filter({ hasText: `What of the ${product?.title}?` });

/** The first time, name and text are told to be public. */
async function say(text: string): Promise<void> {
  await player().getByRole('textbox', { name: 'Say something' }).fill(text);
  await player().getByRole('button', { name: 'Send', exact: true }).click();
  const join = player().getByRole('button', { name: 'Join the chat' });
  const posted = player().locator('li.line').filter({ hasText: text });
  await join.or(posted).first().waitFor();
  if (await join.isVisible()) await join.click();
  await posted.waitFor();
}

async function readChapters(): Promise<ReplayChapters> {
  const { publicReplay } = await system.read<Replay>(`/v1/shows/${system.showId}/replay`);
  return (await fetch(publicReplay?.chaptersUrl ?? '')).json() as Promise<ReplayChapters>;
}

beforeAll(async () => {
  await mkdir(SHOTS, { recursive: true });
  [system, browser] = await Promise.all([startSellingSystem(), startBrowser({ viewport: PHONE })]);
  browser.context.setDefaultTimeout(PATIENCE_MS);
});

afterAll(async () => {
  await browser?.close();
  await system?.remove();
});

/** A step that fails leaves a picture of the page. */
function step(name: string, work: () => Promise<void>) {
  test(name, async () => {
    onTestFailed(async () => {
      await shot(`failed-${name.replace(/\W+/g, '-').slice(0, 40)}`).catch(() => {});
      console.error(`${system.insp.output().slice(-1_500)}\npictures in ${SHOTS}`);
    });
    await work();
  });
}

step('a shopper watches; the host shows two products, one after the other', async () => {
  liveAtMs = (await system.api.show(system.showId)).liveAt ?? 0;
  shown = system.products.slice(0, 2);
  shop = browser.context.pages()[0] ?? (await browser.context.newPage());
  // The shop has just been told of the show.
  const watch = shop.getByRole('button', { name: 'Watch', exact: true });
  await until('the shop has the show on its page', async () => {
    await shop.goto(`${system.shop.url}/`);
    return (await watch.count()) > 0;
  });
  await shop.getByRole('button', { name: 'Only what is needed' }).click();
  await watch.click();
  await until('the picture moves', isMoving);
  for (const product of shown) {
    await system.api.startHighlight(system.showId, product.id);
    await displayed(product).waitFor();
    await say(`What of the ${product.title}?`);
    await pause(SHOWN_MS);
  }
});

step('[VI5] starts over while the show is live: the beginning, and what was on display then', async () => {
  await until('there is something to go back to', () => Date.now() - liveAtMs > NEAR_LIVE_MS + 4_000);
  await player().getByRole('button', { name: 'Watch from the start' }).click();
  await until('the picture is of the beginning', async () => {
    const atMs = await programMs();
    return atMs !== null && atMs < liveAtMs + 4_000;
  });
  await until('it moves', isMoving);
  // It stays there: nobody is pulled to live.
  await pause(1_500);
  expect((await programMs()) ?? 0).toBeLessThan(liveAtMs + 9_000);
  for (const product of shown) {
    expect(await displayed(product).isVisible()).toBe(false);
    expect(await line(product).count()).toBe(0);
  }
  await player()
    .getByRole('button', { name: /Go to live · \d+ s behind live/ })
    .waitFor();
  await shot('started-over');
  expect(await violations(shop, 'insp-show')).toEqual([]);
});

step('[VI5] "live" brings the picture and the card of now', async () => {
  await player()
    .getByRole('button', { name: /Go to live/ })
    .click();
  await until('the picture is live', async () => {
    const atMs = await programMs();
    return atMs !== null && Date.now() - atMs < NEAR_LIVE_MS;
  });
  await until('it moves', isMoving);
  await player()
    .getByRole('button', { name: /Go to live/ })
    .waitFor({ state: 'hidden' });
  await displayed(shown[1] as Product).waitFor();
  await line(shown[1]).waitFor();
});

step('[VI6][CH7] after the end the show is there again; a chapter brings its moment, and the card of it', async () => {
  await system.api.command(system.showId, 'end');
  await player().getByRole('button', { name: 'Watch again' }).click();
  await until('the replay plays', isMoving);
  expect(await positionSec()).toBeLessThan(10);
  const { chapters } = await readChapters();
  const row = player().getByRole('list', { name: 'Chapters' });
  expect(await row.getByRole('listitem').count()).toBe(chapters.length);
  // The later one first, then back: each time the card is the one of that moment.
  for (const product of shown.toReversed()) {
    const chapter = chapters.find(({ productId }) => productId === product.id);
    const startSec = (chapter?.startMs ?? 0) / 1_000;
    const button = row.getByRole('button', { name: product.title });
    await button.click();
    await until('the picture is there', async () => Math.abs((await positionSec()) - startSec) < 3);
    await displayed(product).waitFor();
    await until('it moves', isMoving);
    await until('the chat is as it was', async () => (await line(shown[1]).count()) === (product === shown[1] ? 1 : 0));
    expect(await button.getAttribute('aria-current')).toBe('true');
  }
  await shot('chapter');
  expect(await violations(shop, 'insp-show')).toEqual([]);
});

step('[VI6][CH7] left alone, the replay changes card and chat when the picture gets to the next product', async () => {
  const { chapters } = await readChapters();
  await displayed(shown[1] as Product).waitFor();
  const lateSec = (await positionSec()) - (chapters.find(({ productId }) => productId === shown[1]?.id)?.startMs ?? 0) / 1_000;
  expect(lateSec).toBeGreaterThan(-0.1);
  await line(shown[1]).waitFor();
  await line(shown[0]).waitFor();
});

step('pictures of the replay follow: the line shows what is there to pointer and keys', async () => {
  await until('they are made', async () => (await system.read<Replay>(`/v1/shows/${system.showId}/replay`)).pictures === 'ready');
  const slider = player().getByRole('slider', { name: 'Position in the replay' });
  const box = await slider.boundingBox();
  if (box === null) throw new Error('there is no line');
  const chapter = (await readChapters()).chapters.find(({ productId }) => productId === shown[1]?.id);
  const preview = player().locator('.replay-preview');
  await until('the small picture of the place is shown', async () => {
    await shop.mouse.move(box.x + 2, box.y + box.height / 2);
    await shop.mouse.move(box.x + box.width - 8, box.y + box.height / 2);
    return preview.locator('img').evaluate((image: HTMLImageElement) => image.checkVisibility() && image.naturalWidth > 0);
  });
  await preview.getByText(chapter?.title ?? '').waitFor();
  await shot('preview');
  await shop.mouse.move(box.x, box.y - 200);
  await preview.waitFor({ state: 'hidden' });
  // A drag shows where it is and moves the picture when it ends, also when it ends beside the line.
  const before = await positionSec();
  await shop.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2);
  await shop.mouse.down();
  await shop.mouse.move(box.x + box.width - 8, box.y + box.height / 2, { steps: 3 });
  await preview.getByText(chapter?.title ?? '').waitFor();
  expect((await positionSec()) - before).toBeLessThan(5);
  await shop.mouse.move(box.x + box.width * 0.2, box.y - 200);
  const total = (await readChapters()).durationMs / 1_000;
  await shop.mouse.up();
  await until('the picture is where the drag ended', async () => Math.abs((await positionSec()) - total * 0.2) < 4);
  await preview.waitFor({ state: 'hidden' });
  await slider.press('Home');
  await until('a key brought the beginning', async () => (await positionSec()) < 3);
  await slider.press('ArrowRight');
  await until('and five seconds more', async () => (await positionSec()) >= 5);
  await preview.waitFor();
  expect(await slider.getAttribute('aria-valuetext')).toMatch(/^0:0\d \/ \d:\d\d, /);
  expect(await violations(shop, 'insp-show')).toEqual([]);
});

step('a replay plays faster when it is asked to, also after it was closed; a new page begins at its own pace', async () => {
  await player().getByRole('combobox', { name: 'Speed' }).selectOption('2');
  await until('it is twice as fast', async () => (await lookAtPicture(shop))?.playbackRate === 2);
  await player().getByRole('button', { name: 'Close' }).click();
  await openPlayer();
  await until('it plays again', isMoving);
  expect((await lookAtPicture(shop))?.playbackRate).toBe(2);
  await shop.reload();
  await openPlayer();
  // Before the first frame there is the poster, which was made with the other pictures.
  await player()
    .locator('.poster-image')
    .evaluate((image: HTMLImageElement) => image.decode());
  await until('it plays', isMoving);
  expect((await lookAtPicture(shop))?.playbackRate).toBe(1);
});
