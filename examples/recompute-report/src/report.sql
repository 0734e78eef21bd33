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
    OR name IN ('player.opened', 'player.closed', 'player.minimised', 'player.restored', 'player.pip', 'player.joined', 'player.stalled')) AS uniqueViewerCount,
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

-- name: metrics
-- One row: each metric under its name. `visit` merges sessions of a viewer with at most 30 minutes between them.
WITH span AS (
  SELECT MIN(occurredAt) FILTER (WHERE state = 'live') AS liveAt,
    CASE WHEN MAX(occurredAt) FILTER (WHERE state = 'ended') >= MAX(occurredAt) FILTER (WHERE state = 'live')
      THEN MAX(occurredAt) FILTER (WHERE state = 'ended') END AS endedAt
  FROM events WHERE name = 'shows.state_changed'
),
person AS (
  SELECT viewerId,
    COUNT(*) FILTER (WHERE name = 'realtime.viewer_joined') > 0 AS came,
    COUNT(*) FILTER (WHERE name = 'chat.message_posted') > 0 AS chatted,
    COUNT(*) FILTER (WHERE name = 'chat.reactions_sent') > 0 AS reacted,
    COUNT(*) FILTER (WHERE name = 'cart.added') > 0 AS added,
    COUNT(*) FILTER (WHERE name = 'orders.order_placed') > 0 AS bought,
    COALESCE(SUM(weight) FILTER (WHERE name = 'orders.line_sold'), 0) AS units
  FROM events WHERE viewerId IS NOT NULL GROUP BY viewerId
),
people AS (
  SELECT COUNT(*) FILTER (WHERE came) AS viewers, COUNT(*) FILTER (WHERE chatted) AS chatters, COUNT(*) FILTER (WHERE reacted) AS reactors,
    COUNT(*) FILTER (WHERE added) AS adders, COUNT(*) FILTER (WHERE bought) AS buyers, COALESCE(SUM(units) FILTER (WHERE bought), 0) AS buyerUnits
  FROM person
),
watching AS (
  SELECT COALESCE(SUM(watched), 0) AS ms, COALESCE(SUM(effective), 0) AS effectiveViews, COALESCE(SUM(visits), 0) AS visits FROM (
    SELECT LEAST(SUM(watchedMs), (SELECT endedAt - liveAt FROM span)) AS watched, COUNT(*) FILTER (WHERE watchedMs > 10000) AS effective, COUNT(*) AS visits
    FROM visit GROUP BY viewerId)
),
sample AS (
  SELECT SUM(amountMinor) AS total, SUM(weight) AS samples, COALESCE(MAX(amountMinor), 0) AS most,
    ARG_MAX(occurredAt // 60000, (amountMinor, -(occurredAt // 60000))) AS peak
  FROM events WHERE name = 'realtime.concurrency_sampled'
),
answer AS (
  SELECT LIST_SORT(LIST(openMs)) AS times FROM (SELECT MAX(amountMinor) AS openMs FROM events WHERE name = 'insights.question_closed' GROUP BY questionId)
),
total AS (
  SELECT
    COALESCE(SUM(weight) FILTER (WHERE name = 'chat.message_posted'), 0) AS messages,
    COALESCE(SUM(weight) FILTER (WHERE name = 'product.impression'), 0) AS impressions,
    COALESCE(SUM(weight) FILTER (WHERE name = 'product.clicked'), 0) AS clicks,
    COALESCE(SUM(weight) FILTER (WHERE name = 'cart.added'), 0) AS adds,
    COALESCE(SUM(weight) FILTER (WHERE name = 'orders.order_placed'), 0) AS orders,
    -- No money without the right to see it, nor in two currencies.
    CASE WHEN ANY_VALUE(hasTurnover) AND COUNT(DISTINCT currency) = 1 THEN COALESCE(SUM(amountMinor) FILTER (WHERE name = 'orders.line_sold'), 0) END AS gmv,
    COALESCE(SUM(amountMinor) FILTER (WHERE name = 'orders.line_refunded'), 0) AS refunded
  FROM events
)
SELECT
  viewers, watching.visits AS visits, effectiveViews,
  ((sampled.total * 200 + samples) // (2 * samples)) / 100 AS concurrentMean, most AS concurrentMax, peak AS peakMinute,
  watching.ms AS watchTime, (2 * watching.ms + viewers) // (2 * NULLIF(viewers, 0)) AS averageWatchTime,
  chatters / NULLIF(viewers, 0) AS chatRate, ((messages * 200 + chatters) // (2 * NULLIF(chatters, 0))) / 100 AS messagesPerChatter,
  reactors / NULLIF(viewers, 0) AS likeRate,
  times[(50 * LEN(times) + 99) // 100] AS answerP50, times[(95 * LEN(times) + 99) // 100] AS answerP95,
  clicks / NULLIF(impressions, 0) AS ctr, adders / NULLIF(viewers, 0) AS addRatePeople, adds / NULLIF(clicks, 0) AS addRate,
  orders / NULLIF(clicks, 0) AS ctor, buyers / NULLIF(viewers, 0) AS buyerConversion,
  ((buyerUnits * 200 + buyers) // (2 * NULLIF(buyers, 0))) / 100 AS itemsPerBuyer,
  gmv AS directGmv, gmv - refunded AS net, (2 * gmv + orders) // (2 * NULLIF(orders, 0)) AS aov,
  (2000 * gmv + watching.visits) // (2 * NULLIF(watching.visits, 0)) AS gpm
FROM people, watching, (SELECT total, samples, most, peak FROM sample) AS sampled, answer, total;

-- name: phases
SELECT
  CASE WHEN startedAt >= endedAt THEN 'replay' WHEN startedAt >= liveAt THEN 'live' ELSE 'pre_live' END AS phase,
  COUNT(DISTINCT viewerId) AS viewerCount, COUNT(*) AS visitCount, SUM(watchedMs) AS watchedMs
FROM visit, (
  SELECT MIN(occurredAt) FILTER (WHERE state = 'live') AS liveAt,
    CASE WHEN MAX(occurredAt) FILTER (WHERE state = 'ended') >= MAX(occurredAt) FILTER (WHERE state = 'live')
      THEN MAX(occurredAt) FILTER (WHERE state = 'ended') END AS endedAt
  FROM events WHERE name = 'shows.state_changed') AS span
GROUP BY phase;
