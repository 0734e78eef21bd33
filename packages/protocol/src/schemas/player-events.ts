// What the plug-in tells of the shopper's side (product.md 3.2): reported over the socket in batches, each with
// an id of its own so that a repeat counts once; by a beacon when the page goes.
import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { epochMsSchema, idSchema } from './basics.ts';

const base = { id: idSchema('evt'), occurredAt: epochMsSchema };
const product = { productId: idSchema('prd'), highlightId: idSchema('hlt').nullable() };
const short = z.string().max(100);
const durationMs = z.int().min(0).max(600_000);

/** Recovered in place, the video made anew, or the network asked again. */
export const PLAYER_REMEDIES = ['recover', 'rebuild', 'retry'] as const;

export const playerEventSchema = z.discriminatedUnion('name', [
  z.strictObject({ ...base, name: z.literal('player.opened') }),
  z.strictObject({ ...base, name: z.literal('player.closed') }),
  z.strictObject({ ...base, name: z.literal('player.minimised') }),
  z.strictObject({ ...base, name: z.literal('player.restored') }),
  z.strictObject({ ...base, name: z.literal('player.pip') }),
  /** Page load (or open), and the video's address, to the first moving picture. */
  z.strictObject({ ...base, name: z.literal('player.joined'), joinMs: durationMs, firstFrameMs: durationMs.optional() }),
  z.strictObject({ ...base, name: z.literal('player.stalled'), stallMs: durationMs }),
  /** Once it has settled, then each half minute: behind the live edge, where that should be, behind the host's clock. */
  z.strictObject({
    ...base,
    name: z.literal('player.latency_measured'),
    latencyMs: durationMs,
    targetMs: durationMs,
    behindHostMs: durationMs.nullable(),
  }),
  z.strictObject({
    ...base,
    name: z.literal('player.quality_changed'),
    heightPx: z.int().min(0).max(20_000),
    bitrateBitsPerSec: z.int().min(0).max(1_000_000_000),
  }),
  /** Playback broke and is mended: `detail` is the video library's own word. */
  z.strictObject({ ...base, name: z.literal('player.recovered'), remedy: z.enum(PLAYER_REMEDIES), detail: short }),
  z.strictObject({ ...base, name: z.literal('player.failed'), code: short }),
  z.strictObject({ ...base, name: z.literal('product.impression'), ...product }),
  z.strictObject({ ...base, name: z.literal('product.clicked'), ...product }),
  z.strictObject({ ...base, name: z.literal('cart.added'), ...product, sku: short, quantity: z.int().min(1).max(1_000), requestId: short }),
  z.strictObject({ ...base, name: z.literal('cart.failed'), ...product, sku: short, reason: short, requestId: short }),
  z.strictObject({ ...base, name: z.literal('cart.checkout') }),
  z.strictObject({ ...base, name: z.literal('share.clicked'), channel: short }),
]);

/** `POST /v1/player-events`: the last reports of a page, sent by the browser when the page has gone. */
export const playerEventBeaconSchema = z.strictObject({
  /** The session's token: a beacon has no headers of ours. */
  token: z.string().min(1).max(4_096),
  events: z.array(playerEventSchema).min(1).max(LIMITS.playerEventsPerRequest),
  /** The sender's clock as it sent. */
  sentAt: epochMsSchema,
});

export type PlayerEventBeacon = z.infer<typeof playerEventBeaconSchema>;
export type PlayerEvent = z.infer<typeof playerEventSchema>;
export type PlayerEventName = PlayerEvent['name'];
