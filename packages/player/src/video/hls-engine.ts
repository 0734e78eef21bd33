// hls.js behind a small port: attach, play the address, say what broke. It is fetched only when there is video to
// show. Safari without Media Source plays HLS itself; then the engine is the element alone.
import type Hls from 'hls.js';
import type { ErrorData, HlsConfig, LevelDetails, LoadPolicy, RetryConfig } from 'hls.js';
import { bufferedAheadSec } from './buffered.ts';
import { startAfreshWhenDry } from './fresh-start.ts';
import { isGivenUp } from './given-up.ts';
import { momentsOf, type ProductMoment, type TimedFragment } from './program-time.ts';
import { playbackRateFor } from './rate-rule.ts';

export type EngineEvents = {
  onFailure(kind: 'media' | 'network', detail: string): void;
  onLevel(fragments: readonly TimedFragment[]): void;
  /** The picture is of this quality now. */
  onQuality(quality: { heightPx: number; bitrateBitsPerSec: number }): void;
  /** The host's moments in the playlist, when they changed. */
  onMoments(moments: readonly ProductMoment[]): void;
};

export type EngineOptions = {
  readonly isLowLatency: boolean;
  /** What the line carried last time; null when it is not known. */
  readonly bitsPerSec: number | null;
  every(intervalMs: number, work: () => void): () => void;
};

export type Engine = {
  /** Wall time of the frame on screen, ms since the epoch. */
  programMs(): number | null;
  /** Behind the live edge, and how far we aim to be; null when not live or not known. */
  latency(): { readonly latencySec: number; readonly targetSec: number } | null;
  /** What the line carries; null before anything was measured. */
  bitsPerSec(): number | null;
  /** Beyond this behind the target, speeding up is no way back. */
  jumpBehindSec(): number;
  /** The shopper went back on purpose: nobody speeds up or jumps until they come back. */
  setLookingBack(isLookingBack: boolean): void;
  /** Where "live" is, in seconds of the element's timeline. */
  livePositionSec(): number | null;
  recoverMediaError(): void;
  retryNetwork(): void;
  /** Every stall moves the picture further from live; after a calm while it may come back. */
  forgetStalls(): void;
  setCaptions(isOn: boolean): void;
  destroy(): void;
};

/**
 * hls.js takes status 0 for a CORS mistake and tries nothing again; it then asks for the same segment in its next
 * tick, hundreds of times. A server that restarts looks just so: wait, longer each time.
 */
const errorRetry: RetryConfig = {
  maxNumRetry: 6,
  retryDelayMs: 500,
  maxRetryDelayMs: 8_000,
  backoff: 'exponential',
  shouldRetry: (config, retryCount, _isTimeout, response, isRetried) =>
    isRetried || (config != null && retryCount < config.maxNumRetry && (response?.code ?? 0) === 0),
};
const timeoutRetry: RetryConfig = { maxNumRetry: 4, retryDelayMs: 500, maxRetryDelayMs: 8_000, backoff: 'exponential' };
const loadPolicy = (maxTimeToFirstByteMs: number, maxLoadTimeMs: number): LoadPolicy => ({
  default: { maxTimeToFirstByteMs, maxLoadTimeMs, timeoutRetry, errorRetry },
});
/** A blocking playlist waits for up to three target durations (of at most 4 s) and then says so; 2 s for the way. */
const PLAYLIST_FIRST_BYTE_MS = 3 * 4_000 + 2_000;
/** How far the aim moves from live with each stall, up to one target duration (hls.js's own 1 s only ever grows: #6350). */
export const STALL_STEP_SEC = 0.3;
const MAX_LATENCY_TARGET_DURATIONS = 6;
/** Speeding up makes up 0.1 s a second: more than this behind, the shopper would hear it for a minute. */
const JUMP_BEHIND_SEC = { parts: 6, segments: 20 } as const;
/** Unmeasured lines carry this, as most do; hls.js thinks of 0.5 Mbit/s and would begin blurred. */
const FIRST_BITS_PER_SEC = 2_000_000;

