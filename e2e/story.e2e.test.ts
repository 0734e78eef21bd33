// The whole story of an evening, against the system as a user starts it: an owner signs in and runs the demo show, a
// shopper on a phone watches, chats, reacts and buys, and the report tells what happened. Steps follow one another as
// they do in life; a step that fails takes the later ones with it. Nothing here judges speed.
import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LiveKpis, Order, ShowReport } from '@insp/protocol';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import { violations } from './support/axe.ts';
import { lookAtPicture, type OwnBrowser, startBrowser } from './support/browser.ts';
import { type InspSystem, startSystem } from './support/start-system.ts';

/** A busy machine only has to get there. */
const PATIENCE_MS = 60_000;
const OWN_PASSWORD = 'correct horse battery staple';
const SHOTS = join(tmpdir(), 'insp-e2e');
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };

let system: InspSystem;
/** Two people, two browsers: a page in the background draws no frames, and a click in it waits for one. */
let hostBrowser: OwnBrowser;
let shopperBrowser: OwnBrowser;
let consolePage: Page;
let shop: Page;
let showId: string;

beforeAll(async () => {
  await mkdir(SHOTS, { recursive: true });
  system = await startSystem({ viewerCount: 4 });
  showId = (await system.readShopConnection()).showId;
  hostBrowser = await startBrowser({ viewport: DESK });
  shopperBrowser = await startBrowser({ viewport: PHONE });
  for (const { context } of [hostBrowser, shopperBrowser]) context.setDefaultTimeout(PATIENCE_MS);
  consolePage = hostBrowser.context.pages()[0] ?? (await hostBrowser.context.newPage());
});

