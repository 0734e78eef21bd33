import { loadSettings, printSettings } from '@insp/server';
import { sayFault } from './say-fault.ts';

export async function runConfigCommand(args: readonly string[]): Promise<void> {
  try {
    process.stdout.write(printSettings(loadSettings(args)));
  } catch (cause) {
    sayFault(cause);
  }
}
