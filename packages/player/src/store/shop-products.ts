// The shop's own word on price, stock and pictures wins on its page (catalog.ts): its answers to
// `provideProducts` and `updateProducts` are laid over the line-up.
import type { EmbedProduct, EmbedVariant, Product, Variant } from '@insp/protocol';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Reads what a shop handed over; anything that is no product is left out. */
export function parseEmbedProducts(value: unknown): EmbedProduct[] {
  const list = Array.isArray(value) ? value : isObject(value) && Array.isArray(value.products) ? value.products : [];
  return list
    .filter((item): item is EmbedProduct => isObject(item) && typeof item.id === 'string' && Array.isArray(item.variants))
    .slice(0, 500);
}

/** Lays the shop's products over ours. They match by our id or by the shop's own; unknown ones are ignored. */
export function overlayProducts(known: readonly Product[], given: readonly EmbedProduct[]): readonly Product[] {
  if (given.length === 0) return known;
  const byId = new Map(given.map((product) => [product.id, product]));
  return known.map((product) => {
    const shops = byId.get(product.id) ?? byId.get(product.externalId);
    return shops ? overlay(product, shops) : product;
  });
}

function overlay(product: Product, shops: EmbedProduct): Product {
  const variants = shops.variants
    .filter(
      (variant) =>
        isObject(variant) && typeof variant.sku === 'string' && isObject(variant.price) && Number.isFinite(variant.price.current),
    )
    .map((variant) => overlayVariant(product, variant));
  return {
    ...product,
    title: shops.name || product.title,
    brand: shops.brand ?? product.brand,
    url: shops.url || product.url,
    imageUrl: shops.images?.[0] ?? product.imageUrl,
    optionNames: shops.options?.length ? shops.options : product.optionNames,
    variants: variants.length > 0 ? variants : product.variants,
  };
}

function overlayVariant(product: Product, shops: EmbedVariant): Variant {
  const known = product.variants.find((variant) => variant.sku === shops.sku);
  const stockCount = typeof shops.inStock === 'number' ? Math.max(0, Math.trunc(shops.inStock)) : null;
  return {
    id: known?.id ?? (`var_${shops.sku}` as Variant['id']),
    sku: shops.sku,
    options: shops.options ?? known?.options ?? {},
    priceMinor: Math.trunc(shops.price.current),
    originalPriceMinor: shops.price.original === undefined ? null : Math.trunc(shops.price.original),
    currency: shops.price.currency,
    stockCount,
    isAvailable: shops.inStock !== false && stockCount !== 0,
  };
}

/** A stock told by the server after the shop's answer is the newer truth; the price stays the shop's. */
export function freshenStock(given: readonly EmbedProduct[], changed: readonly Product[]): readonly EmbedProduct[] {
  const stock = new Map(changed.flatMap((product) => product.variants).map((variant) => [variant.sku, variant]));
  return given.map((product) => ({
    ...product,
    variants: product.variants.map((variant) => {
      const now = stock.get(variant.sku);
      return now ? { ...variant, inStock: now.isAvailable ? (now.stockCount ?? true) : false } : variant;
    }),
  }));
}
