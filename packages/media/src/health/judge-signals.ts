// One reading -> every signal with its level and, where it is not good, one sentence in the host's words with the exact
// setting to change. The numbers are those of media.md 11; where OBS is named, the words are those of its dialogs.
import type { AvcConfig } from '../flv/avc.ts';
import { LADDER_LIMITS } from '../ladder/plan-ladder.ts';
import type { HealthReading } from './health-meter.ts';
import type { OutsideReadings } from './outside-readings.ts';
import { SIGNAL_NAMES, type Signal, type SignalLevel, type SignalName, type SignalUnit } from './signal.ts';

export const HEALTH_THRESHOLDS = {
  starvation: { warningMs: 1_000, badMs: 3_000 },
  bitrateRatio: { warning: 0.7, bad: 0.4 },
  frameRateRatio: { warning: 0.95, bad: 0.8 },
  frameGapMs: 500,
  keyFrameInterval: { warningMs: 2_200, badMs: 4_000 },
  /** A first picture, and a first key frame, are missed after this. */
  keyFrameWaitMs: 4_000,
  avSkew: { warningMs: 80, badMs: 250 },
  clockJumps: { warning: 1, bad: 3 },
  /** Late and growing is bad from the warning on; late alone from `badMs`. */
  uploadDelay: { warningMs: 150, badMs: 3_000, isGrowingMsPerSec: 25 },
  silence: { warningMs: 5_000, badMs: 20_000 },
  clipping: { warningMs: 5_000, badMs: 20_000 },
  loudnessLufs: { least: -24, most: -12 },
  black: { warningMs: 2_000, badMs: 10_000 },
  frozen: { warningMs: 6_000, badMs: 10_000 },
  largestShorterSidePx: 1_080,
  transcoder: { warningSpeed: 0.98, badQueueMs: 2_000 },
  rebufferRatio: { warning: 0.003, bad: 0.01 },
  /** What a congested upload is advised to send, of what it tries to. */
  congestedShare: 0.7,
  /** Rates are judged once this much was measured. */
  settledMs: 6_000,
  /** A watch that has not looked for this long says nothing. */
  lookStaleMs: 30_000,
} as const;

const T = HEALTH_THRESHOLDS;

/** `news`: said although all is well. */
type Finding = { readonly level: SignalLevel; readonly value: number | null; readonly sentence?: string; readonly news?: string };
type Judge = { readonly unit: SignalUnit; readonly judge: (reading: HealthReading, outside: OutsideReadings, nowMs: number) => Finding };

const UNKNOWN: Finding = { level: 'unknown', value: null };
const good = (value: number | null): Finding => ({ level: 'good', value });
const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;
const wholeSeconds = (ms: number) => `${Math.round(ms / 1000)} s`;
const mbits = (bitsPerSec: number) => `${Math.round(bitsPerSec / 100_000) / 10} Mbit/s`;
const percent = (ratio: number) => `${Math.round(ratio * 1000) / 10} %`;
const behindText = (latencyP95Ms: number | null) => (latencyP95Ms === null ? '' : ` and see you up to ${seconds(latencyP95Ms)} late`);
const isSettled = (reading: HealthReading) => reading.connectedForMs >= T.settledMs;

/** Of durations and distances: above `warning`, above `bad`. */
function above(value: number, limits: { warning: number; bad: number }): SignalLevel {
  return value > limits.bad ? 'bad' : value > limits.warning ? 'warning' : 'good';
}
/** The same where the limit itself counts. */
function from(value: number, limits: { warningMs: number; badMs: number }): SignalLevel {
  return value >= limits.badMs ? 'bad' : value >= limits.warningMs ? 'warning' : 'good';
}

/** The bitrate to set when the upload cannot hold the present one, as OBS wants it. */
export function advisedKbps({ declared, bitrateBitsPerSec }: Pick<HealthReading, 'declared' | 'bitrateBitsPerSec'>): number {
  const wanted = (declared.videoBitsPerSec ?? bitrateBitsPerSec ?? 0) * T.congestedShare;
  return Math.max(500, Math.round(wanted / 100_000) * 100);
}

