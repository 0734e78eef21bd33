// The foot of a replay: where it is, how long it lasts, and its chapters as a row of buttons that follows the picture.
import { isReplay } from '../store/picture-address.ts';
import type { PlayerState, ReplayChapter } from '../store/player-state.ts';
import { createList, h, setAttribute, setHidden, setText } from './dom.ts';
import type { View, ViewContext } from './view.ts';

/** A drag asks for a picture this often. */
const STEP_SEC = 1;

export function createReplayView(ctx: ViewContext): View {
  const { t, ask } = ctx;
  const range = h('input', { type: 'range', class: 'replay-range', min: '0', step: String(STEP_SEC), 'aria-label': t('replayPosition') });
  const now = h('span', { class: 'replay-time' });
  const total = h('span', { class: 'replay-time' });
  const chapters = h('ul', { class: 'replay-chapters', 'aria-label': t('chapters') });
  const node = h('div', { class: 'replay', part: 'replay', hidden: true }, chapters, h('div', { class: 'replay-line' }, now, range, total));
  let isDragging = false;
  let currentStartMs = -1;

  range.addEventListener('pointerdown', () => {
    isDragging = true;
  });
  for (const type of ['pointerup', 'pointercancel', 'blur']) {
    range.addEventListener(type, () => {
      isDragging = false;
    });
  }
  range.addEventListener('input', () => {
    setText(now, timeText(range.valueAsNumber));
    ask('seek_to', { positionSec: range.valueAsNumber });
  });

  const list = createList<ReplayChapter & { isCurrent: boolean }>(
    chapters,
    (chapter) => `${chapter.startMs} ${chapter.title}`,
    (chapter) => {
      const button = h(
        'button',
        { type: 'button', class: 'replay-chapter', onclick: () => ask('seek_to', { positionSec: chapter.startMs / 1_000 }) },
        h('span', { class: 'replay-chapter-time' }, timeText(chapter.startMs / 1_000)),
        h('span', { class: 'replay-chapter-title' }, chapter.title),
      );
      return { node: h('li', {}, button), update: ({ isCurrent }) => setAttribute(button, 'aria-current', isCurrent ? 'true' : null) };
    },
  );

  return {
    node,
    update(state) {
      const { room, video, replayChapters } = state;
      const isShown = isReplay(room) && video.status !== 'none' && room.replay !== null;
      setHidden(node, !isShown);
      if (!isShown || room.replay === null) return;
      const durationSec = Math.max(1, Math.floor(room.replay.durationMs / 1_000));
      setAttribute(range, 'max', String(durationSec));
      setText(total, timeText(durationSec));
      if (!isDragging) {
        range.value = String(Math.min(durationSec, video.positionSec));
        setText(now, timeText(video.positionSec));
      }
      range.style.setProperty('--done', `${(Math.min(durationSec, range.valueAsNumber) / durationSec) * 100}%`);
      setAttribute(range, 'aria-valuetext', `${timeText(range.valueAsNumber)} / ${timeText(durationSec)}`);
      const current = replayChapters.findLast(({ startMs }) => startMs <= video.positionSec * 1_000 + 250) ?? replayChapters[0];
      list.update(replayChapters.map((chapter) => ({ ...chapter, isCurrent: chapter === current })));
      setHidden(chapters, replayChapters.length < 2);
      if (current && current.startMs !== currentStartMs) {
        currentStartMs = current.startMs;
        followCurrent(chapters, state);
      }
    },
  };
}

/** Brings the chapter of the moment into the row, without moving the page. */
function followCurrent(chapters: HTMLElement, _state: PlayerState): void {
  const button = chapters.querySelector<HTMLElement>('[aria-current]');
  if (!button || chapters.matches(':hover, :focus-within')) return;
  const item = button.parentElement ?? button;
  chapters.scrollTo({ left: item.offsetLeft - chapters.offsetLeft - (chapters.clientWidth - item.clientWidth) / 2, behavior: 'smooth' });
}

export function timeText(positionSec: number): string {
  const whole = Math.max(0, Math.floor(positionSec));
  const pad = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3_600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}
