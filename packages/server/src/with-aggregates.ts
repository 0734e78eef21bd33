// The figures without a server around them, for `insp aggregates verify` and `rebuild`. Works beside a running server,
// on its database.
import type { Config } from './config/index.ts';
import { systemClock } from './kernel/clock.ts';
import type { Logger } from './kernel/logger.ts';
import { type Aggregates, createAggregates } from './modules/aggregates/index.ts';
import { openStorageBeside } from './storage.ts';

export async function withAggregates<T>(config: Config, logger: Logger, work: (aggregates: Aggregates) => Promise<T>): Promise<T> {
  const storage = await openStorageBeside(config, { logger, onLost: () => {} });
  try {
    return await work(createAggregates({ database: storage.database, clock: systemClock, logger, onAppended: () => () => {} }));
  } finally {
    await storage.close();
  }
}