export const SIGNAL_JUDGES: Readonly<Record<SignalName, Judge>> = {
  encoder: {
    unit: 'ms',
    judge: ({ silentForMs }) => ({
      level: from(silentForMs, T.starvation),
      value: silentForMs,
      sentence: `Nothing has come from your encoder for ${seconds(silentForMs)}: check its network cable, then OBS, Stop and Start Streaming.`,
    }),
  },
  picture: { unit: 'ms', judge: judgePicture },
  key_frames: { unit: 'ms', judge: judgeKeyFrames },
  upload: { unit: 'ms', judge: judgeUpload },
  bitrate: { unit: 'bit/s', judge: judgeBitrate },
  frame_rate: {
    unit: 'frames/s',
    judge: (reading) => {
      const { framesPerSec, declared } = reading;
      if (framesPerSec === null) return UNKNOWN;
      const value = Math.round(framesPerSec * 10) / 10;
      if (!declared.framesPerSec || !isSettled(reading)) return good(value);
      const ratio = framesPerSec / declared.framesPerSec;
      return {
        level: ratio < T.frameRateRatio.bad ? 'bad' : ratio < T.frameRateRatio.warning ? 'warning' : 'good',
        value,
        sentence: `${Math.round(framesPerSec)} of ${Math.round(declared.framesPerSec)} frames per second arrive: close other programs, or set OBS, Settings, Video, Output (Scaled) Resolution to 1280x720.`,
      };
    },
  },
  frame_gap: {
    unit: 'ms',
    judge: ({ longestFrameGapMs }) => ({
      level: longestFrameGapMs > T.frameGapMs ? 'warning' : 'good',
      value: longestFrameGapMs,
      sentence: `The picture stood still for ${seconds(longestFrameGapMs)}: OBS dropped frames; use a wired connection or a lower OBS, Settings, Output, Video Bitrate.`,
    }),
  },
  clock: {
    unit: 'count',
    judge: ({ clockJumpCount }) => ({
      level: clockJumpCount >= T.clockJumps.bad ? 'bad' : clockJumpCount >= T.clockJumps.warning ? 'warning' : 'good',
      value: clockJumpCount,
      sentence: 'The clock of your encoder jumped: if this comes again, OBS, Stop and Start Streaming.',
    }),
  },
  av_skew: {
    unit: 'ms',
    judge: (reading) => {
      if (reading.avSkewMs === null || !isSettled(reading)) return UNKNOWN;
      const distanceMs = Math.abs(reading.avSkewMs);
      return {
        level: from(distanceMs, T.avSkew),
        value: Math.round(reading.avSkewMs),
        sentence: `Sound comes ${Math.round(distanceMs)} ms ${reading.avSkewMs > 0 ? 'after' : 'before'} its picture: set OBS, Advanced Audio Properties, Sync Offset to 0, then Stop and Start Streaming.`,
      };
    },
  },
  sound: { unit: 'ms', judge: judgeSound },
  loudness: { unit: 'LUFS', judge: judgeLoudness },
  transcoder: {
    unit: 'ratio',
    judge: judgeTranscoder,
  },
  viewers: {
    unit: 'ratio',
    judge: (reading, { viewers }) => {
      const ratio = viewers?.rebufferRatio ?? null;
      if (ratio === null) return UNKNOWN;
      return {
        level: ratio >= T.rebufferRatio.bad ? 'bad' : ratio >= T.rebufferRatio.warning ? 'warning' : 'good',
        value: ratio,
        sentence: `Viewers wait ${percent(ratio)} of the time${behindText(viewers?.latencyP95Ms ?? null)}: set OBS, Settings, Output, Video Bitrate to ${advisedKbps(reading)} Kbps, so that slow connections keep up.`,
      };
    },
  },
};

function judgePicture(reading: HealthReading, { picture }: OutsideReadings, nowMs: number): Finding {
  const { video, pictureSilentForMs, silentForMs, connectedForMs } = reading;
  if (!video) {
    if (connectedForMs < T.keyFrameWaitMs) return UNKNOWN;
    return {
      level: 'bad',
      value: connectedForMs,
      sentence: 'Your encoder sends no picture: add a video source and set OBS, Settings, Output, Video Encoder to H.264.',
    };
  }
  // When nothing comes at all, the encoder's own signal says it.
  if (pictureSilentForMs !== null && pictureSilentForMs >= T.starvation.warningMs && silentForMs < T.starvation.warningMs) {
    return {
      level: from(pictureSilentForMs, T.starvation),
      value: pictureSilentForMs,
      sentence: `Sound comes, but no picture for ${seconds(pictureSilentForMs)}: check the video source of your encoder.`,
    };
  }
  if (!picture || picture.pictureAtMs === null || nowMs - picture.pictureAtMs > T.lookStaleMs) return judgeSize(video, UNKNOWN);
  const blackForMs = picture.blackSinceMs === null ? 0 : nowMs - picture.blackSinceMs;
  const frozenForMs = picture.frozenSinceMs === null ? 0 : nowMs - picture.frozenSinceMs;
  // A black picture stands still too; black is the better word.
  if (blackForMs > T.black.warningMs) {
    return {
      level: above(blackForMs, { warning: T.black.warningMs, bad: T.black.badMs }),
      value: blackForMs,
      sentence: `The picture has been black for ${wholeSeconds(blackForMs)}: take the lens cap off, or show a source in the OBS scene.`,
    };
  }
  if (frozenForMs <= T.frozen.warningMs) return judgeSize(video, good(frozenForMs));
  return {
    level: above(frozenForMs, { warning: T.frozen.warningMs, bad: T.frozen.badMs }),
    value: frozenForMs,
    sentence: `The picture has not moved for ${wholeSeconds(frozenForMs)}: if that is not meant, in OBS open the camera source and press Deactivate, then Activate.`,
  };
}

