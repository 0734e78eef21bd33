// The story of an evening, against the system as a user starts it: an owner signs in and runs the demo show, a shopper
// on a phone watches, chats, asks and reacts. Steps follow one another as
// they do in life; a step that fails takes the later ones with it. Nothing here judges speed.
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LiveKpis } from '@insp/protocol';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import { lookAtPicture, type OwnBrowser, startBrowser } from './support/browser.ts';
import { type InspSystem, startSystem } from './support/start-system.ts';

/** A busy machine only has to get there. */
const PATIENCE_MS = 60_000;
const OWN_PASSWORD = 'correct horse battery staple';
const SHOTS = join(tmpdir(), 'insp-e2e');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };

let system: InspSystem;
let browser: OwnBrowser;
let consolePage: Page;
let shop: Page;
let showId: string;

beforeAll(async () => {
  await mkdir(SHOTS, { recursive: true });
  system = await startSystem({ viewerCount: 4 });
  showId = (await system.readShopConnection()).showId;
  browser = await startBrowser({ viewport: DESK });
  browser.context.setDefaultTimeout(PATIENCE_MS);
  consolePage = browser.context.pages()[0] ?? (await browser.context.newPage());
});

afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

const player = () => shop.locator('insp-show');
const shot = (page: Page, name: string) => page.screenshot({ path: join(SHOTS, `${name}.png`) });
const count = async (locator: Locator) => Number(((await locator.textContent()) ?? '').replace(/\D/g, ''));

/** A step that fails leaves a picture of both pages. */
function step(name: string, work: () => Promise<void>) {
  test(name, async () => {
    onTestFailed(async () => {
      const file = name.replace(/\W+/g, '-').slice(0, 40);
      await shot(consolePage, `failed-${file}-console`).catch(() => {});
      if (shop) await shot(shop, `failed-${file}-shop`).catch(() => {});
      console.error(`${system.output().slice(-1_500)}\npictures in ${SHOTS}`);
    });
    await work();
  });
}

async function expectMovingPicture(page: Page) {
  const at = await until(async () => {
    const picture = await lookAtPicture(page);
    return picture !== null && picture.frameCount > 0 && picture.currentSec > 0 ? picture : null;
  });
  await until(async () => {
    const now = await lookAtPicture(page);
    return now !== null && now.currentSec > at.currentSec + 0.5 && now.frameCount > at.frameCount + 5;
  });
}

/** Asks again until there is an answer. */
async function until<T>(probe: () => Promise<T | null | undefined | false>): Promise<T> {
  let found: T | null | undefined | false = null;
  await expect
    .poll(
      async () => {
        found = await probe();
        return Boolean(found);
      },
      { timeout: PATIENCE_MS, interval: 100 },
    )
    .toBe(true);
  return found as T;
}

