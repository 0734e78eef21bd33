import type { ShowId } from '@insp/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDeepLink, writeDeepLink } from './deep-link.ts';

const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 });
const showId = hex.map((digits) => `shw_${digits}` as ShowId);

test('what is written is read back, and other parameters of the page stay', () => {
  fc.assert(
    fc.property(showId, fc.option(hex), fc.constantFrom('share', 'youtube', 'a-b_c'), (show, highlight, source) => {
      const highlightId = highlight === null ? null : (`hlt_${highlight}` as const);
      const url = new URL(writeDeepLink('https://shop.example/p?x=1&t=9#top', { showId: show, highlightId, source }));
      expect(url.searchParams.get('x')).toBe('1');
      expect(readDeepLink(url.search)).toEqual({ showId: show, positionSec: null, highlightId, source });
    }),
  );
});

test('nothing a stranger puts into the address breaks it', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (insp, t, hl, src) => {
      const link = readDeepLink(`?${new URLSearchParams({ insp, t, hl, src })}`);
      expect(link === null || link.positionSec === null || link.positionSec >= 0).toBe(true);
    }),
  );
});

test('each part is taken or left alone', () => {
  const show = `shw_${'a'.repeat(32)}`;
  expect(readDeepLink('?insp=shw_1')).toBeNull();
  expect(readDeepLink(`?insp=${show}&t=90&src=YouTube`)).toMatchObject({ positionSec: 90, source: 'youtube' });
  expect(readDeepLink(`?insp=${show}&t=-5&src=bad source&hl=hlt_1`)).toEqual({
    showId: show,
    positionSec: null,
    highlightId: null,
    source: 'direct',
  });
  expect(readDeepLink(`?insp=${show}&t=999999`)?.positionSec).toBe(86_400);
});
