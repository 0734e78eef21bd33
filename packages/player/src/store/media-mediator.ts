// The only code that touches the media element: requests come in as calls, what happens goes out as changes of the
// video state (media-chrome's idea: requests go up, state comes down). It keeps one element alive through every
// surface; the engine under it may be thrown away and made again.
import { createEngine, type Engine, positionAtProgramTime } from '../video/hls-engine.ts';
import { freshRecovery, nextRemedy } from '../video/recovery.ts';
import type { VideoState } from './player-state.ts';

/** How often position and program time are told. */
const SAMPLE_INTERVAL_MS = 500;
/** A page hidden for longer comes back at the live edge, not where it stopped (media.md 7). */
const JUMP_TO_LIVE_AFTER_HIDDEN_MS = 30_000;
/** Further behind than this, speeding up is no way back: jump to the live edge. */
const JUMP_TO_LIVE_WHEN_BEHIND_SEC = 20;
/** This long without a stall, and the stalls before are forgotten. */
const CALM_AFTER_STALL_MS = 3 * 60_000;
/** A stall shorter than this is not worth a word. */
const STALL_SHOWN_AFTER_MS = 300;

export type MediaMediator = {
  load(url: string, resumeAt: { programMs: number | null } | null): void;
  unload(): void;
  play(): void;
  pause(): void;
  setMuted(isMuted: boolean): void;
  seek(positionSec: number): void;
  seekLive(): void;
  setCaptions(isOn: boolean): void;
  togglePip(): Promise<void>;
  retry(): void;
  destroy(): void;
};

export type MediaDeps = {
  readonly video: HTMLVideoElement;
  readonly document: Document;
  nowMs(): number;
  after(delayMs: number, work: () => void): () => void;
  every(intervalMs: number, work: () => void): () => void;
  onChange(change: Partial<VideoState>): void;
  onJoined(): void;
  onStalled(stallMs: number): void;
  onFailed(detail: string): void;
};

type WebkitVideo = HTMLVideoElement & {
  webkitSupportsPresentationMode?: (mode: string) => boolean;
  webkitSetPresentationMode?: (mode: string) => void;
  webkitPresentationMode?: string;
};

