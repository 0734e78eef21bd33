// The archive: messages of a show in order, what was removed, and the row that hands out the order.
import type { ChatMessage, MessageId, ModeratedMessage, OrgId, ProductId, ShowId, ViewerId } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';
import type { ArchivedMessage } from './ports.ts';

type MessageRow = {
  id: MessageId;
  org_id: OrgId;
  show_id: ShowId;
  seq: number;
  viewer_id: ViewerId;
  client_key: string;
  author_kind: 'viewer' | 'staff';
  author_id: string;
  author_name: string;
  customer_id: string | null;
  is_buyer: boolean;
  is_simulated: boolean;
  featured_product_id: ProductId | null;
  text: string;
  posted_at_ms: number;
  removed_at_ms: number | null;
  removed_by_name: string | null;
  removal_reason: string | null;
};
const READ_COLUMNS = `id, org_id, show_id, seq, viewer_id, client_key, author_kind, author_id, author_name, customer_id, is_buyer, is_simulated,
  featured_product_id, text, posted_at_ms, removed_at_ms, removed_by_name, removal_reason`;

function rowToMessage(row: MessageRow): ArchivedMessage {
  const message: ModeratedMessage = {
    id: row.id,
    seq: row.seq,
    author: { kind: row.author_kind, id: row.author_id, name: row.author_name, isBuyer: row.is_buyer, isSimulated: row.is_simulated },
    text: row.text,
    postedAt: row.posted_at_ms,
    platform: 'insp',
    state: row.removed_at_ms === null ? 'visible' : 'removed',
    removedBy: row.removed_by_name,
    reason: row.removal_reason,
  };
  return {
    message,
    showId: row.show_id,
    orgId: row.org_id,
    viewerId: row.viewer_id,
    customerId: row.customer_id,
    featuredProductId: row.featured_product_id,
  };
}

/** The message as everybody sees it. */
export function toChatMessage({ state, removedBy, reason, ...message }: ModeratedMessage): ChatMessage {
  return message;
}

/** Takes the right to give out numbers until the transaction ends; returns the last one given. */
export async function lockRoom(
  tx: Sql,
  showId: ShowId,
  orgId: OrgId,
): Promise<{ lastSeq: number; pinnedMessageId: MessageId | null; slowModeSec: number }> {
  await tx.query('INSERT INTO chat_room (show_id, org_id) VALUES ($1, $2) ON CONFLICT (show_id) DO NOTHING', [showId, orgId]);
  const [row] = await tx.query<{ last_seq: number; pinned_message_id: MessageId | null; slow_mode_sec: number }>(
    'SELECT last_seq, pinned_message_id, slow_mode_sec FROM chat_room WHERE show_id = $1 FOR UPDATE',
    [showId],
  );
  if (!row) throw new Error(`chat room ${showId} vanished while it was locked`);
  return { lastSeq: row.last_seq, pinnedMessageId: row.pinned_message_id, slowModeSec: row.slow_mode_sec };
}

export async function readRoom(
  sql: Sql,
  showId: ShowId,
): Promise<{ lastSeq: number; pinnedMessageId: MessageId | null; slowModeSec: number }> {
  const [row] = await sql.query<{ last_seq: number; pinned_message_id: MessageId | null; slow_mode_sec: number }>(
    'SELECT last_seq, pinned_message_id, slow_mode_sec FROM chat_room WHERE show_id = $1',
    [showId],
  );
  return { lastSeq: row?.last_seq ?? 0, pinnedMessageId: row?.pinned_message_id ?? null, slowModeSec: row?.slow_mode_sec ?? 0 };
}

/** What was posted under these keys before: a retry finds its message. */
export async function findByKeys(
  sql: Sql,
  showId: ShowId,
  posts: readonly { viewerId: ViewerId; key: string }[],
): Promise<{ id: MessageId; seq: number; viewerId: ViewerId; key: string }[]> {
  return sql.query(
    `SELECT m.id, m.seq, m.viewer_id AS "viewerId", m.client_key AS "key" FROM chat_message m
      JOIN json_to_recordset($2::json) AS p ("viewerId" text, "key" text) ON m.viewer_id = p."viewerId" AND m.client_key = p."key"
      WHERE m.show_id = $1`,
    [showId, JSON.stringify(posts)],
  );
}

/** Appends messages whose numbers follow the room's last one, and moves it. `keys` are theirs, by place. */
export async function appendMessages(
  tx: Sql,
  showId: ShowId,
  messages: readonly ArchivedMessage[],
  keys: readonly string[],
): Promise<void> {
  const rows = messages.map(({ message, orgId, viewerId, customerId, featuredProductId }, at) => ({
    id: message.id,
    org_id: orgId,
    show_id: showId,
    seq: message.seq,
    viewer_id: viewerId,
    client_key: keys[at],
    author_kind: message.author.kind,
    author_id: message.author.id,
    author_name: message.author.name,
    customer_id: customerId,
    is_buyer: message.author.isBuyer,
    is_simulated: message.author.isSimulated,
    featured_product_id: featuredProductId,
    text: message.text,
    posted_at_ms: message.postedAt,
  }));
  await tx.query(
    `INSERT INTO chat_message (id, org_id, show_id, seq, viewer_id, client_key, author_kind, author_id, author_name, customer_id,
       is_buyer, is_simulated, featured_product_id, text, posted_at_ms)
     SELECT * FROM json_to_recordset($1::json) AS r (id text, org_id text, show_id text, seq bigint, viewer_id text, client_key text,
       author_kind text, author_id text, author_name text, customer_id text, is_buyer boolean, is_simulated boolean,
       featured_product_id text, text text, posted_at_ms bigint)`,
    [JSON.stringify(rows)],
  );
  await tx.query('UPDATE chat_room SET last_seq = $2 WHERE show_id = $1', [showId, messages.at(-1)?.message.seq]);
}

