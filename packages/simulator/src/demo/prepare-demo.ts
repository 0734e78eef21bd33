// Makes everything ready that a demo needs, through the public API only. It may run on every start: what is there
// already is found and kept; a show that ended is followed by a new one.
import { OPEN_ROOM_STATES, type OrganizationSettings, type Product, type Show, type ShowId } from '@insp/protocol';
import { createPastOrders } from '../history/past-orders.ts';
import { type SeededHistory, seedHistory } from '../history/seed-history.ts';
import { createCustomers, type SimulatedCustomer } from '../plan/people.ts';
import { createSeeded } from '../plan/seeded.ts';
import { createDemoApi, type DemoApi, type SendOwner } from './demo-api.ts';

export const DEMO_SHOW_TITLE = 'An evening at the studio';
/** In the order they are shown; ids of the demo shop's feed. */
export const DEMO_LINE_UP: readonly { externalId: string; note: string }[] = [
  { externalId: 'linen-throw', note: 'Hold the fringe up to the light. Red in the large size is nearly gone.' },
  { externalId: 'wool-socks', note: 'Put one on. Say what the fibre is before somebody asks.' },
  { externalId: 'stoneware-mug', note: 'Turn it over: the unglazed foot.' },
  { externalId: 'cutting-board', note: 'One plank, both sides flat. Talk about the oil.' },
  { externalId: 'stoneware-vase', note: 'One branch is enough.' },
  { externalId: 'enamel-pot', note: 'Yes, it works on induction.' },
  { externalId: 'candle', note: 'Fig leaf first. The glass becomes a tumbler.' },
  { externalId: 'table-lamp', note: 'Dim the room, then switch it on.' },
];
export const DEMO_SEED = 'demo';
const HISTORY_ORDER_COUNT = 200;
/** Past orders end on the first day of the month, so that two starts in one month tell the same. */
const historyEndMs = (nowMs: number): number => Date.UTC(new Date(nowMs).getUTCFullYear(), new Date(nowMs).getUTCMonth(), 1);

/** The demo shop's own customers, so that whoever signs in there is known too. */
const SHOP_CUSTOMERS: readonly SimulatedCustomer[] = [
  { customerRef: 'c-1001', name: 'Mara Lindqvist', habit: 'loyal', language: 'en', favouriteGroup: 0 },
  { customerRef: 'c-1002', name: 'Jonas Weber', habit: 'regular', language: 'de', favouriteGroup: 2 },
  { customerRef: 'c-1003', name: 'Li Wei', habit: 'regular', language: 'zh', favouriteGroup: 3 },
  { customerRef: 'c-1004', name: 'Amélie Roux', habit: 'once', language: 'en', favouriteGroup: 1 },
];

export type DemoSecrets = { orderWebhookSecret: string; viewerSecret: string };
export type PrepareDemoOptions = {
  inspUrl: string;
  /** A signed-in owner: `fetch` with the session cookie, or an API key where secrets are given. */
  sendAsOwner: SendOwner;
  shopUrl: string;
  /** Secrets kept from an earlier start; null = make new ones (needs a signed-in owner, not an API key). */
  secrets: DemoSecrets | null;
  nowMs: number;
  log?: (line: string) => void;
};
export type PreparedDemo = {
  showId: ShowId;
  orgId: string;
  brand: string;
  /** Where the synthetic encoder sends, as the console shows it to a host. */
  serverUrl: string;
  streamKey: string;
  secrets: DemoSecrets;
  /** The line-up, in order. */
  products: Product[];
  history: SeededHistory;
};

export async function prepareDemo(options: PrepareDemoOptions): Promise<PreparedDemo> {
  const api = createDemoApi(options.sendAsOwner);
  const log = options.log ?? (() => {});
  const organization = await settle(api, await api.organization(), options.shopUrl);
  const imported = await api.importProducts(`${options.shopUrl}/feed.json`);
  for (const error of imported.errors.slice(0, 5)) log(`product ${error.externalId ?? error.row}: ${error.message}`);
  const catalogue = await api.products();
  const lineUp = DEMO_LINE_UP.flatMap(({ externalId, note }) => {
    const product = catalogue.find((each) => each.externalId === externalId);
    return product ? [{ product, note }] : [];
  });
  if (lineUp.length === 0) throw new Error(`None of the demo's products is in the feed of ${options.shopUrl}.`);

  const secrets = options.secrets ?? {
    orderWebhookSecret: await api.rotateSecret('order_webhook'),
    viewerSecret: await api.rotateSecret('viewer_token'),
  };
  const history = await tellHistory(options, organization, secrets, catalogue);
  const show = await findOrCreateShow(api, options.nowMs);
  if (show.lineUp.length === 0)
    await api.setLineUp(
      show.id,
      lineUp.map(({ product, note }) => ({ productId: product.id, note })),
    );
  if (show.state === 'draft') await api.command(show.id, 'schedule', 'the demo');
  const key = await api.issueStreamKey(show.id);
  return {
    showId: show.id,
    orgId: organization.id,
    brand: organization.name,
    serverUrl: key.serverUrl,
    streamKey: key.streamKey,
    secrets,
    products: lineUp.map(({ product }) => product),
    history,
  };
}

/** Store origin, shop page and feed; what an owner has set besides stays. */
async function settle(api: DemoApi, now: OrganizationSettings, shopUrl: string): Promise<OrganizationSettings> {
  const origin = new URL(shopUrl).origin;
  const change: Partial<OrganizationSettings> = {};
  if (!now.storeOrigins.includes(origin)) change.storeOrigins = [...now.storeOrigins, origin];
  if (now.shopUrl === null) change.shopUrl = `${shopUrl}/`;
  if (now.productFeedUrl === null) change.productFeedUrl = `${shopUrl}/feed.json`;
  return Object.keys(change).length > 0 ? api.updateOrganization(change) : now;
}

async function findOrCreateShow(api: DemoApi, nowMs: number): Promise<Show> {
  const usable = (await api.shows()).filter(
    ({ title, state }) => title === DEMO_SHOW_TITLE && (state === 'draft' || state === 'scheduled' || OPEN_ROOM_STATES.includes(state)),
  );
  const found = usable.toSorted((a, b) => b.createdAt - a.createdAt)[0];
  if (found) return found;
  return api.createShow({
    title: DEMO_SHOW_TITLE,
    description: 'Linen, stoneware and wood: eight things in use, and time for what you ask.',
    hostName: 'Ida',
    scheduledAt: nowMs + 60_000,
  });
}

function tellHistory(
  options: PrepareDemoOptions,
  organization: OrganizationSettings,
  secrets: DemoSecrets,
  catalogue: Product[],
): Promise<SeededHistory> {
  const untilMs = historyEndMs(options.nowMs);
  const month = new Date(untilMs - 1).toISOString().slice(0, 7);
  const orders = createPastOrders({
    seed: `${DEMO_SEED}-${month}`,
    customers: [...createCustomers(createSeeded(DEMO_SEED).fork('customers')), ...SHOP_CUSTOMERS],
    products: catalogue.map(({ externalId, category, variants }) => ({ externalId, group: category, variants })),
    untilMs,
    orderCount: HISTORY_ORDER_COUNT,
  });
  return seedHistory({
    inspUrl: options.inspUrl,
    orgId: organization.id,
    orderWebhookSecret: secrets.orderWebhookSecret,
    currency: organization.currency,
    orders,
    ...(options.log && { log: options.log }),
  });
}
