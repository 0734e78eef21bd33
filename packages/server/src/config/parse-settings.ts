// Environment and flags to settings: flags win, unknown names are refused with the nearest known one, every value is
// checked, and all faults are said at once.
import { AppError } from '../kernel/app-error.ts';
import { nearestName } from './nearest-name.ts';
import { flagOf, SETTINGS, type SettingName, type Settings } from './settings.ts';

export type Given = {
  settings: Settings /** Where each value came from. */;
  sources: Record<SettingName, 'default' | 'environment' | 'flag'>;
};

const NAMES = Object.keys(SETTINGS) as SettingName[];
const BY_ENV = new Map(NAMES.map((name) => [SETTINGS[name].env, name]));
const BY_FLAG = new Map(NAMES.map((name) => [flagOf(name), name]));

const unknown = (wrong: string, known: readonly string[]) =>
  new AppError('INSP_CONFIG_UNKNOWN_SETTING', { detail: `There is no ${wrong}. Did you mean ${nearestName(wrong, known)}?` });

function readFlags(argv: readonly string[]): Map<SettingName, string> {
  const found = new Map<SettingName, string>();
  for (let i = 0; i < argv.length; i += 1) {
    const [flag = '', inline] = splitOnce(argv[i]!, '=');
    const name = BY_FLAG.get(flag);
    if (name === undefined) throw unknown(flag, [...BY_FLAG.keys()]);
    const next = argv[i + 1];
    if (inline !== undefined) found.set(name, inline);
    else if (typeof SETTINGS[name].default === 'boolean') found.set(name, 'true');
    else if (next === undefined || next.startsWith('--'))
      throw new AppError('INSP_CONFIG_INVALID_SETTING', { detail: `${flag} needs a value.` });
    else {
      found.set(name, next);
      i += 1;
    }
  }
  return found;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** Throws INSP_CONFIG_UNKNOWN_SETTING or INSP_CONFIG_INVALID_SETTING; a secret's value never shows in a message. */
export function parseSettings(env: Readonly<Record<string, string | undefined>>, argv: readonly string[]): Given {
  for (const name of Object.keys(env)) if (name.startsWith('INSP_') && !BY_ENV.has(name)) throw unknown(name, [...BY_ENV.keys()]);
  const flags = readFlags(argv);
  const settings: Record<string, unknown> = {};
  const sources: Record<string, Given['sources'][SettingName]> = {};
  const faults: string[] = [];
  for (const name of NAMES) {
    const definition = SETTINGS[name];
    const flag = flags.get(name);
    const raw = flag ?? env[definition.env];
    sources[name] = flag !== undefined ? 'flag' : raw === undefined ? 'default' : 'environment';
    if (raw === undefined) {
      settings[name] = definition.default;
      continue;
    }
    const parsed = definition.schema.safeParse(raw);
    if (parsed.success) settings[name] = parsed.data;
    else {
      const shown = 'isSecret' in definition && definition.isSecret ? '' : ` "${raw}"`;
      faults.push(`${flag === undefined ? definition.env : flagOf(name)}${shown} ${parsed.error.issues[0]?.message}.`);
    }
  }
  if (faults.length > 0) throw new AppError('INSP_CONFIG_INVALID_SETTING', { detail: faults.join(' ') });
  return { settings: settings as Settings, sources: sources as Given['sources'] };
}
