// mp4box (GPAC's own reader) reads every part and segment of a show with B-frames, dropped frames, a reconnection and
// late sound: what players will find in them.

import { createFile, type ISOFile, MP4BoxBuffer } from 'mp4box';
import { expect, test } from 'vitest';
import { concatBytes } from '../bytes/byte-writer.ts';
import { createFlvDemuxer, type DemuxEvent } from '../flv/demuxer.ts';
import { feed, newPackager, source, tracksOf } from '../packager/test-source.ts';
import type { TrackPart, TrackPeriod } from '../packager/track.ts';

/** Real configurations: mp4box reads the parameter sets. */
const AVC_RECORD = '0142c014ffe100186742c014da05067e7e7c04400000030040000007a3c50aa801000568ce0fcb20';
const hex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const demuxer = createFlvDemuxer();
const configs: DemuxEvent[] = [
  ...demuxer.push({ kind: 'video', timestampMs: 0, body: hex(`1700000000${AVC_RECORD}`) }),
  ...demuxer.push({ kind: 'audio', timestampMs: 0, body: hex('af001190') }),
];

type Sample = { dts: number; cts: number; duration: number; is_sync: boolean; size: number; depends_on: number };

function read(period: TrackPeriod, bytes: Uint8Array): { file: ISOFile; samples: Sample[] } {
  const file = createFile();
  const append = (chunk: Uint8Array, at: number) => {
    const buffer = MP4BoxBuffer.fromArrayBuffer(chunk.slice().buffer, at);
    file.appendBuffer(buffer);
    return at + chunk.length;
  };
  append(bytes, append(period.init, 0));
  file.flush();
  return { file, samples: file.getTrackSamplesInfo(1) as unknown as Sample[] };
}

test('[6.2.4-M2b] decode times run on without a hole or an overlap; flags say what is an IDR; parts add up to segments', () => {
  expect(configs).toHaveLength(2);
  const packager = newPackager();
  const holed = source({ toMs: 9_000, frameMs: 1000 / 30, compositionMs: 66, soundLagMs: 150 }).filter(
    (event) => !('dtsMs' in event) || event.kind === 'audio' || event.dtsMs < 4_300 || event.dtsMs > 4_900,
  );
  const outputs = [...feed(packager, [...configs, ...holed]), ...packager.flush(), ...packager.begin()];
  outputs.push(...feed(packager, [...configs, ...source({ toMs: 5_000, frameMs: 1000 / 30, compositionMs: 66 })]), ...packager.flush());
  const tracks = tracksOf(outputs);
  for (const name of ['video', 'audio'] as const) {
    const { segments, partsOf } = tracks[name];
    expect(segments.length).toBeGreaterThan(6);
    let endTicks = 0;
    let lastPeriod: TrackPeriod | null = null;
    for (const segment of segments) {
      const period = segment.period as TrackPeriod;
      const whole = read(period, concatBytes(segment.pieces)).samples;
      const inParts = partsOf(segment.mediaSequence)
        .filter((part) => !part.isGap)
        .map((part: TrackPart) => ({ part, samples: read(period, part.bytes).samples }));
      const told = ({ dts, cts, duration, is_sync, size }: Sample) => ({ dts, cts, duration, is_sync, size });
      expect(inParts.flatMap(({ samples }) => samples.map(told))).toEqual(whole.map(told));
      if (name === 'video') expect(whole[0]?.is_sync).toBe(true);
      for (const { part, samples } of inParts) {
        expect(part.isIndependent).toBe(samples[0]?.is_sync);
        if (period === lastPeriod) expect(samples[0]?.dts).toBe(endTicks);
        else expect(samples[0]?.dts).toBeGreaterThanOrEqual(endTicks);
        lastPeriod = period;
        endTicks = (samples.at(-1)?.dts ?? 0) + (samples.at(-1)?.duration ?? 0);
      }
      for (const sample of whole) {
        expect(sample.cts).toBeGreaterThanOrEqual(sample.dts);
        // 2: depends on no other sample; 1: does.
        if (name === 'video') expect(sample.depends_on).toBe(sample.is_sync ? 2 : 1);
      }
    }
  }
  const { file } = read(tracks.video.segments[0]?.period as TrackPeriod, concatBytes(tracks.video.segments[0]?.pieces ?? []));
  const info = file.getInfo();
  expect(info.isFragmented).toBe(true);
  expect(info.tracks[0]).toMatchObject({ codec: 'avc1.42c014', timescale: 90_000 });
});
