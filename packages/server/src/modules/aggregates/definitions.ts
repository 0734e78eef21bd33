// Every running figure of Insp, defined once. The report and the live screen read these tables and nothing else, so
// they cannot disagree. A distinct count is exact where it is the number of rows of an aggregate keyed by what must be
// distinct (viewers of a show, orders of a product), and a HyperLogLog estimate where a row for each would be too many
// (viewers of each minute and product, and of shows and days together).
//
// The tables are created by migration 000041 (a test compares); changing a definition means a migration that makes its
// table anew and sends the cursor of its part back to the start.
import type { AggregateDefinition, LogColumn, Measure, Predicate } from '@insp/dataflow';
import type { EventName } from '@insp/protocol';
import { eventDefinitions } from '@insp/protocol/schemas';
import { metricDefinitions } from './metric-definitions.ts';

const is = (...names: EventName[]): Predicate => ({ column: 'type', oneOf: names.map((name) => eventDefinitions[name].code) });
const set = (...columns: LogColumn[]): Predicate => ({ all: columns.map((column) => ({ column, isSet: true }) as const) });
const both = (...all: Predicate[]): Predicate => ({ all });
/** SUM(weight) of these events: how many there were. */
const count = (...names: EventName[]): Measure => ({ op: 'sum', column: 'weight', where: is(...names) });
const amount = (...names: EventName[]): Measure => ({ op: 'sum', column: 'amount_minor', where: is(...names) });
const greatestAmount = (...names: EventName[]): Measure => ({ op: 'max', column: 'amount_minor', where: is(...names) });
const first = (column: LogColumn, ...names: EventName[]): Measure => ({ op: 'min', column, where: is(...names) });
const last = (column: LogColumn, ...names: EventName[]): Measure => ({ op: 'max', column, where: is(...names) });
/** The same for every row of the key; MIN is the portable way to carry it. */
const org: Measure = { op: 'min', column: 'org_id' };

/** What shows that a viewer was there. */
const PRESENT: EventName[] = [
  'realtime.viewer_joined',
  'realtime.viewer_left',
  'chat.message_posted',
  'chat.reactions_sent',
  'player.opened',
  'player.closed',
  'player.minimised',
  'player.restored',
  'player.pip',
  'player.joined',
  'player.stalled',
  'product.impression',
  'product.clicked',
  'cart.added',
  'cart.failed',
  'cart.checkout',
  'share.clicked',
];

/** What shows that a viewer wanted to know more of a product. */
const INTERESTED: EventName[] = ['product.clicked', 'cart.added', 'orders.line_sold'];

/** Money and units come from the order lines at every level, so products and highlights add up to the show. */
const sales: Record<string, Measure> = {
  unit_count: count('orders.line_sold'),
  gmv_minor: amount('orders.line_sold'),
  refunded_minor: amount('orders.line_refunded'),
};

const engagement: Record<string, Measure> = {
  impression_count: count('product.impression'),
  click_count: count('product.clicked'),
  cart_add_count: count('cart.added'),
};

