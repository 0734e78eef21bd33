// A hand-made encoder for tests: events as the demuxer gives them, and outputs sorted by track.
import type { AacConfig } from '../flv/aac.ts';
import type { AvcConfig } from '../flv/avc.ts';
import type { DemuxEvent } from '../flv/demuxer.ts';
import { fmp4Writer } from '../fmp4/fmp4-writer.ts';
import { createPackager, type Packager } from './packager.ts';
import type { TrackName, TrackOutput, TrackPart, TrackSegment } from './track.ts';

export const VIDEO: AvcConfig = {
  codec: 'avc',
  decoderConfig: Uint8Array.of(1, 100, 0, 31),
  codecString: 'avc1.64001f',
  nalLengthBytes: 4,
  widthPx: 1280,
  heightPx: 720,
};
export const OTHER_VIDEO: AvcConfig = {
  ...VIDEO,
  decoderConfig: Uint8Array.of(1, 66, 0, 20),
  codecString: 'avc1.420014',
  widthPx: 320,
  heightPx: 180,
};
export const AUDIO: AacConfig = {
  codec: 'aac',
  decoderConfig: Uint8Array.of(0x11, 0x90),
  codecString: 'mp4a.40.2',
  sampleRateHz: 48_000,
  channelCount: 2,
};

export const newPackager = (options: { firstMediaSequence?: number; partMs?: number } = {}): Packager =>
  createPackager({ boxWriter: fmp4Writer, firstMediaSequence: 100, firstDiscontinuitySequence: 7, ...options });
export const videoConfig = (config = VIDEO): DemuxEvent => ({ kind: 'video_config', config });
export const audioConfig = (config = AUDIO): DemuxEvent => ({ kind: 'audio_config', config });

let frameNumber = 0;
export const frame = (dtsMs: number, isKey: boolean, compositionMs = 0): DemuxEvent => {
  frameNumber += 1;
  return { kind: 'video', dtsMs, isKey, compositionMs, data: Uint8Array.of(frameNumber >> 16, frameNumber >> 8, frameNumber & 255) };
};
export const sound = (dtsMs: number): DemuxEvent => ({ kind: 'audio', dtsMs, data: Uint8Array.of(0xaa) });

export type TestSource = {
  fromMs?: number;
  toMs: number;
  gopMs?: number;
  gopFrames?: number;
  frameMs?: number;
  hasSound?: boolean;
  /** Frame times are off by up to this, either way. */
  jitterMs?: number;
  compositionMs?: number;
  /** Sound comes so much after its picture, with its own right times. */
  soundLagMs?: number;
};

/** Picture and sound in the order an encoder interleaves them; times rounded to ms as RTMP has them. */
export function source(options: TestSource): DemuxEvent[] {
  const { fromMs = 0, toMs, gopMs = 2_000, frameMs = 40, hasSound = true, jitterMs = 0, compositionMs = 0, soundLagMs = 0 } = options;
  const gopFrames = options.gopFrames ?? Math.round(gopMs / frameMs);
  const events: { atMs: number; event: DemuxEvent }[] = [];
  let lastMs = fromMs - 1;
  for (let index = 0; fromMs + index * frameMs < toMs; index += 1) {
    // A fixed, irregular row: the same in every run.
    const shakeMs = jitterMs * Math.sin(index * 2.399);
    const dtsMs = Math.max(lastMs + 1, Math.round(fromMs + index * frameMs + (index === 0 ? 0 : shakeMs)));
    lastMs = dtsMs;
    const isKey = index % gopFrames === 0;
    events.push({ atMs: dtsMs, event: frame(dtsMs, isKey, Math.round(index % 3 === 1 ? compositionMs * 2 : compositionMs)) });
  }
  if (hasSound) {
    for (let index = 0; fromMs + (index * 1024) / 48 < toMs; index += 1) {
      const dtsMs = Math.round(fromMs + (index * 1024) / 48);
      events.push({ atMs: dtsMs + soundLagMs, event: sound(dtsMs) });
    }
  }
  return events.sort((one, other) => one.atMs - other.atMs).map(({ event }) => event);
}

/** Each comes at its time, the first at `arrivedAtMs`. */
export function feed(packager: Packager, events: readonly DemuxEvent[], arrivedAtMs = 1_000_000): TrackOutput[] {
  const firstMs = events.find((event) => event.kind === 'video')?.dtsMs ?? 0;
  return events.flatMap((event) => packager.push(event, arrivedAtMs + ('dtsMs' in event ? Math.max(0, event.dtsMs - firstMs) : 0)));
}

export type TestTrack = {
  readonly parts: TrackPart[];
  readonly segments: TrackSegment[];
  partsOf(mediaSequence: number): TrackPart[];
};

export function tracksOf(outputs: readonly TrackOutput[]): Record<TrackName, TestTrack> {
  const trackOf = (name: TrackName): TestTrack => {
    const parts = outputs.flatMap((output) => (output.kind === 'part' && output.part.track === name ? [output.part] : []));
    const segments = outputs.flatMap((output) => (output.kind === 'segment' && output.segment.track === name ? [output.segment] : []));
    return { parts, segments, partsOf: (mediaSequence) => parts.filter((part) => part.mediaSequence === mediaSequence) };
  };
  return new Proxy({} as Record<TrackName, TestTrack>, { get: (_target, name) => trackOf(name as TrackName) });
}
