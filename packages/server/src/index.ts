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
export { findFreePort } from './platform/free-port.ts';
export { createLogger } from './platform/log/create-logger.ts';
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
export { withShowExport } from './with-show-export.ts';
