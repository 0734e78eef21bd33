// What the shop's routes take, as JSON schemas for Fastify's validator. Everything has a limit.
import { CART_LIMITS } from '../store/carts.ts';

const sku = { type: 'string', minLength: 1, maxLength: 100 };
const quantity = { type: 'integer', minimum: 1, maximum: CART_LIMITS.quantityPerLine };
const quantityOrNone = { type: 'integer', minimum: 0, maximum: CART_LIMITS.quantityPerLine };
const requestId = { type: 'string', minLength: 8, maxLength: 100 };
const name = { type: 'string', minLength: 1, maxLength: 60, pattern: '\\S' };
const email = { type: 'string', maxLength: 200, pattern: '^[^\\s@]+@[^\\s@]+$' };
const optionalText = (maxLength: number) => ({ type: ['string', 'null'], maxLength });

const body = (required: string[], properties: Record<string, object>) => ({ type: 'object', required, properties });

export type QuantityForm = { sku: string; quantity: number };
export const addBody = body(['sku', 'quantity'], { sku, quantity });
export const updateBody = body(['sku', 'quantity'], { sku, quantity: quantityOrNone });

export type BuyerForm = { key: string; name: string; email: string };
export const buyerBody = body(['key', 'name', 'email'], { key: requestId, name, email });

export type AddRequest = QuantityForm & { requestId: string; coupon?: string | null; showToken?: string | null };
export const addLineBody = body(['sku', 'quantity', 'requestId'], {
  sku,
  quantity,
  requestId,
  coupon: optionalText(40),
  showToken: optionalText(CART_LIMITS.showTokenLength),
});

export type UpdateRequest = { quantity: number; requestId: string };
export const updateLineBody = body(['quantity', 'requestId'], { quantity: quantityOrNone, requestId });

export type OrderRequest = BuyerForm & { simulated?: boolean; customerRef?: string | null };
export const orderBody = body(['key', 'name', 'email'], {
  key: requestId,
  name,
  email,
  simulated: { type: 'boolean' },
  customerRef: optionalText(200),
});

export type StockRequest = { items: { sku: string; stockCount: number }[] };
export const stockBody = body(['items'], {
  items: {
    type: 'array',
    minItems: 1,
    maxItems: 1_000,
    items: body(['sku', 'stockCount'], { sku, stockCount: { type: 'integer', minimum: 0, maximum: 1_000_000 } }),
  },
});
