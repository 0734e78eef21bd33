// The foot of a replay: where it is, how long it lasts, how fast it plays, and its chapters as a row of buttons that
// follows the picture. Whoever points at the line, drags on it or moves along it by keys sees what is there.
import { isReplay } from '../store/picture-address.ts';
import type { PlayerState, ReplayChapter } from '../store/player-state.ts';
import { REPLAY_SPEEDS } from '../video/rate-rule.ts';
import { createList, h, setAttribute, setHidden, setText } from './dom.ts';
import { createReplayPreview } from './replay-preview.ts';
import type { View, ViewContext } from './view.ts';

const STEP_SEC = 1;
/** The arrow keys; page up and down go by chapters. */
const KEY_STEP_SEC = 5;
/** The middle of the thumb gets no nearer to the ends of the line. */
const THUMB_RADIUS_PX = 8;
/** After a key the picture of the place stays so long. */
const PREVIEW_AFTER_KEY_MS = 2_000;
/** A chapter begins with the first frame of it; the one on screen may be a little before. */
const SAME_MOMENT_SEC = 0.25;

export function createReplayView(ctx: ViewContext): View {
  const { t, ask } = ctx;
  const range = h('input', { type: 'range', class: 'replay-range', min: '0', step: String(STEP_SEC), 'aria-label': t('replayPosition') });
  const marks = h('div', { class: 'replay-marks', 'aria-hidden': 'true' });
  const preview = createReplayPreview();
  const track = h('div', { class: 'replay-track' }, range, marks, preview.node);
  const now = h('span', { class: 'replay-time' });
  const total = h('span', { class: 'replay-time' });
  const chapterRow = h('ul', { class: 'replay-chapters', 'aria-label': t('chapters') });
  const speed = createSpeedSelect(ctx);
  const node = h(
    'div',
    { class: 'replay', part: 'replay', hidden: true },
    chapterRow,
    h('div', { class: 'replay-line' }, now, track, total, speed),
  );
  let chapters: readonly ReplayChapter[] = [];
  let tiles: PlayerState['storyboard'] = [];
  let durationSec = 1;
  let isDragging = false;
  let currentStartMs = -1;
  let hideTimer: ReturnType<typeof setTimeout> | undefined;

  const chapterAt = (positionSec: number) =>
    chapters.findLast(({ startMs }) => startMs / 1_000 <= positionSec + SAME_MOMENT_SEC) ?? chapters[0];
  const seekTo = (positionSec: number) => ask('seek_to', { positionSec });

  const showPreview = (positionSec: number) => {
    clearTimeout(hideTimer);
    const at = { ratio: positionSec / durationSec, positionMs: positionSec * 1_000, time: timeText(positionSec) };
    preview.show({ ...at, title: chapterAt(positionSec)?.title ?? '' }, tiles);
  };
  const drawPosition = (positionSec: number) => {
    const title = chapterAt(positionSec)?.title;
    setText(now, timeText(positionSec));
    range.style.setProperty('--done', String(Math.min(1, positionSec / durationSec)));
    setAttribute(range, 'aria-valuetext', `${timeText(positionSec)} / ${timeText(durationSec)}${title ? `, ${title}` : ''}`);
  };

  range.addEventListener('pointerdown', ({ pointerId }) => {
    isDragging = true;
    // Let go elsewhere, it ends here.
    range.setPointerCapture(pointerId);
  });
  for (const type of ['pointerup', 'pointercancel', 'lostpointercapture', 'blur']) {
    range.addEventListener(type, () => {
      isDragging = false;
      preview.hide();
    });
  }
  range.addEventListener('pointerleave', () => {
    if (!isDragging) preview.hide();
  });
  range.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'mouse' && !isDragging) showPreview(pointedAt(range, event.clientX) * durationSec);
  });
  range.addEventListener('input', () => {
    drawPosition(range.valueAsNumber);
    showPreview(range.valueAsNumber);
    // Without small pictures the large one shows where the drag is.
    if (isDragging && tiles.length === 0) seekTo(range.valueAsNumber);
  });
  range.addEventListener('change', () => {
    seekTo(range.valueAsNumber);
    if (isDragging) return;
    clearTimeout(hideTimer);
    hideTimer = setTimeout(preview.hide, PREVIEW_AFTER_KEY_MS);
  });
  range.addEventListener('keydown', (event) => {
    const target = keyTarget(event, range, chapters);
    if (target === null) return;
    event.preventDefault();
    range.valueAsNumber = target;
    range.dispatchEvent(new Event('input'));
    range.dispatchEvent(new Event('change'));
  });

  const list = createList<ReplayChapter & { isCurrent: boolean }>(
    chapterRow,
    (chapter) => `${chapter.startMs} ${chapter.title}`,
    (chapter) => {
      const button = h(
        'button',
        { type: 'button', class: 'replay-chapter', onclick: () => seekTo(chapter.startMs / 1_000) },
        h('span', { class: 'replay-chapter-time' }, timeText(chapter.startMs / 1_000)),
        h('span', { class: 'replay-chapter-title' }, chapter.title),
      );
      return { node: h('li', {}, button), update: ({ isCurrent }) => setAttribute(button, 'aria-current', isCurrent ? 'true' : null) };
    },
  );
  const markList = createList<ReplayChapter>(
    marks,
    ({ startMs }) => String(startMs),
    () => {
      const mark = h('i');
      return { node: mark, update: ({ startMs }) => mark.style.setProperty('--at', String(startMs / 1_000 / durationSec)) };
    },
  );

  return {
    node,
    update(state) {
      const { room, video } = state;
      const isShown = isReplay(room) && video.status !== 'none' && room.replay !== null;
      setHidden(node, !isShown);
      if (!isShown || room.replay === null) return;
      chapters = state.replayChapters;
      tiles = state.storyboard;
      durationSec = Math.max(1, Math.floor(room.replay.durationMs / 1_000));
      setAttribute(range, 'max', String(durationSec));
      setText(total, timeText(durationSec));
      const positionSec = Math.min(durationSec, video.positionSec);
      if (!isDragging) {
        range.value = String(positionSec);
        drawPosition(positionSec);
      }
      const choice = String(video.speed);
      if (speed.value !== choice) speed.value = choice;
      const current = chapterAt(video.positionSec);
      list.update(chapters.map((chapter) => ({ ...chapter, isCurrent: chapter === current })));
      markList.update(chapters.filter(({ startMs }) => startMs > 0 && startMs / 1_000 < durationSec));
      setHidden(chapterRow, chapters.length < 2);
      if (current && current.startMs !== currentStartMs) {
        currentStartMs = current.startMs;
        followCurrent(chapterRow);
      }
    },
  };
}

