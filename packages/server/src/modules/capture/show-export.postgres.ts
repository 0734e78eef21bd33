// Where an export reads. Always the primary: two pages from two replicas might stand at two places of the log.
import type { ShowId } from '@insp/protocol';
import { logRecordSchema } from '@insp/protocol/schemas';
import type { Sql } from '../../platform/postgres/database.ts';
import type { ExportRow, ExportSource } from './show-export.ts';

/** About 300 kB of text. */
export const EXPORT_PAGE_ROWS = 500;

const COLUMNS = Object.keys(logRecordSchema.shape).join(', ');

export function createExportSource(sql: Sql): ExportSource {
  return {
    async horizon() {
      const [row] = await sql.query<{ xid: string }>('SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid');
      return row?.xid ?? '0';
    },
    page: (showId, belowXid, after) =>
      sql.query<ExportRow>(
        `SELECT seq, xid::text AS xid, ${COLUMNS} FROM ev
          WHERE show_id = $1 AND (xid, seq) > ($2::xid8, $3::bigint) AND xid < $4::xid8 ORDER BY ev.xid, ev.seq LIMIT ${EXPORT_PAGE_ROWS}`,
        [showId, after.xid, after.seq, belowXid],
      ),
  };
}

/** The organization of a show, for a command that acts for the operator. */
export async function findOrgOfShow(sql: Sql, showId: ShowId): Promise<string | null> {
  const [row] = await sql.query<{ org_id: string }>('SELECT org_id FROM show WHERE id = $1', [showId]);
  return row?.org_id ?? null;
}
