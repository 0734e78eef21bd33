// Measures the incoming picture from its tags: what came in the last seconds, against what the encoder declared and
// what players need (media.md 11). Numbers only; `advice.ts` turns them into one sentence for the host.
import type { AacConfig } from '../flv/aac.ts';
import type { AvcConfig } from '../flv/avc.ts';
import type { DemuxEvent } from '../flv/demuxer.ts';
import { createArrivalDelay } from './arrival-delay.ts';

const WINDOW_MS = 5_000;
/** A jump of the clock is told for this long. */
const JUMP_TOLD_MS = 30_000;

export type DeclaredStream = { readonly framesPerSec: number | null; readonly videoBitsPerSec: number | null };

export type HealthReading = {
  readonly video: AvcConfig | null;
  readonly audio: AacConfig | null;
  readonly declared: DeclaredStream;
  /** Over the last five seconds, or since the beginning if that is less. */
  readonly bitrateBitsPerSec: number | null;
  readonly framesPerSec: number | null;
  /** The last one completed, or the open one when it is longer already. */
  readonly keyFrameIntervalMs: number | null;
  readonly hasKeyFrame: boolean;
  readonly longestFrameGapMs: number;
  readonly silentForMs: number;
  /** The same for the picture alone; null before the first frame. */
  readonly pictureSilentForMs: number | null;
  /** How much later than the quickest picture the newest come: a queue at the host's upload. Null = too early to say. */
  readonly uploadDelayMs: number | null;
  /** How fast that grows. */
  readonly uploadSlopeMsPerSec: number | null;
  /** How far sound and picture of the same time arrive apart; positive = the sound is late. Null without both. */
  readonly avSkewMs: number | null;
  readonly clockJumpCount: number;
  readonly connectedForMs: number;
};

export type HealthMeter = {
  declare(declared: DeclaredStream): void;
  observe(event: DemuxEvent, sizeBytes: number, atMs: number): void;
  read(nowMs: number): HealthReading;
};

export function createHealthMeter(connectedAtMs: number): HealthMeter {
  let declared: DeclaredStream = { framesPerSec: null, videoBitsPerSec: null };
  let video: AvcConfig | null = null;
  let audio: AacConfig | null = null;
  let lastArrivalMs = connectedAtMs;
  let lastPictureAtMs: number | null = null;
  let arrivals: { atMs: number; sizeBytes: number }[] = [];
  let frames: { dtsMs: number; atMs: number }[] = [];
  /** Of sound and picture: how late each came, for their distance. */
  let lateness: { atMs: number; isVideo: boolean; delayMs: number }[] = [];
  const arrival = createArrivalDelay();
  let lastKeyDtsMs: number | null = null;
  let lastKeyIntervalMs: number | null = null;
  let newestDtsMs: number | null = null;
  let jumps: number[] = [];

  function forget(nowMs: number): void {
    arrivals = arrivals.filter((arrival) => arrival.atMs > nowMs - WINDOW_MS);
    frames = frames.filter((frame) => frame.atMs > nowMs - WINDOW_MS);
    lateness = lateness.filter(({ atMs }) => atMs > nowMs - WINDOW_MS);
    jumps = jumps.filter((atMs) => atMs > nowMs - JUMP_TOLD_MS);
  }

  /** The quickest of each track: what is in the way of one alone, such as a large frame, does not count. */
  function skewMs(): number | null {
    const quickest = (isVideo: boolean) => Math.min(...lateness.filter((one) => one.isVideo === isVideo).map(({ delayMs }) => delayMs));
    const skew = quickest(false) - quickest(true);
    return Number.isFinite(skew) ? skew : null;
  }

  return {
    declare(next) {
      declared = next;
    },
    observe(event, sizeBytes, atMs) {
      if (atMs - (arrivals[0]?.atMs ?? atMs) > 2 * WINDOW_MS) forget(atMs);
      lastArrivalMs = atMs;
      arrivals.push({ atMs, sizeBytes });
      if (event.kind === 'video_config') video = event.config;
      else if (event.kind === 'audio_config') audio = event.config;
      else if (event.kind === 'jump') {
        jumps.push(atMs);
        frames = [];
        lateness = [];
        arrival.reset();
        lastKeyDtsMs = null;
      } else if (event.kind === 'audio') {
        lateness.push({ atMs, isVideo: false, delayMs: atMs - event.dtsMs });
      } else if (event.kind === 'video') {
        frames.push({ dtsMs: event.dtsMs, atMs });
        lastPictureAtMs = atMs;
        newestDtsMs = event.dtsMs;
        lateness.push({ atMs, isVideo: true, delayMs: atMs - event.dtsMs });
        arrival.observe(event.dtsMs, atMs);
        if (event.isKey) {
          if (lastKeyDtsMs !== null) lastKeyIntervalMs = event.dtsMs - lastKeyDtsMs;
          lastKeyDtsMs = event.dtsMs;
        }
      }
    },
    read(nowMs) {
      forget(nowMs);
      const connectedForMs = nowMs - connectedAtMs;
      const windowMs = Math.min(WINDOW_MS, connectedForMs);
      const isMeasured = windowMs >= 1_000;
      const newest = frames.at(-1);
      const spanMs = newest && frames.length > 1 ? newest.dtsMs - (frames[0] as { dtsMs: number }).dtsMs : 0;
      const openKeyMs = lastKeyDtsMs !== null && newestDtsMs !== null ? newestDtsMs - lastKeyDtsMs : null;
      const gaps = frames.slice(1).map((frame, index) => frame.dtsMs - (frames[index] as { dtsMs: number }).dtsMs);
      const { delayMs, slopeMsPerSec } = arrival.read(nowMs);
      return {
        video,
        audio,
        declared,
        bitrateBitsPerSec: isMeasured ? (arrivals.reduce((sum, arrival) => sum + arrival.sizeBytes, 0) * 8000) / windowMs : null,
        framesPerSec: spanMs >= 500 ? ((frames.length - 1) * 1000) / spanMs : null,
        keyFrameIntervalMs: openKeyMs !== null && openKeyMs > (lastKeyIntervalMs ?? 4_000) ? openKeyMs : lastKeyIntervalMs,
        hasKeyFrame: lastKeyDtsMs !== null,
        longestFrameGapMs: Math.max(0, ...gaps),
        silentForMs: nowMs - lastArrivalMs,
        pictureSilentForMs: lastPictureAtMs === null ? null : nowMs - lastPictureAtMs,
        uploadDelayMs: delayMs,
        uploadSlopeMsPerSec: slopeMsPerSec,
        avSkewMs: skewMs(),
        clockJumpCount: jumps.length,
        connectedForMs,
      };
    },
  };
}
