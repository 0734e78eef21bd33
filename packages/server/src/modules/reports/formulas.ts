// The formula behind each count of the report, as shown on click (ui.md 3); those of the metrics are in metrics/. One
// definition, one version: change a formula and its version together.

export const FORMULAS: Readonly<Record<string, string>> = {
  uniqueViewerCount:
    'v1: distinct viewer ids that entered the room at least once (realtime.viewer_joined); of a minute, those who came, left or did something. Minutes, and shows above 10,000 viewers, by HyperLogLog (2.3 % standard error).',
  visitCount: 'v1: entries into the room; coming back within 10 s is the same visit.',
  peakWatchingCount: 'v1: greatest concurrency sample; the room is counted every 10 s.',
  messageCount: 'v1: accepted chat messages of viewers and staff, removed ones included (chat.message_posted).',
  chatterCount: 'v1: distinct viewers with at least one accepted message.',
  reactionCount: 'v1: sum of reactions sent (weight of chat.reactions_sent).',
  productClickCount: 'v1: taps on a product card (product.clicked).',
  cartAddCount: 'v1: adds the shop accepted (cart.added).',
  orderCount: 'v1: paid orders with a line that carried a valid token of this show, placed until 24 h after its end.',
  unitCount: 'v1: units on those lines.',
  gmvMinor: 'v1: direct GMV: amount paid for those lines after coupons, without tax and shipping, before refunds.',
  refundedMinor: 'v1: refunds of those lines so far.',
  coverage:
    'v1: attributed = orders with a line of this show; unattributed = orders of the shop in the same time without a valid token of it.',
};