/** What is larger than phones decode goes to viewers as it is: smaller qualities come below it, nothing in place of it. */
function judgeSize({ widthPx, heightPx }: AvcConfig, otherwise: Finding): Finding {
  const shorterPx = Math.min(widthPx, heightPx);
  if (shorterPx <= T.largestShorterSidePx) return otherwise;
  const [setWidthPx, setHeightPx] = [widthPx, heightPx].map((px) => Math.round((px * T.largestShorterSidePx) / shorterPx / 2) * 2);
  return {
    level: 'warning',
    value: otherwise.value,
    sentence: `Your picture is ${widthPx}x${heightPx}, more than many phones play: set OBS, Settings, Video, Output (Scaled) Resolution to ${setWidthPx}x${setHeightPx}.`,
  };
}

function judgeKeyFrames({ video, hasKeyFrame, keyFrameIntervalMs, connectedForMs }: HealthReading): Finding {
  const setting = 'set OBS, Settings, Output, Keyframe Interval to 2 s';
  if (video && !hasKeyFrame && connectedForMs >= T.keyFrameWaitMs)
    return { level: 'bad', value: null, sentence: `No key frame has come yet: ${setting}.` };
  if (keyFrameIntervalMs === null) return UNKNOWN;
  return {
    level: above(keyFrameIntervalMs, { warning: T.keyFrameInterval.warningMs, bad: T.keyFrameInterval.badMs }),
    value: keyFrameIntervalMs,
    sentence: `A key frame comes every ${seconds(keyFrameIntervalMs)}: ${setting}.`,
  };
}

function judgeUpload(reading: HealthReading): Finding {
  const { uploadDelayMs, uploadSlopeMsPerSec, declared, bitrateBitsPerSec } = reading;
  if (uploadDelayMs === null || !isSettled(reading)) return UNKNOWN;
  const value = Math.round(uploadDelayMs);
  if (uploadDelayMs < T.uploadDelay.warningMs) return good(value);
  const isGrowing = (uploadSlopeMsPerSec ?? 0) >= T.uploadDelay.isGrowingMsPerSec;
  const setting = `set OBS, Settings, Output, Video Bitrate to ${advisedKbps(reading)} Kbps`;
  if (isGrowing || uploadDelayMs >= T.uploadDelay.badMs) {
    const wanted = declared.videoBitsPerSec ?? bitrateBitsPerSec ?? 0;
    return { level: 'bad', value, sentence: `Your upload cannot hold ${mbits(wanted)}: ${setting}.` };
  }
  return {
    level: 'warning',
    value,
    sentence: `Your upload is ${seconds(uploadDelayMs)} late and uneven: use a wired connection, or ${setting}.`,
  };
}

function judgeBitrate(reading: HealthReading): Finding {
  const { bitrateBitsPerSec, declared } = reading;
  if (bitrateBitsPerSec === null) return UNKNOWN;
  const value = Math.round(bitrateBitsPerSec);
  if (!declared.videoBitsPerSec || !isSettled(reading)) return good(value);
  const ratio = bitrateBitsPerSec / declared.videoBitsPerSec;
  // Encoders spend less than they may on an easy picture: low bitrate alone tells nothing while the frames come.
  const isSlow =
    reading.framesPerSec !== null &&
    declared.framesPerSec !== null &&
    reading.framesPerSec < declared.framesPerSec * T.frameRateRatio.warning;
  if (ratio >= T.bitrateRatio.warning || !(isSlow || reading.longestFrameGapMs > T.frameGapMs)) return good(value);
  return {
    level: ratio < T.bitrateRatio.bad ? 'bad' : 'warning',
    value,
    sentence: `Only ${Math.round(ratio * 100)} % of ${mbits(declared.videoBitsPerSec)} arrives: use a wired connection, or set OBS, Settings, Output, Video Bitrate to ${advisedKbps(reading)} Kbps.`,
  };
}

