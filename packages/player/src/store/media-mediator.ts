// The only code that touches the media element: requests come in as calls, what happens goes out as changes of the
// video state (media-chrome's idea: requests go up, state comes down). It keeps one element alive through every
// surface; the engine under it may be thrown away and made again.
import type { PlayerHandle } from '@insp/protocol';
import { createEngine, type Engine } from '../video/hls-engine.ts';
import { type ProductMoment, positionAtProgramTime, type TimedFragment } from '../video/program-time.ts';
import { REPLAY_SPEEDS } from '../video/rate-rule.ts';
import { freshRecovery, nextRemedy, type Remedy } from '../video/recovery.ts';
import type { VideoState } from './player-state.ts';

/** How often position and program time are told; between two of them, exactly when the picture gets to a moment. */
const SAMPLE_INTERVAL_MS = 500;
/** A page hidden for longer comes back at the live edge, not where it stopped (media.md 7). */
const JUMP_TO_LIVE_AFTER_HIDDEN_MS = 30_000;
/** Nearer to live than this is not looking back. */
const LOOKING_BACK_SEC = 3;
/** A first look at the latency when it has settled, then once in a while. */
const FIRST_LATENCY_AFTER_MS = 10_000;
const LATENCY_INTERVAL_MS = 30_000;
/** This long without a stall, and the stalls before are forgotten. */
const CALM_AFTER_STALL_MS = 3 * 60_000;
/** A stall shorter than this is not worth a word. */
const STALL_SHOWN_AFTER_MS = 300;

export type MediaMediator = {
  /** `isReplay`: of a show that has ended; it may be played faster or slower. */
  load(url: string, resumeAt: { programMs: number | null } | null, isReplay?: boolean): void;
  unload(): void;
  play(): void;
  pause(): void;
  setMuted(isMuted: boolean): void;
  seek(positionSec: number): void;
  seekLive(): void;
  setSpeed(rate: number): void;
  setCaptions(isOn: boolean): void;
  togglePip(): Promise<void>;
  retry(): void;
  /** For support and measurements; null without a picture. */
  playback(): PlaybackNow | null;
  destroy(): void;
};

export type MediaDeps = {
  readonly video: HTMLVideoElement;
  readonly document: Document;
  nowMs(): number;
  after(delayMs: number, work: () => void): () => void;
  every(intervalMs: number, work: () => void): () => void;
  onChange(change: Partial<VideoState>): void;
  /** `firstFrameMs`: from the address of the video to a moving picture. */
  onJoined(firstFrameMs: number): void;
  onStalled(stallMs: number): void;
  onFailed(detail: string): void;
  /** Something broke and was mended, or will be. */
  onRemedy(remedy: Remedy['do'], detail: string): void;
  /** Now and then: behind the live edge, where that should be, and behind the host's clock (null: the playlist does not say). */
  onLatency(latency: { latencyMs: number; targetMs: number; behindHostMs: number | null }): void;
  onQuality(quality: { heightPx: number; bitrateBitsPerSec: number }): void;
  onMoments(moments: readonly ProductMoment[]): void;
  /** The next moment after this one at which a card comes or goes, or a line was said; null when there is none. */
  nextMomentMs(programMs: number): number | null;
  /** What the line carried last time. */
  readonly firstBitsPerSec: number | null;
};

