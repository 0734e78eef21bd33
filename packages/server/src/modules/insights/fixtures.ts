// A small line-up for the tests of insights and copilot.
import type { Product, ProductId, ViewerId } from '@insp/protocol';

const hex = (n: number) => n.toString(16).padStart(32, '0');
export const productId = (n: number): ProductId => `prd_${hex(n)}`;
export const viewerId = (n: number): ViewerId => `vwr_${hex(n)}`;

export function sampleProduct(n: number, title: string, more: Partial<Product> = {}): Product {
  return {
    id: productId(n),
    externalId: `ext-${n}`,
    title,
    brand: 'Halden',
    description: '',
    category: 'home',
    url: 'https://shop.example/p',
    imageUrl: null,
    facts: [
      { name: 'Material', value: '100 % European linen' },
      { name: 'Care', value: 'machine wash at 40 °C' },
    ],
    optionNames: ['Colour'],
    variants: [
      {
        id: `var_${hex(n)}`,
        sku: `S-${n}-A`,
        options: { Colour: 'sand' },
        priceMinor: 8900,
        originalPriceMinor: null,
        currency: 'EUR',
        stockCount: 12,
        isAvailable: true,
      },
      {
        id: `var_${hex(n + 1000)}`,
        sku: `S-${n}-B`,
        options: { Colour: 'red' },
        priceMinor: 8900,
        originalPriceMinor: null,
        currency: 'EUR',
        stockCount: 3,
        isAvailable: true,
      },
    ],
    updatedAt: 0,
    ...more,
  };
}
