// Names in the store. The name of a segment says all that its row in the index says: a file whose row was lost in a
// crash is adopted by its name.
//
//   shw_1/brd_2/video/1234-1796000000000-2000000-60-i-77-2.m4s   sequence, UTC ms, duration us, frames, independent,
//                                                                period, target duration s
//   shw_1/brd_2/video/init-77.mp4
//   shw_1/pictures/<cut>/thumb-0.jpg, sheet-0.jpg, poster.jpg     shw_1/files/<cut>.mp4
import type { RecordedSegment, TrackName } from '@insp/media';
import { type BroadcastId, isId, type ShowId } from '@insp/protocol';

/** A recorded segment and whose it is. */
export type StoredSegment = RecordedSegment & { readonly broadcastId: BroadcastId };
export type StoredPeriod = { readonly broadcastId: BroadcastId; readonly track: TrackName; readonly periodId: number };

export const folderOfShow = (showId: ShowId): string => `${showId}`;
export const folderOfBroadcast = (showId: ShowId, broadcastId: BroadcastId): string => `${showId}/${broadcastId}`;
export const initKeyOf = (showId: ShowId, { broadcastId, track, periodId }: StoredPeriod): string =>
  `${folderOfBroadcast(showId, broadcastId)}/${track}/init-${periodId}.mp4`;
export const pictureKeyOf = (showId: ShowId, cut: string, name: string): string => `${showId}/pictures/${cut}/${name}.jpg`;
export const fileKeyOf = (showId: ShowId, cut: string): string => `${showId}/files/${cut}.mp4`;

export function segmentKeyOf(showId: ShowId, segment: StoredSegment): string {
  const parts = [
    segment.mediaSequence,
    segment.programDateTimeMs,
    Math.round(segment.durationMs * 1000),
    segment.frameCount,
    segment.isIndependent ? 'i' : 'n',
    segment.periodId,
    segment.targetDurationSec,
  ];
  return `${folderOfBroadcast(showId, segment.broadcastId)}/${segment.track}/${parts.join('-')}.m4s`;
}

export type ReadKey =
  | { readonly kind: 'segment'; readonly segment: StoredSegment }
  | ({ readonly kind: 'init' } & StoredPeriod)
  | { readonly kind: 'unknown' };

/** What a file of a broadcast is, by its key. */
export function readKey({ key, byteCount }: { key: string; byteCount: number }): ReadKey {
  const [, broadcastId, track = '', name = ''] = key.split('/');
  if (!isId('brd', broadcastId) || !isTrackName(track)) return { kind: 'unknown' };
  const init = /^init-(\d{1,15})\.mp4$/.exec(name);
  if (init) return { kind: 'init', broadcastId, track, periodId: Number(init[1]) };
  const numbers = /^(\d{1,15})-(\d{1,15})-(\d{1,12})-(\d{1,9})-([in])-(\d{1,15})-(\d{1,3})\.m4s$/.exec(name);
  if (!numbers) return { kind: 'unknown' };
  const at = (index: number) => Number(numbers[index]);
  return {
    kind: 'segment',
    segment: {
      broadcastId,
      track,
      mediaSequence: at(1),
      programDateTimeMs: at(2),
      durationMs: at(3) / 1000,
      frameCount: at(4),
      isIndependent: numbers[5] === 'i',
      periodId: at(6),
      targetDurationSec: at(7),
      byteCount,
    },
  };
}

export const isTrackName = (text: string): text is TrackName => /^(audio|video|v\d{1,4})$/.test(text);

/** Names a cut: what it holds can only change together with this. */
export function cutOf(sequences: readonly number[]): string {
  const [first, last] = [sequences[0], sequences.at(-1)];
  if (first === undefined || last === undefined) return '';
  return [first, last, sequences.length].map((value) => value.toString(36)).join('-');
}
