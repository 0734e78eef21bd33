import type { CustomerId, ShowId, ViewerId } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';

export type SeenViewer = {
  orgId: string;
  viewerId: ViewerId;
  customerId: CustomerId | null;
  /** From the shop, or generated; a name the person chose stays. */
  name: string;
  isSimulated: boolean;
  nowMs: number;
};

/** Notes that a viewer was seen; answers the name to use and whether the viewer came to another show before. */
export async function saveSeen(sql: Sql, viewer: SeenViewer, showId: ShowId): Promise<{ name: string; isReturning: boolean }> {
  const [row] = await sql.query<{ name: string; isReturning: boolean }>(
    `INSERT INTO viewer (org_id, viewer_id, customer_id, name, has_chosen_name, is_simulated, first_seen_at_ms, last_seen_at_ms)
     VALUES ($1, $2, $3, $4, false, $5, $6, $6)
     ON CONFLICT (org_id, viewer_id) DO UPDATE SET
       last_seen_at_ms = greatest(viewer.last_seen_at_ms, EXCLUDED.last_seen_at_ms),
       name = CASE WHEN viewer.has_chosen_name THEN viewer.name ELSE EXCLUDED.name END,
       is_simulated = viewer.is_simulated OR EXCLUDED.is_simulated
     RETURNING name, EXISTS (SELECT 1 FROM show_attendance a
       WHERE a.org_id = viewer.org_id AND a.viewer_id = viewer.viewer_id AND a.show_id <> $7) AS "isReturning"`,
    [viewer.orgId, viewer.viewerId, viewer.customerId, viewer.name, viewer.isSimulated, viewer.nowMs, showId],
  );
  if (row === undefined) throw new Error('an upsert returned no row');
  return row;
}

/** Notes that the viewer came to the show; the first source stays. */
export async function saveAttendance(
  sql: Sql,
  attendance: { orgId: string; showId: ShowId; viewerId: ViewerId; source: string; nowMs: number },
): Promise<void> {
  const { orgId, showId, viewerId, source, nowMs } = attendance;
  await sql.query(
    `INSERT INTO show_attendance (org_id, show_id, viewer_id, source, first_seen_at_ms) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (show_id, viewer_id) DO NOTHING`,
    [orgId, showId, viewerId, source, nowMs],
  );
}

export async function saveChosenName(sql: Sql, orgId: string, viewerId: string, name: string): Promise<void> {
  await sql.query('UPDATE viewer SET name = $3, has_chosen_name = true WHERE org_id = $1 AND viewer_id = $2', [orgId, viewerId, name]);
}

/** Names people chose themselves; who chose none is absent. */
export async function readChosenNames(sql: Sql, orgId: string, viewerIds: readonly ViewerId[]): Promise<Map<ViewerId, string>> {
  const rows = await sql.query<{ viewerId: ViewerId; name: string }>(
    'SELECT viewer_id AS "viewerId", name FROM viewer WHERE org_id = $1 AND viewer_id = ANY ($2) AND has_chosen_name',
    [orgId, viewerIds],
  );
  return new Map(rows.map(({ viewerId, name }) => [viewerId, name]));
}

/** How many shows of the organization each viewer came to. Viewers never seen are not in the answer. */
export async function countShows(sql: Sql, orgId: string, viewerIds: readonly string[]): Promise<Map<ViewerId, number>> {
  const rows = await sql.query<{ viewerId: ViewerId; count: number }>(
    'SELECT viewer_id AS "viewerId", count(*) AS count FROM show_attendance WHERE org_id = $1 AND viewer_id = ANY($2) GROUP BY viewer_id',
    [orgId, viewerIds],
  );
  return new Map(rows.map(({ viewerId, count }) => [viewerId, count]));
}
