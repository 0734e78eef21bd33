// The event contract (events-and-store.md 2): every fact Insp records, its owner, its listeners, its payload.
// One envelope for all: flat columns that aggregates may use, and an opaque payload they may not.
//
// `code` is the number stored in the log; never reused. `stream`: `money` facts (orders, moderation, lifecycle) are
// written in the transaction of the change they tell of and never shed; `engage` facts are counts, batched; `chat` is the ordered
// archive. Evolution: add optional fields only; a breaking change is a new event with a new code.
import * as z from 'zod';
import { AUTO_END_CAUSES } from '../health-signals.ts';
import { INGEST_SOURCES } from '../ingest-sources.ts';
import { REACTION_KINDS } from '../reactions.ts';
import { RESTREAM_PLATFORMS, RESTREAM_REASONS, RESTREAM_STATES } from '../restream.ts';
import { SHOW_STATES } from '../show-states.ts';
import { amountMinorSchema, epochMsSchema, idSchema, orgIdSchema } from './basics.ts';
import { shedLevelSchema } from './pressure.ts';

export const EVENT_STREAMS = ['money', 'engage', 'chat'] as const;
export type EventStream = (typeof EVENT_STREAMS)[number];

type Definition = { code: number; v: number; stream: EventStream; doc: string; payload: z.ZodType };
const define = <P extends z.ZodType>(code: number, stream: EventStream, doc: string, payload: P) => ({ code, v: 1, stream, doc, payload });

const none = z.strictObject({});
const short = z.string().max(200);