function createSpeedSelect({ t, ask, locale }: ViewContext): HTMLSelectElement {
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  return h(
    'select',
    {
      class: 'replay-speed',
      dir: 'ltr',
      part: 'replay-speed',
      'aria-label': t('speed'),
      title: t('speed'),
      onchange: (event: Event) => ask('set_speed', { rate: Number((event.target as HTMLSelectElement).value) }),
    },
    ...REPLAY_SPEEDS.map((rate) => h('option', { value: String(rate) }, `${numbers.format(rate)}×`)),
  );
}

/** Where a key on the line leads, in seconds; null for keys the browser knows itself. */
function keyTarget({ key }: KeyboardEvent, range: HTMLInputElement, chapters: readonly ReplayChapter[]): number | null {
  const atSec = range.valueAsNumber;
  const forwards = isRightToLeft(range) ? 'ArrowLeft' : 'ArrowRight';
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight':
      return atSec + (key === forwards ? KEY_STEP_SEC : -KEY_STEP_SEC);
    case 'ArrowUp':
      return atSec + KEY_STEP_SEC;
    case 'ArrowDown':
      return atSec - KEY_STEP_SEC;
    case 'PageUp':
      return wholeSec(chapters.find(({ startMs }) => wholeSec(startMs) > atSec)?.startMs) ?? Number(range.max);
    case 'PageDown':
      return wholeSec(chapters.findLast(({ startMs }) => wholeSec(startMs) < atSec)?.startMs) ?? 0;
    default:
      return null;
  }
}

/** The first whole second of it: the line knows no finer steps, and a second before would be the chapter before. */
function wholeSec(startMs: number): number;
function wholeSec(startMs: number | undefined): number | null;
function wholeSec(startMs: number | undefined): number | null {
  return startMs === undefined ? null : Math.ceil(startMs / 1_000);
}

/** How far along the line a pointer is, 0 to 1. */
function pointedAt(range: HTMLElement, clientX: number): number {
  const { left, right, width } = range.getBoundingClientRect();
  const fromStartPx = isRightToLeft(range) ? right - clientX : clientX - left;
  return Math.min(1, Math.max(0, (fromStartPx - THUMB_RADIUS_PX) / Math.max(1, width - 2 * THUMB_RADIUS_PX)));
}

const isRightToLeft = (node: HTMLElement) => getComputedStyle(node).direction === 'rtl';

/** Brings the chapter of the moment into the row, without moving the page. */
function followCurrent(chapterRow: HTMLElement): void {
  const button = chapterRow.querySelector<HTMLElement>('[aria-current]');
  if (!button || chapterRow.matches(':hover, :focus-within')) return;
  const item = button.parentElement ?? button;
  chapterRow.scrollTo({
    left: item.offsetLeft - chapterRow.offsetLeft - (chapterRow.clientWidth - item.clientWidth) / 2,
    behavior: 'smooth',
  });
}

export function timeText(positionSec: number): string {
  const whole = Math.max(0, Math.floor(positionSec));
  const pad = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3_600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}
