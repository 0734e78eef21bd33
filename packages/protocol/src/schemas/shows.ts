import * as z from 'zod';
import { AUTO_END_CAUSES, HEALTH_LEVELS, HEALTH_SIGNALS, HEALTH_UNITS } from '../health-signals.ts';
import { INGEST_SOURCES } from '../ingest-sources.ts';
import { LIMITS } from '../limits.ts';
import { SHOW_COMMANDS, SHOW_STATES } from '../show-states.ts';
import { epochMsSchema, idSchema, orgIdSchema } from './basics.ts';
import { productSchema } from './catalog.ts';
import { publicReplaySchema } from './replays.ts';

export const lineUpItemSchema = z.strictObject({ productId: idSchema('prd'), note: z.string().max(300) });

/** What is on display. One of up to three; the newest is the featured product. */
export const highlightSchema = z.strictObject({
  id: idSchema('hlt'),
  kind: z.literal('product'),
  productId: idSchema('prd'),
  startedAt: epochMsSchema,
});

/** One thing that is watched of the picture. `sentence` is empty when all is well and nothing is new. */
export const healthSignalSchema = z.strictObject({
  name: z.enum(HEALTH_SIGNALS),
  level: z.enum(HEALTH_LEVELS),
  /** In `unit`; null when it is not measured. */
  value: z.number().nullable(),
  unit: z.enum(HEALTH_UNITS),
  sentence: z.string(),
});

/** Health of the incoming picture, and one sentence for the host when something is wrong (ui.md 1.5). */
export const streamHealthSchema = z.strictObject({
  status: z.enum(['no_encoder', 'starting', 'good', 'warning', 'bad']),
  /** Empty when all is well: silence is "fine". */
  advice: z.string(),
  /** Whose picture this is; null without an encoder. */
  source: z.enum(INGEST_SOURCES).nullable(),
  /** The other encoder: away, connected, or able to go on air at once. */
  standby: z.enum(['none', 'connected', 'ready']),
  videoCodec: z.string().nullable(),
  audioCodec: z.string().nullable(),
  widthPx: z.int().nullable(),
  heightPx: z.int().nullable(),
  framesPerSec: z.number().nullable(),
  bitrateBitsPerSec: z.number().nullable(),
  keyFrameIntervalMs: z.number().nullable(),
  /** Every signal that is watched, the worst first. */
  signals: z.array(healthSignalSchema),
  updatedAt: epochMsSchema,
});

/** The values of an hour, to be drawn: the last five minutes by the second, what is older every ten seconds. */
export const healthHistorySchema = z.strictObject({
  /** What stands in a point after its time, in this order. */
  names: z.array(z.enum(HEALTH_SIGNALS)),
  /** Oldest first: [epoch ms, value of each name]. */
  points: z.array(z.array(z.number().nullable())),
});

export const streamHealthReportSchema = z.strictObject({ health: streamHealthSchema, history: healthHistorySchema });

/** A broadcast nobody seems to need ends by itself at `endsAt`, unless somebody says to keep it (LC6). */
export const autoEndWarningSchema = z.strictObject({
  cause: z.enum(AUTO_END_CAUSES),
  endsAt: epochMsSchema,
  /** The last warning before the end. */
  isLast: z.boolean(),
  sentence: z.string(),
});
export const autoEndStatusSchema = z.strictObject({ warning: autoEndWarningSchema.nullable() });

export const showSchema = z.strictObject({
  id: idSchema('shw'),
  orgId: orgIdSchema,
  title: z.string(),
  description: z.string(),
  hostName: z.string(),
  state: z.enum(SHOW_STATES),
  /** Counts changes of the plan (texts, time, line-up); send it as If-Match to refuse a lost update. */
  version: z.int(),
  isSimulated: z.boolean(),
  scheduledAt: epochMsSchema.nullable(),
  liveAt: epochMsSchema.nullable(),
  endedAt: epochMsSchema.nullable(),
  /** When the grace after an encoder loss runs out; null unless state is encoder_lost. */
  graceEndsAt: epochMsSchema.nullable(),
  createdAt: epochMsSchema,
  lineUp: z.array(lineUpItemSchema),
  highlights: z.array(highlightSchema),
  streamKeyLastFour: z.string().nullable(),
  /** Of the backup encoder's key. */
  backupKeyLastFour: z.string().nullable(),
  /** Where staff watch the incoming picture, also before the show is live. Null when none has come yet. */
  previewPlaylistUrl: z.url().nullable(),
});

