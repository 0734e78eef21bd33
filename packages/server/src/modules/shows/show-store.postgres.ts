// Shows in Postgres: plan and state, line-up, transitions. Who decides holds the row lock (`lockShow`), so that every
// decision about one show is made one after the other.
import type { IngestSource, LineUpItem, ShowId, ShowState, ShowTransition } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';
import type { By, ShowRecord } from './show-record.ts';
import type { ShowMachine } from './show-state.ts';

const COLUMNS = `id, org_id AS "orgId", title, description, host_name AS "hostName", state, state_before_loss AS "stateBeforeLoss",
  grace_ends_at_ms AS "graceEndsAt", version, is_simulated AS "isSimulated", playback_id AS "playbackId",
  stream_key_hash AS "streamKeyHash", stream_key_last_four AS "streamKeyLastFour",
  (SELECT last_four FROM show_backup_key b WHERE b.show_id = show.id) AS "backupKeyLastFour", picture_seen_at_ms AS "pictureSeenAt",
  scheduled_at_ms AS "scheduledAt", live_at_ms AS "liveAt", ended_at_ms AS "endedAt", created_at_ms AS "createdAt"`;

export type PlanChange = Partial<Pick<ShowRecord, 'title' | 'description' | 'hostName' | 'scheduledAt'>>;

