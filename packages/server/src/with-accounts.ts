// Accounts without a server around them, for commands such as `insp accounts reset-password`. Works beside a running
// server, on its database.
import type { Config } from './config/index.ts';
import { systemClock } from './kernel/clock.ts';
import { createIds } from './kernel/ids.ts';
import type { Logger } from './kernel/logger.ts';
import { systemRandom } from './kernel/random.ts';
import { type Accounts, createAccounts } from './modules/accounts/index.ts';
import { openStorageBeside } from './storage.ts';

export async function withAccounts<T>(config: Config, logger: Logger, work: (accounts: Accounts) => Promise<T>): Promise<T> {
  const storage = await openStorageBeside(config, { logger, onLost: () => {} });
  try {
    const accounts = createAccounts({
      database: storage.database,
      clock: systemClock,
      ids: createIds(systemClock, systemRandom),
      random: systemRandom,
      logger,
      publicUrl: config.publicUrl ?? `http://localhost:${config.httpPort}`,
      registration: config.registration,
      deriveKey: config.deriveKey,
    });
    return await work(accounts);
  } finally {
    await storage.close();
  }
}
