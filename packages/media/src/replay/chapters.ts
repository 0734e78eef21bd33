// Product moments as chapters of a replay, and the WebVTT of chapters and storyboards. A moment that lies outside what
// was kept is no chapter; one that was running when the replay begins starts with it.
import { positionOf, type ReplayTimeline } from './timeline.ts';

/** A product on display, with the words for it. UTC. */
export type ReplayMoment = {
  readonly id: string;
  readonly productId: string;
  readonly title: string;
  readonly fromMs: number;
  readonly toMs: number | null;
};

/** `moment` null: what comes before the first product. Positions in the replay. */
export type Chapter = { readonly moment: ReplayMoment | null; readonly title: string; readonly startMs: number; readonly endMs: number };

/** What stands before the first product is a chapter of its own only if it is longer than this. */
const MIN_LEAD_MS = 5_000;
/** Products shown so soon after one another are one chapter. */
const MIN_CHAPTER_MS = 2_000;

export function buildChapters(timeline: ReplayTimeline, moments: readonly ReplayMoment[], leadTitle: string): Chapter[] {
  const { durationMs } = timeline;
  const starts: { moment: ReplayMoment | null; title: string; startMs: number }[] = [];
  for (const moment of moments.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const startMs = positionOf(timeline, moment.fromMs);
    const endMs = moment.toMs === null ? durationMs : positionOf(timeline, moment.toMs);
    if (endMs <= startMs) continue;
    const before = starts.at(-1);
    if (before && startMs - before.startMs < MIN_CHAPTER_MS) before.title = `${before.title}, ${moment.title}`;
    else starts.push({ moment, title: moment.title, startMs });
  }
  if (durationMs > 0 && (starts[0]?.startMs ?? durationMs) > MIN_LEAD_MS) starts.unshift({ moment: null, title: leadTitle, startMs: 0 });
  return starts.map((start, index) => ({ ...start, endMs: starts[index + 1]?.startMs ?? durationMs }));
}

/** WebVTT of the chapters (W3C WebVTT, 4.4 chapter cues). */
export function writeChapterTrack(chapters: readonly Chapter[]): string {
  return writeVtt(chapters.map(({ title, startMs, endMs }) => ({ startMs, endMs, text: oneLine(title) })));
}

/** A cue may not hold a line break of its own, nor an arrow; `&` and `<` would begin markup. */
const oneLine = (text: string) =>
  text.replaceAll(/\s+/g, ' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').trim() || '-';

export type StoryboardSheets = {
  /** Of one small picture. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly columnCount: number;
  readonly rowCount: number;
  readonly intervalMs: number;
  readonly pictureCount: number;
  readonly uriOf: (sheetIndex: number) => string;
};

/** WebVTT of a storyboard: each cue names a sheet and the place on it by a media fragment (`#xywh=`). */
export function writeStoryboardTrack(sheets: StoryboardSheets, durationMs: number): string {
  const { widthPx, heightPx, columnCount, rowCount, intervalMs, pictureCount } = sheets;
  const perSheet = columnCount * rowCount;
  const cues = Array.from({ length: pictureCount }, (_, index) => {
    const place = index % perSheet;
    const x = (place % columnCount) * widthPx;
    const y = Math.floor(place / columnCount) * heightPx;
    return {
      startMs: index * intervalMs,
      endMs: index === pictureCount - 1 ? Math.max(durationMs, index * intervalMs + 1) : (index + 1) * intervalMs,
      text: `${sheets.uriOf(Math.floor(index / perSheet))}#xywh=${x},${y},${widthPx},${heightPx}`,
    };
  });
  return writeVtt(cues);
}

function writeVtt(cues: readonly { startMs: number; endMs: number; text: string }[]): string {
  const blocks = cues.map(({ startMs, endMs, text }, index) => `${index + 1}\n${vttTime(startMs)} --> ${vttTime(endMs)}\n${text}\n`);
  return `WEBVTT\n\n${blocks.join('\n')}`;
}

function vttTime(positionMs: number): string {
  const ms = Math.round(positionMs);
  const pad = (value: number, digits = 2) => String(value).padStart(digits, '0');
  return `${pad(Math.floor(ms / 3_600_000))}:${pad(Math.floor(ms / 60_000) % 60)}:${pad(Math.floor(ms / 1000) % 60)}.${pad(ms % 1000, 3)}`;
}
