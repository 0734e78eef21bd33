// Shows, catalog, viewers and orders wired as app.ts does it, with real accounts, the real event log and a real
// database; only the encoder is played (`pictures`), and time stands until a test moves it.
import { createHash } from 'node:crypto';
import type { Fact, Product, Show, ShowId, ViewerSession } from '@insp/protocol';
import { Webhook } from 'standardwebhooks';
import type { Clock } from '../src/kernel/clock.ts';
import { createEventBus } from '../src/kernel/event-bus.ts';
import { createIds } from '../src/kernel/ids.ts';
import { silentLogger } from '../src/kernel/logger.ts';
import { systemRandom } from '../src/kernel/random.ts';
import { type Capture, createCapture, newFact as createNewFact } from '../src/modules/capture/index.ts';
import { type Catalog, catalogRoutes, createCatalog, createFeedClient } from '../src/modules/catalog/index.ts';
import { createOrders, type Orders, ordersRoutes } from '../src/modules/orders/index.ts';
import { createShows, type ShowChange, type Shows, showsRoutes } from '../src/modules/shows/index.ts';
import { createViewers, type Viewers, viewersRoutes } from '../src/modules/viewers/index.ts';
import type { Database } from '../src/platform/postgres/database.ts';
import { createTestServer, type TestPerson, type TestServer } from './test-server.ts';

export const STORE_ORIGIN = 'https://shop.example';

export type Commerce = Awaited<ReturnType<typeof createCommerce>>;

/** A row for the import, complete and valid. */
export function productRow(externalId: string, more: Record<string, unknown> = {}) {
  return {
    externalId,
    title: `Product ${externalId}`,
    brand: 'Alder',
    description: 'A thing.',
    category: 'home',
    url: `https://shop.example/p/${externalId}`,
    imageUrl: null,
    facts: [{ name: 'material', value: '100 % linen' }],
    optionNames: ['Size'],
    variants: [variantRow(`${externalId}-m`)],
    ...more,
  };
}

export function variantRow(sku: string, more: Record<string, unknown> = {}) {
  return {
    sku,
    options: { Size: 'M' },
    priceMinor: 4_900,
    originalPriceMinor: null,
    currency: 'EUR',
    stockCount: 12,
    isAvailable: true,
    ...more,
  };
}