export const eventDefinitions = {
  // shows
  'shows.state_changed': define(
    1,
    'money',
    'A show moved to another state; every cause and reason is kept. Flat: kind = the new state.',
    z.strictObject({ from: z.enum(SHOW_STATES), to: z.enum(SHOW_STATES), cause: short, reason: short }),
  ),
  'shows.highlight_started': define(2, 'money', 'A product went on display. Flat: productId, highlightId.', none),
  'shows.highlight_ended': define(
    3,
    'money',
    'A product left the display. Flat: productId, highlightId.',
    z.strictObject({ reason: short }),
  ),
  'shows.line_up_changed': define(4, 'money', 'The line-up was replaced.', z.strictObject({ productIds: z.array(idSchema('prd')) })),
  'shows.auto_end_warned': define(
    110,
    'money',
    'The staff was warned that the show ends by itself. kind = cause.',
    z.strictObject({ cause: z.enum(AUTO_END_CAUSES), endsAt: epochMsSchema, isLast: z.boolean() }),
  ),
  'shows.kept_live': define(111, 'money', 'Somebody of the staff said that the show goes on.', z.strictObject({ untilMs: epochMsSchema })),
  // catalog
  'catalog.products_imported': define(
    5,
    'engage',
    'A product list was imported. weight = rows accepted.',
    z.strictObject({ createdCount: z.int(), updatedCount: z.int(), errorCount: z.int() }),
  ),
  'catalog.stock_changed': define(
    6,
    'engage',
    'The shop told a new stock. Flat: productId; amountMinor = units left of the product.',
    z.strictObject({ sku: short, stockCount: z.int() }),
  ),
  // realtime
  'realtime.viewer_joined': define(
    10,
    'engage',
    'A viewer entered the room: one visit. Flat: viewerId, kind = traffic source.',
    z.strictObject({ sessionId: idSchema('ses'), device: short, isReturning: z.boolean() }),
  ),
  'realtime.viewer_left': define(
    11,
    'engage',
    'A viewer session ended. Flat: viewerId; amountMinor = ms watched.',
    z.strictObject({ sessionId: idSchema('ses'), watchedMs: z.int() }),
  ),
  'realtime.concurrency_sampled': define(
    12,
    'engage',
    'Viewers in the room at one instant, every 10 s. amountMinor carries the count.',
    none,
  ),
  // chat
  'chat.message_posted': define(
    20,
    'chat',
    'A message was accepted. Flat: viewerId, productId = featured product.',
    z.strictObject({ messageId: idSchema('msg'), seq: z.int(), authorKind: z.enum(['viewer', 'staff']), length: z.int() }),
  ),
  'chat.message_removed': define(
    21,
    'money',
    'A moderator removed a message.',
    z.strictObject({ messageId: idSchema('msg'), reason: short }),
  ),
  'chat.message_restored': define(22, 'money', 'A removal was undone.', z.strictObject({ messageId: idSchema('msg') })),
  'chat.message_pinned': define(23, 'money', 'A message was pinned.', z.strictObject({ messageId: idSchema('msg') })),
  'chat.message_unpinned': define(24, 'money', 'A pin was taken off.', z.strictObject({ messageId: idSchema('msg') })),
  'chat.viewer_banned': define(
    25,
    'money',
    'A viewer was banned. Flat: viewerId.',
    z.strictObject({ scope: z.enum(['show', 'organization']), reason: short, untilMs: epochMsSchema.nullable() }),
  ),
  'chat.viewer_unbanned': define(26, 'money', 'A ban was lifted. Flat: viewerId.', none),
  'chat.slow_mode_changed': define(27, 'money', 'Slow mode was set; 0 = off.', z.strictObject({ intervalSec: z.int() })),
  'chat.reactions_sent': define(
    28,
    'engage',
    'Reactions of one viewer within one tick. weight = how many; kind = heart ...',
    z.strictObject({ reaction: z.enum(REACTION_KINDS) }),
  ),
  // the plug-in's side
  'player.opened': define(40, 'engage', 'The player was opened. Flat: viewerId.', none),
  'player.closed': define(41, 'engage', 'The player was closed.', none),
  'player.minimised': define(42, 'engage', 'The player became a mini player.', none),
  'player.restored': define(43, 'engage', 'The mini player became large again.', none),
  'player.pip': define(44, 'engage', 'Native picture-in-picture was entered.', none),
  'player.joined': define(
    45,
    'engage',
    'First moving picture, since the page or the opening (joinMs) and since the address of the video was known (firstFrameMs).',
    z.strictObject({ joinMs: z.int(), firstFrameMs: z.int().optional() }),
  ),
  'player.stalled': define(46, 'engage', 'The picture stood still.', z.strictObject({ stallMs: z.int() })),
  'player.failed': define(47, 'engage', 'The player gave up. kind = code.', none),
  'player.latency_measured': define(
    48,
    'engage',
    "How far the picture was behind: the live edge (and where it should be), the host's clock. amountMinor = behind the host in ms, or the edge where that is not known.",
    z.strictObject({ latencyMs: z.int(), targetMs: z.int(), behindHostMs: z.int().nullable() }),
  ),
  'player.quality_changed': define(
    49,
    'engage',
    'The picture is of another quality. kind = its height, as 720p.',
    z.strictObject({ heightPx: z.int(), bitrateBitsPerSec: z.int() }),
  ),
  'player.recovered': define(56, 'engage', 'Playback broke and was mended. kind = remedy.', z.strictObject({ detail: short })),
  'product.impression': define(50, 'engage', 'A card was half visible for a second. Flat: productId, highlightId.', none),
  'product.clicked': define(51, 'engage', 'A card was tapped. Flat: productId, highlightId.', none),
  'cart.added': define(
    52,
    'engage',
    'The shop accepted an add to cart. Flat: productId, highlightId; weight = 1.',
    z.strictObject({ sku: short, quantity: z.int(), requestId: short }),
  ),
  'cart.failed': define(
    53,
    'engage',
    'The shop refused an add. Flat: productId; kind = reason.',
    z.strictObject({ sku: short, requestId: short }),
  ),
  'cart.checkout': define(54, 'engage', 'The shopper left for the checkout.', none),
  'share.clicked': define(55, 'engage', 'The show was shared. kind = channel.', none),
  // orders
  'orders.order_placed': define(
    60,
    'money',
    'A paid order came in. Flat: viewerId?, highlightId?, amountMinor = its lines of this show.',
    z.strictObject({ orderId: idSchema('ord'), orderRef: short, currency: short, lineCount: z.int() }),
  ),
  'orders.line_sold': define(
    61,
    'money',
    'One line of it. Flat: productId?, highlightId?, amountMinor; weight = units.',
    z.strictObject({ orderId: idSchema('ord'), lineId: short, sku: short, currency: short }),
  ),
  'orders.line_refunded': define(
    62,
    'money',
    'Money went back. Flat: productId?, amountMinor (positive); weight = 1.',
    z.strictObject({ orderId: idSchema('ord'), lineId: short, refundRef: short, quantity: z.int(), currency: short }),
  ),
  // media
  'media.broadcast_started': define(
    70,
    'money',
    'An encoder was accepted and its first frame came.',
    z.strictObject({ broadcastId: idSchema('brd') }),
  ),
  'media.encoder_lost': define(
    71,
    'money',
    'The encoder went away while on air.',
    z.strictObject({ broadcastId: idSchema('brd'), cause: short }),
  ),
  'media.encoder_resumed': define(
    72,
    'money',
    'The encoder came back within the grace.',
    z.strictObject({ broadcastId: idSchema('brd'), gapMs: z.int() }),
  ),
  'media.publish_refused': define(73, 'money', 'An encoder was turned away. kind = code.', none),
  // restream
  'restream.target_state_changed': define(
    100,
    'money',
    'A restream target went on air, got into trouble, gave up or ended. kind = the new state. Steps of connecting are kept beside, not here.',
    z.strictObject({
      targetId: idSchema('rst'),
      platform: z.enum(RESTREAM_PLATFORMS),
      from: z.enum(RESTREAM_STATES),
      to: z.enum(RESTREAM_STATES),
      reason: z.enum(RESTREAM_REASONS),
      attemptCount: z.int(),
    }),
  ),
  'media.ingest_switched': define(
    74,
    'money',
    'The other of the two encoders went on air: the backup, or the first again. gapMs = how long no picture had come.',
    z.strictObject({
      broadcastId: idSchema('brd'),
      from: z.enum(INGEST_SOURCES),
      to: z.enum(INGEST_SOURCES),
      cause: short,
      gapMs: z.int(),
    }),
  ),
  // copilot
  'copilot.cue_shown': define(
    80,
    'engage',
    'A cue was shown to the host. kind = lane. Flat: productId?, viewerId?.',
    z.strictObject({ cueId: idSchema('cue'), reason: short }),
  ),
  'copilot.cue_ended': define(81, 'engage', 'A cue ended. kind = outcome.', z.strictObject({ cueId: idSchema('cue') })),
  'insights.question_closed': define(
    82,
    'engage',
    'The host marked a question answered. weight = distinct askers; amountMinor = ms it stood open.',
    z.strictObject({ questionClusterId: idSchema('qst'), openMs: z.int() }),
  ),
  // pressure
  'pressure.level_changed': define(
    90,
    'money',
    'A server with this show on air sheds more or less load; one for each such show. kind = the signal that caused it.',
    z.strictObject({ from: shedLevelSchema, to: shedLevelSchema, isForced: z.boolean() }),
  ),
} as const satisfies Record<string, Definition>;

