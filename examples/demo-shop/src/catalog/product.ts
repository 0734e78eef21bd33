// What the shop knows of a product. Prices are integer minor units of EUR; stock at opening is the number the
// shelves hold on the first day, the running number lives in the journal (store/shop-state.ts).
import type { Crop, Drawing } from '../pictures/canvas.ts';

export const CURRENCY = 'EUR';
export const GROUPS = ['Textiles', 'Table', 'Kitchen', 'Light & living'] as const;
export type Group = (typeof GROUPS)[number];

export type ShopVariant = {
  sku: string;
  options: Readonly<Record<string, string>>;
  priceMinor: number;
  originalPriceMinor: number | null;
  openingStockCount: number;
  /** Key into the product's pictures. */
  picture: string;
};

export type ShopProduct = {
  id: string;
  group: Group;
  name: string;
  tagline: string;
  description: string;
  facts: readonly { name: string; value: string }[];
  optionNames: readonly string[];
  variants: readonly ShopVariant[];
  pictures: Readonly<Record<string, { colour: string; draw: () => Drawing }>>;
  /** The part of the picture shown large as second view. */
  detail: Crop;
};

type Draw = (colour: string, label: string) => Drawing;
type Choice = { name: string; code: string; colour?: string; priceMinor?: number };

/** A product written down once: every combination of its choices becomes a variant. */
export type ProductSheet = Omit<ShopProduct, 'variants' | 'pictures' | 'optionNames'> & {
  skuPrefix: string;
  priceMinor: number;
  originalPriceMinor?: number;
  draw: Draw;
  /** Colour of the picture when no option carries one. */
  colour?: string;
  options: Readonly<Record<string, readonly Choice[]>>;
  /** Units on the shelf by sku; `default` for all not named. */
  stock: Readonly<Record<string, number>> & { default: number };
};

const slug = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

/** Multiplies the choices of a sheet out into variants and their pictures. */
export function productFromSheet(sheet: ProductSheet): ShopProduct {
  const { skuPrefix, priceMinor, originalPriceMinor, draw, colour, options, stock, ...product } = sheet;
  let combinations: Choice[][] = [[]];
  for (const choices of Object.values(options)) combinations = combinations.flatMap((head) => choices.map((choice) => [...head, choice]));
  const optionNames = Object.keys(options);
  const pictures: Record<string, { colour: string; draw: () => Drawing }> = {};
  const variants = combinations.map((choices): ShopVariant => {
    const sku = [skuPrefix, ...choices.map((choice) => choice.code)].join('-');
    const coloured = choices.find((choice) => choice.colour !== undefined);
    const picture = coloured ? slug(coloured.name) : 'main';
    const paint = coloured?.colour ?? colour ?? '#c8b494';
    const label = coloured ? `${product.name}, ${coloured.name.toLowerCase()}` : product.name;
    pictures[picture] ??= { colour: paint, draw: () => draw(paint, label) };
    return {
      sku,
      options: Object.fromEntries(choices.map((choice, index) => [optionNames[index] as string, choice.name])),
      priceMinor: choices.reduce((price, choice) => choice.priceMinor ?? price, priceMinor),
      originalPriceMinor: originalPriceMinor ?? null,
      openingStockCount: stock[sku] ?? stock.default,
      picture,
    };
  });
  return { ...product, optionNames, variants, pictures };
}
