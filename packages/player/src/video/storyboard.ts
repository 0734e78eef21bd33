// The small pictures of a replay: a WebVTT whose cues name a large picture and the place on it (`sheet.jpg#xywh=0,0,160,90`).
// A reader of just that, with limits; whatever else is in the file is left out. Pure.

/** A day in pictures of 10 s has 8,640 cues of some 90 bytes. */
export const MAX_STORYBOARD_BYTES = 1024 * 1024;
export const MAX_STORYBOARD_CUES = 10_000;
/** Of one small picture, and of the sheet it is on. */
const MAX_TILE_PX = 1_000;
const MAX_SHEET_PX = 20_000;

export type StoryboardTile = {
  readonly startMs: number;
  readonly endMs: number;
  readonly sheetUrl: string;
  readonly leftPx: number;
  readonly topPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
};

const TIMES = /^(?:(\d{1,3}):)?(\d{2}):(\d{2})\.(\d{3})[ \t]+-->[ \t]+(?:(\d{1,3}):)?(\d{2}):(\d{2})\.(\d{3})(?:[ \t]|$)/;
const PLACE = /^#xywh=(?:pixel:)?(\d{1,5}),(\d{1,5}),(\d{1,4}),(\d{1,4})$/;

/** The pictures in the order of time; null for what is no WebVTT, or too much of one. Sheets of other hosts are left out. */
export function readStoryboard(text: string, address: string): readonly StoryboardTile[] | null {
  if (text.length > MAX_STORYBOARD_BYTES || !/^\uFEFF?WEBVTT(?:[ \t\r\n]|$)/.test(text)) return null;
  const lines = text.split(/\r\n|\r|\n/);
  const tiles: StoryboardTile[] = [];
  for (let at = 1; at < lines.length; at += 1) {
    const times = TIMES.exec(lines[at] ?? '');
    if (times === null) continue;
    if (tiles.length >= MAX_STORYBOARD_CUES) return null;
    const tile = tileOf(msOf(times, 1), msOf(times, 5), (lines[at + 1] ?? '').trim(), address);
    if (tile !== null) tiles.push(tile);
  }
  return tiles.sort((a, b) => a.startMs - b.startMs);
}

/** The picture of a position; null before the first one, or when there is none. */
export function tileAt(tiles: readonly StoryboardTile[], positionMs: number): StoryboardTile | null {
  let low = 0;
  let high = tiles.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tiles[middle]?.startMs ?? 0) <= positionMs) low = middle + 1;
    else high = middle;
  }
  return tiles[low - 1] ?? null;
}

function tileOf(startMs: number, endMs: number, target: string, address: string): StoryboardTile | null {
  if (endMs <= startMs || !URL.canParse(target, address)) return null;
  const url = new URL(target, address);
  const place = PLACE.exec(url.hash);
  if (place === null || url.origin !== new URL(address).origin) return null;
  const [leftPx = 0, topPx = 0, widthPx = 0, heightPx = 0] = place.slice(1).map(Number);
  const isSane = widthPx > 0 && heightPx > 0 && widthPx <= MAX_TILE_PX && heightPx <= MAX_TILE_PX;
  if (!isSane || leftPx + widthPx > MAX_SHEET_PX || topPx + heightPx > MAX_SHEET_PX) return null;
  url.hash = '';
  return { startMs, endMs, sheetUrl: url.href, leftPx, topPx, widthPx, heightPx };
}

function msOf(parts: RegExpExecArray, first: number): number {
  const [hours = 0, minutes = 0, seconds = 0, ms = 0] = parts.slice(first, first + 4).map((part) => Number(part ?? 0));
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000 + ms;
}
