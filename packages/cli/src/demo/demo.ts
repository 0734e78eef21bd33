// The demo around a running server: the demo shop as a process of its own, a show prepared through the public API, and
// a process that plays camera, director and shoppers. All of it belongs to one organization, which is remembered in
// <dataDir>/demo.json, so that the demo never writes into an organization somebody made for real.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Running } from '@insp/server';
import { DEMO_PROCESS_URL, type DemoMessage, type PreparedDemo, prepareDemo, type RunDemoOptions, sendWithApiKey } from '@insp/simulator';
import { nextMessage, type OwnProcess, startOwnProcess } from '../child-process.ts';
import { createChildRegistry } from '../child-registry.ts';
import { chooseShopPort } from './shop-port.ts';

/** The demo shop is an example, started as a shop owner would: by its command line. */
const DEMO_SHOP_URL = new URL('../../../../examples/demo-shop/src/main.ts', import.meta.url);
const API_KEY_NAME = 'Insp demo';
export const DEMO_ORGANIZATION_NAME = 'Marram';

export type Demo = {
  shopUrl: string /** For people: the shop is not where they expect it. */;
  notice: string | null;
  prepared: PreparedDemo;
  stop(): Promise<void>;
};

type Kept = { orgId: string; simulatorKey: string };
type Listening = { type: 'listening'; url: string };
const isListening = (message: unknown): message is Listening => (message as Listening | null)?.type === 'listening';

/** `firstOrgId`: the organization this very start has made, if it did. */
export async function startDemo({ app, config, logger }: Running, firstOrgId: string | null): Promise<Demo> {
  const registry = createChildRegistry(join(config.dataDir, 'run'));
  const ended = await registry.endLeftovers();
  if (ended.length > 0) logger.warn({ ended }, 'ended what a killed run left behind');
  const { port: shopPort, notice } = await chooseShopPort(config.demoShopPort);

  const owner = await app.accounts.firstOrganization();
  if (owner === null) throw new Error('there is no owner');
  const { orgId, simulatorKey } = await readKept(join(config.dataDir, 'demo.json'), async () => {
    return firstOrgId ?? app.accounts.createOrganization(owner.userId, DEMO_ORGANIZATION_NAME);
  });
  const apiKey = await app.accounts.replaceApiKey(orgId, owner.userId, API_KEY_NAME, 'owner');
  const secrets = {
    orderWebhookSecret: await app.accounts.secret(orgId, 'order_webhook'),
    viewerSecret: await app.accounts.secret(orgId, 'viewer_token'),
  };
  const inspUrl = app.addresses.localUrl;

  // The shop reads its connection from a file and reads it again when it changes.
  const shopFolder = join(config.dataDir, 'demo-shop');
  const connectionFile = join(shopFolder, 'insp.json');
  await mkdir(shopFolder, { recursive: true });
  const connect = (showId: string) =>
    writeFile(connectionFile, JSON.stringify({ inspUrl: app.addresses.publicUrl, orgId, ...secrets, showId, simulatorKey }), {
      mode: 0o600,
    });
  await connect('');

  const processes: OwnProcess[] = [];
  const stop = async () => {
    for (const own of processes.splice(0).reverse()) await own.stop();
  };
  try {
    let listening: Promise<Listening> | undefined;
    processes.push(
      await startOwnProcess({
        ...{ name: 'demo-shop', script: DEMO_SHOP_URL, registry, logger },
        args: ['--data-dir', join(shopFolder, 'data'), '--port', String(shopPort), '--config', connectionFile],
        onSpawned(child) {
          listening ??= nextMessage(child, isListening);
        },
      }),
    );
    const shopUrl = (await listening!).url.replace('127.0.0.1', 'localhost').replace(/\/$/, '');
    const sendAsOwner = sendWithApiKey(inspUrl, apiKey);
    const log = (line: string) => logger.debug({}, line);
    const prepared = await prepareDemo({ inspUrl, shopUrl, sendAsOwner, secrets, nowMs: Date.now(), log });
    await connect(prepared.showId);

    const options: RunDemoOptions = {
      ...prepared,
      inspUrl,
      shopUrl,
      simulatorKey,
      viewerCount: config.demoViewers,
      ffmpegPath: config.ffmpeg,
    };
    const message: DemoMessage = { type: 'run', options, owner: { apiKey } };
    processes.push(
      await startOwnProcess({ name: 'demo', script: DEMO_PROCESS_URL, registry, logger, onSpawned: (child) => void child.send(message) }),
    );
    return { shopUrl, notice, prepared, stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

async function readKept(file: string, findOrgId: () => Promise<string>): Promise<Kept> {
  const known = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Kept,
    () => null,
  );
  if (known !== null) return known;
  const kept = { orgId: await findOrgId(), simulatorKey: randomBytes(24).toString('base64url') };
  await writeFile(file, JSON.stringify(kept), { mode: 0o600 });
  return kept;
}