export async function createCommerce(database: Database) {
  const random = systemRandom;
  const logger = silentLogger;
  const pictures = new Set<string>();
  const dropped: string[] = [];
  const bus = createEventBus(logger);
  const changes: ShowChange[] = [];
  const facts: Fact[] = [];
  const modules = {} as { capture: Capture; shows: Shows; catalog: Catalog; viewers: Viewers; orders: Orders };
  /** A second set of modules on the same tables: what a restart leaves. */
  let build: () => Pick<typeof modules, 'shows'> = () => modules;

  // The server makes the clock after it has asked for routes.
  const clock: Clock = {
    nowMs: () => server.clock.nowMs(),
    steadyMs: () => server.clock.steadyMs(),
    after: (delayMs, work) => server.clock.after(delayMs, work),
    every: (intervalMs, work) => server.clock.every(intervalMs, work),
  };

  const server: TestServer = await createTestServer(database, {
    routes(http, accounts) {
      const ids = createIds(clock, random);
      const newFact = createNewFact(ids, clock);
      const deriveKey = (purpose: string) => createHash('sha256').update(`test ${purpose}`).digest();
      const publicUrl = 'http://localhost:4600';
      const recorder = createCapture({ database, bus, clock, logger });
      const capture: Capture = {
        ...recorder,
        commit: (work) =>
          recorder.commit((tx, record) =>
            work(tx, (fact) => {
              record(fact);
              facts.push(fact);
            }),
          ),
      };
      const catalog = createCatalog({
        database,
        recorder: capture,
        newFact,
        clock,
        ids,
        fetchFeed: createFeedClient({ allowLoopback: true }),
      });
      const createShowsModule = () =>
        createShows({
          ...{ database, recorder: capture, newFact, clock, ids, random, logger, publicUrl },
          ingestUrl: 'rtmp://localhost:1935/live',
          streamKeySecret: deriveKey('stream-keys'),
          ports: {
            organization: accounts.organizationSettings,
            products: catalog.products,
            hasPicture: (showId) => pictures.has(showId),
            dropEncoder: (showId, source) => void dropped.push(source === 'primary' ? showId : `${showId} ${source}`),
            switchSource: (showId, source) => source === 'primary' && pictures.has(showId),
            replay: async () => null,
            startOverUrl: async () => null,
          },
        });
      const shows = createShowsModule();
      const viewers = createViewers({
        ...{ database, clock, ids, publicUrl },
        sessionKey: deriveKey('viewer-sessions'),
        ports: {
          publicShow: shows.publicShow,
          storeOrigins: async (orgId) => (await accounts.organizationSettings(orgId))?.storeOrigins ?? null,
          viewerTokenSecrets: (orgId) => accounts.acceptedSecrets(orgId, 'viewer_token'),
          viewerIdKey: (orgId) => accounts.secret(orgId, 'viewer_id'),
        },
      });
      const orders = createOrders({
        ...{ database, recorder: capture, newFact, clock, ids, logger },
        ports: {
          currencyOf: async (orgId) => (await accounts.organizationSettings(orgId))?.currency ?? null,
          webhookSecrets: (orgId) => accounts.acceptedSecrets(orgId, 'order_webhook'),
          showTokenKeys: (orgId) => accounts.acceptedSecrets(orgId, 'show_token'),
          productIds: catalog.idsOf,
          applyStock: catalog.applyStock,
          customerId: viewers.customerIdOf,
          verifySession: viewers.verifySession,
          endOfShow: shows.endOf,
          isInLineUp: shows.isInLineUp,
          hasHighlight: shows.hasHighlight,
        },
      });
      catalog.onChanged(({ orgId, productIds }) => void shows.productsChanged(orgId, productIds));
      shows.onChanged((change) => changes.push(change));
      Object.assign(modules, { capture, shows, catalog, viewers, orders });
      build = () => ({ shows: createShowsModule() });
      showsRoutes({ shows })(http);
      catalogRoutes({ catalog, nowMs: () => clock.nowMs() })(http);
      viewersRoutes({ viewers })(http);
      ordersRoutes({ orders })(http);
    },
  });

  return {
    ...modules,
    server,
    clock: server.clock,
    http: server.http,
    accounts: server.accounts,
    pictures,
    /** Shows whose encoder was cut off because the key was replaced. */
    dropped,
    changes,
    facts,
    restart: () => build(),

    /** An owner whose organization has a store origin. */
    async shop(): Promise<TestPerson> {
      const owner = await server.owner();
      await server.accounts.updateOrganizationSettings(owner.orgId, { storeOrigins: [STORE_ORIGIN] });
      return owner;
    },
    async products(owner: TestPerson, ...externalIds: string[]): Promise<Product[]> {
      await owner.post('/v1/products/import', { products: externalIds.map((id) => productRow(id)) });
      const ids = await modules.catalog.idsOf(owner.orgId, externalIds);
      const found = await modules.catalog.products(owner.orgId, [...ids.values()]);
      return externalIds.map((externalId) => found.get(ids.get(externalId)!)!);
    },
    /** A show of the owner, moved on as far as asked, with a line-up. */
    async show(
      owner: TestPerson,
      state: 'draft' | 'scheduled' | 'waiting' | 'live' | 'ended',
      products: readonly Product[] = [],
    ): Promise<Show> {
      const created = (await owner.post('/v1/shows', { title: 'Spring drop', scheduledAt: server.clock.nowMs() + 3_600_000 })).json<Show>();
      const at = `/v1/shows/${created.id}`;
      await owner.call('PUT', `${at}/line-up`, { items: products.map(({ id }) => ({ productId: id, note: '' })) });
      const path = { draft: [], scheduled: ['schedule'], waiting: ['schedule', 'open'], live: ['schedule', 'open', 'go_live'] };
      if (state === 'live' || state === 'ended') pictures.add(created.id);
      for (const command of state === 'ended' ? [...path.live, 'end'] : path[state]) {
        const answer = await owner.post(`${at}/commands`, { command });
        if (answer.statusCode !== 200) throw new Error(`${command}: ${answer.body}`);
      }
      return (await owner.get(at)).json<Show>();
    },
    /** A plug-in on the store page. */
    async enter(showId: ShowId, more: Record<string, unknown> = {}): Promise<ViewerSession> {
      const answer = await server.http.inject({
        method: 'POST',
        url: '/v1/viewer-sessions',
        payload: { showId, ...more },
        headers: { origin: STORE_ORIGIN },
      });
      if (answer.statusCode !== 201) throw new Error(`viewer session: ${answer.body}`);
      return answer.json<ViewerSession>();
    },
    /** A delivery signed as the shop signs it. */
    async deliver(
      orgId: string,
      webhook: object,
      more: { id?: string; secret?: string; atMs?: number; headers?: Record<string, string> } = {},
    ) {
      const id = more.id ?? `wh_${systemRandom.float()}`;
      const payload = JSON.stringify(webhook);
      const secret = more.secret ?? (await server.accounts.secret(orgId, 'order_webhook'));
      const sentAt = new Date(more.atMs ?? server.clock.nowMs());
      return server.http.inject({
        method: 'POST',
        url: `/v1/webhooks/orders/${orgId}`,
        payload,
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
          'webhook-signature': new Webhook(secret).sign(id, sentAt, payload),
          ...more.headers,
        },
      });
    },
    async close() {
      await modules.shows.stop();
      await modules.orders.stop();
      await server.http.close();
    },
  };
}
