// The top line: whose show it is, that it is live and how many watch; sound, small window, close.

import { isReplay } from '../store/picture-address.ts';
import { h, setHidden, setText } from './dom.ts';
import { icon } from './icons.ts';
import { iconButton, setIconButton, type View, type ViewContext } from './view.ts';

export function createHeaderView(ctx: ViewContext): View {
  const { t, ask } = ctx;
  const compact = new Intl.NumberFormat(ctx.locale, { notation: 'compact', maximumFractionDigits: 1 });
  const brand = h('strong', { class: 'brand', part: 'brand' });
  const title = h('span', { class: 'title' });
  const live = h('span', { class: 'live', part: 'live-badge' }, t('live'));
  const replay = h('span', { class: 'replay-badge', part: 'replay-badge' }, t('replay'));
  const count = h('span', { class: 'count-number' });
  const countWords = h('span', { class: 'sr' });
  const watching = h('span', { class: 'watching' }, icon('eye'), count, countWords);
  const simulated = h('span', { class: 'sim' }, t('simulated'));
  count.setAttribute('aria-hidden', 'true');

  const playButton = iconButton(ctx, 'pause', 'pause', 'play', () => ask('toggle_play'));
  const startOverButton = iconButton(ctx, 'startOver', 'startOver', 'start-over', () => ask('start_over'));
  const soundButton = iconButton(ctx, 'soundOff', 'unmute', 'sound', () => ask('toggle_sound'));
  const pipButton = iconButton(ctx, 'pip', 'pip', 'pip', () => ask('toggle_pip'));
  const minimiseButton = iconButton(ctx, 'minimise', 'minimise', 'minimise', () => ask('minimise'));
  const closeButton = iconButton(ctx, 'close', 'close', 'close', () => ask('close'));
  const node = h(
    'div',
    { class: 'top', part: 'header' },
    h('div', { class: 'who' }, brand, title, h('div', { class: 'facts' }, live, replay, watching, simulated)),
    h('div', { class: 'buttons' }, playButton, startOverButton, soundButton, pipButton, minimiseButton, closeButton),
  );

  return {
    node,
    update({ show, room, video, settings }) {
      const hasVideo = video.status !== 'none';
      setText(brand, show?.brandName ?? '');
      setText(title, show?.title ?? '');
      setHidden(live, room.showState !== 'live');
      setHidden(replay, !isReplay(room));
      setHidden(startOverButton, room.showState !== 'live' || room.startOverUrl === null || room.isStartedOver || !video.hasPicture);
      setHidden(watching, room.connection === 'idle' || room.watchingCount === 0);
      setText(count, compact.format(room.watchingCount));
      setText(countWords, t('watching', { count: room.watchingCount }));
      setHidden(simulated, show?.isSimulated !== true);
      setHidden(playButton, !hasVideo);
      setIconButton(playButton, video.isPausedByShopper ? 'play' : 'pause', t(video.isPausedByShopper ? 'play' : 'pause'));
      setHidden(soundButton, !hasVideo);
      setIconButton(soundButton, video.isMuted ? 'soundOff' : 'soundOn', t(video.isMuted ? 'unmute' : 'mute'));
      setHidden(pipButton, !hasVideo || video.pip === 'unsupported');
      setHidden(minimiseButton, !hasVideo || video.pip === 'window');
      setHidden(closeButton, settings.mode === 'inline');
    },
  };
}
