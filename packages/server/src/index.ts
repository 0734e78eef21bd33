// What other packages (cli, e2e, bench) use of the server: build an app, run it, read its settings.
export { type Addresses, type App, type AppDeps, createApp } from './app.ts';
export {
  type Config,
  createDeriveKey,
  documentSettings,
  type Given,
  loadConfig,
  loadSettings,
  parseSettings,
  printSettings,
  type Settings,
} from './config/index.ts';
export { settleDataFolder } from './data-folder.ts';
export { AppError } from './kernel/app-error.ts';
export type { Logger } from './kernel/logger.ts';
export { silentLogger } from './kernel/logger.ts';
export type { Accounts, OneTimeAccess } from './modules/accounts/index.ts';
export type { TableVerdict, VerifyRange } from './modules/aggregates/index.ts';
export { findFreePort } from './platform/free-port.ts';
export { createLogger } from './platform/log/create-logger.ts';
export { checkStore, type StoreCheckOptions } from './platform/postgres/check/check-store.ts';
export { formatVerdicts, isUsable, judgeFindings, type Verdict } from './platform/postgres/check/verdicts.ts';
export { parseReadAddresses, type ReadAddress } from './platform/postgres/read-address.ts';
export {
  commandLineOf,
  identifyProcess,
  isRunning,
  type ProcessIdentity,
  signalProcess,
  waitUntilGone,
} from './platform/process/process-identity.ts';
export { type Running, type RunOptions, runServer } from './run-server.ts';
export { withAccounts } from './with-accounts.ts';
export { withAggregates } from './with-aggregates.ts';
export { withShowExport } from './with-show-export.ts';
