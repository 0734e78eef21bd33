// The promise to a shop: ten units are sold ten times, whoever clicks at once and whatever is killed meanwhile, and the
// figures of the show are the orders, to the cent. Insp and the shop are processes; the shop's outbox tells its orders
// again until Insp has them.
import type { LiveKpis, Order } from '@insp/protocol';
import { afterEach, expect, test } from 'vitest';
import { ordersTable, query } from './system/books.ts';
import { waitUntil } from './system/insp-process.ts';
import { type SellingSystem, startSellingSystem } from './system/selling-system.ts';
import { SIMULATOR_KEY } from './system/shop-process.ts';
import { type Bought, buy, createShopper, type Shopper } from './system/shoppers.ts';

const BUYER_COUNT = 300;
const UNIT_COUNT = 10;
const JOINS_AT_ONCE = 12;
/** `order.paid` of each order; the stock message that follows each is told too. */
const TOLD_BEFORE_KILL = 3;
/** Where something is killed, so many buy before and the rest the moment it is dead: the kill falls in the middle on any machine. */
const BUYERS_BEFORE_KILL = 6;

let system: SellingSystem | null = null;
afterEach(async () => {
  await system?.remove();
  system = null;
});

async function inTurns<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) results[index] = await work(index);
  };
  await Promise.all(Array.from({ length: JOINS_AT_ONCE }, worker));
  return results;
}

async function setStock({ shop }: SellingSystem, sku: string): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${SIMULATOR_KEY}` };
  // The shop reads its connection once a second; before, it knows nobody who may fill its shelves.
  await waitUntil('the shelf is filled', async () => {
    const body = JSON.stringify({ items: [{ sku, stockCount: UNIT_COUNT }] });
    return (await fetch(`${shop.url}/api/stock`, { method: 'PUT', headers, body })).ok;
  });
}

/** Kills, lets the rest of the shoppers loose, and starts again. */
const KILLS: Record<string, ((system: SellingSystem, releaseTheRest: () => void) => Promise<void>) | null> = {
  'nothing is killed': null,
  async 'Insp is killed in the middle'(now, releaseTheRest) {
    await waitUntil('some orders are told', async () => (await now.shop.journal()).toldIds.filter(isOrder).length >= TOLD_BEFORE_KILL);
    await now.insp.end('SIGKILL');
    releaseTheRest();
    expect((await now.shop.journal()).toldIds.filter(isOrder).length).toBeLessThan(UNIT_COUNT);
    await now.restartInsp();
  },
  async 'the shop is killed in the middle'(now, releaseTheRest) {
    await waitUntil('some orders are placed', async () => (await now.shop.journal()).orders.length >= TOLD_BEFORE_KILL);
    await now.shop.kill();
    releaseTheRest();
    expect((await now.shop.journal()).orders.length).toBeLessThan(UNIT_COUNT);
    await now.shop.start();
  },
};
const isOrder = (id: string) => id.startsWith('order-paid-');

test.for(Object.entries(KILLS))(
  '300 shoppers buy 10 units at once: 10 orders, 290 clear refusals, figures to the cent, when %s',
  { timeout: 400_000 },
  async ([, kill]) => {
    const now = await startSellingSystem();
    system = now;
    const product = now.products[1]!;
    const { sku } = product.variants[0]!;
    const highlight = await now.api.startHighlight(now.showId, product.id);
    await setStock(now, sku);
    const tapped = { productId: product.id, highlightId: highlight.id };
    const shoppers = await inTurns<Shopper>(BUYER_COUNT, (index) => createShopper(now, `Buyer ${index}`, tapped));
    const untold = (await ordersTable(now.at, now.showId)).orderCount;
    expect(untold).toBe(0);

    const rest = Promise.withResolvers<void>();
    if (kill === null) rest.resolve();
    const storm = Promise.all(
      shoppers.map(async ({ showToken }, index) => {
        if (index >= BUYERS_BEFORE_KILL) await rest.promise;
        // Every third has a coupon: amounts that do not divide evenly show a sum that was rounded.
        return buy(now.shop.url, { sku, showToken, coupon: index % 3 === 0 ? 'LIVE10' : null }, `Buyer ${index}`);
      }),
    );
    const [answers] = await Promise.all([storm, kill?.(now, rest.resolve)]);

    // At the shop.
    const sold = answers.filter((answer): answer is Bought & { ok: true } => answer.ok);
    const refused = answers.filter((answer) => !answer.ok);
    expect(new Set(sold.map(({ orderRef }) => orderRef)).size).toBe(UNIT_COUNT);
    expect([sold.length, refused.length]).toEqual([UNIT_COUNT, BUYER_COUNT - UNIT_COUNT]);
    for (const answer of refused) expect(answer).toMatchObject({ reason: 'out_of_stock', message: expect.stringMatching(/sold out/i) });

    // On its way to Insp.
    await waitUntil('all orders are told', async () => (await now.shop.journal()).toldIds.filter(isOrder).length === UNIT_COUNT);
    const journal = await now.shop.journal();
    const soldMinor = journal.orders.flatMap(({ lines }) => lines).reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    expect(journal.parkedIds).toEqual([]);
    expect(soldMinor).toBe(sold.reduce((sum, { itemsMinor }) => sum + itemsMinor, 0));

    // In Insp: the tables, the orders of the show, the live figures. The last come from the log, a moment later.
    const readKpis = () => now.read<LiveKpis>(`/v1/shows/${now.showId}/kpis`);
    await waitUntil('the figures have all orders', async () => (await readKpis()).totals.orderCount >= UNIT_COUNT);
    await new Promise((done) => setTimeout(done, 2_000));
    const truth = { orderCount: UNIT_COUNT, unitCount: UNIT_COUNT, sumMinor: soldMinor };
    expect(await ordersTable(now.at, now.showId)).toEqual(truth);
    const { data: orders } = await now.read<{ data: Order[] }>(`/v1/shows/${now.showId}/orders?limit=100`);
    expect(orders.map(({ orderRef }) => orderRef).sort()).toEqual(journal.orders.map(({ orderRef }) => orderRef).sort());
    expect(orders.every((order) => order.attribution === 'token' && order.highlightId === highlight.id)).toBe(true);
    const kpis = await readKpis();
    const sum = (parts: { orderCount: number; unitCount: number; gmvMinor: number | null }[]) => ({
      orderCount: parts.reduce((total, part) => total + part.orderCount, 0),
      unitCount: parts.reduce((total, part) => total + part.unitCount, 0),
      sumMinor: parts.reduce((total, part) => total + (part.gmvMinor ?? 0), 0),
    });
    expect([sum([kpis.totals]), sum(kpis.minutes), sum(kpis.products), sum(kpis.highlights)]).toEqual([truth, truth, truth, truth]);
    // In the log a sale is one fact (60 = orders.order_placed).
    const facts = await query<{ count: string }>(now.at, `SELECT count(*) AS count FROM ev WHERE type = 60 AND show_id = $1`, [now.showId]);
    expect(Number(facts[0]?.count)).toBe(UNIT_COUNT);
  },
);