/** Rules of WCAG 2 A and AA, in shadow roots too. */
async function violations(page: Page, within?: string): Promise<string[]> {
  // Not as a script element: the pages' own policies forbid one.
  await page.evaluate(await readFile(AXE, 'utf8'));
  return page.evaluate(async (selector) => {
    type Axe = { run(context: unknown, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    const { axe } = window as unknown as { axe: Axe };
    const found = await axe.run(selector ?? document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  }, within);
}

async function sendLine(text: string) {
  await player().getByRole('textbox', { name: 'Say something' }).fill(text);
  await player().getByRole('button', { name: 'Send', exact: true }).click();
}

const consoleLine = (text: string) => consolePage.getByRole('list', { name: 'Messages' }).getByRole('listitem').filter({ hasText: text });
const shopLine = (text: string) => player().locator('li.line').filter({ hasText: text });

/** An answer of the API with the signed-in console's session. */
const read = <T>(path: string): Promise<T> => consolePage.evaluate(async (address) => (await fetch(address)).json(), path) as Promise<T>;

describe('the host', () => {
  step('signs in with the one-time password and chooses an own one', async () => {
    await consolePage.goto(`${system.inspUrl}/console/`);
    await consolePage.getByLabel('E-mail').fill(system.ownerEmail);
    await consolePage.locator('input[autocomplete="current-password"]').fill(system.oneTimePassword);
    await consolePage.getByRole('button', { name: 'Sign in' }).click();
    await consolePage.getByRole('heading', { name: 'Choose your own password' }).waitFor();
    await consolePage.locator('input[autocomplete="current-password"]').fill(system.oneTimePassword);
    await consolePage.locator('input[autocomplete="new-password"]').fill(OWN_PASSWORD);
    await consolePage.getByRole('button', { name: 'Use this password' }).click();
    await consolePage.getByRole('heading', { name: 'Shows' }).waitFor();
  });

  step('finds the demo show live in the console', async () => {
    const row = consolePage.getByRole('listitem').filter({ hasText: 'An evening at the studio' });
    await until(async () => {
      await consolePage.reload();
      await row.first().waitFor();
      return (await row.getByText('LIVE').count()) > 0;
    });
    await row.getByRole('link').click();
    await consolePage.getByRole('timer', { name: 'On air for' }).waitFor();
    await consolePage.getByRole('list', { name: 'Line-up' }).getByRole('listitem').first().waitFor();
    await shot(consolePage, 'console-live');
  });
});

describe('a shopper on a phone', () => {
  step('opens the show from the shop and sees the picture move', async () => {
    shop = await browser.context.newPage();
    await shop.setViewportSize(PHONE);
    await shop.goto(`${system.shopUrl}/`);
    await shop.getByRole('button', { name: 'Only what is needed' }).click();
    await shop.getByRole('button', { name: 'Watch' }).click();
    await expectMovingPicture(shop);
    const video = player().locator('video');
    const before = await video.screenshot();
    const atSec = (await lookAtPicture(shop))?.currentSec ?? 0;
    await until(async () => ((await lookAtPicture(shop))?.currentSec ?? 0) > atSec + 1);
    expect((await video.screenshot()).equals(before)).toBe(false);
    await shot(shop, 'shop-phone-live');
  });

  step('breaks no accessibility rule, nor does the console beside it', async () => {
    expect(await violations(shop, 'insp-show')).toEqual([]);
    expect(await violations(consolePage)).toEqual([]);
  });

  step('opens the chat and writes by keyboard alone; the host reads it', async () => {
    const expand = player().getByRole('button', { name: 'Open the chat' });
    await expand.focus();
    await shop.keyboard.press('Enter');
    await player().getByRole('button', { name: 'Close the chat' }).waitFor();
    const input = player().getByRole('textbox', { name: 'Say something' });
    for (let press = 0; press < 20 && !(await input.evaluate((node) => node.matches(':focus'))); press += 1)
      await shop.keyboard.press('Tab');
    await shop.keyboard.type('Lovely colours tonight');
    await shop.keyboard.press('Enter');
    // Before the first line: name and text are public. The name is chosen here.
    await player().locator('[part~="public-notice"]').getByLabel('Your name').waitFor();
    await shop.keyboard.type('Marlene');
    await shop.keyboard.press('Enter');
    await shopLine('Lovely colours tonight').waitFor();
    await consoleLine('Lovely colours tonight').getByText('Marlene').waitFor();
    // The demo's own shoppers wear "sim"; this one is real.
    expect(await consoleLine('Lovely colours tonight').locator('abbr').count()).toBe(0);
  });

  step('no longer sees a line the host removes', async () => {
    await sendLine('buy cheap watches at my page');
    await consoleLine('cheap watches').waitFor();
    await consoleLine('cheap watches').getByRole('button', { name: 'Remove the message of Marlene' }).click();
    await shopLine('cheap watches').waitFor({ state: 'detached' });
  });

  step('asks a question, and Speak IQ has it', async () => {
    await sendLine('Is the throw machine washable?');
    await consolePage.getByRole('list', { name: 'Open questions' }).getByText('Is the throw machine washable?').waitFor();
  });

  step('reacts, and it counts', async () => {
    const before = (await read<LiveKpis>(`/v1/shows/${showId}/kpis`)).totals.reactionCount;
    await player().getByRole('button', { name: 'Send a heart' }).click();
    await until(async () => (await read<LiveKpis>(`/v1/shows/${showId}/kpis`)).totals.reactionCount > before);
    await until(async () => (await count(player().locator('.rail-count'))) > 0);
  });
});
