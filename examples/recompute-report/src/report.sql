-- The report of a show, from nothing but its exported events. One query for each part, named as in the report.
-- `events` has a row for each line of the export; `amountMinor` is money, a count of viewers or ms, as the event says.

-- name: totals
SELECT
  COALESCE(MAX(amountMinor) FILTER (WHERE name = 'realtime.concurrency_sampled'), 0) AS peakWatchingCount,
  COUNT(DISTINCT viewerId) FILTER (WHERE name = 'realtime.viewer_joined') AS uniqueViewerCount,
  COALESCE(SUM(weight) FILTER (WHERE name = 'realtime.viewer_joined'), 0) AS visitCount,
  COALESCE(SUM(weight) FILTER (WHERE name = 'chat.message_posted'), 0) AS messageCount,
  COUNT(DISTINCT viewerId) FILTER (WHERE name = 'chat.message_posted') AS chatterCount,
  COALESCE(SUM(weight) FILTER (WHERE name = 'chat.reactions_sent'), 0) AS reactionCount,
  COALESCE(SUM(weight) FILTER (WHERE name = 'product.clicked'), 0) AS productClickCount,
  COALESCE(SUM(weight) FILTER (WHERE name = 'cart.added'), 0) AS cartAddCount,
  COALESCE(SUM(weight) FILTER (WHERE name = 'orders.order_placed'), 0) AS orderCount,
  COALESCE(SUM(weight) FILTER (WHERE name = 'orders.line_sold'), 0) AS unitCount,
  CASE WHEN ANY_VALUE(hasTurnover) THEN COALESCE(SUM(amountMinor) FILTER (WHERE name = 'orders.line_sold'), 0) END AS gmvMinor,
  CASE WHEN ANY_VALUE(hasTurnover) THEN COALESCE(SUM(amountMinor) FILTER (WHERE name = 'orders.line_refunded'), 0) END AS refundedMinor,
  -- One currency or none: amounts of two are never added up for show.
  CASE WHEN COUNT(DISTINCT currency) = 1 THEN MIN(currency) END AS currency,
  COALESCE(BOOL_OR(isSimulated), false) AS hasSimulated
FROM events;

-- name: minutes
SELECT
  occurredAt // 60000 AS minute,
  -- To two places, half up, in whole numbers.
  COALESCE(((SUM(amountMinor) FILTER (WHERE name = 'realtime.concurrency_sampled')) * 200 + SUM(weight) FILTER (WHERE name = 'realtime.concurrency_sampled'))
    // (2 * SUM(weight) FILTER (WHERE name = 'realtime.concurrency_sampled')) / 100, 0) AS watchingMean,
  COALESCE(MAX(amountMinor) FILTER (WHERE name = 'realtime.concurrency_sampled'), 0) AS watchingMax,
  COUNT(DISTINCT viewerId) FILTER (WHERE name LIKE 'product.%' OR name LIKE 'cart.%' OR name LIKE 'share.%'
    OR name IN ('realtime.viewer_joined', 'realtime.viewer_left', 'chat.message_posted', 'chat.reactions_sent')
    OR (name LIKE 'player.%' AND name <> 'player.failed')) AS uniqueViewerCount,
  COALESCE(SUM(weight) FILTER (WHERE name = 'chat.message_posted'), 0) AS messageCount,
  COALESCE(SUM(weight) FILTER (WHERE name = 'chat.reactions_sent'), 0) AS reactionCount,
  COALESCE(SUM(weight) FILTER (WHERE name = 'cart.added'), 0) AS cartAddCount,
  COALESCE(SUM(weight) FILTER (WHERE name = 'orders.order_placed'), 0) AS orderCount,
  COALESCE(SUM(weight) FILTER (WHERE name = 'orders.line_sold'), 0) AS unitCount,
  CASE WHEN ANY_VALUE(hasTurnover) THEN COALESCE(SUM(amountMinor) FILTER (WHERE name = 'orders.line_sold'), 0) END AS gmvMinor
FROM events GROUP BY ALL ORDER BY minute DESC LIMIT 1440;

-- name: products
SELECT
  productId,
  COALESCE(SUM(weight) FILTER (WHERE name = 'product.impression'), 0) AS impressionCount,
  COALESCE(SUM(weight) FILTER (WHERE name = 'product.clicked'), 0) AS clickCount,
  COALESCE(SUM(weight) FILTER (WHERE name = 'cart.added'), 0) AS cartAddCount,
  COUNT(DISTINCT orderId) FILTER (WHERE name = 'orders.line_sold') AS orderCount,
  COALESCE(SUM(weight) FILTER (WHERE name = 'orders.line_sold'), 0) AS unitCount,
  CASE WHEN ANY_VALUE(hasTurnover) THEN COALESCE(SUM(amountMinor) FILTER (WHERE name = 'orders.line_sold'), 0) END AS gmvMinor
FROM events
WHERE productId IS NOT NULL AND name IN ('product.impression', 'product.clicked', 'cart.added', 'orders.line_sold', 'orders.line_refunded')
GROUP BY productId ORDER BY gmvMinor DESC, clickCount DESC, productId LIMIT 500;

-- name: highlights
SELECT
  highlightId,
  MIN(productId) FILTER (WHERE name = 'shows.highlight_started') AS productId,
  MIN(occurredAt) FILTER (WHERE name = 'shows.highlight_started') AS startedAt,
  MAX(occurredAt) FILTER (WHERE name = 'shows.highlight_ended') AS endedAt,
  COALESCE(SUM(weight) FILTER (WHERE name = 'product.clicked'), 0) AS clickCount,
  COALESCE(SUM(weight) FILTER (WHERE name = 'cart.added'), 0) AS cartAddCount,
  COUNT(DISTINCT orderId) FILTER (WHERE name = 'orders.line_sold') AS orderCount,
  COALESCE(SUM(weight) FILTER (WHERE name = 'orders.line_sold'), 0) AS unitCount,
  CASE WHEN ANY_VALUE(hasTurnover) THEN COALESCE(SUM(amountMinor) FILTER (WHERE name = 'orders.line_sold'), 0) END AS gmvMinor
FROM events WHERE highlightId IS NOT NULL
GROUP BY highlightId HAVING productId IS NOT NULL AND startedAt IS NOT NULL ORDER BY startedAt DESC LIMIT 2000;

-- name: sources
SELECT kind AS source, SUM(weight) AS visitCount FROM events WHERE name = 'realtime.viewer_joined' AND kind IS NOT NULL GROUP BY kind;
