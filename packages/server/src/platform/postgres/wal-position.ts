// A place in the write-ahead log of a cluster: the timeline (a promotion starts a new one) and the LSN on it. An LSN
// alone says nothing across timelines: the same number may stand for other bytes.

export type WalPosition = { readonly timeline: number; readonly lsn: bigint };

/** Somebody committed and we could not ask where: no replica can prove that it has it, so the primary answers. */
export const UNKNOWN_POSITION: WalPosition = { timeline: 0, lsn: 0n };

/** The end of the log on a primary. Valid for a commit only when asked after it, on a connection to the same server. */
export const PRIMARY_POSITION_SQL = `SELECT pg_current_wal_insert_lsn()::text AS lsn, left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) AS timeline`;

/** `16/B374D848` -> 0x16B374D848 (pg_lsn: two 32-bit halves in hex). */
export function parseLsn(text: string): bigint {
  const [, high, low] = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(text) ?? [];
  if (high === undefined || low === undefined) throw new RangeError(`"${text}" is no LSN`);
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

const WAL_PAGE_BYTES = 8192n;
const SHORT_PAGE_HEADER_BYTES = 24n;

/**
 * A row of PRIMARY_POSITION_SQL; the timeline is the first part of a WAL file's name, in hex. When the last record ends
 * with its page, the insert position stands behind the header of the next page, where no replica gets to before the
 * next record: on a quiet primary that would look like lag without end. No record can end there, so it is the page's start.
 */
export function readPosition(row: { lsn: string; timeline: string }): WalPosition {
  const lsn = parseLsn(row.lsn);
  const isBehindHeader = lsn % WAL_PAGE_BYTES === SHORT_PAGE_HEADER_BYTES;
  return { timeline: Number.parseInt(row.timeline, 16), lsn: isBehindHeader ? lsn - SHORT_PAGE_HEADER_BYTES : lsn };
}

export const isUnknown = ({ timeline }: WalPosition) => timeline === UNKNOWN_POSITION.timeline;

/** Whether a state read at `seen` contains all of `wanted`. Positions of two timelines prove nothing about each other. */
export function covers(seen: WalPosition, wanted: WalPosition): boolean {
  return !isUnknown(wanted) && seen.timeline === wanted.timeline && seen.lsn >= wanted.lsn;
}

/** Both wanted: the later one. Unknown stays unknown, and a new timeline beats an old one. */
export function laterOf(a: WalPosition, b: WalPosition): WalPosition {
  if (isUnknown(a) || isUnknown(b)) return UNKNOWN_POSITION;
  if (a.timeline !== b.timeline) return a.timeline > b.timeline ? a : b;
  return a.lsn >= b.lsn ? a : b;
}