/** media.md 7, those that also serve a playlist without parts. */
export const HLS_SETTINGS: Partial<HlsConfig> = {
  lowLatencyMode: true,
  // The rate is ours (rate-rule.ts): hls.js would only ever speed up.
  maxLiveSyncPlaybackRate: 1,
  liveSyncOnStallIncrease: STALL_STEP_SEC,
  fragLoadPolicy: loadPolicy(10_000, 120_000),
  playlistLoadPolicy: loadPolicy(PLAYLIST_FIRST_BYTE_MS, 20_000),
  liveSyncMode: 'edge',
  liveDurationInfinity: true,
  backBufferLength: 30,
  maxBufferLength: 12,
  capLevelToPlayerSize: true,
  startLevel: -1,
  // A first segment only to measure the line by would come twice.
  testBandwidth: false,
  startFragPrefetch: true,
  // The ES build carries no worker, and a cross-origin one may not be started; fMP4 needs no remuxing.
  enableWorker: false,
  // Moments are read from the playlist itself; cues would need a track of `data:`, which a shop's policy complains about.
  enableDateRangeMetadataCues: false,
};

export async function createEngine(video: HTMLVideoElement, url: string, events: EngineEvents, options: EngineOptions): Promise<Engine> {
  const { default: HlsClass } = await import('hls.js/dist/hls.min.mjs');
  if (HlsClass.isSupported()) return createHlsEngine(HlsClass, video, url, events, options);
  if (video.canPlayType('application/vnd.apple.mpegurl') !== '') return createNativeEngine(video, url, events);
  throw new Error('neither Media Source Extensions nor native HLS');
}

