// The files of one segment as the tracks they are.
import type { Segment, TrackSegment } from '@insp/media';

export function trackSegmentsOf(segment: Segment): TrackSegment[] {
  const { period } = segment;
  return (['video', 'audio'] as const).map((track) => ({
    track,
    mediaSequence: segment.mediaSequence,
    period: {
      track,
      discontinuitySequence: period.discontinuitySequence,
      config: track === 'video' ? period.video : period.audio,
      init: track === 'video' ? period.videoInit : period.audioInit,
    },
    isDiscontinuity: segment.isDiscontinuity,
    isIndependent: track === 'audio' || segment.isIndependent,
    programDateTimeMs: segment.programDateTimeMs,
    targetDurationSec: segment.targetDurationSec,
    durationMs: segment[track].durationMs,
    frameCount: segment.frameCount,
    bytes: segment[track].bytes,
  }));
}
