// What is or was on display. At most one open row per show and product (unique index), so a double tap starts one.
import type { Highlight, HighlightId, ProductId, ShowId } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';

const COLUMNS = `id, 'product' AS kind, product_id AS "productId", started_at_ms AS "startedAt"`;

/** On display now, oldest first: the last one is the featured product. */
export async function listHighlights(sql: Sql, showIds: readonly string[]): Promise<Map<string, Highlight[]>> {
  const rows = await sql.query<Highlight & { showId: string }>(
    `SELECT show_id AS "showId", ${COLUMNS} FROM show_highlight WHERE show_id = ANY($1) AND ended_at_ms IS NULL ORDER BY show_id, seq`,
    [showIds],
  );
  const highlights = new Map(showIds.map((id) => [id, [] as Highlight[]]));
  for (const { showId, ...highlight } of rows) highlights.get(showId)?.push(highlight);
  return highlights;
}

export async function insertHighlight(tx: Sql, show: { id: ShowId; orgId: string }, highlight: Highlight): Promise<void> {
  await tx.query('INSERT INTO show_highlight (id, org_id, show_id, product_id, started_at_ms) VALUES ($1, $2, $3, $4, $5)', [
    ...[highlight.id, show.orgId, show.id, highlight.productId, highlight.startedAt],
  ]);
}

/** Ends those of `highlightIds` that are on display; answers which were. */
export async function endHighlights(
  tx: Sql,
  showId: ShowId,
  highlightIds: readonly string[],
  end: { reason: string; nowMs: number },
): Promise<{ id: HighlightId; productId: ProductId }[]> {
  return tx.query(
    `UPDATE show_highlight SET ended_at_ms = $3, end_reason = $4
     WHERE show_id = $1 AND id = ANY($2) AND ended_at_ms IS NULL RETURNING id, product_id AS "productId"`,
    [showId, highlightIds, end.nowMs, end.reason],
  );
}

/** Tells whether the product was ever on display in the show by this highlight. */
export async function hasHighlight(sql: Sql, showId: string, highlightId: string, productId: string): Promise<boolean> {
  const rows = await sql.query('SELECT 1 FROM show_highlight WHERE id = $1 AND show_id = $2 AND product_id = $3', [
    highlightId,
    showId,
    productId,
  ]);
  return rows.length > 0;
}

export type Moment = { readonly id: HighlightId; readonly productId: ProductId; readonly fromMs: number; readonly toMs: number | null };

/** All that was ever on display in the show, oldest first. */
export async function listMoments(sql: Sql, showId: string, limit: number): Promise<Moment[]> {
  return sql.query<Moment>(
    `SELECT id, product_id AS "productId", started_at_ms AS "fromMs", ended_at_ms AS "toMs" FROM show_highlight
     WHERE show_id = $1 ORDER BY seq LIMIT $2`,
    [showId, limit],
  );
}
