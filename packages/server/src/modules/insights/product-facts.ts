// Which dated facts of a product may answer a question: structured fields only, quoted with their names, never
// made up. No match is an answer too ("nothing on record").
import type { Product } from '@insp/protocol';
import { formatMoney } from '@insp/protocol';

/** What people say when they mean a field. Fields are matched by these words and by their own name and value. */
const FIELD_WORDS: Readonly<Record<string, string>> = {
  material: 'material made fabric cotton linen wool leather wood ceramic glass metal real synthetic organic vegan',
  size: 'size sizes big large small tall wide long dimension measure cm inch height width length fit fits',
  care: 'care wash washing washable dishwasher clean machine iron dry hand oven microwave safe',
  origin: 'origin where made country local produced handmade',
  colour: 'colour color colours colors red blue green black white grey gray beige sand yellow pink brown navy orange purple shade',
  price: 'price cost much expensive cheap euro eur dollar discount sale',
  stock: 'stock left many sold out restock again back',
  shipping: 'ship shipping deliver delivery arrive',
  weight: 'weight heavy light gram kilo kg',
};

export type FactMatch = { factNames: string[]; answer: string };

type Field = { name: string; value: string };

function fieldsOf(product: Product, locale: string): Field[] {
  const options = product.optionNames.map((name) => ({
    name,
    value:
      [...new Set(product.variants.filter((variant) => variant.isAvailable).map((variant) => variant.options[name] ?? ''))]
        .filter(Boolean)
        .join(', ') || 'sold out',
  }));
  const prices = product.variants.map((variant) => variant.priceMinor);
  const currency = product.variants[0]?.currency ?? 'EUR';
  const low = Math.min(...prices);
  const high = Math.max(...prices);
  const show = (amountMinor: number) => formatMoney({ amountMinor, currency }, locale);
  const known = product.variants.map((variant) => variant.stockCount).filter((count) => count !== null);
  const left = known.reduce((sum, count) => sum + count, 0);
  return [
    ...product.facts,
    ...options,
    { name: 'price', value: low === high ? show(low) : `${show(low)} to ${show(high)}` },
    ...(known.length > 0 ? [{ name: 'stock', value: left === 0 ? 'sold out' : `${left} left` }] : []),
  ];
}

/** Matches the content words of a question to the product's fields; at most two are quoted, best first. */
export function matchFacts(words: readonly string[], product: Product, locale: string): FactMatch {
  const scored = fieldsOf(product, locale)
    .map((field) => ({ field, score: scoreField(field, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, 2);
  return {
    factNames: scored.map(({ field }) => field.name),
    answer: scored.map(({ field }) => `${field.name}: ${field.value}`).join(' · '),
  };
}

function scoreField(field: Field, words: readonly string[]): number {
  const name = field.name.toLowerCase();
  const aliases =
    Object.entries(FIELD_WORDS)
      .find(([key]) => name.startsWith(key) || key.startsWith(name))?.[1]
      .split(' ') ?? [];
  const own = new Set(`${name} ${field.value.toLowerCase()}`.split(/[^\p{L}\p{N}]+/u));
  return words.reduce((sum, word) => sum + (own.has(word) || own.has(`${word}s`) ? 2 : aliases.includes(word) ? 1 : 0), 0);
}
