// The whole of Insp as a user starts it: the command, a data folder of its own, free ports, and the addresses and the
// one-time password read from what it prints. Nothing of it outlives `stop()`.
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const INSP = join(ROOT, 'packages/cli/src/insp.ts');
/** A first start makes a database and a shop; on a busy machine that takes its time. */
const START_PATIENCE_MS = 150_000;
const STOP_PATIENCE_MS = 30_000;

export type InspSystem = {
  readonly inspUrl: string;
  readonly shopUrl: string;
  readonly rtmpUrl: string;
  readonly ownerEmail: string;
  readonly oneTimePassword: string;
  /** All it has printed, for a test that fails. */
  output(): string;
  /** What the demo shop is told of Insp: the file it reads, and reads again when it changes. */
  readShopConnection(): Promise<ShopConnection>;
  writeShopConnection(change: Partial<ShopConnection>): Promise<void>;
  stop(): Promise<void>;
};

export type ShopConnection = { inspUrl: string; orgId: string; showId: string };

export async function startSystem(options: { viewerCount: number }): Promise<InspSystem> {
  const dataDir = await mkdtemp(join(tmpdir(), 'insp-system-'));
  // Postgres, which never runs as root, has to get in.
  await chmod(dataDir, 0o755);
  const child = spawn(process.execPath, [INSP, 'start'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: dataDir,
      INSP_DATA_DIR: dataDir,
      INSP_HTTP_PORT: '0',
      INSP_RTMP_PORT: '0',
      INSP_DEMO_SHOP_PORT: '0',
      INSP_DEMO_VIEWERS: String(options.viewerCount),
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
    await ended;
    clearTimeout(kill);
    await rm(dataDir, { recursive: true, force: true });
  };

  try {
    const endMs = Date.now() + START_PATIENCE_MS;
    while (!output.includes('Ctrl-C stops everything')) {
      if (child.exitCode !== null || Date.now() > endMs) throw new Error(`insp did not start:\n${output}`);
      await new Promise((done) => setTimeout(done, 50));
    }
    const said = (what: RegExp): string => {
      const found = what.exec(output)?.[1];
      if (found === undefined) throw new Error(`insp never said ${what}:\n${output}`);
      return found;
    };
    const connectionFile = join(dataDir, 'demo-shop', 'insp.json');
    const readShopConnection = async () => JSON.parse(await readFile(connectionFile, 'utf8')) as ShopConnection;
    return {
      inspUrl: said(/Console {4}(http:\S+)\/console\//),
      shopUrl: said(/Demo shop {2}(http:\S+)\//),
      rtmpUrl: said(/OBS {8}server (rtmp:\S+)/),
      ownerEmail: said(/sign in as (\S+) with/),
      oneTimePassword: said(/sign in as \S+ with (\S+)/),
      output: () => output,
      readShopConnection,
      async writeShopConnection(change) {
        await writeFile(connectionFile, JSON.stringify({ ...(await readShopConnection()), ...change }), { mode: 0o600 });
      },
      stop,
    };
  } catch (cause) {
    await stop();
    throw cause;
  }
}
