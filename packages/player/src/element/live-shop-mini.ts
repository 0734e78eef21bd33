// The small window: the picture, back, sound, close. It is dragged to any corner, or moved there by arrow keys.
import type { Corner } from '../loader/resume-record.ts';
import { type CornerBox, cornerByKey, cornerNearest } from '../store/corners.ts';
import { isReplay } from '../store/picture-address.ts';
import { h, setAttribute, setHidden, setText } from './dom.ts';
import { iconButton, setIconButton, type View, type ViewContext } from './view.ts';

/** Less than this is a tap. */
const DRAG_PX = 6;

export function createMiniView(ctx: ViewContext, frame: HTMLElement): View {
  const { t, ask } = ctx;
  let corner: Corner = 'bottom-right';
  let wasDragged = false;
  const restore = h('button', {
    type: 'button',
    class: 'mini-restore',
    part: 'mini-restore',
    onclick: () => {
      if (!wasDragged) ask('restore');
      wasDragged = false;
    },
  });
  const live = h('span', { class: 'live' }, t('live'));
  const words = h('span', { class: 'mini-words' });
  const sound = iconButton(ctx, 'soundOff', 'unmute', 'sound', () => ask('toggle_sound'));
  const close = iconButton(ctx, 'close', 'close', 'close', () => ask('close'));
  const node = h('div', { class: 'mini', part: 'mini' }, restore, live, words, h('div', { class: 'mini-buttons' }, sound, close));

  restore.addEventListener('keydown', (event) => {
    const next = cornerByKey(corner, event.key);
    if (next === null) return;
    event.preventDefault();
    ask('move_corner', { corner: next });
  });
  makeDraggable(restore, frame, (box) => {
    wasDragged = true;
    ask('move_corner', { corner: cornerNearest(box) });
  });

  return {
    node,
    update({ surface, show, room, video, corner: now }) {
      corner = now;
      setHidden(node, surface !== 'mini');
      setAttribute(restore, 'aria-label', `${t('restore')}. ${t('miniPlayer', { title: show?.title ?? '' })}`);
      setHidden(live, room.showState !== 'live' || !video.hasPicture);
      const words_ =
        room.showState === 'encoder_lost'
          ? t('encoderLost')
          : room.showState === 'paused'
            ? t('paused')
            : room.showState === 'ended' && !isReplay(room)
              ? t('ended')
              : '';
      setText(words, words_);
      setHidden(words, words_ === '');
      setIconButton(sound, video.isMuted ? 'soundOff' : 'soundOn', t(video.isMuted ? 'unmute' : 'mute'));
    },
  };
}

/** Follows the pointer by a transform, and tells where it was let go. */
function makeDraggable(handle: HTMLElement, frame: HTMLElement, onDrop: (box: CornerBox) => void) {
  let start: { x: number; y: number; isDragging: boolean } | null = null;

  handle.addEventListener('pointerdown', (event) => {
    start = { x: event.clientX, y: event.clientY, isDragging: false };
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener('pointermove', (event) => {
    if (start === null) return;
    const x = event.clientX - start.x;
    const y = event.clientY - start.y;
    start.isDragging ||= Math.hypot(x, y) > DRAG_PX;
    if (start.isDragging) frame.style.translate = `${x}px ${y}px`;
  });
  const end = () => {
    if (start?.isDragging) {
      const { left, top, width, height } = frame.getBoundingClientRect();
      onDrop({ centreX: left + width / 2, centreY: top + height / 2, widthPx: innerWidth, heightPx: innerHeight });
    }
    frame.style.removeProperty('translate');
    start = null;
  };
  handle.addEventListener('pointerup', end);
  handle.addEventListener('pointercancel', end);
}
