import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contrastRatio, MIN_CONTRAST_RATIO, parseRgb, type Rgb, readableOn } from './contrast.ts';

const channel = fc.integer({ min: 0, max: 255 });
const colour = fc.tuple(channel, channel, channel) as fc.Arbitrary<Rgb>;

test('the published pairs of WCAG: black on white 21, grey #767676 on white just passes', () => {
  expect(contrastRatio([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5);
  expect(contrastRatio([118, 118, 118], [255, 255, 255])).toBeGreaterThanOrEqual(4.5);
  expect(contrastRatio([119, 119, 119], [255, 255, 255])).toBeLessThan(4.5);
});

test('contrast does not depend on which is the text', () => {
  fc.assert(fc.property(colour, colour, (a, b) => contrastRatio(a, b) === contrastRatio(b, a)));
});

test('whatever a brand brings, the text can be read', () => {
  let correctedCount = 0;
  fc.assert(
    fc.property(colour, colour, (background, text) => {
      const { text: readable, wasCorrected } = readableOn(background, text);
      if (wasCorrected) correctedCount += 1;
      else expect(readable).toEqual(text);
      expect(contrastRatio(background, readable)).toBeGreaterThanOrEqual(MIN_CONTRAST_RATIO);
    }),
  );
  expect(correctedCount).toBeGreaterThan(0);
});

test('colours are read as the browser resolves them', () => {
  expect(parseRgb('rgb(1, 2, 3)')).toEqual([1, 2, 3]);
  expect(parseRgb('rgba(1, 2, 3, 0.5)')).toEqual([1, 2, 3]);
  expect(parseRgb('rgb(1 2 3 / 0.5)')).toEqual([1, 2, 3]);
  expect(parseRgb('oklch(1 0 0)')).toBeNull();
});
