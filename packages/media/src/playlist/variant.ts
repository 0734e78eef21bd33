// What the multivariant playlist says of a picture together with its sound: measured on the segments that are listed.
import type { TrackSegment } from '../packager/track.ts';
import type { Variant } from './multivariant-playlist.ts';
import { playlistName } from './names.ts';
import type { TrackStore } from './track-store.ts';

/** Bit rates to come may be higher than those seen: Apple 1.31 and 1.29 allow 125 and 110 %. */
const PEAK_ROOM = 1.1;
const AVERAGE_ROOM = 1.05;

/** Null when the picture has no segment to speak of. */
export function variantOf(picture: TrackStore, sound: TrackStore, firstListed: number): Variant | null {
  const config = picture.segments.at(-1)?.segment.period?.config;
  if (config?.codec !== 'avc') return null;
  const segmentsOf = (store: TrackStore) =>
    store.segments.flatMap(({ segment }) => (segment.isGap || segment.mediaSequence < firstListed ? [] : [segment]));
  const perSec = (segments: readonly TrackSegment[], count: (segment: TrackSegment) => number) => {
    const durationMs = segments.reduce((sum, segment) => sum + segment.durationMs, 0);
    return (segments.reduce((sum, segment) => sum + count(segment), 0) * 1000) / Math.max(1, durationMs);
  };
  const bits = ({ sizeBytes }: TrackSegment) => sizeBytes * 8;
  const pictureSegments = segmentsOf(picture);
  const averageBitsPerSec = (perSec(pictureSegments, bits) + perSec(segmentsOf(sound), bits)) * AVERAGE_ROOM;
  return {
    config,
    bandwidthBitsPerSec: Math.max((picture.peakBitsPerSec + sound.peakBitsPerSec) * PEAK_ROOM, averageBitsPerSec),
    averageBandwidthBitsPerSec: averageBitsPerSec,
    framesPerSec: perSec(pictureSegments, ({ frameCount }) => frameCount),
    uri: playlistName(picture.track),
  };
}
