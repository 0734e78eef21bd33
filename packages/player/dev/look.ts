// Takes pictures of the player in every state of ui.md 7, to be looked at by a person.
// `node packages/player/dev/look.ts OUT_DIR [name filter]`, with the fake server and make-hls.sh running.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { createRoom } from './canned-room.ts';

const [outDir = '/tmp/insp-look', filter = ''] = process.argv.slice(2);
const base = process.env.INSP_DEV_URL ?? 'http://127.0.0.1:4699';
mkdirSync(outDir, { recursive: true });

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1440, height: 900 };
const TABLET = { width: 1024, height: 768 };
const products = createRoom().session(base).show.products;
const highlight = (n: number) => [
  { id: `hlt_${'0'.repeat(31)}${n + 1}`, kind: 'product', productId: products[n]!.id, startedAt: Date.now() - 60_000 },
];
const landscape = { playlistUrl: `${base}/live/l/index.m3u8` };
const replayOf = (folder: string) => ({
  ...{ state: 'ended', playlistUrl: null, highlights: highlight(2) },
  replay: {
    ...{ playlistUrl: `${base}/live/${folder}/index.m3u8`, durationMs: 96_000, chaptersUrl: `${base}/live/${folder}/chapters.json` },
    ...{ storyboardUrl: `${base}/live/${folder}/storyboard.vtt`, posterUrl: `${base}/live/${folder}/poster.jpg` },
  },
});
/** The pointer over the line, so far along it. */
const pointAt = (ratio: number) => async (page: Page) => {
  const line = await page.locator('.replay-range').boundingBox();
  if (line) await page.mouse.move(line.x + line.width * ratio, line.y + line.height / 2);
};
const toEnd = async (page: Page) => {
  await page.getByRole('slider', { name: 'Position in the replay' }).press('End');
  await page.waitForTimeout(2_500);
};
const soon = Date.now() + 252_000;
const before = { state: 'scheduled', scheduledAt: soon, liveAt: null, highlights: [], playlistUrl: null };

type Look = { name: string; size: { width: number; height: number }; query: string; state?: object; act?: (page: Page) => Promise<void> };
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first();

