import type { Product, Variant } from '@insp/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Choices, choose, chosenVariant, isBuyable, isSoldOut, optionGroups, optionNames, priceOf } from './options.ts';

const variant = (options: Record<string, string>, more: Partial<Variant> = {}): Variant => ({
  id: 'var_1',
  sku: JSON.stringify(options),
  options,
  priceMinor: 1_000,
  originalPriceMinor: null,
  currency: 'EUR',
  stockCount: null,
  isAvailable: true,
  ...more,
});
const product = (variants: Variant[], names: string[] = []): Product =>
  ({
    id: 'prd_1',
    externalId: 'p',
    title: 'Throw',
    brand: '',
    description: '',
    category: '',
    url: 'https://s',
    imageUrl: null,
    facts: [],
    optionNames: names,
    variants,
    updatedAt: 0,
  }) as Product;

/** Products with up to four dimensions and any subset of their combinations. */
const anyProduct = fc
  .array(
    fc.tuple(
      fc.constantFrom('Colour', 'Size', 'Fabric', 'Closing'),
      fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((dimensions) => [...new Map(dimensions)])
  .chain((dimensions) => {
    const all = dimensions.reduce<Record<string, string>[]>(
      (done, [name, values]) => done.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
      [{}],
    );
    return fc.subarray(all, { minLength: 1 }).map((some) =>
      product(
        some.map((options) => variant(options)),
        dimensions.map(([name]) => name),
      ),
    );
  });

test('any variant can be reached from any choices by choosing its values one after the other', () => {
  fc.assert(
    fc.property(anyProduct, fc.nat(), fc.nat(), (given, from, to) => {
      const start = given.variants[from % given.variants.length]!;
      const target = given.variants[to % given.variants.length]!;
      let choices: Choices = start.options;
      for (const [name, value] of Object.entries(target.options)) choices = choose(given, choices, name, value);
      // Earlier values of the target are never dropped: they stand together in the target.
      for (const [name, value] of Object.entries(target.options)) choices = choose(given, choices, name, value);
      expect(chosenVariant(given, choices)).toEqual(target);
    }),
  );
});

test('whatever is chosen, some variant fits it, and the value just chosen is in', () => {
  fc.assert(
    fc.property(anyProduct, fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 8 }), (given, taps) => {
      let choices: Choices = {};
      for (const [dimension, index] of taps) {
        const groups = optionGroups(given, choices);
        const group = groups[dimension % groups.length]!;
        const { value } = group.values[index % group.values.length]!;
        choices = choose(given, choices, group.name, value);
        expect(choices[group.name]).toBe(value);
        expect(given.variants.some((known) => Object.entries(choices).every(([name, chosen]) => known.options[name] === chosen))).toBe(
          true,
        );
      }
    }),
  );
});

test('a value that no variant has with the others is offered, marked, and takes you there', () => {
  const given = product([variant({ Colour: 'red', Size: 'M' }), variant({ Colour: 'blue', Size: 'L' })], ['Colour', 'Size']);
  const groups = optionGroups(given, { Colour: 'red' });
  expect(groups[1]?.values).toEqual([
    { value: 'M', isChosen: false, isPossible: true, isAvailable: true },
    { value: 'L', isChosen: false, isPossible: false, isAvailable: false },
  ]);
  expect(choose(given, { Colour: 'red' }, 'Size', 'L')).toEqual({ Size: 'L' });
});

test('a single variant needs no choice; dimensions the product forgot to list are found', () => {
  expect(chosenVariant(product([variant({})]), {})).not.toBeNull();
  expect(optionNames(product([variant({ Size: 'M' }), variant({ Size: 'L' })]))).toEqual(['Size']);
});

test('sold out means no variant can be bought; zero units cannot, unknown units can', () => {
  expect(isBuyable(variant({}, { stockCount: 0 }))).toBe(false);
  expect(isBuyable(variant({}, { stockCount: null }))).toBe(true);
  expect(isBuyable(variant({}, { isAvailable: false, stockCount: 3 }))).toBe(false);
  expect(isSoldOut(product([variant({}, { stockCount: 0 }), variant({}, { isAvailable: false })]))).toBe(true);
});

test('the price is the chosen one, or the lowest that can be bought, marked as from', () => {
  const given = product(
    [
      variant({ Size: 'S' }, { priceMinor: 500, isAvailable: false }),
      variant({ Size: 'M' }, { priceMinor: 900, originalPriceMinor: 1_200 }),
      variant({ Size: 'L' }, { priceMinor: 1_100 }),
    ],
    ['Size'],
  );
  expect(priceOf(given, {})).toEqual({ priceMinor: 900, originalMinor: 1_200, currency: 'EUR', isFrom: true });
  expect(priceOf(given, { Size: 'L' })).toEqual({ priceMinor: 1_100, originalMinor: null, currency: 'EUR', isFrom: false });
  expect(priceOf(product([variant({}, { originalPriceMinor: 800 })]), {}).originalMinor).toBeNull();
});
