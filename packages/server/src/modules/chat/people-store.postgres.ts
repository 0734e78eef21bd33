// What chat keeps of people: bans.
import type { Ban, OrgId, ShowId, ViewerId } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';

type BanRow = {
  viewer_id: ViewerId;
  show_id: string;
  viewer_name: string;
  reason: string;
  until_ms: number | null;
  banned_at_ms: number;
  banned_by_name: string;
};

const rowToBan = (row: BanRow): Ban => ({
  viewerId: row.viewer_id,
  viewerName: row.viewer_name,
  scope: row.show_id === '' ? 'organization' : 'show',
  reason: row.reason,
  untilMs: row.until_ms,
  bannedAt: row.banned_at_ms,
  bannedBy: row.banned_by_name,
});

/** Bans in force for a show: its own and the organization's. There are as many as people made by hand. */
export async function readBans(sql: Sql, orgId: OrgId, showId: ShowId, nowMs: number): Promise<Ban[]> {
  const rows = await sql.query<BanRow>(
    `SELECT viewer_id, show_id, viewer_name, reason, until_ms, banned_at_ms, banned_by_name FROM chat_ban
      WHERE org_id = $1 AND show_id IN ('', $2) AND (until_ms IS NULL OR until_ms > $3) ORDER BY banned_at_ms`,
    [orgId, showId, nowMs],
  );
  return rows.map(rowToBan);
}

/** Bans, or replaces the ban of the same scope. */
export async function upsertBan(tx: Sql, orgId: OrgId, showId: ShowId, ban: Ban, bannedById: string): Promise<void> {
  await tx.query(
    `INSERT INTO chat_ban (org_id, viewer_id, show_id, viewer_name, reason, until_ms, banned_at_ms, banned_by_id, banned_by_name)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (org_id, viewer_id, show_id) DO UPDATE SET viewer_name = excluded.viewer_name, reason = excluded.reason,
       until_ms = excluded.until_ms, banned_at_ms = excluded.banned_at_ms, banned_by_id = excluded.banned_by_id,
       banned_by_name = excluded.banned_by_name`,
    [
      orgId,
      ban.viewerId,
      ban.scope === 'organization' ? '' : showId,
      ban.viewerName,
      ban.reason,
      ban.untilMs,
      ban.bannedAt,
      bannedById,
      ban.bannedBy,
    ],
  );
}

/** Lifts what keeps a viewer out of a show, the organization's ban too. Answers whether there was any. */
export async function deleteBans(tx: Sql, orgId: OrgId, showId: ShowId, viewerId: ViewerId): Promise<boolean> {
  const rows = await tx.query(`DELETE FROM chat_ban WHERE org_id = $1 AND viewer_id = $2 AND show_id IN ('', $3) RETURNING viewer_id`, [
    orgId,
    viewerId,
    showId,
  ]);
  return rows.length > 0;
}
