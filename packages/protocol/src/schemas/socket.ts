// The room socket, sub-protocol `insp.v1`. One socket per viewer or console.
//
//   client -> server   one JSON object a frame:  { v: 1, type, id, data }            (a request)
//   server -> client   one JSON array a frame, of answers and pushes:
//                        { v: 1, type: 'ok' | 'refused', re: id, data }              (an answer)
//                        { v: 1, type, ts, data, channel?, offset? }                 (a push)
//
// Pushes with `channel` and `offset` are a stream: ordered, kept in a bounded history, replayed after a cut.
// Pushes without are a cache: only the latest counts. A client says hello with its last positions; for every
// channel it gets all it missed (`recovered: true`) or is told of the gap (`recovered: false`) and starts from
// the snapshot. There is never a silent hole (events-and-store.md 7).
import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { REACTION_KINDS } from '../reactions.ts';
import { ROLES } from '../roles.ts';
import { SHOW_STATES } from '../show-states.ts';
import { epochMsSchema, idSchema } from './basics.ts';
import { productSchema } from './catalog.ts';
import { banSchema, chatMessageSchema, moderatedMessageSchema } from './chat.ts';
import { audienceSchema, cueSchema, questionsSchema, sellOrderSchema } from './insights.ts';
import { liveKpisSchema } from './kpis.ts';
import { playerEventSchema } from './player-events.ts';
import { pressureStatusSchema } from './pressure.ts';
import { publicReplaySchema } from './replays.ts';
import { restreamTargetsSchema } from './restream.ts';
import { autoEndStatusSchema, autoEndWarningSchema, highlightSchema, streamHealthSchema } from './shows.ts';

export const CHANNELS = ['viewers', 'staff'] as const;
/** `viewers` reaches everybody in the room, `staff` only console sessions. */
export const channelSchema = z.enum(CHANNELS);

export const positionSchema = z.strictObject({ channel: channelSchema, epoch: z.string().max(40), offset: z.int().min(0) });

const reason = z.string().trim().max(LIMITS.reasonLength);

/** Every request: who may send it (checked by the hub) and its payload. */
export const requestSchemas = {
  hello: z.strictObject({ token: z.string().max(4_096), positions: z.array(positionSchema).max(4).default([]) }),
  send_chat_message: z.strictObject({ key: z.string().min(8).max(64), text: z.string().max(16_384) }),
  set_display_name: z.strictObject({ name: z.string().max(200) }),
  send_reaction: z.strictObject({ kind: z.enum(REACTION_KINDS), count: z.int().min(1).max(LIMITS.reactionsPerRequest) }),
  report_player_events: z.strictObject({
    events: z.array(playerEventSchema).min(1).max(LIMITS.playerEventsPerRequest),
    /** The sender's clock as it sent: what its clock is off by, so that late events still count where they belong. */
    sentAt: epochMsSchema.optional(),
  }),
  remove_chat_message: z.strictObject({ messageId: idSchema('msg'), reason: reason.default('') }),
  restore_chat_message: z.strictObject({ messageId: idSchema('msg') }),
  pin_chat_message: z.strictObject({ messageId: idSchema('msg') }),
  unpin_chat_message: z.strictObject({ messageId: idSchema('msg') }),
  ban_viewer: z.strictObject({
    viewerId: idSchema('vwr'),
    scope: z.enum(['show', 'organization']).default('show'),
    reason: reason.default(''),
    untilMs: epochMsSchema.nullable().default(null),
  }),
  unban_viewer: z.strictObject({ viewerId: idSchema('vwr') }),
  set_slow_mode: z.strictObject({ intervalSec: z.int().min(0).max(600) }),
  mark_question_answered: z.strictObject({ questionClusterId: idSchema('qst') }),
  reopen_question: z.strictObject({ questionClusterId: idSchema('qst') }),
  resolve_cue: z.strictObject({ cueId: idSchema('cue'), outcome: z.enum(['taken', 'skipped']) }),
  /** The show is not forgotten: it goes on. */
  keep_live: z.strictObject({}),
  /** Somebody of the staff is at the console: a hand moved, a key was pressed. At most once a minute. */
  tell_presence: z.strictObject({}),
} as const;

export const requestEnvelopeSchema = z.strictObject({
  v: z.literal(1),
  type: z.string().max(60),
  id: z.string().min(1).max(64),
  data: z.unknown(),
});

/** Data of the `ok` answer of each request; those not named answer `{}`. */
export const answerSchemas = {
  send_chat_message: z.strictObject({
    messageId: idSchema('msg'),
    seq: z.int(),
    /** Given when the room is not shown this line because too many are written: for the author's own screen. */
    message: chatMessageSchema.optional(),
  }),
  set_display_name: z.strictObject({ name: z.string() }),
} as const;

