// Products as Insp knows them. The shop's own answer to `provideProducts` (embed.ts) wins on the page for
// price and stock; this is the line-up, the copilot's facts and the fall-back.
import * as z from 'zod';
import { currencySchema, idSchema } from './basics.ts';

const text = (max: number) => z.string().trim().min(1).max(max);

export const variantSchema = z.strictObject({
  id: idSchema('var'),
  sku: text(100),
  /** Option name to value, e.g. { Colour: 'sand', Size: 'M' }; any number of dimensions. */
  options: z.record(text(40), text(80)),
  priceMinor: z.int().min(0),
  originalPriceMinor: z.int().min(0).nullable(),
  currency: currencySchema,
  /** Units left as last told by the shop; null = not told. */
  stockCount: z.int().min(0).nullable(),
  isAvailable: z.boolean(),
});

export const productSchema = z.strictObject({
  id: idSchema('prd'),
  externalId: text(100),
  title: text(200),
  brand: z.string().max(100),
  description: z.string().max(5_000),
  category: z.string().max(100),
  url: z.url().max(1_000),
  imageUrl: z.url().max(1_000).nullable(),
  /** Dated facts the copilot may answer from, e.g. { name: 'material', value: '100 % linen' }. */
  facts: z.array(z.strictObject({ name: text(60), value: text(400) })).max(40),
  optionNames: z.array(text(40)).max(10),
  variants: z.array(variantSchema).min(1).max(200),
  updatedAt: z.int(),
});

/** One row of an import: as `productSchema`, without what Insp itself assigns. */
export const productImportRowSchema = productSchema.omit({ id: true, updatedAt: true, variants: true }).extend({
  variants: z
    .array(variantSchema.omit({ id: true }))
    .min(1)
    .max(200),
});

/** The feed format a shop can serve: `GET feedUrl` -> this. */
export const productFeedSchema = z.strictObject({ products: z.array(z.unknown()) });

export const productImportRequestSchema = z.union([
  z.strictObject({ feedUrl: z.url().max(1_000) }),
  z.strictObject({ products: z.array(z.unknown()).max(10_000) }),
]);

export const productImportResultSchema = z.strictObject({
  createdCount: z.int(),
  updatedCount: z.int(),
  unchangedCount: z.int(),
  errors: z.array(z.strictObject({ row: z.int(), externalId: z.string().nullable(), pointer: z.string(), message: z.string() })),
});

export type Variant = z.infer<typeof variantSchema>;
export type Product = z.infer<typeof productSchema>;
export type ProductImportRow = z.infer<typeof productImportRowSchema>;
export type ProductImportRequest = z.infer<typeof productImportRequestSchema>;
export type ProductImportResult = z.infer<typeof productImportResultSchema>;
