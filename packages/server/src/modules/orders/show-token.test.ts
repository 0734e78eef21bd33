import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mintShowToken, readShowToken, type ShowToken } from './show-token.ts';

const KEY = 'key of the organization';
const hex = fc.stringMatching(/^[0-9a-f]{32}$/);
const arbitrary: fc.Arbitrary<ShowToken> = fc.record({
  orgId: fc.string({ minLength: 1, maxLength: 64 }),
  showId: hex.map((text) => `shw_${text}` as const),
  productId: hex.map((text) => `prd_${text}` as const),
  highlightId: fc.option(hex.map((text) => `hlt_${text}` as const)),
  viewerId: hex.map((text) => `vwr_${text}` as const),
  isSimulated: fc.boolean(),
  mintedAt: fc.nat(),
});

test('a token says on reading what was put in, fits what a shop passes through, and is safe in a URL', () => {
  fc.assert(
    fc.property(arbitrary, (token) => {
      const text = mintShowToken(token, KEY);
      expect(readShowToken(text, token.orgId, ['newer key', KEY])).toEqual(token);
      expect(text).toMatch(/^v1\.[\w-]+\.[\w-]{43}$/);
      expect(text.length).toBeLessThanOrEqual(2_048);
    }),
  );
});

test('any change of a character, another key or another organization makes it worthless', () => {
  fc.assert(
    fc.property(arbitrary, fc.nat(), fc.constantFrom(...'Aa0-_.=+ '), (token, at, character) => {
      const text = mintShowToken(token, KEY);
      const index = at % text.length;
      const changed = text.slice(0, index) + character + text.slice(index + 1);
      if (changed !== text) expect(readShowToken(changed, token.orgId, [KEY])).toBeNull();
      expect(readShowToken(text, token.orgId, ['other'])).toBeNull();
      expect(readShowToken(text, `${token.orgId}x`, [KEY])).toBeNull();
      expect(readShowToken(`${text}.x`, token.orgId, [KEY])).toBeNull();
    }),
    { numRuns: 1_000 },
  );
});

test('nonsense is no token, and never a throw', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(readShowToken(text, 'org', [KEY])).toBeNull();
    }),
  );
  for (const text of ['', 'v1', 'v1..', 'v1.e30.', 'v2.e30.AA']) expect(readShowToken(text, 'org', [KEY])).toBeNull();
});
