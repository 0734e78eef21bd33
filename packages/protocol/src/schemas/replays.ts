// The replay of a show that is over: what viewers get of it, and what its staff can do with it. Positions are ms since
// the first frame of the replay; times are UTC.
import * as z from 'zod';
import { epochMsSchema, idSchema } from './basics.ts';
import { chatMessageSchema } from './chat.ts';

/** What the plug-in plays when the show has ended. */
export const publicReplaySchema = z.strictObject({
  /** HLS, `EXT-X-PLAYLIST-TYPE:VOD`; product moments are date ranges in it. */
  playlistUrl: z.url(),
  durationMs: z.int(),
  /** `replayChaptersSchema` as JSON; the same as WebVTT is beside it (`chapters.vtt`). */
  chaptersUrl: z.url(),
  /** WebVTT with pieces of large pictures (`#xywh=`); null until it is made. */
  storyboardUrl: z.url().nullable(),
  posterUrl: z.url().nullable(),
});

export const replayChaptersSchema = z.strictObject({
  durationMs: z.int(),
  chapters: z.array(
    z.strictObject({
      /** Null for what comes before the first product. */
      highlightId: idSchema('hlt').nullable(),
      productId: idSchema('prd').nullable(),
      title: z.string(),
      startMs: z.int(),
      endMs: z.int(),
    }),
  ),
});

/**
 * What was said in one minute of the show's picture, removed messages left out: `chat-<minute>.json` beside the playlist, of a
 * replay and of a show that is watched from its beginning. The minute is counted from the epoch (UTC), as `postedAt` is.
 */
export const replayChatSchema = z.strictObject({ minute: z.int().min(0), messages: z.array(chatMessageSchema) });

const trimSchema = z.strictObject({ startMs: z.int().min(0), endMs: z.int().min(1) });

export const replaySchema = z.strictObject({
  showId: idSchema('shw'),
  /** `none`: nothing was recorded. `recording`: the show goes on. `removed`: by somebody, or by age. */
  state: z.enum(['none', 'recording', 'ready', 'removed']),
  /** Whether viewers may see it. */
  isPublic: z.boolean(),
  readyAt: epochMsSchema.nullable(),
  /** Of all that was on air, and of what viewers see. */
  fullDurationMs: z.int(),
  durationMs: z.int(),
  /** Positions in all that was on air; null = not trimmed. */
  trim: trimSchema.nullable(),
  /** Without the silence and black at its ends; null when there is none, or it is not known yet. */
  suggestedTrim: trimSchema.nullable(),
  /** All that was on air, for staff: relative to this server, needs the session. Null until there is something. */
  playlistUrl: z.string().nullable(),
  publicReplay: publicReplaySchema.nullable(),
  /** Positions in all that was on air. */
  chapters: replayChaptersSchema.shape.chapters,
  byteCount: z.int(),
  /** What could not be recorded, while the show itself went on. */
  gaps: z.strictObject({ count: z.int(), durationMs: z.int(), cause: z.string().nullable() }),
  pictures: z.enum(['none', 'making', 'ready', 'failed']),
  posterUrl: z.string().nullable(),
  storyboardUrl: z.string().nullable(),
  /** The MP4 of what viewers see. */
  file: z.strictObject({
    state: z.enum(['none', 'making', 'ready', 'failed']),
    progressRatio: z.number(),
    byteCount: z.int().nullable(),
    url: z.string().nullable(),
  }),
});

/** What is left out stays. `trim: null` undoes a trim. */
export const updateReplaySchema = z.strictObject({ trim: trimSchema.nullable().optional(), isPublic: z.boolean().optional() });

export type PublicReplay = z.infer<typeof publicReplaySchema>;
export type ReplayChat = z.infer<typeof replayChatSchema>;
export type ReplayChapters = z.infer<typeof replayChaptersSchema>;
export type Replay = z.infer<typeof replaySchema>;
export type UpdateReplay = z.infer<typeof updateReplaySchema>;
