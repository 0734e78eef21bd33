export { type Config, loadConfig, loadSettings } from './load-config.ts';
export { type Given, parseSettings } from './parse-settings.ts';
export { documentSettings, printSettings } from './print-settings.ts';
export { createDeriveKey, type DeriveKey } from './server-secret.ts';
export { SETTINGS, type SettingName, type Settings } from './settings.ts';
