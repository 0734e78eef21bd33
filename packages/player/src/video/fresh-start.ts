// Chromium plays on after it has run dry only with more in hand than the time before, and keeps that as long as the element
// has its source: after five losses of the encoder the picture stood for two more seconds with 1.5 s in hand. A seek makes
// it begin as it did at first. So a picture that stands though there is enough to play is sought to where it is.
import { bufferedAheadSec } from './buffered.ts';

export const FRESH_START = {
  /** A part, or nearly: what the very first start is content with. */
  aheadSec: 0.45,
  /** The browser gets this long to go on by itself. */
  afterMs: 150,
  lookEveryMs: 50,
  /** Enough to count as a seek; far less than a frame. */
  stepSec: 0.000_001,
} as const;
const HAVE_FUTURE_DATA = 3;

type Video = Pick<
  HTMLVideoElement,
  'buffered' | 'currentTime' | 'readyState' | 'seeking' | 'paused' | 'addEventListener' | 'removeEventListener'
>;

/** Watches the element until the answer is called. Once for each time it stands: what did not help is not repeated. */
export function startAfreshWhenDry(video: Video, every: (intervalMs: number, work: () => void) => () => void): () => void {
  let stopLooking: (() => void) | null = null;
  let hasSought = false;
  let readyMs = 0;
  const rest = () => {
    stopLooking?.();
    stopLooking = null;
  };
  const look = () => {
    const isHeld = !video.paused && !video.seeking && video.readyState < HAVE_FUTURE_DATA;
    readyMs = isHeld && bufferedAheadSec(video) >= FRESH_START.aheadSec ? readyMs + FRESH_START.lookEveryMs : 0;
    if (readyMs < FRESH_START.afterMs) return;
    hasSought = true;
    rest();
    video.currentTime += FRESH_START.stepSec;
  };
  const onWaiting = () => {
    if (stopLooking !== null || hasSought) return;
    readyMs = 0;
    stopLooking = every(FRESH_START.lookEveryMs, look);
  };
  const onPlaying = () => {
    hasSought = false;
    rest();
  };
  video.addEventListener('waiting', onWaiting);
  video.addEventListener('playing', onPlaying);
  return () => {
    rest();
    video.removeEventListener('waiting', onWaiting);
    video.removeEventListener('playing', onPlaying);
  };
}