const LOOKS: Look[] = [
  { name: 'phone-before', size: PHONE, query: 'open', state: before },
  { name: 'phone-live', size: PHONE, query: 'open' },
  { name: 'phone-no-card', size: PHONE, query: 'open', state: { highlights: [] } },
  { name: 'phone-options', size: PHONE, query: 'open', act: async (page) => button(page, 'Choose options for Linen').click() },
  {
    name: 'phone-options-many',
    size: PHONE,
    query: 'open',
    state: { highlights: highlight(6) },
    act: async (page) => button(page, 'Choose options').click(),
  },
  {
    name: 'phone-added',
    size: PHONE,
    query: 'open',
    state: { highlights: highlight(1) },
    act: async (page) => button(page, 'Add Stoneware mug').click(),
  },
  { name: 'phone-sold-out', size: PHONE, query: 'open', state: { highlights: highlight(3) } },
  {
    name: 'phone-refused',
    size: PHONE,
    query: 'open&cart=refuse',
    state: { highlights: highlight(1) },
    act: async (page) => button(page, 'Add Stoneware mug').click(),
  },
  {
    name: 'phone-no-handler',
    size: PHONE,
    query: 'open&cart=none',
    state: { highlights: highlight(1) },
    act: async (page) => page.waitForTimeout(3200),
  },
  {
    name: 'phone-timeout',
    size: PHONE,
    query: 'open&cart=slow',
    state: { highlights: highlight(1) },
    act: async (page) => {
      await button(page, 'Add Stoneware mug').click();
      await page.waitForTimeout(5400);
    },
  },
  { name: 'phone-chat-open', size: PHONE, query: 'open', act: async (page) => button(page, 'Open the chat').click() },
  {
    name: 'phone-chat-notice',
    size: PHONE,
    query: 'open',
    act: async (page) => {
      await page.getByRole('textbox').first().fill('Hello from Porto');
      await page.keyboard.press('Enter');
    },
  },
  {
    name: 'phone-chat-refused',
    size: PHONE,
    query: 'open',
    act: async (page) => {
      await page.getByRole('textbox').first().fill('please refuse this one');
      await page.keyboard.press('Enter');
      await button(page, 'Join the chat').click();
      await page.waitForTimeout(300);
      await button(page, 'Open the chat').click();
    },
  },
  { name: 'phone-products', size: PHONE, query: 'open', act: async (page) => button(page, 'All products').click() },
  {
    name: 'phone-bag',
    size: PHONE,
    query: 'open',
    state: { highlights: highlight(1) },
    act: async (page) => {
      await button(page, 'Add Stoneware mug').click();
      await page.waitForTimeout(300);
      await button(page, /^Bag, 1/).click();
    },
  },
  { name: 'phone-mini', size: PHONE, query: 'open', act: async (page) => button(page, 'Minimise').click() },
  { name: 'phone-encoder-lost', size: PHONE, query: 'open', state: { state: 'encoder_lost' } },
  { name: 'phone-paused', size: PHONE, query: 'open', state: { state: 'paused' } },
  { name: 'phone-ended', size: PHONE, query: 'open', state: { state: 'ended', playlistUrl: null, highlights: [] } },
  { name: 'phone-replay', size: PHONE, query: 'open', state: replayOf('r') },
  { name: 'phone-replay-preview', size: PHONE, query: 'open', state: replayOf('r'), act: pointAt(0.06) },
  { name: 'phone-replay-preview-end', size: PHONE, query: 'open', state: replayOf('r'), act: pointAt(0.98) },
  { name: 'phone-replay-end', size: PHONE, query: 'open', state: replayOf('r'), act: toEnd },
  { name: 'phone-replay-ar', size: PHONE, query: 'open&locale=ar', state: replayOf('r'), act: pointAt(0.3) },
  { name: 'phone-landscape-replay', size: PHONE, query: 'open', state: replayOf('s'), act: pointAt(0.5) },
  { name: 'phone-landscape-picture', size: PHONE, query: 'open', state: landscape },
  { name: 'phone-landscape-encoder-lost', size: PHONE, query: 'open', state: { ...landscape, state: 'encoder_lost' } },
  {
    name: 'phone-landscape-products',
    size: PHONE,
    query: 'open',
    state: landscape,
    act: async (page) => button(page, 'All products').click(),
  },
  { name: 'phone-landscape-mini', size: PHONE, query: 'open', state: landscape, act: async (page) => button(page, 'Minimise').click() },
  { name: 'phone-sideways', size: { width: 844, height: 390 }, query: 'open' },
  { name: 'phone-ar', size: PHONE, query: 'open&locale=ar' },
  { name: 'phone-de-dark', size: PHONE, query: 'open&locale=de-DE&theme=dark' },
  { name: 'phone-brand', size: PHONE, query: 'open&brand' },
  { name: 'phone-bad-contrast', size: PHONE, query: 'open&bad', state: { highlights: highlight(1) } },
  { name: 'phone-error', size: PHONE, query: 'open&show=shw_nope' },
  { name: 'phone-blocked', size: PHONE, query: 'open', state: { refuseWith: 'INSP_EMBED_ORIGIN_BLOCKED' } },
  { name: 'phone-button', size: PHONE, query: 'mode=button', state: before },
  { name: 'phone-button-live', size: PHONE, query: 'mode=button' },
  { name: 'phone-inline', size: PHONE, query: 'mode=inline' },
  { name: 'desktop-live', size: DESKTOP, query: 'open' },
  { name: 'desktop-before', size: DESKTOP, query: 'open', state: before },
  { name: 'desktop-replay', size: DESKTOP, query: 'open', state: replayOf('r'), act: pointAt(0.5) },
  { name: 'desktop-inline-replay', size: DESKTOP, query: 'mode=inline', state: replayOf('s'), act: pointAt(0.5) },
  { name: 'desktop-inline-replay-dark', size: DESKTOP, query: 'mode=inline&theme=dark', state: replayOf('s') },
  { name: 'desktop-landscape', size: DESKTOP, query: 'open', state: landscape },
  { name: 'desktop-mini', size: DESKTOP, query: 'open', state: landscape, act: async (page) => button(page, 'Minimise').click() },
  { name: 'desktop-inline', size: DESKTOP, query: 'mode=inline', state: landscape },
  { name: 'desktop-inline-portrait', size: DESKTOP, query: 'mode=inline' },
  {
    name: 'desktop-inline-products',
    size: DESKTOP,
    query: 'mode=inline',
    state: landscape,
    act: async (page) => page.getByRole('button', { name: 'Products', exact: true }).click(),
  },
  {
    name: 'desktop-inline-mini',
    size: DESKTOP,
    query: 'mode=inline',
    state: landscape,
    act: async (page) => button(page, 'Minimise').click(),
  },
  { name: 'desktop-inline-dark', size: DESKTOP, query: 'mode=inline&theme=dark', state: landscape },
  { name: 'desktop-inline-ended', size: DESKTOP, query: 'mode=inline', state: { state: 'ended', playlistUrl: null, highlights: [] } },
  { name: 'tablet-live', size: TABLET, query: 'open' },
  { name: 'tablet-inline', size: TABLET, query: 'mode=inline', state: landscape },
  { name: 'tablet-inline-before', size: TABLET, query: 'mode=inline', state: before },
];

const context = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'insp-look-')), {
  executablePath: '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--autoplay-policy=no-user-gesture-required',
  ],
});
for (const look of LOOKS.filter(({ name }) => name.includes(filter))) {
  await fetch(`${base}/dev/state`, { method: 'POST', body: JSON.stringify(look.state ?? {}) });
  const page = await context.newPage();
  await page.setViewportSize(look.size);
  page.on('pageerror', (error) => console.log(`${look.name}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') console.log(`${look.name}: ${message.text()}`);
  });
  await page.goto(`${base}/?${look.query}`);
  await page.waitForTimeout(2_600);
  try {
    await look.act?.(page);
  } catch (error) {
    console.log(`${look.name}: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
  }
  await page.waitForTimeout(700);
  await page.screenshot({ path: join(outDir, `${look.name}.png`) });
  await page.close();
}
await context.close();
