// hls.js behind a small port: attach, play the address, say what broke. It is fetched only when there is video to
// show. Safari without Media Source plays HLS itself; then the engine is the element alone.
import type Hls from 'hls.js';
import type { ErrorData, HlsConfig, LoadPolicy, RetryConfig } from 'hls.js';
import { playbackRateFor } from './rate-rule.ts';

export type EngineEvents = {
  onFailure(kind: 'media' | 'network', detail: string): void;
  onLevel(fragments: readonly { start: number; duration: number; programDateTime: number | null }[]): void;
};

export type Engine = {
  /** Wall time of the frame on screen, ms since the epoch. */
  programMs(): number | null;
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
const loadPolicy = (maxLoadTimeMs: number): LoadPolicy => ({
  default: { maxTimeToFirstByteMs: 10_000, maxLoadTimeMs, timeoutRetry, errorRetry },
});

/** media.md 7, those that also serve a playlist without parts. */
export const HLS_SETTINGS: Partial<HlsConfig> = {
  lowLatencyMode: true,
  // The rate is ours (rate-rule.ts): hls.js would only ever speed up.
  maxLiveSyncPlaybackRate: 1,
  fragLoadPolicy: loadPolicy(120_000),
  playlistLoadPolicy: loadPolicy(20_000),
  liveSyncMode: 'edge',
  liveDurationInfinity: true,
  backBufferLength: 30,
  maxBufferLength: 12,
  capLevelToPlayerSize: true,
  startLevel: -1,
  startFragPrefetch: true,
  // The ES build carries no worker, and a cross-origin one may not be started; fMP4 needs no remuxing.
  enableWorker: false,
  enableDateRangeMetadataCues: true,
};

export async function createEngine(video: HTMLVideoElement, url: string, events: EngineEvents): Promise<Engine> {
  const { default: HlsClass } = await import('hls.js/dist/hls.min.mjs');
  if (HlsClass.isSupported()) return createHlsEngine(HlsClass, video, url, events);
  if (video.canPlayType('application/vnd.apple.mpegurl') !== '') return createNativeEngine(video, url, events);
  throw new Error('neither Media Source Extensions nor native HLS');
}

function createHlsEngine(HlsClass: typeof Hls, video: HTMLVideoElement, url: string, events: EngineEvents): Engine {
  const hls = new HlsClass(HLS_SETTINGS);
  // Set here and not in the settings: as settings they would override the hold back a playlist asks for. With the
  // 2 s segments of a playlist that asks for nothing, two of them keep the picture within VI4's 8 s.
  hls.config.liveSyncDurationCount = 2;
  hls.config.liveMaxLatencyDurationCount = 6;
  let calmTargetLatencySec: number | null = null;
  hls.on(HlsClass.Events.ERROR, (_event: string, error: ErrorData) => {
    if (!error.fatal) return;
    const status = error.response?.code ? ` ${error.response.code}` : '';
    events.onFailure(error.type === HlsClass.ErrorTypes.NETWORK_ERROR ? 'network' : 'media', `${error.details}${status}`);
  });
  hls.on(HlsClass.Events.LEVEL_UPDATED, (_event, { details }) => {
    calmTargetLatencySec ??= hls.targetLatency;
    events.onLevel(details.fragments);
  });
  const keepPace = () => {
    const details = hls.latestLevelDetails;
    const targetLatencySec = hls.targetLatency;
    if (!details?.live || targetLatencySec === null || video.paused) return;
    const rate = playbackRateFor({
      latencySec: hls.latency,
      targetLatencySec,
      bufferedAheadSec: bufferedAheadSec(video),
      segmentSec: details.targetduration,
    });
    if (video.playbackRate !== rate) video.playbackRate = rate;
  };
  video.addEventListener('timeupdate', keepPace);
  video.addEventListener('playing', keepPace);
  hls.loadSource(url);
  hls.attachMedia(video);
  return {
    programMs: () => hls.playingDate?.getTime() ?? null,
    // Of a replay too hls.js says where its live edge would be.
    livePositionSec: () => (hls.latestLevelDetails?.live === false ? null : hls.liveSyncPosition),
    recoverMediaError: () => hls.recoverMediaError(),
    retryNetwork() {
      // Without a playlist there is nothing to go on from: ask for it again.
      if (hls.levels.length === 0) hls.loadSource(url);
      else hls.startLoad(-1);
    },
    forgetStalls() {
      if (calmTargetLatencySec !== null) hls.targetLatency = calmTargetLatencySec;
    },
    setCaptions(isOn) {
      hls.subtitleDisplay = isOn;
      if (hls.subtitleTracks.length > 0) hls.subtitleTrack = isOn ? 0 : -1;
    },
    destroy() {
      video.removeEventListener('timeupdate', keepPace);
      video.removeEventListener('playing', keepPace);
      video.playbackRate = 1;
      hls.destroy();
    },
  };
}

function bufferedAheadSec({ buffered, currentTime }: HTMLVideoElement): number {
  for (let index = 0; index < buffered.length; index += 1) {
    if (buffered.start(index) <= currentTime && currentTime <= buffered.end(index)) return buffered.end(index) - currentTime;
  }
  return 0;
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

/** Where in the element's timeline a wall time is; null when the playlist does not reach it. */
export function positionAtProgramTime(
  fragments: readonly { start: number; duration: number; programDateTime: number | null }[],
  programMs: number,
): number | null {
  for (const { start, duration, programDateTime } of fragments) {
    if (programDateTime === null) continue;
    const intoMs = programMs - programDateTime;
    if (intoMs >= 0 && intoMs < duration * 1_000) return start + intoMs / 1_000;
  }
  return null;
}
