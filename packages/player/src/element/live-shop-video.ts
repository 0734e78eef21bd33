// The picture and what stands in its place: poster, countdown, pause, interruption, end. The media element is made
// once and stays; only the words around it change.
import { OPEN_ROOM_STATES } from '@insp/protocol';
import type { MessageKey } from '../i18n/messages.ts';
import { countdownTo } from '../store/countdown.ts';
import { isReplay } from '../store/picture-address.ts';
import type { PlayerState } from '../store/player-state.ts';
import { h, setAttribute, setHidden, setText } from './dom.ts';
import { icon } from './icons.ts';
import type { View, ViewContext } from './view.ts';

type Scene = {
  readonly kind: 'none' | 'before' | 'message' | 'loading';
  readonly heading: string;
  readonly more: string;
  readonly clock: string;
  readonly action: 'products' | 'replay' | 'retry' | 'play' | null;
};

export type PictureView = { readonly node: HTMLElement; draw(state: PlayerState): void };

/** The video, and over it until its first frame the poster: the one of the replay, else a calm ground. */
export function createPictureView(video: HTMLVideoElement): PictureView {
  const image = h('img', { class: 'poster-image', alt: '', decoding: 'async', draggable: 'false', hidden: true });
  image.addEventListener('load', () => setHidden(image, false));
  let shownUrl: string | null = null;
  return {
    node: h('div', { class: 'picture', part: 'video' }, video, h('div', { class: 'poster', part: 'poster' }, image)),
    draw({ room, surface }) {
      const url = surface === 'closed' || room.showState !== 'ended' ? null : (room.replay?.posterUrl ?? null);
      if (url === shownUrl) return;
      shownUrl = url;
      setHidden(image, true);
      setAttribute(image, 'src', url);
    },
  };
}

export function createSceneView(ctx: ViewContext): View {
  const { t, ask } = ctx;
  const heading = h('p', { class: 'scene-heading' });
  const clock = h('p', { class: 'scene-clock' });
  const more = h('p', { class: 'scene-more' });
  const products = h(
    'button',
    { type: 'button', class: 'pill', onclick: () => ask('open_sheet', { sheet: 'products' }) },
    t('shopProducts'),
  );
  const retry = h('button', { type: 'button', class: 'pill', onclick: () => ask('retry_video') }, t('tryAgain'));
  const play = h('button', { type: 'button', class: 'pill', onclick: () => ask('toggle_play') }, icon('play', true), t('play'));
  const again = h('button', { type: 'button', class: 'pill', onclick: () => ask('watch_replay') }, icon('play', true), t('watchReplay'));
  const scene = h('div', { class: 'scene' }, heading, clock, more, products, retry, play, again);

  const sound = h(
    'button',
    { type: 'button', class: 'pill sound-pill', part: 'sound-pill', onclick: () => ask('toggle_sound') },
    icon('soundOff'),
    t('tapForSound'),
  );
  const liveText = h('span');
  const goLive = h('button', { type: 'button', class: 'pill live-pill', onclick: () => ask('go_live') }, liveText);
  const reconnecting = h('p', { class: 'hint' }, t('reconnecting'));
  const node = h('div', { class: 'state', part: 'state' }, scene, h('div', { class: 'state-pills' }, sound, goLive, reconnecting));

  return {
    node,
    update(state) {
      const now = sceneOf(state, ctx);
      node.dataset.scene = now.kind;
      setHidden(scene, now.kind === 'none');
      setText(heading, now.heading);
      setHidden(heading, now.heading === '');
      setText(clock, now.clock);
      setHidden(clock, now.clock === '');
      setText(more, now.more);
      setHidden(more, now.more === '');
      setHidden(products, now.action !== 'products' || state.shelf.products.length === 0 || state.shelf.sheet === 'products');
      setHidden(retry, now.action !== 'retry');
      setHidden(play, now.action !== 'play');
      setHidden(again, now.action !== 'replay');
      setHidden(sound, !(state.video.isMutedForAutoplay && state.video.isMuted && state.video.status === 'playing' && now.kind === 'none'));
      const behindSec = state.video.behindSec ?? 0;
      setHidden(goLive, !(behindSec >= BEHIND_WORTH_SAYING_SEC && state.room.showState === 'live' && now.kind === 'none'));
      setText(liveText, `${t('goLive')} · ${t('behindLive', { seconds: behindSec })}`);
      setHidden(reconnecting, state.room.connection !== 'offline');
    },
  };
}

/** Behind the aimed-for position, not behind the studio: a normal delay is nobody's business. */
const BEHIND_WORTH_SAYING_SEC = 8;

function sceneOf(state: PlayerState, ctx: ViewContext): Scene {
  const { t } = ctx;
  const message = (heading: MessageKey, more: MessageKey | null, action: Scene['action'] = null): Scene => ({
    kind: 'message',
    heading: t(heading),
    more: more === null ? '' : t(more),
    clock: '',
    action,
  });
  const { room } = state;
  if (room.endedBy !== null) return message('removedFromRoom', null);
  switch (room.showState) {
    case 'draft':
    case 'scheduled':
    case 'waiting':
      return beforeScene(state, ctx);
    case 'cancelled':
      return message('cancelled', null, 'products');
    case 'ended':
      if (isReplay(room)) return pictureScene(state, ctx, message);
      return message('ended', 'endedMore', room.replay === null ? 'products' : 'replay');
    case 'encoder_lost':
      return message('encoderLost', 'encoderLostMore');
    case 'paused':
      return message('paused', 'pausedMore');
    case 'live':
      return pictureScene(state, ctx, message);
  }
}

/** While there is a picture to be had: nothing over it, or why it does not move. */
function pictureScene(
  { video, show }: PlayerState,
  { t }: ViewContext,
  message: (heading: MessageKey, more: MessageKey | null, action?: Scene['action']) => Scene,
): Scene {
  if (video.status === 'failed') return message('videoFailed', 'videoFailedMore', 'retry');
  if (video.isAtEnd) return message('ended', null, 'replay');
  if (video.status === 'paused' || video.isPausedByShopper) return message('stoppedByYou', null, 'play');
  const none: Scene = { kind: 'none', heading: '', more: '', clock: '', action: null };
  if (video.hasPicture && video.status !== 'stalled') return none;
  return { ...none, kind: 'loading', heading: video.hasPicture ? '' : (show?.title ?? ''), more: t('loadingVideo') };
}

function beforeScene({ show, room, nowMs }: PlayerState, { t, locale }: ViewContext): Scene {
  const countdown = countdownTo(show?.scheduledAtMs ?? null, nowMs);
  const base = { kind: 'before' as const, heading: show?.title ?? '', clock: '', action: null };
  if (!show) return { ...base, kind: 'loading', more: t('connecting') };
  if (countdown.kind === 'clock') return { ...base, more: t('startsIn'), clock: countdown.text };
  if (countdown.kind === 'date') {
    const when = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }).format(countdown.atMs);
    return { ...base, more: t('startsAt', { when }) };
  }
  const isNear = countdown.kind === 'soon' || OPEN_ROOM_STATES.includes(room.showState);
  return { ...base, more: t(isNear ? 'startsSoon' : 'notScheduled') };
}
