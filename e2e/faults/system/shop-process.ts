// The demo shop as a shop owner would run it: a process of its own beside Insp, connected by its file.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Installation } from './insp-process.ts';

const SHOP = new URL('../../../examples/demo-shop/src/main.ts', import.meta.url);
export const SIMULATOR_KEY = 'the-key-of-the-test';

/** As examples/demo-shop/src/shop-config.ts reads it. */
export type Connection = { orgId: string; orderWebhookSecret: string; viewerSecret: string; showId: string };
export type JournalOrder = { orderRef: string; lines: { sku: string; quantity: number; amountMinor: number; showToken: string | null }[] };

export type ShopProcess = {
  url: string;
  start(): Promise<void>;
  connect(to: Connection): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
  /** What its journal says, read from disk. */
  journal(): Promise<{ orders: JournalOrder[]; toldIds: string[]; parkedIds: string[] }>;
};

export async function createShopProcess(at: Installation): Promise<ShopProcess> {
  const folder = join(at.folder, 'shop');
  const connectionFile = join(folder, 'insp.json');
  await mkdir(folder, { recursive: true });
  let child: ChildProcess | null = null;
  const end = async (signal: NodeJS.Signals) => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((done) => child?.once('exit', done));
    child.kill(signal);
    await exited;
  };
  return {
    url: `http://localhost:${at.shopPort}`,
    async start() {
      const args = ['--data-dir', join(folder, 'data'), '--port', String(at.shopPort), '--config', connectionFile];
      const started = fork(SHOP, args, {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        execArgv: [],
        env: { PATH: process.env.PATH, FAULTS_TEST_MARK: at.folder },
      });
      child = started;
      await new Promise<void>((done, fail) => {
        started.once('message', () => done());
        started.once('exit', (code) => fail(new Error(`the shop ended with ${code}`)));
      });
    },
    connect: (to) => writeFile(connectionFile, JSON.stringify({ ...to, inspUrl: at.url, simulatorKey: SIMULATOR_KEY })),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    async journal() {
      const text = await readFile(join(folder, 'data', 'journal.ndjson'), 'utf8').catch(() => '');
      const orders: JournalOrder[] = [];
      const toldIds: string[] = [];
      const parkedIds: string[] = [];
      // A last line without its end is still being written.
      for (const line of text.split('\n').slice(0, -1)) {
        const entry = JSON.parse(line) as { type: string; order: JournalOrder; id: string; outcome: string };
        if (entry.type === 'order_placed') orders.push(entry.order);
        else if (entry.type === 'message_settled') (entry.outcome === 'delivered' ? toldIds : parkedIds).push(entry.id);
      }
      return { orders, toldIds, parkedIds };
    },
  };
}
