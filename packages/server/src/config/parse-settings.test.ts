import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, nearestName } from './nearest-name.ts';
import { parseSettings } from './parse-settings.ts';
import { documentSettings, printSettings } from './print-settings.ts';
import { createDeriveKey } from './server-secret.ts';
import { flagOf, SETTINGS, type SettingName } from './settings.ts';

const NAMES = Object.keys(SETTINGS) as SettingName[];

test('nothing given: every default, and each passes its own schema', () => {
  const { settings, sources } = parseSettings({ PATH: '/usr/bin' }, []);
  for (const name of NAMES) {
    expect(settings[name]).toBe(SETTINGS[name].default);
    expect(sources[name]).toBe('default');
    const initial = SETTINGS[name].default;
    if (initial !== null) expect(SETTINGS[name].schema.parse(typeof initial === 'string' ? initial : String(initial))).toBe(initial);
  }
});

test('a flag wins over the environment; both forms are read; a boolean needs no value', () => {
  const { settings, sources } = parseSettings({ INSP_HTTP_PORT: '1', INSP_LOG_LEVEL: 'debug' }, [
    '--http-port',
    '2',
    '--rtmp-port=3',
    '--empty',
  ]);
  expect(settings).toMatchObject({ httpPort: 2, rtmpPort: 3, empty: true, logLevel: 'debug' });
  expect(sources).toMatchObject({ httpPort: 'flag', logLevel: 'environment', httpHost: 'default' });
});

describe('refused', () => {
  const attempt =
    (env: Record<string, string>, argv: string[] = []) =>
    () =>
      parseSettings(env, argv);
  test('unknown names, with the nearest known one', () => {
    expect(attempt({ INSP_HTP_PORT: '1' })).toThrow(/INSP_CONFIG_UNKNOWN_SETTING.*INSP_HTTP_PORT/s);
    expect(attempt({}, ['--http-prt', '1'])).toThrow(/INSP_CONFIG_UNKNOWN_SETTING.*--http-port/s);
    expect(attempt({}, ['--emtpy'])).toThrow(/--empty/);
  });
  test('wrong values, all at once, each with its name', () => {
    expect(attempt({ INSP_HTTP_PORT: '65536', INSP_LOG_LEVEL: 'loud' })).toThrow(
      /INSP_CONFIG_INVALID_SETTING.*INSP_HTTP_PORT "65536".*INSP_LOG_LEVEL "loud"/s,
    );
    expect(attempt({}, ['--http-port'])).toThrow(/needs a value/);
    expect(attempt({ INSP_PUBLIC_URL: 'ftp://x.example' })).toThrow(/INSP_PUBLIC_URL/);
  });
  test('secrets never show, not even when wrong', () => {
    expect(attempt({ INSP_SECRET: 'tooshort-hush' })).toThrow(/INSP_SECRET must have at least 32/);
    expect(attempt({ INSP_SECRET: 'tooshort-hush' })).not.toThrow(/hush/);
    const printed = printSettings(parseSettings({ INSP_SECRET: 'hush'.repeat(10), DATABASE_URL: 'postgres://u:hush@h/d' }, []));
    expect(printed).not.toContain('hush');
    expect(printed).toContain('(set, hidden)');
  });
});

test('limits at their edges', () => {
  const port = (text: string) => parseSettings({ INSP_HTTP_PORT: text }, []).settings.httpPort;
  expect([port('0'), port('65535')]).toEqual([0, 65_535]);
  expect(() => port('-1')).toThrow();
  expect(() => port('1.5')).toThrow();
  expect(parseSettings({ INSP_SECRET: 'x'.repeat(32) }, []).settings.secret).toHaveLength(32);
});

test('names and flags are unique, and every setting is documented', () => {
  expect(new Set(NAMES.map((name) => SETTINGS[name].env)).size).toBe(NAMES.length);
  expect(new Set(NAMES.map(flagOf)).size).toBe(NAMES.length);
  for (const name of NAMES) expect(documentSettings()).toContain(SETTINGS[name].env);
});

test('edit distance is a metric, and the nearest name of a name is itself', () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
    }),
  );
  const names = NAMES.map((name) => SETTINGS[name].env);
  for (const name of names) expect(nearestName(name, names)).toBe(name);
});

test('keys differ by purpose and by secret, and repeat', () => {
  const [one, two] = [createDeriveKey('a'.repeat(32)), createDeriveKey('b'.repeat(32))];
  expect(one('cookies')).toEqual(one('cookies'));
  expect(one('cookies')).not.toEqual(one('stream-keys'));
  expect(one('cookies')).not.toEqual(two('cookies'));
});
