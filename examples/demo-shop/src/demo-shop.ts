// Puts the shop together: the store on disk, the webhook sender, the HTTP server.
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import fastifyCookie from '@fastify/cookie';
import fastifyFormbody from '@fastify/formbody';
import fastifyStatic from '@fastify/static';
import fastify from 'fastify';
import { cartApiRoutes } from './http/cart-api.http.ts';
import { inspRoutes } from './http/insp.http.ts';
import { pageRoutes } from './http/pages.http.ts';
import { addSecurity } from './http/security.ts';
import { fixedConnection, type InspConnection, watchConnectionFile } from './shop-config.ts';
import { openShopStore } from './store/shop-store.ts';
import { startOutboxSender } from './webhooks/outbox-sender.ts';

export type DemoShopOptions = {
  /** Folder of the journal: orders, stock, bags, unsent webhooks. Made if missing. */
  dataDir: string;
  /** Default 4700; 0 = any free port. */
  port?: number;
  host?: string;
  /** How browsers and Insp reach the shop; default http://localhost:<port>. */
  publicUrl?: string;
  /** What is known of Insp from the start. */
  connection?: Partial<InspConnection>;
  /** A JSON file with the same keys, re-read while the shop runs; it wins over `connection`. */
  configFile?: string;
  log?: (line: string) => void;
  /** The journal could not be written. Default: the line is logged and the process ends; it must be started again. */
  onBroken?: (error: unknown) => void;
};
export type DemoShop = { url: string; stop: () => Promise<void> };

export const DEFAULT_PORT = 4700;
const BODY_LIMIT_BYTES = 64 * 1024;

/** Starts a shop; resolves when it listens. */
export async function startDemoShop(options: DemoShopOptions): Promise<DemoShop> {
  const log = options.log ?? (() => {});
  const onBroken = options.onBroken ?? ((error) => endProcess(log, error));
  const connection = options.configFile
    ? await watchConnectionFile(options.configFile, options.connection ?? {}, log)
    : fixedConnection(options.connection ?? {});
  const store = await openShopStore(options.dataDir, Date.now, onBroken);
  const app = fastify({ bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true, routerOptions: { maxParamLength: 200 } });
  let url = '';
  const deps = { store, connection, shopUrl: () => options.publicUrl?.replace(/\/$/, '') ?? url };
  try {
    addSecurity(app);
    await app.register(fastifyCookie, { secret: await readSessionSecret(options.dataDir) });
    await app.register(fastifyFormbody);
    await app.register(fastifyStatic, { root: join(import.meta.dirname, 'public'), prefix: '/assets/', cacheControl: false });
    await app.register(cartApiRoutes(deps));
    await app.register(inspRoutes(deps));
    await pageRoutes(deps)(app);
    await app.listen({ port: options.port ?? DEFAULT_PORT, host: options.host ?? '127.0.0.1' });
  } catch (error) {
    connection.stop();
    await app.close();
    await store.close();
    throw error;
  }
  url = `http://localhost:${(app.server.address() as AddressInfo).port}`;
  const sender = startOutboxSender(
    {
      next: () => store.state.outbox.values().next().value,
      settle: (id, outcome) => store.settleMessage(id, outcome),
      onQueued: (listen) => store.onQueued(listen),
    },
    connection,
    log,
  );
  log(`the shop is open at ${deps.shopUrl()}; ${store.state.orders.size} orders, ${store.state.outbox.size} webhooks to send`);

  let stopped: Promise<void> | null = null;
  return {
    url: deps.shopUrl(),
    stop() {
      stopped ??= (async () => {
        connection.stop();
        await app.close();
        await sender.stop();
        await store.close();
      })();
      return stopped;
    },
  };
}

/** Signs the session cookie; kept, so that customers stay signed in over a restart. */
async function readSessionSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'session-secret');
  await mkdir(dataDir, { recursive: true });
  const known = await readFile(path, 'utf8').catch(() => '');
  if (known.length >= 32) return known;
  const secret = randomBytes(32).toString('hex');
  const file = await open(path, 'w', 0o600);
  await file.writeFile(secret);
  await file.close();
  return secret;
}

function endProcess(log: (line: string) => void, error: unknown): void {
  log(`the journal cannot be written, the shop closes: ${(error as Error).message}`);
  process.exit(1);
}
