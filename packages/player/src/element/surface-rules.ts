// What follows from where the player is and what the show does: when the room is joined, when video runs, where
// focus goes, what is kept for the next page.
import type { PlayerSite } from '../loader/mount-contract.ts';
import type { Action } from '../store/action.ts';
import type { MediaMediator } from '../store/media-mediator.ts';
import { isReplay, pictureAddress } from '../store/picture-address.ts';
import type { PlayerState } from '../store/player-state.ts';
import type { RoomMediator } from '../store/room-mediator.ts';
import type { Store } from '../store/store.ts';
import { createFocusReturn } from './focus.ts';
import type { Skin } from './skin.ts';

/** The shape alone, until the picture says its size. */
const LANDSCAPE = { widthPx: 16, heightPx: 9 };
/** A slow network gets no blank player: what is known is shown then. */
const SETTLE_TIMEOUT_MS = 2_500;

export type SurfaceRules = {
  begin(): void;
  follow(state: PlayerState, before: PlayerState): void;
  saveNow(): void;
  touchedByShopper(): void;
  /** When the player was last opened, for the time to the first picture. */
  readonly openedAtMs: number;
};

export function createSurfaceRules(deps: {
  site: PlayerSite;
  store: Store<PlayerState, Action>;
  media: MediaMediator;
  room: RoomMediator;
  skin: Skin;
  save(isOpenedByShopper: boolean): void;
  after(delayMs: number, work: () => void): () => void;
}): SurfaceRules {
  const { site, store, media, room, skin } = deps;
  const surfaceFocus = createFocusReturn(document, site.root);
  const sheetFocus = createFocusReturn(document, site.root);
  let openedAtMs = site.startedAtMs;
  let isOpenedByShopper = site.deepLink !== null || site.resume !== null;
  let resume = site.resume;

  /** Video runs while the player is on screen and there is something to see. */
  const runVideo = ({ surface, room, session }: PlayerState) => {
    if (session === 'starting' && site.resume?.playlistUrl) return;
    const address = surface === 'closed' ? null : pictureAddress(room);
    if (address === null) return media.unload();
    media.load(address, resumePoint(), isReplay(room));
  };

  const resumePoint = () => {
    const point = resume?.programMs == null ? null : { programMs: resume.programMs + (Date.now() - resume.savedAtMs) };
    resume = null;
    return point;
  };

  const followSurface = (state: PlayerState, before: PlayerState) => {
    if (state.surface === 'closed') {
      room.leave();
      surfaceFocus.giveBack(null);
    } else if (before.surface === 'closed') {
      openedAtMs = Date.now();
      deps.after(SETTLE_TIMEOUT_MS, () => store.dispatch({ type: 'settle_timed_out' }));
    }
    if (state.surface === 'open' && before.surface !== 'open' && state.settings.mode !== 'inline' && isOpenedByShopper) {
      if (before.surface === 'closed') surfaceFocus.remember();
      queueMicrotask(() => queueMicrotask(() => skin.stage.focus({ preventScroll: true })));
    }
    // The button that minimised is gone; the small window takes over.
    if (state.surface === 'mini' && before.surface === 'open') queueMicrotask(() => queueMicrotask(() => skin.focusMini()));
  };

  const followSheet = (state: PlayerState, before: PlayerState) => {
    const { sheet } = state.shelf;
    if (sheet === before.shelf.sheet || skin.isWide()) return;
    if (before.shelf.sheet === 'none') sheetFocus.remember();
    queueMicrotask(() =>
      queueMicrotask(() => {
        if (store.get().surface !== 'open') return;
        if (sheet === 'none') sheetFocus.giveBack(skin.stage);
        else skin.headingOf(sheet)?.focus({ preventScroll: true });
      }),
    );
  };

  const save = () => deps.save(isOpenedByShopper);

  return {
    begin() {
      const { settings, deepLink } = site;
      if (resume) {
        store.dispatch({ type: 'corner_changed', corner: resume.corner });
        store.dispatch({
          type: 'video_changed',
          change: { isMuted: resume.isMuted, isMutedForAutoplay: false, ...(resume.isLandscape ? LANDSCAPE : {}) },
        });
        if (resume.isPaused) media.pause();
        // The picture need not wait for the session: the address is known from the page before.
        if (resume.playlistUrl) media.load(resume.playlistUrl, resumePoint());
        store.dispatch({ type: 'surface_changed', surface: 'mini' });
      } else if (deepLink || settings.mode === 'inline' || settings.isAutoplay) {
        store.dispatch({ type: 'surface_changed', surface: 'open' });
      }
      openedAtMs = site.startedAtMs;
      skin.draw(store.get(), null);
    },
    follow(state, before) {
      if (state.surface !== before.surface) followSurface(state, before);
      if (state.shelf.sheet !== before.shelf.sheet) followSheet(state, before);
      const isVideoConcerned = state.surface !== before.surface || state.session !== before.session || state.room !== before.room;
      if (isVideoConcerned) runVideo(state);
      // On purpose at the beginning: nobody is pulled to the live edge.
      if (state.room.isStartedOver && !before.room.isStartedOver) media.seek(0);
      // The room is for those who look; and a refused session must not knock on it again and again.
      if (state.session === 'ready' && state.surface !== 'closed') room.join();
      if (state.session === 'ready' && before.session !== 'ready' && site.deepLink?.highlightId) {
        store.dispatch({ type: 'highlight_linked', highlightId: site.deepLink.highlightId });
      }
      // Back from an interruption: the old position is minutes behind.
      if (state.room.showState === 'live' && before.room.showState === 'encoder_lost' && !state.video.isPausedByShopper) media.seekLive();
      const isRecordConcerned =
        state.surface !== before.surface ||
        state.corner !== before.corner ||
        state.nowMs !== before.nowMs ||
        state.video.isMuted !== before.video.isMuted;
      if (isRecordConcerned) save();
    },
    saveNow: save,
    touchedByShopper() {
      isOpenedByShopper = true;
    },
    get openedAtMs() {
      return openedAtMs;
    },
  };
}
