-- Visits: sessions of one viewer put together where at most 30 minutes lie between leaving and coming back.
CREATE TABLE visit AS
WITH session AS (
  SELECT sessionId, MIN(viewerId) AS viewerId, MIN(occurredAt) FILTER (WHERE name = 'realtime.viewer_joined') AS joinedAt,
    MAX(occurredAt) FILTER (WHERE name = 'realtime.viewer_left') AS leftAt,
    COALESCE(SUM(amountMinor) FILTER (WHERE name = 'realtime.viewer_left'), 0) AS watchedMs
  FROM events WHERE name IN ('realtime.viewer_joined', 'realtime.viewer_left') AND sessionId IS NOT NULL GROUP BY sessionId
),
present AS (SELECT *, GREATEST(COALESCE(leftAt, joinedAt), joinedAt) AS goneAt FROM session WHERE viewerId IS NOT NULL AND joinedAt IS NOT NULL),
marked AS (
  SELECT *, joinedAt - MAX(goneAt) OVER before <= 1800000 AS isSame FROM present
  WINDOW before AS (PARTITION BY viewerId ORDER BY joinedAt, sessionId ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
numbered AS (
  SELECT *, COUNT(*) FILTER (WHERE isSame IS NOT TRUE) OVER (PARTITION BY viewerId ORDER BY joinedAt, sessionId) AS visitNo FROM marked
)
SELECT viewerId, visitNo, MIN(joinedAt) AS startedAt, SUM(watchedMs) AS watchedMs FROM numbered GROUP BY viewerId, visitNo;
