// Reads the arrival times of a real chat: CSV with a header, a column `t_ms` (ms since the start, in order) and, if
// there is one, a column `author` (a number). Only times and who-is-who are used, never text: the words are ours.

export type TraceRow = { atMs: number; author: number | null };
export type ParsedTrace = { ok: true; rows: TraceRow[] } | { ok: false; message: string };

export const MAX_TRACE_ROWS = 1_000_000;

export function parseTrace(text: string): ParsedTrace {
  const lines = text.split(/\r?\n/);
  while (lines.at(-1) === '') lines.pop();
  const header = (lines[0] ?? '').split(',').map((name) => name.trim());
  const timeColumn = header.indexOf('t_ms');
  if (timeColumn < 0) return { ok: false, message: `The trace has no column t_ms; its first line is "${lines[0] ?? ''}".` };
  if (lines.length < 2) return { ok: false, message: 'The trace has no rows.' };
  if (lines.length - 1 > MAX_TRACE_ROWS) return { ok: false, message: `The trace has more than ${MAX_TRACE_ROWS} rows.` };
  const authorColumn = header.indexOf('author');
  const rows: TraceRow[] = [];
  for (let index = 1; index < lines.length; index += 1) {
    const cells = (lines[index] as string).split(',');
    const atMs = Number(cells[timeColumn]?.trim() || Number.NaN);
    const author = authorColumn < 0 ? null : Number(cells[authorColumn]?.trim() || Number.NaN);
    if (!Number.isFinite(atMs) || atMs < 0) return { ok: false, message: `Line ${index + 1} of the trace: t_ms is not a time in ms.` };
    if (atMs < (rows.at(-1)?.atMs ?? 0)) return { ok: false, message: `Line ${index + 1} of the trace: t_ms goes back.` };
    if (author !== null && !Number.isInteger(author))
      return { ok: false, message: `Line ${index + 1} of the trace: author is not a number.` };
    rows.push({ atMs, author });
  }
  return { ok: true, rows };
}
