import * as z from 'zod';
import { epochMsSchema, idSchema } from './basics.ts';

/** Who wrote it: a shopper, the brand's people, or (later) a shopper on another platform. */
export const chatAuthorSchema = z.strictObject({
  kind: z.enum(['viewer', 'staff']),
  /** Viewer id, or member id for staff. */
  id: z.string(),
  name: z.string(),
  /** Set when the author bought in this show; drawn as a small mark. */
  isBuyer: z.boolean(),
  isSimulated: z.boolean(),
});

export const chatMessageSchema = z.strictObject({
  id: idSchema('msg'),
  /** Order within the room, from 1, without holes in the archive. */
  seq: z.int().min(1),
  author: chatAuthorSchema,
  text: z.string(),
  postedAt: epochMsSchema,
  platform: z.literal('insp'),
});

/** What staff additionally see of a message. */
export const moderatedMessageSchema = chatMessageSchema.extend({
  state: z.enum(['visible', 'removed']),
  removedBy: z.string().nullable(),
  reason: z.string().nullable(),
});

export const banSchema = z.strictObject({
  viewerId: idSchema('vwr'),
  viewerName: z.string(),
  scope: z.enum(['show', 'organization']),
  reason: z.string(),
  untilMs: epochMsSchema.nullable(),
  bannedAt: epochMsSchema,
  bannedBy: z.string(),
});

export type ChatAuthor = z.infer<typeof chatAuthorSchema>;
export type ChatMessage = z.infer<typeof chatMessageSchema>;
export type ModeratedMessage = z.infer<typeof moderatedMessageSchema>;
export type Ban = z.infer<typeof banSchema>;
