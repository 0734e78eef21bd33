// The books: what the database has on its tables, beside what the API tells of them.
import { join } from 'node:path';
import pg from 'pg';
import { findRunningServerUrl } from '../../../packages/server/src/platform/postgres/embedded-postgres.ts';
import type { Installation } from './insp-process.ts';

export async function query<T>(at: Installation, text: string, values: unknown[] = []): Promise<T[]> {
  const serverUrl = await findRunningServerUrl(join(at.folder, 'data', 'postgres'));
  if (serverUrl === null) throw new Error('no database runs');
  const client = new pg.Client({ connectionString: `${serverUrl}/insp` });
  await client.connect();
  try {
    return (await client.query(text, values)).rows as T[];
  } finally {
    await client.end();
  }
}

export type OrdersTable = { orderCount: number; unitCount: number; sumMinor: number };

/** Lines attributed to the show, straight from the table. */
export async function ordersTable(at: Installation, showId: string): Promise<OrdersTable> {
  const rows = await query<Record<string, string>>(
    at,
    `SELECT count(DISTINCT order_id) AS orders, coalesce(sum(quantity), 0) AS units, coalesce(sum(amount_minor), 0) AS sum
     FROM order_line WHERE show_id = $1 AND token_verdict = 'attributed'`,
    [showId],
  );
  const [row = {}] = rows;
  return { orderCount: Number(row.orders), unitCount: Number(row.units), sumMinor: Number(row.sum) };
}
