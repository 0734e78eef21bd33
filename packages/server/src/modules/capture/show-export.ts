// A show's events as lines of text, page by page as the reader takes them: never more than a page in memory, and no
// transaction held open. The position is fixed first. Below it every transaction has ended, so the pages, read later and
// one by one, are one consistent picture although the log grows meanwhile.
import type { ShowId } from '@insp/protocol';
import { EXPORT_FORMAT, EXPORT_FORMAT_VERSION, type ExportHeader, type ExportTrailer, TURNOVER_EVENTS } from '@insp/protocol/schemas';
import { type LogRow, logRowToEvent } from './log-row.ts';

export type ExportRow = LogRow & { seq: number; xid: string };
export type ExportSource = {
  /** The first transaction that may still be open; all below have ended. */
  horizon(): Promise<string>;
  page(showId: ShowId, belowXid: string, after: { xid: string; seq: number }): Promise<ExportRow[]>;
};

const TURNOVER: ReadonlySet<string> = new Set(TURNOVER_EVENTS);

/** One line for each event, or null for a type this version does not know. */
export function exportLine(row: ExportRow, hasTurnover: boolean): string | null {
  const event = logRowToEvent(row);
  if (event === null) return null;
  const isHidden = !hasTurnover && TURNOVER.has(event.name);
  return JSON.stringify({
    line: 'event',
    ...event,
    code: row.type,
    stream: row.stream,
    amountMinor: isHidden ? null : event.amountMinor,
  });
}

/** Yields the export in chunks of whole lines. */
export async function* exportShow(
  source: ExportSource,
  request: { orgId: string; showId: ShowId; hasTurnover: boolean; nowMs: number },
): AsyncGenerator<string> {
  const { orgId, showId, hasTurnover, nowMs } = request;
  const belowXid = await source.horizon();
  const header: ExportHeader = {
    line: 'header',
    format: EXPORT_FORMAT,
    formatVersion: EXPORT_FORMAT_VERSION,
    showId,
    orgId,
    exportedAt: nowMs,
    belowXid,
    hasTurnover,
  };
  yield `${JSON.stringify(header)}\n`;
  const trailer: ExportTrailer = { line: 'trailer', eventCount: 0, skippedCount: 0 };
  let after = { xid: '0', seq: 0 };
  for (;;) {
    const rows = await source.page(showId, belowXid, after);
    const last = rows.at(-1);
    if (last === undefined) break;
    after = { xid: last.xid, seq: last.seq };
    let chunk = '';
    for (const row of rows) {
      const line = exportLine(row, hasTurnover);
      if (line === null) trailer.skippedCount += 1;
      else {
        trailer.eventCount += 1;
        chunk += `${line}\n`;
      }
    }
    if (chunk !== '') yield chunk;
  }
  yield `${JSON.stringify(trailer)}\n`;
}