afterAll(async () => {
  await Promise.all([hostBrowser?.close(), shopperBrowser?.close()]);
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

async function sendLine(text: string) {
  await player().getByRole('textbox', { name: 'Say something' }).fill(text);
  await player().getByRole('button', { name: 'Send', exact: true }).click();
}

/** A total over the minutes, as the console writes it: `3 orders`. */
const figure = async (unit: 'viewer' | 'add' | 'order') => {
  const words = (await consolePage.locator('section[data-area="strip"]').textContent()) ?? '';
  return Number(new RegExp(`([\\d,]+)\\s*${unit}s?`).exec(words)?.[1]?.replaceAll(',', '') ?? 0);
};

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
    shop = shopperBrowser.context.pages()[0] ?? (await shopperBrowser.context.newPage());
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

const PRODUCT = 'Stoneware mug';

describe('shopping in the show', () => {
  step('one tap of the host puts another product on the card', async () => {
    // Whatever the demo has on display goes; from here on a person runs the show.
    await consolePage.getByRole('list', { name: 'Line-up' }).getByTitle(`Show ${PRODUCT}`).click();
    await consolePage.getByRole('list', { name: 'Line-up' }).getByTitle(`Hide ${PRODUCT}`).waitFor();
    await player().getByRole('button', { name: 'Close the chat' }).click();
    await player().locator('[part~="card"]').getByText(PRODUCT).first().waitFor();
    await shot(shop, 'shop-phone-card');
  });

  step('chooses a variant and adds it to the bag of the shop', async () => {
    const card = player().locator('[part~="card"]');
    await card.getByRole('button', { name: `Choose options for ${PRODUCT}` }).click();
    for (const group of await card.getByRole('radiogroup').all()) {
      const open = group.locator('[role="radio"]:not([data-off="true"])');
      await open.first().click();
    }
    await card.getByRole('button', { name: /^Add to bag/ }).click();
    await card.getByText('In your bag').first().waitFor();
    await until(async () => (await shop.locator('[data-bag-count]').first().textContent()) === '1');
    await shot(shop, 'shop-phone-added');
  });

  step('buys at the checkout of the shop', async () => {
    await player()
      .locator('[part~="card"]')
      .getByRole('button', { name: `Checkout: ${PRODUCT}` })
      .click();
    await shop.waitForURL('**/checkout');
    // The show goes on in the small window over the checkout.
    await expectMovingPicture(shop);
    await shop.getByLabel('Name', { exact: true }).fill('Marlene Ost');
    await shop.getByLabel('E-mail', { exact: true }).fill('marlene@example.com');
    await shop.getByRole('button', { name: /^Pay/ }).click();
    await shop.getByRole('heading', { name: 'Thank you, Marlene.' }).waitFor();
    await shot(shop, 'shop-phone-thanks');
  });

  step('the order is counted as a real one and bears the token of the show', async () => {
    type Orders = { data: Order[] };
    const orderRef = /Order (\S+)/.exec((await shop.locator('.thanks .eyebrow').textContent()) ?? '')?.[1];
    const order = await until(async () =>
      (await read<Orders>(`/v1/shows/${showId}/orders?limit=100`)).data.find((each) => each.orderRef === orderRef),
    );
    expect(order).toMatchObject({ showId, attribution: 'token', isSimulated: false });
    expect(order.highlightId).toMatch(/^hlt_/);
    await until(async () => (await figure('order')) > 0);
    await until(async () => (await figure('add')) > 0);
  });

  step('the small player goes on over the next page of the shop, until it is closed', async () => {
    await shop.getByRole('link', { name: 'Back to the shop' }).click();
    await expectMovingPicture(shop);
    await player().locator('[part~="mini"]').waitFor();
    await shot(shop, 'shop-phone-mini');
    await player().locator('[part~="mini"]').getByRole('button', { name: 'Close' }).click();
    await player().locator('[part~="mini"]').waitFor({ state: 'hidden' });
    await shop.goto(`${system.shopUrl}/products/candle`);
    await shop.getByRole('button', { name: /Live now/ }).waitFor();
    expect(await player().locator('[part~="mini"]').isVisible()).toBe(false);
  });
});

describe('keeping order in the room', () => {
  step('slow mode makes the shopper wait, and says for how long', async () => {
    await shop.getByRole('button', { name: /Live now/ }).click();
    await player().getByRole('button', { name: 'Open the chat' }).click();
    await consolePage.getByRole('button', { name: 'slow mode off' }).click();
    await consolePage.getByRole('menuitem', { name: 'One message in 60 s' }).click();
    await consolePage.getByRole('button', { name: 'slow mode 60 s' }).waitFor();
    await sendLine('One more question about the mug');
    // The closed player left nothing behind: a new visit asks for the name again.
    await player().locator('[part~="public-notice"]').getByLabel('Your name').fill('Marlene');
    await player().getByRole('button', { name: 'Join the chat' }).click();
    await shopLine('about the mug').waitFor();
    await player()
      .getByText(/Next message in \d+ s/)
      .waitFor();
    expect(await player().getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
    await consolePage.getByRole('button', { name: 'slow mode 60 s' }).click();
    await consolePage.getByRole('menuitem', { name: 'Off' }).click();
    await player()
      .getByText(/Next message in \d+ s/)
      .waitFor({ state: 'hidden' });
  });

  step('who is banned cannot write any more', async () => {
    await consoleLine('about the mug').getByRole('button', { name: 'Ban Marlene from this show' }).click();
    await consoleLine('about the mug').getByText('banned').waitFor();
    await sendLine('Can you still hear me?');
    await player().getByText('You cannot write here.').first().waitFor();
    expect(await consoleLine('Can you still hear me?').count()).toBe(0);
  });
});

describe('a page that is set up wrong', () => {
  let page: Page;
  let site: Server;
  let html = '';

  beforeAll(async () => {
    site = createServer((_request, response) => response.setHeader('content-type', 'text/html; charset=utf-8').end(html));
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    page = await hostBrowser.context.newPage();
  });
  afterAll(async () => {
    await page?.close();
    await consolePage.bringToFront();
    site?.close();
  });

  const visit = async (show: string) => {
    html = `<!doctype html><html lang="en"><title>Another site</title><script async src="${system.inspUrl}/embed/v1.js"></script><insp-show show="${show}"></insp-show></html>`;
    await page.goto(`http://localhost:${(site.address() as AddressInfo).port}/`);
  };

  step('names the code of a show id that is none', async () => {
    await visit('shw_of_mine');
    await page.locator('insp-show').getByText('INSP_EMBED_SHOW_ID_INVALID').waitFor();
    await page.locator('insp-show').getByText('The live show is not available here right now.').waitFor();
  });

  step('names the code of an origin that is no shop of the organization', async () => {
    await visit(showId);
    await page.locator('insp-show').getByText('INSP_EMBED_ORIGIN_BLOCKED').waitFor();
    await shot(page, 'foreign-origin');
  });
});

describe('after the show', () => {
  step('the host ends it, and shoppers are thanked', async () => {
    await consolePage.getByRole('button', { name: 'End show' }).click();
    await consolePage.getByRole('dialog').getByRole('button', { name: 'End show' }).click();
    await consolePage.getByText('The show has ended').first().waitFor();
    await player().getByText('Thank you for watching').first().waitFor();
  });

  step('the report has the figures of the live screen', async () => {
    // The last facts settle; then both are read from the same aggregates and must be one.
    const [kpis, report] = await until(async () => {
      const live = await read<LiveKpis>(`/v1/shows/${showId}/kpis`);
      const told = await read<ShowReport>(`/v1/shows/${showId}/report`);
      return live.totals.orderCount === told.kpis.totals.orderCount && [live, told];
    });
    const { watchingCount: _now, updatedAt: _at, ...live } = kpis.totals;
    expect(report.kpis.totals).toMatchObject(live);
    expect(live.orderCount).toBeGreaterThan(0);
    await consolePage.getByRole('button', { name: 'Read the report' }).click();
    const figures = consolePage.getByRole('region', { name: 'Headline numbers' });
    const shown = async (label: string) => count(figures.getByRole('button', { name: new RegExp(`^${label}`) }));
    expect(await shown('Viewers')).toBe(live.uniqueViewerCount);
    expect(await shown('Messages')).toBe(live.messageCount);
    expect(await shown('Adds to cart')).toBe(live.cartAddCount);
    expect(await shown('Orders')).toBe(live.orderCount);
    await shot(consolePage, 'console-report');
  });
});
