// The registry of codes, the code that answers them and the tests that provoke them, held together.
import { ERROR_CODES } from '@insp/protocol';
import { expect, test } from 'vitest';
import { parseSettings } from '../packages/server/src/config/index.ts';
import { SETTINGS } from '../packages/server/src/config/settings.ts';
import { readSources } from './source-files.ts';

const REGISTRY = 'packages/protocol/src/error-codes.ts';
const files = readSources().filter(({ path }) => path !== REGISTRY && path !== 'tools/error-codes.test.ts');
const codesIn = (text: string) => new Set(text.match(/\bINSP_[A-Z]+(?:_[A-Z]+)+\b/g));
const registered = Object.keys(ERROR_CODES);

test('every registered code is used by something that ships', () => {
  const used = new Set(files.filter(({ isSupport }) => !isSupport).flatMap(({ text }) => [...codesIn(text)]));
  expect(registered.filter((code) => !used.has(code))).toEqual([]);
});

test('every code somebody writes is registered', () => {
  const settings = new Set(Object.values(SETTINGS).map(({ env }) => env));
  const isCode = (name: string) => registered.some((code) => code.split('_')[1] === name.split('_')[1]) && !settings.has(name);
  const unknown = files
    .filter(({ path, isSupport }) => !isSupport && !path.startsWith('packages/server/src/config/') && path.startsWith('packages/'))
    .flatMap(({ path, text }) =>
      [...codesIn(text)].filter((name) => isCode(name) && !registered.includes(name)).map((name) => `${path}: ${name}`),
    );
  expect(unknown).toEqual([]);
  expect(parseSettings({}, [])).toBeDefined();
});

test('every code is provoked by a test', () => {
  const tested = new Set(files.filter(({ path }) => /\.test\.tsx?$/.test(path)).flatMap(({ text }) => [...codesIn(text)]));
  expect(registered.filter((code) => !tested.has(code))).toEqual([]);
});

test('every code says what happened and what to do', () => {
  for (const [code, { status, title, fix }] of Object.entries(ERROR_CODES)) {
    expect([code, status >= 400 && status < 600]).toEqual([code, true]);
    expect([code, title.length > 5 && !title.endsWith('.')]).toEqual([code, true]);
    expect([code, fix.endsWith('.')]).toEqual([code, true]);
  }
});