export type EventName = keyof typeof eventDefinitions;

/** Events whose amountMinor is turnover: it is left out for a reader without `turnover.read`. */
export const TURNOVER_EVENTS = ['orders.order_placed', 'orders.line_sold', 'orders.line_refunded'] as const satisfies EventName[];
export type EventPayload<N extends EventName> = z.infer<(typeof eventDefinitions)[N]['payload']>;

export const actorSchema = z.strictObject({
  kind: z.enum(['viewer', 'member', 'shop', 'encoder', 'system']),
  id: z.string().max(100).nullable(),
});

/** What a module hands to capture. Capture adds receivedAt and the derived columns. */
export const factSchema = z.strictObject({
  id: idSchema('evt'),
  name: z.string(),
  v: z.int(),
  orgId: orgIdSchema,
  showId: idSchema('shw').nullable(),
  /** When it happened, as told by who saw it (a client's clock is clamped on receipt). */
  occurredAt: epochMsSchema,
  actor: actorSchema,
  isSimulated: z.boolean(),
  viewerId: idSchema('vwr').nullable(),
  productId: idSchema('prd').nullable(),
  highlightId: idSchema('hlt').nullable(),
  /** One word to split a count by: reaction, source, reason, lane. */
  kind: z.string().max(60).nullable(),
  amountMinor: amountMinorSchema,
  /** How many of it this row stands for. Counts are SUM(weight). */
  weight: z.int().min(1).max(1_000_000),
  payload: z.unknown(),
});

export type Actor = z.infer<typeof actorSchema>;
type FactBase = Omit<z.infer<typeof factSchema>, 'name' | 'payload'>;
/** A typed fact: name and payload belong together. */
export type Fact = { [N in EventName]: FactBase & { name: N; payload: EventPayload<N> } }[EventName];
export type FactOf<N extends EventName> = Extract<Fact, { name: N }>;
/** A fact as stored: with the time of receipt and its place in the log. */
export type StoredEvent = Fact & { receivedAt: number; seq: number };
