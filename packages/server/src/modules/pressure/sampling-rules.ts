// Which facts may be sampled, by event name: the table is total, so an event without a decision does not compile.
//
//   never      money, moderation, chat, the life of shows, and whatever tells once that a person was there or did
//              something that counts by itself. Distinct counts rest on these.
//   telemetry  how the player fares: useful as a rate, worth nothing one by one
//   interest   cards seen and tapped: by far the most, and only their sums are read
//   gauge      a state read every ten seconds, not a count: fewer readings, each as it is
import type { EventName, ShedLevel } from '@insp/protocol';

export type SamplingClass = 'never' | 'telemetry' | 'interest' | 'gauge';

/** Of how many facts one is kept, at levels 0 to 4. Powers of two, so that 1/n of the hash range is exact. */
export const KEPT_ONE_IN: Readonly<Record<SamplingClass, readonly [1, number, number, number, number]>> = {
  never: [1, 1, 1, 1, 1],
  telemetry: [1, 4, 4, 4, 4],
  interest: [1, 1, 8, 8, 8],
  gauge: [1, 4, 4, 4, 4],
};

export const SAMPLING_CLASS: Readonly<Record<EventName, SamplingClass>> = {
  'shows.state_changed': 'never',
  'shows.highlight_started': 'never',
  'shows.highlight_ended': 'never',
  'shows.line_up_changed': 'never',
  'shows.auto_end_warned': 'never',
  'shows.kept_live': 'never',
  'catalog.products_imported': 'never',
  // A state, and the truth about stock.
  'catalog.stock_changed': 'never',
  // Unique viewers and visits.
  'realtime.viewer_joined': 'never',
  // Closes a visit and carries its watch time.
  'realtime.viewer_left': 'never',
  'realtime.concurrency_sampled': 'gauge',
  'chat.message_posted': 'never',
  'chat.message_removed': 'never',
  'chat.message_restored': 'never',
  'chat.message_pinned': 'never',
  'chat.message_unpinned': 'never',
  'chat.viewer_banned': 'never',
  'chat.viewer_unbanned': 'never',
  'chat.slow_mode_changed': 'never',
  // Merged at the edge already: one a second for each viewer and kind, its weight the taps.
  'chat.reactions_sent': 'never',
  // That somebody opened the player at all.
  'player.opened': 'never',
  'player.closed': 'telemetry',
  'player.minimised': 'telemetry',
  'player.restored': 'telemetry',
  'player.pip': 'telemetry',
  'player.joined': 'telemetry',
  'player.stalled': 'telemetry',
  'player.latency_measured': 'telemetry',
  'player.quality_changed': 'telemetry',
  'player.recovered': 'telemetry',
  // Rare, and the reason somebody looks.
  'player.failed': 'never',
  'product.impression': 'interest',
  'product.clicked': 'interest',
  'cart.added': 'never',
  'cart.failed': 'never',
  'cart.checkout': 'never',
  'share.clicked': 'never',
  'orders.order_placed': 'never',
  'orders.line_sold': 'never',
  'orders.line_refunded': 'never',
  'media.broadcast_started': 'never',
  'media.encoder_lost': 'never',
  'media.encoder_resumed': 'never',
  'media.publish_refused': 'never',
  'media.ingest_switched': 'never',
  'copilot.cue_shown': 'never',
  'copilot.cue_ended': 'never',
  'insights.question_closed': 'never',
  'pressure.level_changed': 'never',
  'restream.target_state_changed': 'never',
};

/** Of how many facts of this name one is kept at a level; 1 = all. */
export const keptOneIn = (name: EventName, level: ShedLevel): number => KEPT_ONE_IN[SAMPLING_CLASS[name]][level];
