// One reading -> one verdict and at most one sentence: the worst thing, in the host's words, with what to change.
// Thresholds are those of media.md 11.
import type { HealthReading } from './health-meter.ts';

export type HealthVerdict = { readonly status: 'starting' | 'good' | 'warning' | 'bad'; readonly advice: string };

export const HEALTH_THRESHOLDS = {
  silence: { warningMs: 1_000, badMs: 3_000 },
  keyFrameInterval: { warningMs: 2_200, badMs: 4_000 },
  keyFrameWaitMs: 4_000,
  bitrateRatio: { warning: 0.7, bad: 0.4 },
  frameRateRatio: { warning: 0.95, bad: 0.8 },
  frameGapMs: 500,
  uploadDelay: { warningMs: 500, badMs: 3_000 },
  /** Rates are judged once this much was measured. */
  settledMs: 6_000,
} as const;

type Finding = { status: 'warning' | 'bad'; advice: string };

export function judgeHealth(reading: HealthReading): HealthVerdict {
  const findings = rules.map((rule) => rule(reading)).filter((finding) => finding !== null);
  const worst = findings.find((finding) => finding.status === 'bad') ?? findings[0];
  if (worst) return worst;
  return { status: reading.keyFrameIntervalMs === null ? 'starting' : 'good', advice: '' };
}

const T = HEALTH_THRESHOLDS;
const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;
const isSettled = (reading: HealthReading) => reading.connectedForMs >= T.settledMs;

/** In the order of what a host should look at first. */
const rules: ((reading: HealthReading) => Finding | null)[] = [
  ({ silentForMs }) => {
    if (silentForMs < T.silence.warningMs) return null;
    return {
      status: silentForMs >= T.silence.badMs ? 'bad' : 'warning',
      advice: `Nothing has come from your encoder for ${seconds(silentForMs)}: check its connection.`,
    };
  },
  ({ pictureSilentForMs }) => {
    if (pictureSilentForMs === null || pictureSilentForMs < T.silence.warningMs) return null;
    return {
      status: pictureSilentForMs >= T.silence.badMs ? 'bad' : 'warning',
      advice: `Sound comes, but no picture for ${seconds(pictureSilentForMs)}: check the video source of your encoder.`,
    };
  },
  ({ video, connectedForMs }) => {
    if (video || connectedForMs < T.keyFrameWaitMs) return null;
    return { status: 'bad', advice: 'Your encoder sends no picture: add a video source and set H.264.' };
  },
  ({ video, hasKeyFrame, connectedForMs }) => {
    if (!video || hasKeyFrame || connectedForMs < T.keyFrameWaitMs) return null;
    return { status: 'bad', advice: 'No key frame has come yet: set Keyframe interval to 2 s in the encoder output settings.' };
  },
  ({ keyFrameIntervalMs }) => {
    if (keyFrameIntervalMs === null || keyFrameIntervalMs <= T.keyFrameInterval.warningMs) return null;
    return {
      status: keyFrameIntervalMs > T.keyFrameInterval.badMs ? 'bad' : 'warning',
      advice: `A key frame comes every ${seconds(keyFrameIntervalMs)}: set Keyframe interval to 2 s in the encoder output settings.`,
    };
  },
  (reading) => {
    const { uploadDelayMs, bitrateBitsPerSec } = reading;
    if (!isSettled(reading) || uploadDelayMs < T.uploadDelay.warningMs) return null;
    const kbitPerSec = Math.round(((reading.declared.videoBitsPerSec ?? bitrateBitsPerSec ?? 0) * 0.7) / 100_000) * 100;
    return {
      status: uploadDelayMs >= T.uploadDelay.badMs ? 'bad' : 'warning',
      advice: `Your upload is ${seconds(uploadDelayMs)} behind: set the video bitrate to ${kbitPerSec} kbit/s.`,
    };
  },
  (reading) => {
    const { bitrateBitsPerSec, declared } = reading;
    if (!isSettled(reading) || bitrateBitsPerSec === null || !declared.videoBitsPerSec) return null;
    const ratio = bitrateBitsPerSec / declared.videoBitsPerSec;
    // Encoders spend less than they may on an easy picture: low bitrate alone tells nothing while the frames come.
    const isStarving = reading.longestFrameGapMs > T.frameGapMs || isSlow(reading);
    if (ratio >= T.bitrateRatio.warning || !isStarving) return null;
    return {
      status: ratio < T.bitrateRatio.bad ? 'bad' : 'warning',
      advice: `Only ${Math.round(ratio * 100)} % of the declared bitrate arrives: lower the bitrate or use a wired connection.`,
    };
  },
  (reading) => {
    const { framesPerSec, declared } = reading;
    if (!isSettled(reading) || !isSlow(reading) || framesPerSec === null || !declared.framesPerSec) return null;
    return {
      status: framesPerSec < declared.framesPerSec * T.frameRateRatio.bad ? 'bad' : 'warning',
      advice: `${Math.round(framesPerSec)} of ${Math.round(declared.framesPerSec)} frames per second arrive: close other programs or lower the resolution.`,
    };
  },
  ({ longestFrameGapMs }) =>
    longestFrameGapMs > T.frameGapMs
      ? { status: 'warning', advice: `The picture stood still for ${seconds(longestFrameGapMs)}: frames were dropped on the way.` }
      : null,
  ({ clockJumpCount }) =>
    clockJumpCount > 0 ? { status: 'warning', advice: 'The clock of your encoder jumped: restart the stream if this stays.' } : null,
];

function isSlow({ framesPerSec, declared }: HealthReading): boolean {
  return framesPerSec !== null && declared.framesPerSec !== null && framesPerSec < declared.framesPerSec * T.frameRateRatio.warning;
}