/** Messages after a number, oldest first, removed ones too. */
export async function readAfter(sql: Sql, showId: ShowId, afterSeq: number, limit: number): Promise<ArchivedMessage[]> {
  const rows = await sql.query<MessageRow>(
    `SELECT ${READ_COLUMNS} FROM chat_message WHERE show_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
    [showId, afterSeq, limit],
  );
  return rows.map(rowToMessage);
}

/** The newest visible messages, oldest first. */
export async function readNewestVisible(sql: Sql, showId: ShowId, limit: number): Promise<ArchivedMessage[]> {
  const rows = await sql.query<MessageRow>(
    `SELECT ${READ_COLUMNS} FROM chat_message WHERE show_id = $1 AND removed_at_ms IS NULL ORDER BY seq DESC LIMIT $2`,
    [showId, limit],
  );
  return rows.map(rowToMessage).reverse();
}

/**
 * Visible messages posted from one time (inclusive) to another, oldest first: so many a second and `limit` in all, but staff's
 * and buyers' before others'.
 */
export async function readVisibleBetween(
  sql: Sql,
  showId: ShowId,
  { fromMs, toMs, linesPerSec, limit }: { fromMs: number; toMs: number; linesPerSec: number; limit: number },
): Promise<ArchivedMessage[]> {
  const rows = await sql.query<MessageRow>(
    `SELECT ${READ_COLUMNS} FROM (
       SELECT *, row_number() OVER (PARTITION BY posted_at_ms / 1000 ORDER BY (author_kind = 'staff' OR is_buyer) DESC, seq) AS place
         FROM chat_message WHERE show_id = $1 AND posted_at_ms >= $2 AND posted_at_ms < $3 AND removed_at_ms IS NULL
     ) AS said WHERE place <= $4 ORDER BY seq LIMIT $5`,
    [showId, fromMs, toMs, linesPerSec, limit],
  );
  return rows.map(rowToMessage);
}

/** The messages removed last, latest removal first. */
export async function readRemoved(sql: Sql, showId: ShowId, limit: number): Promise<ArchivedMessage[]> {
  const rows = await sql.query<MessageRow>(
    `SELECT ${READ_COLUMNS} FROM chat_message WHERE show_id = $1 AND removed_at_ms IS NOT NULL ORDER BY removed_at_ms DESC, seq DESC LIMIT $2`,
    [showId, limit],
  );
  return rows.map(rowToMessage);
}

export async function readMessage(sql: Sql, showId: ShowId, messageId: MessageId): Promise<ArchivedMessage | null> {
  const [row] = await sql.query<MessageRow>(`SELECT ${READ_COLUMNS} FROM chat_message WHERE show_id = $1 AND id = $2`, [showId, messageId]);
  return row ? rowToMessage(row) : null;
}

/** When viewers posted last, for slow mode over a restart. */
export async function readLastPosts(sql: Sql, showId: ShowId, sinceMs: number): Promise<{ viewerId: ViewerId; postedAtMs: number }[]> {
  return sql.query(
    `SELECT viewer_id AS "viewerId", MAX(posted_at_ms) AS "postedAtMs" FROM chat_message
      WHERE show_id = $1 AND posted_at_ms > $2 AND author_kind = 'viewer' GROUP BY viewer_id`,
    [showId, sinceMs],
  );
}

/** The name under which a viewer last wrote in a show; null for staff and strangers. */
export async function readAuthorName(sql: Sql, showId: ShowId, viewerId: ViewerId): Promise<string | null> {
  const [row] = await sql.query<{ author_name: string }>(
    `SELECT author_name FROM chat_message WHERE show_id = $1 AND viewer_id = $2 AND author_kind = 'viewer' ORDER BY seq DESC LIMIT 1`,
    [showId, viewerId],
  );
  return row?.author_name ?? null;
}

export type Removal = { readonly byId: string; readonly byName: string; readonly reason: string; readonly atMs: number };

/** Removes a visible message or restores a removed one (`null`). Answers whether anything changed. */
export async function setRemoval(tx: Sql, showId: ShowId, messageId: MessageId, removal: Removal | null): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE chat_message SET removed_at_ms = $3::bigint, removed_by_id = $4::text, removed_by_name = $5::text, removal_reason = $6::text
      WHERE show_id = $1 AND id = $2 AND (removed_at_ms IS NULL) = ($3::bigint IS NOT NULL) RETURNING id`,
    [showId, messageId, removal?.atMs ?? null, removal?.byId ?? null, removal?.byName ?? null, removal?.reason ?? null],
  );
  return rows.length > 0;
}

export async function setPinned(tx: Sql, showId: ShowId, messageId: MessageId | null): Promise<void> {
  await tx.query('UPDATE chat_room SET pinned_message_id = $2 WHERE show_id = $1', [showId, messageId]);
}

export async function setSlowMode(tx: Sql, showId: ShowId, intervalSec: number): Promise<void> {
  await tx.query('UPDATE chat_room SET slow_mode_sec = $2 WHERE show_id = $1', [showId, intervalSec]);
}
