import { LIMITS } from '@insp/protocol';
import { expect, test } from 'vitest';
import { originOf, originsFromText } from './store-origins.ts';

test('a site is cut to its origin', () => {
  expect(['https://Shop.example/a?b', 'shop.example', 'http://localhost:4700/'].map(originOf)).toEqual([
    'https://shop.example',
    'https://shop.example',
    'http://localhost:4700',
  ]);
});
test.each(['javascript:alert(1)', 'two words', 'https://', 'https://user@shop.example'])('%s is no site', (text) =>
  expect(originOf(text)).toBeNull(),
);
test('empty lines and repeats are left out', () =>
  expect(originsFromText('shop.example\n\nhttps://shop.example/x\n')).toEqual({ ok: true, origins: ['https://shop.example'] }));
test('the first line that is no site is named', () =>
  expect(originsFromText('a.example\nno site')).toMatchObject({ ok: false, problem: expect.stringContaining('no site') }));
test('there is a greatest number of sites', () => {
  const sites = (count: number) => Array.from({ length: count }, (_, index) => `s${index}.example`).join('\n');
  expect([originsFromText(sites(LIMITS.storeOriginsPerOrg)).ok, originsFromText(sites(LIMITS.storeOriginsPerOrg + 1)).ok]).toEqual([
    true,
    false,
  ]);
});
