// What the shop tells Insp of its products: the feed the console imports, and the answer to `provideProducts`.
import { allProducts, findProduct, findVariant, picturePath } from '../catalog/catalog.ts';
import { CURRENCY, type ShopProduct } from '../catalog/product.ts';

export const BRAND = 'Marram';
type Stock = ReadonlyMap<string, number>;

const firstPicture = (product: ShopProduct) => product.variants[0]?.picture ?? 'main';

/** `GET /feed.json`: every product in Insp's feed format, with absolute addresses. */
export function productFeed(shopUrl: string, stock: Stock) {
  return {
    products: allProducts().map((product) => ({
      externalId: product.id,
      title: product.name,
      brand: BRAND,
      description: product.description,
      category: product.group,
      url: `${shopUrl}/products/${product.id}`,
      imageUrl: shopUrl + picturePath(product, firstPicture(product)),
      facts: product.facts.map(({ name, value }) => ({ name: name.toLowerCase(), value })),
      optionNames: product.optionNames,
      variants: product.variants.map((variant) => {
        const stockCount = Math.max(0, stock.get(variant.sku) ?? 0);
        return {
          sku: variant.sku,
          options: variant.options,
          priceMinor: variant.priceMinor,
          originalPriceMinor: variant.originalPriceMinor,
          currency: CURRENCY,
          stockCount,
          isAvailable: stockCount > 0,
        };
      }),
    })),
  };
}

/** One product as `provideProducts` answers it. Insp asks by the external id of the feed; a sku is understood too. */
export function embedProduct(ref: string, shopUrl: string, stock: Stock) {
  const product = findProduct(ref) ?? findVariant(ref)?.product;
  if (!product) return null;
  const pictures = Object.keys(product.pictures).map((picture) => shopUrl + picturePath(product, picture));
  return {
    id: product.id,
    name: product.name,
    brand: BRAND,
    url: `${shopUrl}/products/${product.id}`,
    images: pictures,
    options: product.optionNames,
    variants: product.variants.map((variant) => ({
      sku: variant.sku,
      options: variant.options,
      inStock: Math.max(0, stock.get(variant.sku) ?? 0),
      price: {
        current: variant.priceMinor,
        ...(variant.originalPriceMinor === null ? {} : { original: variant.originalPriceMinor }),
        currency: CURRENCY,
      },
    })),
  };
}
