import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { RESTREAM_COMMANDS, RESTREAM_MODES, RESTREAM_PLATFORMS, RESTREAM_REASONS, RESTREAM_STATES } from '../restream.ts';
import { epochMsSchema, idSchema } from './basics.ts';

const name = z.string().trim().min(1).max(LIMITS.restreamNameLength);
const url = z.string().trim().min(1).max(LIMITS.restreamUrlLength);
/** Printable and without spaces: a key that was copied with a line end would be refused by every platform. */
const streamKey = z
  .string()
  .trim()
  .min(1)
  .max(LIMITS.restreamKeyLength)
  .regex(/^[\x21-\x7e]+$/, 'must have no spaces or line breaks');

export const restreamPlatformSchema = z.enum(RESTREAM_PLATFORMS);

export const createRestreamTargetSchema = z.strictObject({
  name,
  platform: restreamPlatformSchema,
  /** `rtmp://` or `rtmps://`, without the key. */
  url,
  streamKey,
  isEnabled: z.boolean().default(true),
});
export const updateRestreamTargetSchema = z.strictObject({
  name: name.optional(),
  platform: restreamPlatformSchema.optional(),
  url: url.optional(),
  streamKey: streamKey.optional(),
  position: z.int().min(0).max(LIMITS.restreamTargetsPerShow).optional(),
  isEnabled: z.boolean().optional(),
});
export const restreamCommandSchema = z.strictObject({ command: z.enum(RESTREAM_COMMANDS) });

export const restreamStatusSchema = z.strictObject({
  state: z.enum(RESTREAM_STATES),
  reason: z.enum(RESTREAM_REASONS),
  /** The platform's own words, where it gave some; never a key. */
  detail: z.string(),
  /** Null while it has not been run for this show. */
  since: epochMsSchema.nullable(),
  /** Tries in a row that did not last. */
  attemptCount: z.int(),
  nextTryAt: epochMsSchema.nullable(),
  /** Since when it has been on air without a break. */
  liveSince: epochMsSchema.nullable(),
  /** Over the last seconds; null while nothing is sent. */
  bitrateBitsPerSec: z.int().nullable(),
  /** Pictures left out for this target since the show began, because its line was too slow. */
  droppedFrameCount: z.int(),
});

export const restreamTargetSchema = z.strictObject({
  id: idSchema('rst'),
  showId: idSchema('shw'),
  name: z.string(),
  platform: restreamPlatformSchema,
  url: z.string(),
  /** Empty for a key too short to show a part of. */
  streamKeyLastFour: z.string(),
  position: z.int(),
  /** Goes on air with the show. */
  isEnabled: z.boolean(),
  mode: z.enum(RESTREAM_MODES),
  status: restreamStatusSchema,
});
export const restreamTargetsSchema = z.strictObject({ targets: z.array(restreamTargetSchema) });

export const restreamChangeSchema = z.strictObject({
  seq: z.int(),
  at: epochMsSchema,
  from: z.enum(RESTREAM_STATES),
  to: z.enum(RESTREAM_STATES),
  reason: z.enum(RESTREAM_REASONS),
  detail: z.string(),
  attemptCount: z.int(),
});

export type CreateRestreamTarget = z.infer<typeof createRestreamTargetSchema>;
export type UpdateRestreamTarget = z.infer<typeof updateRestreamTargetSchema>;
export type RestreamStatus = z.infer<typeof restreamStatusSchema>;
export type RestreamTarget = z.infer<typeof restreamTargetSchema>;
export type RestreamTargets = z.infer<typeof restreamTargetsSchema>;
export type RestreamChange = z.infer<typeof restreamChangeSchema>;