export const aggregateDefinitions = {
  show: {
    name: 'agg_show',
    doc: 'Totals of a show.',
    keys: ['show_id'],
    where: set('show_id'),
    measures: {
      org_id: org,
      peak_watching_count: greatestAmount('realtime.concurrency_sampled'),
      visit_count: count('realtime.viewer_joined'),
      message_count: count('chat.message_posted'),
      reaction_count: count('chat.reactions_sent'),
      ...engagement,
      order_count: count('orders.order_placed'),
      ...sales,
      // Equal unless a shop sold in several currencies; then no sum may be shown as money.
      currency_min: first('currency', 'orders.line_sold', 'orders.line_refunded'),
      currency_max: last('currency', 'orders.line_sold', 'orders.line_refunded'),
      simulated_count: { op: 'sum', column: 'weight', where: { column: 'is_simulated', isTrue: true } },
    },
  },
  showMinute: {
    name: 'agg_show_minute',
    doc: 'A minute of a show: the strip. b1m = floor(epoch ms / 60000).',
    keys: ['show_id', 'b1m'],
    where: set('show_id'),
    measures: {
      org_id: org,
      watching_sum: amount('realtime.concurrency_sampled'),
      watching_sample_count: count('realtime.concurrency_sampled'),
      watching_max: greatestAmount('realtime.concurrency_sampled'),
      visit_count: count('realtime.viewer_joined'),
      message_count: count('chat.message_posted'),
      reaction_count: count('chat.reactions_sent'),
      ...engagement,
      order_count: count('orders.order_placed'),
      ...sales,
    },
  },
  showTenSeconds: {
    name: 'agg_show_10s',
    doc: 'Ten seconds of a show: the pulse. b10s = floor(epoch ms / 10000).',
    keys: ['show_id', 'b10s'],
    where: set('show_id'),
    measures: {
      org_id: org,
      watching_max: greatestAmount('realtime.concurrency_sampled'),
      visit_count: count('realtime.viewer_joined'),
      message_count: count('chat.message_posted'),
      reaction_count: count('chat.reactions_sent'),
      ...engagement,
      order_count: count('orders.order_placed'),
      ...sales,
    },
  },
  showProduct: {
    name: 'agg_show_product',
    doc: 'A product in a show.',
    keys: ['show_id', 'product_id'],
    where: both(
      set('show_id', 'product_id'),
      is('product.impression', 'product.clicked', 'cart.added', 'orders.line_sold', 'orders.line_refunded'),
    ),
    measures: { org_id: org, ...engagement, ...sales },
  },
  showProductMinute: {
    name: 'agg_show_product_minute',
    doc: 'A product in a minute of a show.',
    keys: ['show_id', 'product_id', 'b1m'],
    where: both(
      set('show_id', 'product_id'),
      is('product.impression', 'product.clicked', 'cart.added', 'orders.line_sold', 'orders.line_refunded'),
    ),
    measures: { org_id: org, ...engagement, ...sales },
  },
  showProductOrder: {
    name: 'agg_show_product_order',
    doc: 'An order that holds a product, in a show: rows count the distinct orders.',
    keys: ['show_id', 'product_id', 'subject_id'],
    where: both(set('show_id', 'product_id', 'subject_id'), is('orders.line_sold')),
    measures: { org_id: org },
  },
  showHighlight: {
    name: 'agg_show_highlight',
    doc: 'A highlight of a show: its span and what it brought.',
    keys: ['show_id', 'highlight_id'],
    where: set('show_id', 'highlight_id'),
    measures: {
      org_id: org,
      product_id: first('product_id', 'shows.highlight_started'),
      started_at_ms: first('occurred_at_ms', 'shows.highlight_started'),
      ended_at_ms: last('occurred_at_ms', 'shows.highlight_ended'),
      ...engagement,
      ...sales,
    },
  },
  showHighlightOrder: {
    name: 'agg_show_highlight_order',
    doc: 'An order with a line bought through a highlight: rows count the distinct orders.',
    keys: ['show_id', 'highlight_id', 'subject_id'],
    where: both(set('show_id', 'highlight_id', 'subject_id'), is('orders.line_sold')),
    measures: { org_id: org },
  },
  showSource: {
    name: 'agg_show_source',
    doc: 'Visits of a show by traffic source.',
    keys: ['show_id', 'kind'],
    where: both(set('show_id', 'kind'), is('realtime.viewer_joined')),
    measures: { org_id: org },
  },
  showReaction: {
    name: 'agg_show_reaction',
    doc: 'Reactions of a show by kind.',
    keys: ['show_id', 'kind'],
    where: both(set('show_id', 'kind'), is('chat.reactions_sent')),
    measures: { org_id: org },
  },
  showViewer: {
    name: 'agg_show_viewer',
    doc: 'A viewer in a show: visits > 0 makes a unique viewer, messages > 0 a chatter.',
    keys: ['show_id', 'viewer_id'],
    where: both(
      set('show_id', 'viewer_id'),
      is(
        'realtime.viewer_joined',
        'chat.message_posted',
        'chat.reactions_sent',
        'product.clicked',
        'cart.added',
        'orders.order_placed',
        'orders.line_sold',
        'orders.line_refunded',
      ),
    ),
    measures: {
      org_id: org,
      visit_count: count('realtime.viewer_joined'),
      first_seen_at_ms: { op: 'min', column: 'occurred_at_ms' },
      message_count: count('chat.message_posted'),
      reaction_count: count('chat.reactions_sent'),
      click_count: count('product.clicked'),
      cart_add_count: count('cart.added'),
      order_count: count('orders.order_placed'),
      ...sales,
    },
    indexes: {
      // Shows a viewer has attended; viewers and chatters of a show, to be counted without reading them.
      agg_show_viewer_attended: '(org_id, viewer_id) WHERE visit_count > 0',
      agg_show_viewer_visited: '(show_id) WHERE visit_count > 0',
      agg_show_viewer_chatted: '(show_id) WHERE message_count > 0',
    },
  },
  orgViewer: {
    name: 'agg_org_viewer',
    doc: 'A viewer of an organization over all shows: visits and purchases so far.',
    keys: ['org_id', 'viewer_id'],
    where: both(set('viewer_id'), is('realtime.viewer_joined', 'orders.order_placed', 'orders.line_sold', 'orders.line_refunded')),
    measures: {
      visit_count: count('realtime.viewer_joined'),
      order_count: count('orders.order_placed'),
      first_order_at_ms: first('occurred_at_ms', 'orders.order_placed'),
      last_order_at_ms: last('occurred_at_ms', 'orders.order_placed'),
      ...sales,
      currency_min: first('currency', 'orders.line_sold', 'orders.line_refunded'),
      currency_max: last('currency', 'orders.line_sold', 'orders.line_refunded'),
    },
  },
  orgViewerDay: {
    name: 'agg_org_viewer_day',
    doc: 'A day (UTC) on which a viewer ordered: rows count the distinct purchase days. b1d = days since 1970-01-01.',
    keys: ['org_id', 'viewer_id', 'b1d'],
    where: both(set('viewer_id'), is('orders.order_placed', 'orders.line_sold', 'orders.line_refunded')),
    measures: { order_count: count('orders.order_placed'), ...sales },
  },
  showUnique: {
    name: 'agg_show_unique',
    doc: 'HyperLogLog of the viewers of a show: greatest rank of each bucket. Shows and days merge by MAX.',
    keys: ['show_id', 'hb'],
    where: both(set('show_id', 'hb'), is('realtime.viewer_joined')),
    measures: { org_id: org, hr: { op: 'max', column: 'hr' } },
    isSketch: true,
  },
  showMinuteUnique: {
    name: 'agg_show_minute_unique',
    doc: 'HyperLogLog of the viewers who came, left or did something in a minute of a show.',
    keys: ['show_id', 'b1m', 'hb'],
    where: both(set('show_id', 'hb'), is(...PRESENT)),
    measures: { org_id: org, hr: { op: 'max', column: 'hr' } },
    isSketch: true,
  },
  showProductUnique: {
    name: 'agg_show_product_unique',
    doc: 'HyperLogLog of the viewers who tapped, added or bought a product in a show.',
    keys: ['show_id', 'product_id', 'hb'],
    where: both(set('show_id', 'product_id', 'hb'), is(...INTERESTED)),
    measures: { org_id: org, hr: { op: 'max', column: 'hr' } },
    isSketch: true,
  },
} as const satisfies Record<string, AggregateDefinition>;

export const AGGREGATES: readonly AggregateDefinition[] = [...Object.values(aggregateDefinitions), ...Object.values(metricDefinitions)];

const { show, showTenSeconds, showMinute, showProduct, showProductMinute, showHighlight, showSource, showReaction, ...keyedByWho } =
  aggregateDefinitions;

/** Tables that are merged together, by one process at a time, behind a cursor of their own. */
export type AggregatePart = { readonly cursorName: string; readonly definitions: readonly AggregateDefinition[] };

/**
 * Two parts: few hot rows that the live screen draws, and many rows keyed by who or by which order. The second costs
 * more and must not hold up the first; each follows the log by itself and is exact up to its own cursor.
 */
export const PARTS: readonly AggregatePart[] = [
  {
    cursorName: 'aggregates_live',
    definitions: [show, showTenSeconds, showMinute, showProduct, showProductMinute, showHighlight, showSource, showReaction],
  },
  { cursorName: 'aggregates_who', definitions: [...Object.values(keyedByWho), ...Object.values(metricDefinitions)] },
];