function createHlsEngine(
  HlsClass: typeof Hls,
  video: HTMLVideoElement,
  url: string,
  events: EngineEvents,
  { isLowLatency, bitsPerSec, every }: EngineOptions,
): Engine {
  const hls = new HlsClass({ ...HLS_SETTINGS, lowLatencyMode: isLowLatency, abrEwmaDefaultEstimate: bitsPerSec ?? FIRST_BITS_PER_SEC });
  // Set here and not in the settings: as settings they would override the hold back a playlist asks for. With the
  // 2 s segments of a playlist that asks for nothing, two of them keep the picture within VI4's 8 s.
  hls.config.liveSyncDurationCount = 2;
  hls.config.liveMaxLatencyDurationCount = MAX_LATENCY_TARGET_DURATIONS;
  let isLookingBack = false;
  let hasMeasured = false;
  let toldMoments = '';
  hls.on(HlsClass.Events.ERROR, (_event: string, error: ErrorData) => {
    if (!error.fatal) return;
    const status = error.response?.code ? ` ${error.response.code}` : '';
    events.onFailure(error.type === HlsClass.ErrorTypes.NETWORK_ERROR ? 'network' : 'media', `${error.details}${status}`);
  });
  /** Of one quality alone there is no other to go to; it is left to come back. */
  const leave = (details: LevelDetails) => {
    const index = hls.levels.findIndex((level) => level.details === details);
    if (index !== -1 && hls.levels.length > 1) hls.removeLevel(index);
  };
  hls.on(HlsClass.Events.LEVEL_UPDATED, (_event, { details }) => {
    events.onLevel(details.fragments);
    // After hls.js is done with this list.
    if (details.live && isGivenUp(details)) queueMicrotask(() => leave(details));
    const moments = momentsOf(details.dateRanges);
    const told = JSON.stringify(moments);
    if (told === toldMoments) return;
    toldMoments = told;
    events.onMoments(moments);
  });
  hls.on(HlsClass.Events.LEVEL_SWITCHED, (_event, { level }) => {
    const { height = 0, bitrate = 0 } = hls.levels[level] ?? {};
    events.onQuality({ heightPx: height, bitrateBitsPerSec: bitrate });
  });
  hls.on(HlsClass.Events.FRAG_LOADED, () => {
    hasMeasured = true;
  });
  const partSecOf = (details: LevelDetails): number | null => (isLowLatency && details.partTarget > 0 ? details.partTarget : null);
  const keepPace = () => {
    const details = hls.latestLevelDetails;
    const targetLatencySec = hls.targetLatency;
    if (!details?.live || targetLatencySec === null || video.paused) return;
    const rate = playbackRateFor({
      latencySec: hls.latency,
      targetLatencySec,
      bufferedAheadSec: bufferedAheadSec(video),
      partSec: partSecOf(details),
      isLookingBack,
    });
    if (video.playbackRate !== rate) video.playbackRate = rate;
  };
  video.addEventListener('timeupdate', keepPace);
  video.addEventListener('playing', keepPace);
  const stopFreshStarts = startAfreshWhenDry(video, every);
  hls.loadSource(url);
  hls.attachMedia(video);
  return {
    programMs: () => hls.playingDate?.getTime() ?? null,
    latency() {
      const targetSec = hls.targetLatency;
      return hls.latestLevelDetails?.live && targetSec !== null ? { latencySec: hls.latency, targetSec } : null;
    },
    bitsPerSec: () => (hasMeasured && Number.isFinite(hls.bandwidthEstimate) ? Math.round(hls.bandwidthEstimate) : null),
    jumpBehindSec() {
      const details = hls.latestLevelDetails;
      return details && partSecOf(details) !== null ? JUMP_BEHIND_SEC.parts : JUMP_BEHIND_SEC.segments;
    },
    setLookingBack(isBack) {
      isLookingBack = isBack;
      hls.config.liveMaxLatencyDurationCount = isBack ? Number.POSITIVE_INFINITY : MAX_LATENCY_TARGET_DURATIONS;
    },
    // Of a replay too hls.js says where its live edge would be.
    livePositionSec: () => (hls.latestLevelDetails?.live === false ? null : hls.liveSyncPosition),
    recoverMediaError: () => hls.recoverMediaError(),
    retryNetwork() {
      // Without a playlist there is nothing to go on from: ask for it again.
      if (hls.levels.length === 0) hls.loadSource(url);
      else hls.startLoad(-1);
    },
    forgetStalls() {
      const details = hls.latestLevelDetails;
      if (details === null) return;
      // Assigning it is hls.js's one way to set its count of stalls to zero.
      const holdBackSec = (isLowLatency && details.partHoldBack) || details.holdBack;
      hls.targetLatency = holdBackSec || details.targetduration * (hls.config.liveSyncDurationCount ?? 2);
    },
    setCaptions(isOn) {
      hls.subtitleDisplay = isOn;
      if (hls.subtitleTracks.length > 0) hls.subtitleTrack = isOn ? 0 : -1;
    },
    destroy() {
      stopFreshStarts();
      video.removeEventListener('timeupdate', keepPace);
      video.removeEventListener('playing', keepPace);
      video.playbackRate = 1;
      hls.destroy();
    },
  };
}

function createNativeEngine(video: HTMLVideoElement, url: string, events: EngineEvents): Engine {
  const onError = () =>
    events.onFailure(video.error?.code === MediaError.MEDIA_ERR_NETWORK ? 'network' : 'media', video.error?.message ?? '');
  video.addEventListener('error', onError);
  video.src = url;
  const startDateMs = () => {
    const start = (video as HTMLVideoElement & { getStartDate?: () => Date }).getStartDate?.().getTime();
    return start === undefined || Number.isNaN(start) ? null : start;
  };
  return {
    programMs() {
      const startMs = startDateMs();
      return startMs === null ? null : startMs + video.currentTime * 1_000;
    },
    latency: () => null,
    bitsPerSec: () => null,
    jumpBehindSec: () => JUMP_BEHIND_SEC.segments,
    setLookingBack() {},
    livePositionSec: () => (video.seekable.length > 0 ? video.seekable.end(video.seekable.length - 1) - 6 : null),
    recoverMediaError: () => video.load(),
    retryNetwork() {
      video.src = url;
      video.load();
    },
    forgetStalls() {},
    setCaptions() {},
    destroy() {
      video.removeEventListener('error', onError);
      video.removeAttribute('src');
      video.load();
    },
  };
}