/** All a client needs to draw the room when it comes in or could not be recovered. */
export const roomSnapshotSchema = z.strictObject({
  showState: z.enum(SHOW_STATES),
  graceEndsAt: epochMsSchema.nullable(),
  playlistUrl: z.url().nullable(),
  startOverUrl: z.url().nullable().optional(),
  replay: publicReplaySchema.nullable().optional(),
  highlights: z.array(highlightSchema),
  products: z.array(productSchema),
  pinnedMessage: chatMessageSchema.nullable(),
  recentMessages: z.array(chatMessageSchema),
  slowModeSec: z.int(),
  watchingCount: z.int(),
  /** Totals of the show so far, by kind. */
  reactionCounts: z.record(z.string(), z.int()),
  /** Only for console sessions; entries the role may not see are null. */
  staff: z
    .strictObject({
      removedMessages: z.array(moderatedMessageSchema),
      bans: z.array(banSchema),
      kpis: liveKpisSchema.nullable(),
      audience: audienceSchema.nullable(),
      questions: questionsSchema.nullable(),
      sellOrder: sellOrderSchema.nullable(),
      cues: z.array(cueSchema),
      health: streamHealthSchema.nullable(),
      autoEnd: autoEndWarningSchema.nullable(),
      pressure: pressureStatusSchema.nullable(),
      restream: restreamTargetsSchema.nullable(),
    })
    .nullable(),
});

/** The room for somebody without a socket, the same for everybody and cached for seconds: `GET /v1/rooms/:showId/page`. */
export const roomPageSchema = z.strictObject({
  snapshot: roomSnapshotSchema,
  /** How long to wait before asking for a socket; null: come in at once. */
  retryAfterMs: z.int().nullable(),
});

export const welcomeSchema = z.strictObject({
  sessionId: idSchema('ses'),
  viewerId: z.string(),
  displayName: z.string(),
  role: z.enum(['viewer', ...ROLES]),
  serverTime: epochMsSchema,
  /**
   * One per channel the session follows. The pushes after `offset` follow in the same frame. Recovered: `offset` is the
   * one the client told. Not recovered: `offset` stood before the snapshot was read, so a push that follows may be in the
   * snapshot already; applying it twice must change nothing.
   */
  positions: z.array(positionSchema.extend({ recovered: z.boolean() })),
  snapshot: roomSnapshotSchema,
});

/** Every push. `stream` ones carry channel and offset. */
export const pushSchemas = {
  welcome: welcomeSchema,
  // stream, channel viewers
  chat_message_posted: chatMessageSchema,
  chat_message_removed: z.strictObject({ messageId: idSchema('msg') }),
  chat_message_restored: chatMessageSchema,
  chat_message_pinned: chatMessageSchema,
  chat_message_unpinned: z.strictObject({ messageId: idSchema('msg') }),
  slow_mode_changed: z.strictObject({ intervalSec: z.int() }),
  highlight_started: highlightSchema,
  highlight_ended: z.strictObject({ highlightId: idSchema('hlt'), productId: idSchema('prd') }),
  show_state_changed: z.strictObject({
    from: z.enum(SHOW_STATES),
    to: z.enum(SHOW_STATES),
    reason: z.string(),
    graceEndsAt: epochMsSchema.nullable(),
    playlistUrl: z.url().nullable(),
  }),
  // stream, channel staff
  message_moderated: moderatedMessageSchema,
  viewer_banned: banSchema,
  viewer_unbanned: z.strictObject({ viewerId: idSchema('vwr') }),
  cue_shown: cueSchema,
  cue_ended: z.strictObject({ cueId: idSchema('cue'), outcome: z.enum(['taken', 'skipped', 'expired', 'replaced']) }),
  /** Stands for a stream push this session may not see, so that offsets stay without holes. */
  withheld: z.strictObject({}),
  // cache, viewers
  presence_changed: z.strictObject({ watchingCount: z.int() }),
  reactions_counted: z.strictObject({ counts: z.record(z.string(), z.int()), totals: z.record(z.string(), z.int()) }),
  products_changed: z.strictObject({ products: z.array(productSchema) }),
  /** The show on air is recorded: from now on it can be watched from its beginning. */
  start_over_offered: z.strictObject({ startOverUrl: z.url() }),
  /** The replay of a show that has ended: ready, trimmed, hidden (null), removed (null). */
  replay_changed: z.strictObject({ replay: publicReplaySchema.nullable() }),
  // cache, staff
  kpis_changed: liveKpisSchema,
  audience_changed: audienceSchema,
  questions_changed: questionsSchema,
  sell_order_changed: sellOrderSchema,
  health_changed: streamHealthSchema,
  auto_end_changed: autoEndStatusSchema,
  pressure_changed: pressureStatusSchema,
  restream_changed: restreamTargetsSchema,
  // private
  session_ended: z.strictObject({ code: z.string(), title: z.string(), fix: z.string() }),
} as const;

export type Channel = (typeof CHANNELS)[number];
export type Position = z.infer<typeof positionSchema>;
export type RequestType = keyof typeof requestSchemas;
/** What a client writes. */
export type RequestData<T extends RequestType> = z.input<(typeof requestSchemas)[T]>;
/** What a handler reads. */
export type ParsedRequest<T extends RequestType> = z.output<(typeof requestSchemas)[T]>;
export type AnswerData<T extends RequestType> = T extends keyof typeof answerSchemas
  ? z.infer<(typeof answerSchemas)[T]>
  : Record<string, never>;
export type RequestEnvelope = z.infer<typeof requestEnvelopeSchema>;
export type PushType = keyof typeof pushSchemas;
export type PushData<T extends PushType> = z.infer<(typeof pushSchemas)[T]>;
export type Push = { [T in PushType]: { v: 1; type: T; ts: number; data: PushData<T>; channel?: Channel; offset?: number } }[PushType];
export type RoomSnapshot = z.infer<typeof roomSnapshotSchema>;
export type RoomPage = z.infer<typeof roomPageSchema>;
export type Welcome = z.infer<typeof welcomeSchema>;