export const createShowSchema = z.strictObject({
  title: z.string().trim().min(1).max(LIMITS.showTitleLength),
  description: z.string().trim().max(LIMITS.showDescriptionLength).default(''),
  hostName: z.string().trim().max(60).default(''),
  scheduledAt: epochMsSchema.nullable().default(null),
  /** A demo show: all of it is marked as simulated. Absent = false. */
  isSimulated: z.boolean().optional(),
});

export const updateShowSchema = z.strictObject({
  title: z.string().trim().min(1).max(LIMITS.showTitleLength).optional(),
  description: z.string().trim().max(LIMITS.showDescriptionLength).optional(),
  hostName: z.string().trim().max(60).optional(),
  scheduledAt: epochMsSchema.nullable().optional(),
});

export const replaceLineUpSchema = z.strictObject({ items: z.array(lineUpItemSchema) });
export const showCommandSchema = z.strictObject({
  command: z.enum(SHOW_COMMANDS),
  reason: z.string().trim().max(LIMITS.reasonLength).default(''),
});
export const startHighlightSchema = z.strictObject({ productId: idSchema('prd') });

/** Shown once. `serverUrl` and `streamKey` are the two fields OBS asks for. */
export const streamKeySchema = z.strictObject({ serverUrl: z.string(), streamKey: z.string(), lastFour: z.string() });

export const switchSourceSchema = z.strictObject({ source: z.enum(INGEST_SOURCES) });

export const showTransitionSchema = z.strictObject({
  from: z.enum(SHOW_STATES),
  to: z.enum(SHOW_STATES),
  cause: z.string(),
  reason: z.string(),
  actor: z.string(),
  occurredAt: epochMsSchema,
});

/** One line of the planning checklist (ui.md 3): the console fills it, the server knows the truth. */
export const readinessItemSchema = z.strictObject({
  key: z.enum(['picture_source', 'products', 'schedule', 'page_published']),
  isDone: z.boolean(),
  detail: z.string(),
});

/** What the plug-in may know of a show. */
export const publicShowSchema = z.strictObject({
  id: idSchema('shw'),
  orgId: orgIdSchema,
  brandName: z.string(),
  title: z.string(),
  description: z.string(),
  hostName: z.string(),
  state: z.enum(SHOW_STATES),
  isSimulated: z.boolean(),
  scheduledAt: epochMsSchema.nullable(),
  liveAt: epochMsSchema.nullable(),
  /** Absolute address of the HLS playlist; stays the same for the whole show. Null before the first picture. */
  playlistUrl: z.url().nullable(),
  /** The same show from its beginning, while it is on air and recorded. */
  startOverUrl: z.url().nullable().optional(),
  /** When it has ended and there is one to see. */
  replay: publicReplaySchema.nullable().optional(),
  products: z.array(productSchema),
  highlights: z.array(highlightSchema),
});

export type LineUpItem = z.infer<typeof lineUpItemSchema>;
export type Highlight = z.infer<typeof highlightSchema>;
export type StreamHealth = z.infer<typeof streamHealthSchema>;
export type HealthSignal = z.infer<typeof healthSignalSchema>;
export type HealthHistory = z.infer<typeof healthHistorySchema>;
export type StreamHealthReport = z.infer<typeof streamHealthReportSchema>;
export type AutoEndWarning = z.infer<typeof autoEndWarningSchema>;
export type AutoEndStatus = z.infer<typeof autoEndStatusSchema>;
export type Show = z.infer<typeof showSchema>;
export type CreateShow = z.infer<typeof createShowSchema>;
export type UpdateShow = z.infer<typeof updateShowSchema>;
export type ReplaceLineUp = z.infer<typeof replaceLineUpSchema>;
export type ShowCommandRequest = z.infer<typeof showCommandSchema>;
export type SwitchSource = z.infer<typeof switchSourceSchema>;
export type StreamKey = z.infer<typeof streamKeySchema>;
export type ShowTransition = z.infer<typeof showTransitionSchema>;
export type ReadinessItem = z.infer<typeof readinessItemSchema>;
export type PublicShow = z.infer<typeof publicShowSchema>;