function judgeSound(reading: HealthReading, { picture }: OutsideReadings, nowMs: number): Finding {
  if (!reading.audio) {
    if (!isSettled(reading)) return UNKNOWN;
    return { level: 'warning', value: null, sentence: 'Your encoder sends no sound: add Mic/Aux in OBS, Settings, Audio.' };
  }
  if (!picture || picture.soundAtMs === null || nowMs - picture.soundAtMs > T.lookStaleMs) return UNKNOWN;
  const silentForMs = picture.silentSinceMs === null ? 0 : nowMs - picture.silentSinceMs;
  return {
    level: above(silentForMs, { warning: T.silence.warningMs, bad: T.silence.badMs }),
    value: silentForMs,
    sentence: `Nobody can hear you for ${wholeSeconds(silentForMs)}: unmute Mic/Aux in the OBS Audio Mixer.`,
  };
}

function judgeLoudness(reading: HealthReading, { picture }: OutsideReadings, nowMs: number): Finding {
  if (!reading.audio || !picture || picture.soundAtMs === null || nowMs - picture.soundAtMs > T.lookStaleMs) return UNKNOWN;
  const { loudnessLufs, clippedSinceMs } = picture;
  const value = loudnessLufs === null ? null : Math.round(loudnessLufs * 10) / 10;
  const clippedForMs = clippedSinceMs === null ? 0 : nowMs - clippedSinceMs;
  if (clippedForMs > T.clipping.warningMs) {
    return {
      level: above(clippedForMs, { warning: T.clipping.warningMs, bad: T.clipping.badMs }),
      value,
      sentence: 'Your sound is distorted: pull Mic/Aux in the OBS Audio Mixer down until it stays in the yellow.',
    };
  }
  // Silence has its own signal.
  if (loudnessLufs === null || picture.silentSinceMs !== null) return { level: 'unknown', value };
  if (loudnessLufs > T.loudnessLufs.most)
    return {
      level: 'warning',
      value,
      sentence: `Your sound is too loud: pull Mic/Aux in the OBS Audio Mixer down by ${Math.ceil(loudnessLufs + 16)} dB.`,
    };
  if (loudnessLufs < T.loudnessLufs.least)
    return {
      level: 'warning',
      value,
      sentence: `Your sound is too quiet: push Mic/Aux in the OBS Audio Mixer up by ${Math.ceil(-18 - loudnessLufs)} dB.`,
    };
  return good(value);
}

function judgeTranscoder({ framesPerSec }: HealthReading, { transcoder }: OutsideReadings): Finding {
  if (!transcoder) return UNKNOWN;
  const { speed, queuedMs, droppedRenditions, restoredRenditions } = transcoder;
  const value = speed === null ? null : Math.round(speed * 100) / 100;
  const isSlow = speed !== null && speed < T.transcoder.warningSpeed;
  const isBehind = queuedMs > T.transcoder.badQueueMs;
  if (!isSlow && !isBehind && droppedRenditions.length === 0) {
    const news = restoredRenditions.length === 0 ? '' : `Made again: ${restoredRenditions.join(', ')}.`;
    return { level: speed === null ? 'unknown' : 'good', value, news };
  }
  const isFast = framesPerSec !== null && framesPerSec > LADDER_LIMITS.fullRateFramesPerSec;
  const left = droppedRenditions.length > 0 ? ` Left out until there is room again: ${droppedRenditions.join(', ')}.` : '';
  return {
    level: isBehind ? 'bad' : 'warning',
    value,
    sentence: `This server is too slow for every quality: ${isFast ? 'set OBS, Settings, Video, Common FPS Values to 30, or ' : ''}ask your operator for more CPU.${left}`,
  };
}

/** Judges every signal by itself; nothing is remembered. */
export function judgeSignals(reading: HealthReading, outside: OutsideReadings, nowMs: number): Signal[] {
  return SIGNAL_NAMES.map((name) => {
    const { unit, judge } = SIGNAL_JUDGES[name];
    const { level, value, sentence = '', news = '' } = judge(reading, outside, nowMs);
    return { name, level, value, unit, sentence: level === 'warning' || level === 'bad' ? sentence : news };
  });
}
