// The life of a server process: settings, start, and a stop that ends. SIGINT or SIGTERM drains and stops within
// STOP_PATIENCE_MS; a second signal, or running over, ends at once.

import { type App, createApp } from './app.ts';
import { type Config, loadConfig, loadSettings, type Settings } from './config/index.ts';
import { settleDataFolder } from './data-folder.ts';
import type { Logger } from './kernel/logger.ts';
import { createLogger } from './platform/log/create-logger.ts';
import { letHeapGrow } from './platform/process/heap-growth.ts';

const STOP_PATIENCE_MS = 10_000;
/** One Ctrl-C can reach us by the terminal, by npm and by the bootstrap: within this time it is the same one. */
const SAME_SIGNAL_MS = 1_000;

const WEB_FOLDERS = {
  console: new URL('../../host-console/dist', import.meta.url).pathname,
  embed: new URL('../../player/dist', import.meta.url).pathname,
};

export type Running = { app: App; config: Config; logger: Logger };

export type RunOptions = {
  /** Changes settings before anything is made: the demo's ports and permissions. */
  adjust?(settings: Settings): Settings;
  /** Runs once the server listens; what it returns runs first when stopping. */
  onStarted?(running: Running): Promise<() => Promise<void>>;
};

/** Runs until a signal. Resolves when all is stopped; faults end the process with a code that says so. */
export async function runServer(argv: readonly string[], options: RunOptions = {}): Promise<void> {
  letHeapGrow();
  try {
    await run(argv, options);
  } catch (cause) {
    const { code, message } = cause as { code?: string; message?: string };
    process.stderr.write(`${code?.startsWith('INSP_') ? message : (cause as Error)?.stack}\n`);
    process.exitCode = 1;
  }
}

async function run(argv: readonly string[], options: RunOptions): Promise<void> {
  const settled = await settleDataFolder(loadSettings(argv));
  const settings = options.adjust?.(settled.settings) ?? settled.settings;
  const config = await loadConfig(settings);
  const logger = createLogger({ level: settings.logLevel, format: settings.logFormat });
  if (settled.closed !== null) {
    logger.warn(
      { closed: settled.closed, dataDir: settings.dataDir },
      'the database user may not enter the usual data folder; the data is kept elsewhere',
    );
  }

  let askedToStop: (reason: string) => void = () => {};
  const stopAsked = new Promise<string>((done) => {
    askedToStop = done;
  });
  let firstSignalMs = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const nowMs = performance.now();
      if (firstSignalMs > 0 && nowMs - firstSignalMs > SAME_SIGNAL_MS) process.exit(1);
      firstSignalMs ||= nowMs;
      askedToStop(signal);
    });
  }
  // Started by another program that has gone: nobody is left who could stop us.
  process.once('disconnect', () => askedToStop('who started us is gone'));

  let app: App | undefined;
  let stopMore = async () => {};
  try {
    app = await createApp(config, {
      logger,
      webFolders: WEB_FOLDERS,
      onFatal(err) {
        logger.error({ err }, 'stopping: the database cannot be brought back');
        process.exitCode = 1;
        askedToStop('a fault');
      },
    });
    // A signal while starting is answered as soon as there is something to stop.
    await app.start();
    logger.info({ ...app.addresses }, 'Insp runs');
    if (options.onStarted !== undefined) stopMore = await options.onStarted({ app, config, logger });
    logger.info({ reason: await stopAsked }, 'stopping');
  } finally {
    const tooLong = setTimeout(() => {
      logger.error({}, 'stopping took too long');
      process.exit(1);
    }, STOP_PATIENCE_MS);
    await stopMore().catch((err: unknown) => logger.error({ err }, 'the demo did not stop properly'));
    await app?.stop();
    clearTimeout(tooLong);
    if (process.connected) process.channel?.unref();
  }
  logger.info({}, 'stopped');
}
