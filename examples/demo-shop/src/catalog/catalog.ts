import type { Group, ShopProduct, ShopVariant } from './product.ts';
import { RANGE } from './range.ts';

export type Found = { product: ShopProduct; variant: ShopVariant };

const byId = new Map(RANGE.map((product) => [product.id, product]));
const bySku = new Map(RANGE.flatMap((product) => product.variants.map((variant) => [variant.sku, { product, variant }] as const)));

export const allProducts = (): readonly ShopProduct[] => RANGE;
export const findProduct = (id: string): ShopProduct | undefined => byId.get(id);
export const findVariant = (sku: string): Found | undefined => bySku.get(sku);
export const productsOf = (group: Group): ShopProduct[] => RANGE.filter((product) => product.group === group);

/** What the shelves hold on the first day. */
export const openingStock = (): { sku: string; stockCount: number }[] =>
  [...bySku.values()].map(({ variant }) => ({ sku: variant.sku, stockCount: variant.openingStockCount }));

/** `Sand, 130 × 170 cm`, or nothing for a product without options. */
export const describeOptions = (variant: ShopVariant): string => Object.values(variant.options).join(', ');

export const picturePath = (product: ShopProduct, picture: string, view: 'main' | 'detail' = 'main'): string =>
  `/pictures/${product.id}/${picture}${view === 'detail' ? '-detail' : ''}.svg`;
