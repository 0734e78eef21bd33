// Verbs of the command `insp`, one file each.
import { runAccountsCommand } from './accounts-command.ts';
import { runAggregatesCommand } from './aggregates-command.ts';
import { runConfigCommand } from './config-command.ts';
import { runExportCommand } from './export-command.ts';
import { HELP } from './help.ts';
import { runStartCommand } from './start-command.ts';
import { runStoreCommand } from './store-command.ts';

/** Runs one command; the exit code is left in process.exitCode. */
export async function main([verb, ...args]: readonly string[]): Promise<void> {
  switch (verb) {
    case 'start':
      return runStartCommand(args);
    case 'config':
      return runConfigCommand(args);
    case 'accounts':
      return runAccountsCommand(args);
    case 'aggregates':
      return runAggregatesCommand(args);
    case 'store':
      return runStoreCommand(args);
    case 'export':
      return runExportCommand(args);
    case 'simulate': {
      // Loaded when asked for: the simulator is no part of a server.
      const { runSimulateCommand } = await import('@insp/simulator');
      process.exitCode = await runSimulateCommand(args);
      return;
    }
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(HELP);
      return;
    default:
      process.stderr.write(`insp: there is no command "${verb}".\n\n${HELP}`);
      process.exitCode = 2;
  }
}
