// A show's raw events without a server around them, for `insp export`. Works beside a running server, on its database.
import type { ShowId } from '@insp/protocol';
import type { Config } from './config/index.ts';
import { systemClock } from './kernel/clock.ts';
import type { Logger } from './kernel/logger.ts';
import { createExportSource, exportShow, findOrgOfShow } from './modules/capture/index.ts';
import { openStorageBeside } from './storage.ts';

/** Hands the lines to `work`. Answers false, and calls nothing, when there is no such show. */
export async function withShowExport(
  config: Config,
  logger: Logger,
  showId: ShowId,
  work: (chunks: AsyncGenerator<string>) => Promise<void>,
): Promise<boolean> {
  const storage = await openStorageBeside(config, { logger, onLost: () => {} });
  try {
    const orgId = await findOrgOfShow(storage.database, showId);
    if (orgId === null) return false;
    // Who reads the database reads the money in it.
    await work(exportShow(createExportSource(storage.database), { orgId, showId, hasTurnover: true, nowMs: systemClock.nowMs() }));
    return true;
  } finally {
    await storage.close();
  }
}