export function createMediaMediator(deps: MediaDeps): MediaMediator {
  const { video, onChange } = deps;
  let engine: Engine | null = null;
  let url: string | null = null;
  let generation = 0;
  let recovery = freshRecovery;
  let resumeAtMs: number | null = null;
  let isWanted = true;
  /** The shopper went back on purpose; then nobody pulls them to the live edge. */
  let isSeekedBack = false;
  let hasJoined = false;
  let stalledSinceMs: number | null = null;
  let hiddenSinceMs: number | null = null;
  let cancelRetry = () => {};
  let cancelStallWord = () => {};
  let cancelCalm = () => {};
  const undo: (() => void)[] = [];

  const listen = (target: EventTarget, type: string, work: () => void) => {
    target.addEventListener(type, work);
    undo.push(() => target.removeEventListener(type, work));
  };

  /** A browser that refuses to start with sound starts muted; one that refuses at all waits for a tap. */
  const tryPlay = async () => {
    try {
      await video.play();
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return;
      if (video.muted) return onChange({ status: 'paused' });
      video.muted = true;
      onChange({ isMuted: true, isMutedForAutoplay: true });
      await video.play().catch(() => onChange({ status: 'paused' }));
    }
  };

  const start = (address: string) => {
    generation += 1;
    const mine = generation;
    engine?.destroy();
    engine = null;
    onChange({ status: 'loading' });
    createEngine(video, address, {
      onFailure: (kind, detail) => {
        if (mine === generation) fail(kind, detail);
      },
      onLevel: (fragments) => {
        if (mine !== generation || resumeAtMs === null || video.readyState === 0) return;
        const positionSec = positionAtProgramTime(fragments, resumeAtMs + (deps.nowMs() - resumeSetAtMs));
        resumeAtMs = null;
        if (positionSec !== null) video.currentTime = positionSec;
      },
    }).then(
      (made) => {
        if (mine !== generation) return made.destroy();
        engine = made;
        if (isWanted) void tryPlay();
      },
      (error) => {
        if (mine === generation) giveUp(String(error));
      },
    );
  };
  let resumeSetAtMs = 0;

  const fail = (kind: 'media' | 'network', detail: string) => {
    const { state, remedy } = nextRemedy(recovery, kind, deps.nowMs());
    recovery = state;
    if (remedy.do === 'give_up') return giveUp(detail);
    onChange({ status: 'stalled' });
    if (remedy.do === 'recover') return engine?.recoverMediaError();
    if (remedy.do === 'rebuild') return url === null ? undefined : start(url);
    cancelRetry();
    cancelRetry = deps.after(remedy.inMs, () => engine?.retryNetwork());
  };

  const giveUp = (detail: string) => {
    onChange({ status: 'failed' });
    deps.onFailed(detail);
  };

  const endStall = () => {
    cancelStallWord();
    if (stalledSinceMs === null) return;
    const stallMs = deps.nowMs() - stalledSinceMs;
    stalledSinceMs = null;
    if (hasJoined && stallMs >= STALL_SHOWN_AFTER_MS) deps.onStalled(stallMs);
    cancelCalm();
    cancelCalm = deps.after(CALM_AFTER_STALL_MS, () => engine?.forgetStalls());
  };

  listen(video, 'playing', () => {
    endStall();
    onChange({ status: 'playing', hasPicture: true });
    if (hasJoined) return;
    hasJoined = true;
    deps.onJoined();
  });
  listen(video, 'waiting', () => {
    if (stalledSinceMs !== null || !isWanted) return;
    stalledSinceMs = deps.nowMs();
    cancelStallWord();
    cancelStallWord = deps.after(STALL_SHOWN_AFTER_MS, () => onChange({ status: hasJoined ? 'stalled' : 'loading' }));
  });
  listen(video, 'pause', () => {
    if (!isWanted) onChange({ status: 'paused' });
    // Paused by the browser's own controls (picture-in-picture, media keys).
    else if (!video.ended && !deps.document.hidden && video.readyState > 2) onChange({ status: 'paused', isPausedByShopper: true });
  });
  listen(video, 'play', () => onChange({ isPausedByShopper: false }));
  listen(video, 'volumechange', () => onChange({ isMuted: video.muted }));
  listen(video, 'loadedmetadata', () => onChange({ widthPx: video.videoWidth, heightPx: video.videoHeight }));
  listen(video, 'resize', () => onChange({ widthPx: video.videoWidth, heightPx: video.videoHeight }));
  listen(video, 'enterpictureinpicture', () => onChange({ pip: 'on' }));
  listen(video, 'leavepictureinpicture', () => onChange({ pip: 'off' }));
  listen(video, 'webkitpresentationmodechanged', () =>
    onChange({ pip: (video as WebkitVideo).webkitPresentationMode === 'picture-in-picture' ? 'on' : 'off' }),
  );
  const toldCaptions = () =>
    onChange({ hasCaptions: [...video.textTracks].some((track) => track.kind === 'captions' || track.kind === 'subtitles') });
  listen(video.textTracks, 'addtrack', toldCaptions);
  listen(video.textTracks, 'removetrack', toldCaptions);
  listen(deps.document, 'visibilitychange', () => {
    if (deps.document.hidden) {
      hiddenSinceMs = deps.nowMs();
      return;
    }
    const hiddenMs = hiddenSinceMs === null ? 0 : deps.nowMs() - hiddenSinceMs;
    hiddenSinceMs = null;
    if (hiddenMs > JUMP_TO_LIVE_AFTER_HIDDEN_MS && isWanted) seekLive();
  });
  undo.push(deps.every(SAMPLE_INTERVAL_MS, sample));

  function sample() {
    if (engine === null || video.readyState < 2) return;
    const liveSec = engine.livePositionSec();
    if (liveSec !== null && liveSec - video.currentTime > JUMP_TO_LIVE_WHEN_BEHIND_SEC && isWanted && !isSeekedBack) seekLive();
    onChange({
      programMs: engine.programMs(),
      positionSec: Math.round(video.currentTime * 10) / 10,
      behindSec: liveSec === null ? null : Math.max(0, Math.round(liveSec - video.currentTime)),
    });
  }

  function seekLive() {
    const liveSec = engine?.livePositionSec() ?? null;
    isSeekedBack = false;
    if (liveSec !== null) video.currentTime = liveSec;
    void tryPlay();
  }

  const hasPip =
    deps.document.pictureInPictureEnabled ||
    'documentPictureInPicture' in window ||
    (video as WebkitVideo).webkitSupportsPresentationMode?.('picture-in-picture') === true;
  onChange({ pip: hasPip ? 'off' : 'unsupported' });

  return {
    load(address, resumeAt) {
      if (address === url) return;
      url = address;
      recovery = freshRecovery;
      resumeAtMs = resumeAt?.programMs ?? null;
      resumeSetAtMs = deps.nowMs();
      start(address);
    },
    unload() {
      generation += 1;
      cancelRetry();
      engine?.destroy();
      engine = null;
      url = null;
      hasJoined = false;
      stalledSinceMs = null;
      onChange({ status: 'none', hasPicture: false, programMs: null, behindSec: null });
    },
    play() {
      isWanted = true;
      onChange({ isPausedByShopper: false });
      if (engine !== null) void tryPlay();
    },
    pause() {
      isWanted = false;
      onChange({ isPausedByShopper: true });
      video.pause();
    },
    setMuted(isMuted) {
      video.muted = isMuted;
      onChange({ isMuted, isMutedForAutoplay: false });
    },
    seek(positionSec) {
      isSeekedBack = true;
      video.currentTime = positionSec;
    },
    seekLive,
    setCaptions(isOn) {
      engine?.setCaptions(isOn);
      for (const track of video.textTracks) if (track.kind !== 'metadata') track.mode = isOn ? 'showing' : 'disabled';
      onChange({ areCaptionsOn: isOn });
    },
    async togglePip() {
      const webkit = video as WebkitVideo;
      if (deps.document.pictureInPictureElement) return deps.document.exitPictureInPicture();
      if (deps.document.pictureInPictureEnabled) await video.requestPictureInPicture();
      else webkit.webkitSetPresentationMode?.(webkit.webkitPresentationMode === 'picture-in-picture' ? 'inline' : 'picture-in-picture');
    },
    retry() {
      recovery = freshRecovery;
      if (url !== null) start(url);
    },
    destroy() {
      this.unload();
      endStall();
      for (const work of undo) work();
    },
  };
}
