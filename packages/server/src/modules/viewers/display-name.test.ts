import { LIMITS } from '@insp/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanDisplayName, createGuestName } from './display-name.ts';
import { customerIdOf, viewerIdOfCustomer, viewerIdOfMember } from './pseudonym.ts';

test('a guest name is friendly, fits, and stays with the viewer', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const name = createGuestName(`vwr_${text}`);
      expect(name).toMatch(/^Guest [1-9]\d{3}$/);
      expect(createGuestName(`vwr_${text}`)).toBe(name);
    }),
  );
  const names = Array.from({ length: 1_000 }, (_, index) => createGuestName(`vwr_${index}`));
  expect(new Set(names).size).toBeGreaterThan(900);
});

test('a name from outside is shown without what cannot be seen or turns text around', () => {
  expect(cleanDisplayName('  Mara \u0000\u202e\u200b  K. ')).toBe('Mara K.');
  expect(cleanDisplayName('Zoe\u0301')).toBe('Zoé');
  expect(cleanDisplayName('😀😀')).toBe('😀😀');
  for (const nothing of ['', '   ', '\u200b\u202e', '\n\t', '...', '\ud800'])
    expect([nothing, cleanDisplayName(nothing)]).toEqual([nothing, null]);
});

test('a name of exactly the limit stays whole, a longer one is cut by code points', () => {
  const exact = '😀'.repeat(LIMITS.displayNameLength);
  expect(cleanDisplayName(exact)).toBe(exact);
  expect(cleanDisplayName(`${exact}x`)).toBe(exact);
});

test('whatever comes in, what goes out is well formed, trimmed and short, and cleaning it again changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const name = cleanDisplayName(text);
      if (name === null) return;
      expect(name.isWellFormed()).toBe(true);
      expect(name).toBe(name.trim());
      expect([...name].length).toBeLessThanOrEqual(LIMITS.displayNameLength);
      expect(cleanDisplayName(name)).toBe(name);
    }),
    { numRuns: 2_000 },
  );
});

test('pseudonyms: the same person in one shop, a stranger in the next, and no purpose tells of another', () => {
  const ids = [
    viewerIdOfCustomer('key a', '17'),
    customerIdOf('key a', '17'),
    viewerIdOfMember('key a', '17'),
    viewerIdOfCustomer('key b', '17'),
    viewerIdOfCustomer('key a', '18'),
  ];
  expect(new Set(ids.map((id) => id.slice(4))).size).toBe(ids.length);
  expect(viewerIdOfCustomer('key a', '17')).toBe(ids[0]);
  expect(ids.every((id) => /^(vwr|cus)_[0-9a-f]{32}$/.test(id))).toBe(true);
});
