// The order webhook: how the shop tells Insp what was really bought. Signed by Standard Webhooks
// (standardwebhooks.com): headers webhook-id, webhook-timestamp, webhook-signature over `id.timestamp.body`.
import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { amountMinorSchema, currencySchema, epochMsSchema, idSchema } from './basics.ts';

export const orderLineSchema = z.strictObject({
  /** The shop's own line id: (order, line) is unique. */
  lineId: z.string().min(1).max(100),
  sku: z.string().min(1).max(100),
  /** External product id as in the feed. */
  productRef: z.string().min(1).max(100),
  quantity: z.int().min(1).max(10_000),
  /** Paid for the whole line, after coupons, without tax and shipping. */
  amountMinor: amountMinorSchema.min(0),
  /** Exactly what `addToCart` was given; absent when the line did not come from a show. */
  showToken: z.string().max(2_048).optional(),
});

export const orderPaidSchema = z.strictObject({
  type: z.literal('order.paid'),
  timestamp: z.iso.datetime(),
  data: z.strictObject({
    orderRef: z.string().min(1).max(100),
    /** The shop's customer id, the same as `sub` of the viewer token; absent for guests. */
    customerRef: z.string().min(1).max(200).optional(),
    customerName: z.string().max(60).optional(),
    currency: currencySchema,
    placedAt: z.iso.datetime(),
    simulated: z.boolean().default(false),
    lines: z.array(orderLineSchema).min(1).max(LIMITS.orderLines),
  }),
});

export const orderRefundedSchema = z.strictObject({
  type: z.literal('order.refunded'),
  timestamp: z.iso.datetime(),
  data: z.strictObject({
    orderRef: z.string().min(1).max(100),
    /** One refund counts once, however often it is told. */
    refundRef: z.string().min(1).max(100),
    currency: currencySchema,
    lines: z
      .array(z.strictObject({ lineId: z.string().min(1).max(100), quantity: z.int().min(0), amountMinor: amountMinorSchema.min(0) }))
      .min(1)
      .max(LIMITS.orderLines),
  }),
});

/** Stock told by the shop at any time; flips cards at once. */
export const stockChangedSchema = z.strictObject({
  type: z.literal('stock.changed'),
  timestamp: z.iso.datetime(),
  data: z.strictObject({
    items: z
      .array(z.strictObject({ sku: z.string().min(1).max(100), stockCount: z.int().min(0) }))
      .min(1)
      .max(1_000),
  }),
});

export const shopWebhookSchema = z.discriminatedUnion('type', [orderPaidSchema, orderRefundedSchema, stockChangedSchema]);

/** What a shop reads back from its webhook. Warnings refuse nothing: the order is kept. */
export const shopWebhookAnswerSchema = z.strictObject({
  /** True when this was told before; nothing was counted again. */
  isRepeat: z.boolean(),
  orderId: idSchema('ord').nullable(),
  attributedLineCount: z.int(),
  warnings: z.array(z.strictObject({ pointer: z.string(), code: z.string(), message: z.string() })),
});

/** A stored order as the console and reports see it; amounts are those of its lines of the show. */
export const orderSchema = z.strictObject({
  id: idSchema('ord'),
  orderRef: z.string(),
  showId: idSchema('shw').nullable(),
  highlightId: idSchema('hlt').nullable(),
  /** How it was matched: by the signed token, or not at all. Never guessed. */
  attribution: z.enum(['token', 'none']),
  currency: currencySchema,
  totalMinor: z.int(),
  refundedMinor: z.int(),
  isSimulated: z.boolean(),
  placedAt: epochMsSchema,
});

export type OrderLine = z.infer<typeof orderLineSchema>;
export type OrderPaid = z.infer<typeof orderPaidSchema>;
export type OrderRefunded = z.infer<typeof orderRefundedSchema>;
export type StockChanged = z.infer<typeof stockChangedSchema>;
export type ShopWebhook = z.infer<typeof shopWebhookSchema>;
export type ShopWebhookAnswer = z.infer<typeof shopWebhookAnswerSchema>;
export type Order = z.infer<typeof orderSchema>;
