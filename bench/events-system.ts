// Log, figures and database of the events bench: the modules the server is made of, without rooms and routes.
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../packages/server/src/kernel/clock.ts';
import { createEventBus } from '../packages/server/src/kernel/event-bus.ts';
import { silentLogger } from '../packages/server/src/kernel/logger.ts';
import { createAggregates, setAside } from '../packages/server/src/modules/aggregates/index.ts';
import { createCapture, createLogKeeper } from '../packages/server/src/modules/capture/index.ts';
import { openStorage } from '../packages/server/src/storage.ts';
import { createProcessMeter } from './room-report.ts';

export async function openEventsSystem() {
  const dataDir = await mkdtemp(join(tmpdir(), 'insp-bench-'));
  // Run as root, the database runs as another user, who must be able to enter.
  await chmod(dataDir, 0o755);
  const logger = silentLogger;
  const clock = systemClock;
  const storage = await openStorage({ databaseUrl: null, databaseMaxConnections: 10, dataDir }, { logger, onLost: () => process.exit(1) });
  const { database } = storage;
  const capture = createCapture({ database, bus: createEventBus(logger), clock, logger });
  const aggregates = createAggregates({ database, clock, logger, onAppended: capture.onAppended });
  // The days of the log, as the server has them.
  await createLogKeeper({ database, clock, logger, keepDays: { engage: null, chat: null, money: null }, setAside }).look();
  const postmaster = Number((await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  return {
    ...{ clock, database, capture, aggregates },
    databaseMeter: createProcessMeter(async () => [postmaster, ...(await childrenOf(postmaster))]),
    async close() {
      await aggregates.stop();
      await capture.stop();
      await storage.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export type EventsSystem = Awaited<ReturnType<typeof openEventsSystem>>;

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.trim().split(' ').filter(Boolean).map(Number);
}
