// The whole app on a test database, called without a port: people sign up and act over `inject`.
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, createApp } from '../src/app.ts';
import { type Config, parseSettings } from '../src/config/index.ts';
import type { Clock } from '../src/kernel/clock.ts';
import { silentLogger } from '../src/kernel/logger.ts';
import type { Database } from '../src/platform/postgres/database.ts';
import { createTestDatabase } from './test-database.ts';
import { createPeople, type People, type TestPerson } from './test-people.ts';

export type OurObjects = { owner: TestPerson; ids: Record<string, string> };

export type TestApp = People & {
  app: App;
  /** For a test that looks at, or adds to, what the app stores. */
  databaseUrl: string;
  /** The same, on a connection of the test's own. */
  query: Database['query'];
  /** An organization with one of everything a route can name by id. */
  createObjects(): Promise<OurObjects>;
  /** The same objects as their owner sees them. */
  readObjects(ours: OurObjects): Promise<unknown>;
  close(): Promise<void>;
};

const VARIANT = {
  sku: 'MUG-1',
  options: {},
  priceMinor: 1900,
  originalPriceMinor: null,
  currency: 'EUR',
  stockCount: 5,
  isAvailable: true,
};
const MUG = {
  ...{
    externalId: 'mug',
    title: 'Stoneware mug',
    brand: '',
    description: '',
    category: '',
    url: 'https://shop.example/mug',
    imageUrl: null,
  },
  ...{ facts: [], optionNames: [], variants: [VARIANT] },
};

export async function createTestApp(change: Partial<Config> = {}, deps: { clock?: Clock } = {}): Promise<TestApp> {
  const db = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'insp-app-'));
  const { settings } = parseSettings({}, ['--http-port', '0', '--rtmp-port', '0', '--database-url', db.url, '--data-dir', dataDir]);
  const deriveKey = (purpose: string) => createHash('sha256').update(`test ${purpose}`).digest();
  const app = await createApp(
    { ...settings, databaseMaxConnections: 5, deriveKey, ...change },
    { logger: silentLogger, onFatal: () => {}, ...deps },
  );
  await app.http.ready();
  const people = createPeople(app.http);

  return {
    ...people,
    app,
    databaseUrl: db.url,
    query: db.database.query,
    async createObjects() {
      const owner = await people.owner('Ours');
      const ok = async (response: Awaited<ReturnType<TestPerson['get']>>) => {
        if (response.statusCode >= 300) throw new Error(`setting up: ${response.statusCode} ${response.body}`);
        return response.json();
      };
      const member = await people.member(owner, 'host');
      await ok(await owner.post('/v1/products/import', { products: [MUG] }));
      const [product] = (await ok(await owner.get('/v1/products'))).data;
      const show = await ok(await owner.post('/v1/shows', { title: 'Our show' }));
      await ok(await owner.call('PUT', `/v1/shows/${show.id}/line-up`, { items: [{ productId: product.id, note: '' }] }));
      const target = await ok(
        await owner.post(`/v1/shows/${show.id}/restream-targets`, {
          ...{ name: 'Ours', platform: 'youtube', url: 'rtmps://a.rtmps.youtube.com/live2', streamKey: 'our-own-stream-key' },
        }),
      );
      const apiKey = await ok(await owner.post('/v1/organization/api-keys', { name: 'ours', role: 'analyst' }));
      const invitation = await ok(await owner.post('/v1/organization/invitations', { email: 'invited@ours.test', role: 'host' }));
      return {
        owner,
        ids: {
          orgId: owner.orgId,
          userId: member.userId,
          showId: show.id,
          productId: product.id,
          highlightId: 'hlt_ffffffffffffffffffffffffffffffff',
          apiKeyId: apiKey.id,
          invitationId: invitation.id,
          targetId: target.id,
          file: 'index.m3u8',
        },
      };
    },
    async readObjects({ owner, ids }) {
      const urls = [
        `/v1/shows/${ids.showId}`,
        `/v1/shows/${ids.showId}/restream-targets`,
        `/v1/products/${ids.productId}`,
        '/v1/organization',
        '/v1/organization/members',
        '/v1/organization/invitations',
        '/v1/organization/api-keys',
      ];
      return Promise.all(urls.map(async (url) => (await owner.get(url)).json()));
    },
    async close() {
      await app.stop();
      await app.http.close();
      await db.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
