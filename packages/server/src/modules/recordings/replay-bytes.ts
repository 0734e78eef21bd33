// The bytes of a time line, track by track, as one fragmented MP4 that runs on over joins: what the jobs feed to ffmpeg.
// At a join both tracks are moved by the same time, so picture and sound stay together; a time never goes back.
import {
  type AacConfig,
  type AvcConfig,
  keyFrameOf,
  type ReplaySegment,
  type ReplayTimeline,
  shiftSegment,
  spanOfSegment,
  type TrackName,
} from '@insp/media';
import type { ShowId } from '@insp/protocol';
import { initKeyOf, type StoredSegment, segmentKeyOf } from './segment-key.ts';
import type { SegmentStore } from './segment-store.ts';
import type { ShowIndex } from './show-index.ts';

const VIDEO_TICKS_PER_SEC = 90_000;

export type ReplayReader = {
  /** Segments whose pictures need the same decoder, one after another: files of their own. */
  runs(timeline: ReplayTimeline): ReplayTimeline['segments'][];
  /** One track of a run. `onBytes` is told how many were read. */
  stream(run: readonly ReplaySegment[], track: TrackName, onBytes?: (count: number) => void): AsyncGenerator<Uint8Array>;
  /** The key frame a segment begins with, decodable alone; null when it begins with none. */
  keyFrame(segment: ReplaySegment, track: TrackName): Promise<Uint8Array | null>;
};

export function createReplayReader(deps: { showId: ShowId; store: SegmentStore; index: ShowIndex }): ReplayReader {
  const { showId, store, index } = deps;

  async function read(key: string): Promise<Uint8Array> {
    const bytes = await store.get(key);
    if (bytes === null) throw new Error(`${key} is not in the store`);
    return bytes;
  }
  const readTrack = (segment: ReplaySegment, track: TrackName) => {
    const file = segment.files.get(track);
    if (!file) throw new Error(`segment ${segment.mediaSequence} has no ${track}`);
    return read(segmentKeyOf(showId, file as StoredSegment));
  };
  const configOf = (track: TrackName, segment: ReplaySegment) =>
    index.period(track, segment.files.get(track)?.periodId ?? segment.periodId)?.config ?? null;

  return {
    runs({ segments }) {
      const runs: ReplaySegment[][] = [];
      let before = '';
      for (const segment of segments) {
        const name = ['video', 'audio'].map((track) => hex(configOf(track as TrackName, segment)?.decoderConfig)).join('/');
        if (name === before) runs.at(-1)?.push(segment);
        else runs.push([segment]);
        before = name;
      }
      return runs;
    },

    async *stream(run, track, onBytes = () => {}) {
      const [first] = run;
      if (!first) return;
      const ticksPerSec = (at: TrackName) => (at === 'audio' ? (configOf('audio', first) as AacConfig).sampleRateHz : VIDEO_TICKS_PER_SEC);
      const period = index.period(track, first.files.get(track)?.periodId ?? first.periodId);
      if (period === null) throw new Error(`no init section for ${track}`);
      yield await read(initKeyOf(showId, period));

      /** Where the next segment of each track would begin if time ran on, and by how much the present stretch is moved. */
      const endSec = { video: 0, audio: 0 };
      let shiftSec = 0;
      for (const [at, segment] of run.entries()) {
        const isJoin = at === 0 || segment.isDiscontinuity;
        const own = await readTrack(segment, track);
        onBytes(own.length);
        const other: TrackName = track === 'audio' ? 'video' : 'audio';
        const twin = isJoin || endsAtJoin(run, at) ? await readTrack(segment, other) : null;
        if (isJoin && twin) {
          const starts = [spanOfSegment(own).startTicks / ticksPerSec(track), spanOfSegment(twin).startTicks / ticksPerSec(other)];
          shiftSec = Math.max(endSec.video, endSec.audio) - Math.min(...starts);
        }
        const byTicks = Math.ceil(shiftSec * ticksPerSec(track));
        yield shiftSegment(own, byTicks);
        const name = track === 'audio' ? 'audio' : 'video';
        endSec[name] = spanOfSegment(own).endTicks / ticksPerSec(track) + shiftSec;
        if (twin) endSec[name === 'audio' ? 'video' : 'audio'] = spanOfSegment(twin).endTicks / ticksPerSec(other) + shiftSec;
      }
    },

    async keyFrame(segment, track) {
      const config = configOf(track, segment);
      if (config?.codec !== 'avc') return null;
      return keyFrameOf(await readTrack(segment, track), config as AvcConfig);
    },
  };
}

const endsAtJoin = (run: readonly ReplaySegment[], at: number): boolean => run[at + 1]?.isDiscontinuity === true;
const hex = (bytes: Uint8Array | undefined) => Array.from(bytes ?? [], (byte) => byte.toString(16).padStart(2, '0')).join('');
