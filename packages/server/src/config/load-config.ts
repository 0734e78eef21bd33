// The only reader of process.env.
import { resolve } from 'node:path';
import { type Given, parseSettings } from './parse-settings.ts';
import { createDeriveKey, type DeriveKey, readServerSecret } from './server-secret.ts';
import type { Settings } from './settings.ts';

export type Config = Settings & { deriveKey: DeriveKey };

/** Settings from the environment and the flags of the command line. */
export function loadSettings(argv: readonly string[]): Given {
  const given = parseSettings(process.env, argv);
  const { dataDir } = given.settings;
  return { ...given, settings: { ...given.settings, dataDir: resolve(dataDir) } };
}

/** Completes settings with the keys of this installation. */
export async function loadConfig(settings: Settings): Promise<Config> {
  return { ...settings, deriveKey: createDeriveKey(settings.secret ?? (await readServerSecret(settings.dataDir))) };
}
