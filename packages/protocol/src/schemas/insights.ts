// What the live panels show. Every entry carries its reason in plain words (ui.md 1.5).
import * as z from 'zod';
import { currencySchema, epochMsSchema, idSchema } from './basics.ts';

export const viewerRelationSchema = z.enum(['new', 'returning', 'buyer']);

/** Audience View: who is here now. The list is ranked and short; the counts cover everybody. */
export const audienceSchema = z.strictObject({
  watchingCount: z.int(),
  newCount: z.int(),
  returningCount: z.int(),
  buyerCount: z.int(),
  /** True when some of those counted are simulated. */
  hasSimulated: z.boolean(),
  people: z.array(
    z.strictObject({
      viewerId: idSchema('vwr'),
      name: z.string(),
      relation: viewerRelationSchema,
      /** Past spend with this organization before the show; null where the reader may not see money. */
      pastSpendMinor: z.int().nullable(),
      currency: currencySchema.nullable(),
      pastOrderCount: z.int(),
      showsAttendedCount: z.int(),
      boughtInShow: z.boolean(),
      isSimulated: z.boolean(),
      /** e.g. "bought 3 times before, asked about the throw" */
      reason: z.string(),
    }),
  ),
  updatedAt: epochMsSchema,
});

/** Speak IQ: questions with the same normalized text become one, counted by distinct askers. */
export const questionClusterSchema = z.strictObject({
  id: idSchema('qst'),
  /** The wording most people used. */
  text: z.string(),
  askerCount: z.int(),
  messageCount: z.int(),
  productId: idSchema('prd').nullable(),
  /** Facts of the product that may answer it, quoted with their names; empty = nothing known, ask the host. */
  suggestedAnswer: z.string(),
  factNames: z.array(z.string()),
  state: z.enum(['open', 'answered']),
  firstAskedAt: epochMsSchema,
  lastAskedAt: epochMsSchema,
  reason: z.string(),
});
export const questionsSchema = z.strictObject({ clusters: z.array(questionClusterSchema), openCount: z.int(), updatedAt: epochMsSchema });

/** Sell IQ: which product next, beside what other rules would say. */
export const sellOrderSchema = z.strictObject({
  entries: z.array(
    z.strictObject({
      productId: idSchema('prd'),
      rank: z.int(),
      unitsRecent: z.int(),
      clicksRecent: z.int(),
      stockCount: z.int().nullable(),
      isOnDisplay: z.boolean(),
      isSoldOut: z.boolean(),
      /** e.g. "7 sold and 31 taps in the last 10 min, 12 left" */
      reason: z.string(),
    }),
  ),
  rule: z.string(),
  updatedAt: epochMsSchema,
});

/** A copilot card. `act` is what "take" does. */
export const cueSchema = z.strictObject({
  id: idSchema('cue'),
  lane: z.enum(['who', 'say', 'sell']),
  headline: z.string(),
  detail: z.string(),
  reason: z.string(),
  act: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('mark_answered'), questionClusterId: idSchema('qst') }),
    z.strictObject({ kind: z.literal('start_highlight'), productId: idSchema('prd') }),
    z.strictObject({ kind: z.literal('greet'), viewerId: idSchema('vwr') }),
    z.strictObject({ kind: z.literal('keep_live') }),
  ]),
  shownAt: epochMsSchema,
  expiresAt: epochMsSchema,
});

export type ViewerRelation = z.infer<typeof viewerRelationSchema>;
export type Audience = z.infer<typeof audienceSchema>;
export type QuestionCluster = z.infer<typeof questionClusterSchema>;
export type Questions = z.infer<typeof questionsSchema>;
export type SellOrder = z.infer<typeof sellOrderSchema>;
export type Cue = z.infer<typeof cueSchema>;