export type PlaybackNow = NonNullable<ReturnType<PlayerHandle['playback']>>;

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
  let isReplay = false;
  let speed = 1;
  let isLowLatency = true;
  let hasJoined = false;
  let loadedAtMs = 0;
  let latencyDueAtMs = 0;
  let stalledSinceMs: number | null = null;
  let hiddenSinceMs: number | null = null;
  let cancelRetry = () => {};
  let cancelStallWord = () => {};
  let cancelCalm = () => {};
  let cancelMoment = () => {};
  const undo: (() => void)[] = [];

  const listen = (target: EventTarget, type: string, work: () => void) => {
    target.addEventListener(type, work);
    undo.push(() => target.removeEventListener(type, work));
  };

  /** Another source resets the element's rate, so it is set again; live has a pace of its own (rate-rule.ts). */
  const applySpeed = () => {
    if (isReplay) video.playbackRate = speed;
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
    const bitsPerSec = engine?.bitsPerSec() ?? deps.firstBitsPerSec;
    engine?.destroy();
    engine = null;
    onChange({ status: 'loading' });
    const events = {
      onFailure: (kind: 'media' | 'network', detail: string) => {
        if (mine === generation) fail(kind, detail);
      },
      onQuality: (quality: { heightPx: number; bitrateBitsPerSec: number }) => {
        if (mine === generation) deps.onQuality(quality);
      },
      onMoments: (moments: readonly ProductMoment[]) => {
        if (mine === generation) deps.onMoments(moments);
      },
      onLevel: (fragments: readonly TimedFragment[]) => {
        if (mine !== generation || resumeAtMs === null || video.readyState === 0) return;
        const positionSec = positionAtProgramTime(fragments, resumeAtMs + (deps.nowMs() - resumeSetAtMs));
        resumeAtMs = null;
        if (positionSec !== null) video.currentTime = positionSec;
      },
    };
    createEngine(video, address, events, { isLowLatency, bitsPerSec, every: deps.every }).then(
      (made) => {
        if (mine !== generation) return made.destroy();
        engine = made;
        made.setLookingBack(isSeekedBack);
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
    deps.onRemedy(remedy.do, detail);
    if (remedy.do === 'give_up') return giveUp(detail);
    onChange({ status: 'stalled' });
    if (remedy.do === 'recover') {
      engine?.recoverMediaError();
      if (isWanted) void tryPlay();
      return;
    }
    if (remedy.do === 'rebuild') {
      isLowLatency = remedy.isLowLatency;
      return url === null ? undefined : start(url);
    }
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
    onChange({ status: 'playing', hasPicture: true, isAtEnd: false });
    if (hasJoined) return;
    hasJoined = true;
    deps.onJoined(deps.nowMs() - loadedAtMs);
    latencyDueAtMs = deps.nowMs() + FIRST_LATENCY_AFTER_MS;
  });
  listen(video, 'seeked', () => sample());
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
  listen(video, 'ended', () => {
    if (!isReplay) return;
    isWanted = false;
    onChange({ status: 'paused', isPausedByShopper: true, isAtEnd: true });
  });
  listen(video, 'loadedmetadata', applySpeed);
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
    if (hiddenMs <= JUMP_TO_LIVE_AFTER_HIDDEN_MS || !isWanted) return;
    if (isSeekedBack) void tryPlay();
    else seekLive();
  });
  undo.push(deps.every(SAMPLE_INTERVAL_MS, sample));

  function sample() {
    if (engine === null || video.readyState < 2) return;
    const liveSec = engine.livePositionSec();
    const programMs = engine.programMs();
    if (liveSec !== null && liveSec - video.currentTime > engine.jumpBehindSec() && isWanted && !isSeekedBack) seekLive();
    onChange({
      programMs,
      positionSec: Math.round(video.currentTime * 10) / 10,
      behindSec: liveSec === null ? null : Math.max(0, Math.round(liveSec - video.currentTime)),
    });
    if (programMs === null) return;
    awaitMoment(programMs);
    tellLatency(engine, programMs);
  }

  /** Looks again exactly when the picture gets to the next moment, if that is before the next look. */
  function awaitMoment(programMs: number) {
    cancelMoment();
    const momentMs = deps.nextMomentMs(programMs);
    if (momentMs === null || video.paused) return;
    const inMs = (momentMs - programMs) / (video.playbackRate || 1);
    if (inMs <= SAMPLE_INTERVAL_MS) cancelMoment = deps.after(Math.max(1, inMs), sample);
  }

  function tellLatency(now: Engine, programMs: number) {
    const latency = now.latency();
    if (!hasJoined || latency === null || isSeekedBack || video.paused || deps.nowMs() < latencyDueAtMs) return;
    latencyDueAtMs = deps.nowMs() + LATENCY_INTERVAL_MS;
    deps.onLatency({
      latencyMs: Math.round(latency.latencySec * 1_000),
      targetMs: Math.round(latency.targetSec * 1_000),
      behindHostMs: Math.round(deps.nowMs() - programMs),
    });
  }

  function setSeekedBack(isBack: boolean) {
    isSeekedBack = isBack;
    engine?.setLookingBack(isBack);
  }

  function seekLive() {
    const liveSec = engine?.livePositionSec() ?? null;
    setSeekedBack(false);
    if (liveSec !== null) video.currentTime = liveSec;
    void tryPlay();
  }

  const hasPip =
    deps.document.pictureInPictureEnabled ||
    'documentPictureInPicture' in window ||
    (video as WebkitVideo).webkitSupportsPresentationMode?.('picture-in-picture') === true;
  onChange({ pip: hasPip ? 'off' : 'unsupported' });

  return {
    load(address, resumeAt, isOfReplay = false) {
      isReplay = isOfReplay;
      if (address === url) return;
      url = address;
      recovery = freshRecovery;
      isLowLatency = true;
      isSeekedBack = false;
      loadedAtMs = deps.nowMs();
      resumeAtMs = resumeAt?.programMs ?? null;
      resumeSetAtMs = deps.nowMs();
      start(address);
    },
    unload() {
      generation += 1;
      cancelRetry();
      cancelMoment();
      engine?.destroy();
      engine = null;
      url = null;
      hasJoined = false;
      stalledSinceMs = null;
      onChange({ status: 'none', hasPicture: false, programMs: null, behindSec: null, isAtEnd: false });
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
      const liveSec = engine?.livePositionSec() ?? null;
      setSeekedBack(liveSec === null || liveSec - positionSec > LOOKING_BACK_SEC);
      video.currentTime = positionSec;
      onChange({ positionSec, isAtEnd: false });
      // After the end there is nothing to be paused at.
      if (video.ended) this.play();
    },
    seekLive,
    setSpeed(rate) {
      if (!REPLAY_SPEEDS.includes(rate)) return;
      speed = rate;
      applySpeed();
      onChange({ speed });
    },
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
    playback() {
      if (engine === null || video.readyState < 2) return null;
      const { latencySec = null, targetSec = null } = engine.latency() ?? {};
      return { programMs: engine.programMs(), latencySec, targetSec, rate: video.playbackRate, bitsPerSec: engine.bitsPerSec() };
    },
    retry() {
      recovery = freshRecovery;
      isLowLatency = true;
      if (url !== null) start(url);
    },
    destroy() {
      this.unload();
      endStall();
      for (const work of undo) work();
    },
  };
}
