// The incoming picture in four sentences: picture, sound, upload, key frames (ui.md 2). What is measured is said in the
// units OBS uses, what is wrong comes with the setting that mends it.
import type { StreamHealth } from '@insp/protocol';
import { bitrateText } from '../ui/format.ts';

export type HealthPart = { readonly name: string; readonly sentence: string; readonly isFine: boolean };

/** Above this the first picture takes long and qualities cannot switch (product.md VI1). */
export const MAX_KEY_FRAME_INTERVAL_MS = 4_000;
export const MIN_FRAMES_PER_SEC = 20;

export function healthParts(health: StreamHealth): HealthPart[] {
  if (health.status === 'no_encoder')
    return [{ name: 'Picture', sentence: 'No encoder is connected. Press Start Streaming in OBS.', isFine: false }];
  return [picture(health), sound(health), upload(health), keyFrames(health), ...backup(health)];
}

function picture(health: StreamHealth): HealthPart {
  const { videoCodec, widthPx, heightPx, framesPerSec } = health;
  if (videoCodec === null) return { name: 'Picture', sentence: 'No picture yet.', isFine: false };
  const size = widthPx !== null && heightPx !== null ? `${widthPx} × ${heightPx}` : videoCodec;
  if (framesPerSec === null) return { name: 'Picture', sentence: `${size}.`, isFine: true };
  const rate = Math.round(framesPerSec);
  return rate < MIN_FRAMES_PER_SEC
    ? { name: 'Picture', sentence: `${size}, only ${rate} frames a second. Lower the output size in OBS.`, isFine: false }
    : { name: 'Picture', sentence: `${size}, ${rate} frames a second.`, isFine: true };
}

function sound({ audioCodec }: StreamHealth): HealthPart {
  return audioCodec === null
    ? { name: 'Sound', sentence: 'No sound arrives. Check the audio track in OBS.', isFine: false }
    : { name: 'Sound', sentence: `${audioCodec.toUpperCase()} arrives.`, isFine: true };
}

function upload({ bitrateBitsPerSec }: StreamHealth): HealthPart {
  return {
    name: 'Upload',
    sentence: bitrateBitsPerSec === null ? 'Not measured yet.' : `${bitrateText(bitrateBitsPerSec)}.`,
    isFine: true,
  };
}

function keyFrames({ keyFrameIntervalMs }: StreamHealth): HealthPart {
  if (keyFrameIntervalMs === null) return { name: 'Key frames', sentence: 'Not measured yet.', isFine: true };
  const sec = (keyFrameIntervalMs / 1000).toFixed(1).replace(/\.0$/, '');
  return keyFrameIntervalMs > MAX_KEY_FRAME_INTERVAL_MS
    ? { name: 'Key frames', sentence: `Every ${sec} s: too far apart. Set the keyframe interval to 2 s in OBS.`, isFine: false }
    : { name: 'Key frames', sentence: `Every ${sec} s.`, isFine: true };
}

const OTHER_ENCODER = {
  primary: { none: null, connected: 'Connected, but without a key frame yet.', ready: 'Ready to take over.' },
  backup: {
    none: 'The backup encoder is on air; the first is away.',
    connected: 'The backup encoder is on air; the first is back, without a key frame yet.',
    ready: 'The backup encoder is on air; the first is ready again.',
  },
} as const;

/** Nothing for a show with one encoder. */
function backup({ source, standby }: StreamHealth): HealthPart[] {
  const sentence = source === null ? null : OTHER_ENCODER[source][standby];
  return sentence === null ? [] : [{ name: 'Backup', sentence, isFine: source === 'primary' && standby === 'ready' }];
}