export async function insertShow(tx: Sql, show: ShowRecord): Promise<void> {
  await tx.query(
    `INSERT INTO show (id, org_id, title, description, host_name, state, version, is_simulated, playback_id, scheduled_at_ms, created_at_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[show.id, show.orgId, show.title, show.description, show.hostName, show.state, show.version],
      ...[show.isSimulated, show.playbackId, show.scheduledAt, show.createdAt],
    ],
  );
}

export async function findShow(sql: Sql, showId: string): Promise<ShowRecord | null> {
  const [show] = await sql.query<ShowRecord>(`SELECT ${COLUMNS} FROM show WHERE id = $1`, [showId]);
  return show ?? null;
}

/** Reads the show and keeps all others from deciding about it until the transaction ends. */
export async function lockShow(tx: Sql, showId: string): Promise<ShowRecord | null> {
  const [show] = await tx.query<ShowRecord>(`SELECT ${COLUMNS} FROM show WHERE id = $1 FOR UPDATE`, [showId]);
  return show ?? null;
}

/** The show this key opens, and as whose. */
export async function findShowByKeyHash(sql: Sql, keyHash: string): Promise<{ show: ShowRecord; source: IngestSource } | null> {
  const [found] = await sql.query<ShowRecord & { source: IngestSource }>(
    `SELECT ${COLUMNS}, CASE WHEN stream_key_hash = $1 THEN 'primary' ELSE 'backup' END AS source
     FROM show WHERE stream_key_hash = $1 OR id = (SELECT show_id FROM show_backup_key WHERE key_hash = $1)`,
    [keyHash],
  );
  if (found === undefined) return null;
  const { source, ...show } = found;
  return { show, source };
}

/** Newest first; `before` is the last show of the page before. */
export async function listShows(
  sql: Sql,
  orgId: string,
  page: { state: ShowState | null; before: string | null; limit: number },
): Promise<ShowRecord[]> {
  return sql.query<ShowRecord>(
    `SELECT ${COLUMNS} FROM show WHERE org_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR seq < (SELECT seq FROM show WHERE id = $3 AND org_id = $1))
     ORDER BY seq DESC LIMIT $4`,
    [orgId, page.state, page.before, page.limit],
  );
}

export async function listOnAirShows(sql: Sql, limit: number): Promise<ShowRecord[]> {
  return sql.query<ShowRecord>(`SELECT ${COLUMNS} FROM show WHERE state IN ('live', 'paused') ORDER BY id LIMIT $1`, [limit]);
}

/** On air, or expected back. */
export async function listBroadcasts(
  sql: Sql,
  states: readonly ShowState[],
  limit: number,
): Promise<{ showId: ShowId; orgId: string; state: ShowState; liveAt: number | null; isSimulated: boolean }[]> {
  return sql.query(
    `SELECT id AS "showId", org_id AS "orgId", state, live_at_ms AS "liveAt", is_simulated AS "isSimulated" FROM show
     WHERE state = ANY ($1) ORDER BY id LIMIT $2`,
    [states, limit],
  );
}

/** Shows whose room is open: people may be in it. */
export async function listOpenShows(sql: Sql, states: readonly ShowState[], limit: number): Promise<{ showId: ShowId; orgId: string }[]> {
  return sql.query('SELECT id AS "showId", org_id AS "orgId" FROM show WHERE state = ANY ($1) ORDER BY id LIMIT $2', [states, limit]);
}

/** Writes the plan and counts the version up. */
export async function savePlan(tx: Sql, showId: ShowId, plan: Required<PlanChange>): Promise<void> {
  await tx.query(
    'UPDATE show SET title = $2, description = $3, host_name = $4, scheduled_at_ms = $5, version = version + 1 WHERE id = $1',
    [showId, plan.title, plan.description, plan.hostName, plan.scheduledAt],
  );
}

export async function saveState(tx: Sql, showId: ShowId, next: ShowMachine): Promise<void> {
  await tx.query(
    'UPDATE show SET state = $2, state_before_loss = $3, grace_ends_at_ms = $4, live_at_ms = $5, ended_at_ms = $6 WHERE id = $1',
    [...[showId, next.state, next.stateBeforeLoss, next.graceEndsAt, next.liveAt, next.endedAt]],
  );
}

export async function saveStreamKey(tx: Sql, showId: ShowId, streamKeyHash: string, lastFour: string): Promise<void> {
  await tx.query('UPDATE show SET stream_key_hash = $2, stream_key_last_four = $3 WHERE id = $1', [showId, streamKeyHash, lastFour]);
}

export async function saveBackupKey(tx: Sql, show: ShowRecord, keyHash: string, lastFour: string, nowMs: number): Promise<void> {
  await tx.query(
    `INSERT INTO show_backup_key (show_id, org_id, key_hash, last_four, created_at_ms) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (show_id) DO UPDATE SET key_hash = excluded.key_hash, last_four = excluded.last_four, created_at_ms = excluded.created_at_ms`,
    [show.id, show.orgId, keyHash, lastFour, nowMs],
  );
}

export async function savePictureSeen(sql: Sql, showId: string, nowMs: number): Promise<void> {
  await sql.query('UPDATE show SET picture_seen_at_ms = $2 WHERE id = $1 AND picture_seen_at_ms IS NULL', [showId, nowMs]);
}

/** When the next timer of any show is due: the room opens, or a grace ends. Null = none is set. */
export async function findNextDueMs(sql: Sql, opensBeforeMs: number): Promise<number | null> {
  const [row] = await sql.query<{ dueAt: number | null }>(
    `SELECT least((SELECT min(scheduled_at_ms) - $1::bigint FROM show WHERE state = 'scheduled'),
                  (SELECT min(grace_ends_at_ms) FROM show WHERE state = 'encoder_lost')) AS "dueAt"`,
    [opensBeforeMs],
  );
  return row?.dueAt ?? null;
}

export async function listDueShows(
  sql: Sql,
  opensBeforeMs: number,
  nowMs: number,
  limit: number,
): Promise<{ id: ShowId; state: ShowState }[]> {
  return sql.query(
    `SELECT id, state FROM show
     WHERE (state = 'scheduled' AND scheduled_at_ms <= $1::bigint + $2::bigint) OR (state = 'encoder_lost' AND grace_ends_at_ms <= $1)
     ORDER BY id LIMIT $3`,
    [nowMs, opensBeforeMs, limit],
  );
}

export async function listLineUps(sql: Sql, showIds: readonly string[]): Promise<Map<string, LineUpItem[]>> {
  const rows = await sql.query<LineUpItem & { showId: string }>(
    'SELECT show_id AS "showId", product_id AS "productId", note FROM show_line_up WHERE show_id = ANY($1) ORDER BY show_id, position',
    [showIds],
  );
  const lineUps = new Map(showIds.map((id) => [id, [] as LineUpItem[]]));
  for (const { showId, ...item } of rows) lineUps.get(showId)?.push(item);
  return lineUps;
}

/** Replaces the line-up; the version counts up with it. */
export async function replaceLineUp(tx: Sql, show: ShowRecord, items: readonly LineUpItem[]): Promise<void> {
  await tx.query('DELETE FROM show_line_up WHERE show_id = $1', [show.id]);
  await tx.query(
    `INSERT INTO show_line_up (org_id, show_id, product_id, position, note)
     SELECT $1, $2, r."productId", r.position, r.note FROM jsonb_to_recordset($3::jsonb) AS r("productId" text, position int, note text)`,
    [show.orgId, show.id, JSON.stringify(items.map((item, position) => ({ ...item, position })))],
  );
  await tx.query('UPDATE show SET version = version + 1 WHERE id = $1', [show.id]);
}

export async function isInLineUp(sql: Sql, showId: string, productId: string): Promise<boolean> {
  return (await sql.query('SELECT 1 FROM show_line_up WHERE show_id = $1 AND product_id = $2', [showId, productId])).length > 0;
}

/** Shows that show one of these products and are open or about to be. */
export async function listShowsWithProducts(
  sql: Sql,
  orgId: string,
  productIds: readonly string[],
  states: readonly ShowState[],
): Promise<ShowId[]> {
  const rows = await sql.query<{ id: ShowId }>(
    `SELECT DISTINCT s.id FROM show s JOIN show_line_up l ON l.show_id = s.id
     WHERE s.org_id = $1 AND s.state = ANY($3) AND l.product_id = ANY($2)`,
    [orgId, productIds, states],
  );
  return rows.map(({ id }) => id);
}

export type NewTransition = { from: ShowState; to: ShowState; cause: string; reason: string; by: By; occurredAt: number };

export async function insertTransition(tx: Sql, show: ShowRecord, transition: NewTransition): Promise<void> {
  const { from, to, cause, reason, by, occurredAt } = transition;
  await tx.query(
    `INSERT INTO show_transition (org_id, show_id, from_state, to_state, cause, reason, actor_kind, actor_id, actor_name, occurred_at_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [show.orgId, show.id, from, to, cause, reason, by.kind, by.id, by.name, occurredAt],
  );
}

export type StoredTransition = ShowTransition & { id: number };

/** Oldest first. */
export async function listTransitions(sql: Sql, showId: string, page: { after: number; limit: number }): Promise<StoredTransition[]> {
  return sql.query<StoredTransition>(
    `SELECT id, from_state AS "from", to_state AS "to", cause, reason, actor_name AS actor, occurred_at_ms AS "occurredAt"
     FROM show_transition WHERE show_id = $1 AND id > $2 ORDER BY id LIMIT $3`,
    [showId, page.after, page.limit],
  );
}
