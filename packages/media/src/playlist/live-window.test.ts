import fc from 'fast-check';
import * as hlsParser from 'hls-parser';
import { Parser } from 'm3u8-parser';
import { describe, expect, test } from 'vitest';
import { audioConfig, feed, newPackager, OTHER_VIDEO, source, videoConfig } from '../packager/test-source.ts';
import type { TrackOutput } from '../packager/track.ts';
import { createLiveWindow, type Directives, type LiveWindow, NO_DIRECTIVES, WINDOW_LIMITS } from './live-window.ts';
import { readPlaylist } from './test-playlist.ts';

const AT = Date.UTC(2026, 0, 1);

/** A window of one connection of `toMs`: 25 frames per second, groups of 2 s, parts of 13 frames. */
function showOf(toMs: number, options: Parameters<typeof newPackager>[0] & { isFlushed?: boolean } = {}) {
  const packager = newPackager(options);
  const window = createLiveWindow();
  const add = (outputs: readonly TrackOutput[]) => {
    for (const output of outputs) window.add(output);
  };
  add(feed(packager, [videoConfig(), audioConfig(), ...source({ toMs })], AT));
  if (options.isFlushed) add(packager.flush());
  return { window, packager, add };
}

function textOf(window: LiveWindow, name: string, directives: Partial<Directives> = {}): string {
  const answer = window.request(name, { ...NO_DIRECTIVES, ...directives });
  if (answer.kind !== 'file' || !('text' in answer.file)) throw new Error(`${name}: ${answer.kind}`);
  return answer.file.text;
}
const kindOf = (window: LiveWindow, name: string) => window.request(name).kind;

// Its warning counts three segments where the draft counts three target durations.
hlsParser.setOptions({ silent: true });

describe('the playlists', () => {
  test('[PL10] are there when picture and sound have a segment, and waited for from the first part on', () => {
    const names = ['index.m3u8', 'video.m3u8', 'audio.m3u8'];
    for (const name of names) expect(kindOf(showOf(500).window, name)).toBe('none');
    const { window, add, packager } = showOf(2_000);
    for (const name of names) expect(kindOf(window, name)).toBe('wait');
    for (const name of ['v720.m3u8', 'video-init-7.mp4', 'video-100.0.m4s', 'other.m3u8']) expect(kindOf(window, name)).toBe('none');
    add(feed(packager, source({ fromMs: 2_000, toMs: 2_080 }), AT));
    expect(window.isPublished).toBe(true);
    for (const name of ['index.m3u8', 'video.m3u8', 'audio.m3u8', 'video-init-7.mp4', 'video-100.0.m4s'])
      expect(kindOf(window, name)).toBe('file');
  });

  test('[4.4.3.7-M1] [4.4.3.8-M1] [4.4.3.8-M2] [4.4.3.8-M3] [4.4.3.8-M4] [4.4.4.5-M1] [4.4.4.9-M1] [4.4.4.9-S1] [4.4.5.4-M1] [4.4.6.2-M2] [6.2.1-M8] [6.2.2-M1] [6.2.2-M12] [6.2.4-S2] [6.2.6-S6] read like this', () => {
    const { window } = showOf(2_560);
    expect(textOf(window, 'video.m3u8')).toBe(`#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12.0,CAN-SKIP-DATERANGES=YES,HOLD-BACK=6.0,PART-HOLD-BACK=1.602
#EXT-X-PART-INF:PART-TARGET=0.534
#EXT-X-MEDIA-SEQUENCE:100
#EXT-X-DISCONTINUITY-SEQUENCE:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MAP:URI="video-init-7.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z
#EXT-X-PART:DURATION=0.52000,URI="video-100.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.52000,URI="video-100.1.m4s"
#EXT-X-PART:DURATION=0.52000,URI="video-100.2.m4s"
#EXT-X-PART:DURATION=0.44000,URI="video-100.3.m4s"
#EXTINF:2.00000,
video-100.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:02.000Z
#EXT-X-PART:DURATION=0.52000,URI="video-101.0.m4s",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="video-101.1.m4s"
#EXT-X-RENDITION-REPORT:URI="audio.m3u8",LAST-MSN=101,LAST-PART=0
`);
    expect(textOf(window, 'index.m3u8')).toMatch(
      /^#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio.m3u8"\n#EXT-X-STREAM-INF:BANDWIDTH=\d+,AVERAGE-BANDWIDTH=\d+,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=25.000,AUDIO="sound"\nvideo.m3u8\n$/,
    );
  });

  test('[4.4.6.2-M1] bandwidths are within what Apple allows', () => {
    const { window } = showOf(12_100);
    const [, bandwidth, average] = /:BANDWIDTH=(\d+),AVERAGE-BANDWIDTH=(\d+)/.exec(textOf(window, 'index.m3u8')) ?? [];
    const sizes = [100, 101, 102, 103, 104, 105].map((sequence) =>
      (['video', 'audio'] as const).reduce((sum, track) => {
        const answer = window.request(`${track}-${sequence}.m4s`);
        return sum + (answer.kind === 'file' && 'bytes' in answer.file ? answer.file.bytes.length : 0);
      }, 0),
    );
    const peak = Math.max(...sizes) * 4;
    expect(Number(bandwidth)).toBeGreaterThanOrEqual(peak);
    expect(Number(bandwidth)).toBeLessThanOrEqual(peak * 1.25);
    const mean = (sizes.reduce((sum, size) => sum + size, 0) * 4) / sizes.length;
    expect(mean).toBeLessThanOrEqual(Number(average) * 1.1);
    expect(Number(average)).toBeLessThanOrEqual(mean * 1.1);
  });

  test('[6.2.1-M9] the same text is the same object until something changes', () => {
    const { window, add, packager } = showOf(2_560);
    const before = window.request('video.m3u8');
    expect(window.request('video.m3u8', { mediaSequence: 101, partIndex: 0, skip: null })).toBe(before);
    add(feed(packager, source({ fromMs: 2_560, toMs: 3_100, gopMs: 100_000 }).slice(1), AT));
    expect(window.request('video.m3u8')).not.toBe(before);
  });

  test('[4.4.2.1-M1] [6.2.1-M10] a forced cut takes back the word that all segments stand alone, for good', () => {
    const packager = newPackager();
    const window = createLiveWindow();
    const add = (outputs: readonly TrackOutput[]) => {
      for (const output of outputs) window.add(output);
    };
    add(feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 9_000, gopMs: 8_000 })], AT));
    expect(textOf(window, 'video.m3u8')).not.toContain('INDEPENDENT-SEGMENTS');
    add(feed(packager, source({ fromMs: 9_000, toMs: 90_000, gopMs: 2_000 }), AT));
    expect(textOf(window, 'video.m3u8')).not.toContain('INDEPENDENT-SEGMENTS');
    expect(textOf(window, 'audio.m3u8')).toContain('INDEPENDENT-SEGMENTS');
  });

  test('[6.2.1-M20] [4.4.5.3-M1] the end is told, without a hint; the next segment opens it again', () => {
    const { window, add, packager } = showOf(4_500, { isFlushed: true });
    window.end();
    const text = textOf(window, 'video.m3u8');
    expect(text).toMatch(/#EXT-X-ENDLIST\n$/);
    expect(text).not.toMatch(/PRELOAD-HINT|RENDITION-REPORT/);
    packager.begin();
    add(feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 2_100 })], AT + 60_000));
    expect(textOf(window, 'video.m3u8')).not.toContain('ENDLIST');
  });

  test('[PL4] [6.2.1-M5] [6.2.1-S6] a new period begins with discontinuity, map and date before its first part', () => {
    const { window, add, packager } = showOf(4_100);
    add(packager.begin());
    add(feed(packager, [videoConfig(OTHER_VIDEO), audioConfig(), ...source({ toMs: 600 })], AT + 9_000));
    expect(textOf(window, 'video.m3u8')).toContain(`video-102.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="video-init-8.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:09.000Z
#EXT-X-PART:DURATION=0.52000,URI="video-103.0.m4s",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="video-103.1.m4s"
`);
  });
});

describe('what can be loaded', () => {
  test('[6.2.2-S1] [6.2.2-M4] parts leave the playlist within three target durations and can be loaded for as long again', () => {
    const { window } = showOf(14_600);
    const parts = [...textOf(window, 'video.m3u8').matchAll(/video-(\d+)\.\d\.m4s/g)].map((match) => Number(match[1]));
    expect([...new Set(parts)]).toEqual([105, 106, 107]);
    for (const sequence of [102, 103, 104]) expect(kindOf(window, `video-${sequence}.0.m4s`)).toBe('file');
  });

  test('[PL6] [6.2.2-M6] [6.2.2-M8] a segment leaves the playlist first and the memory later', () => {
    const { window } = showOf(60_100);
    const listed = readPlaylist(textOf(window, 'video.m3u8')).segments;
    const { listedSegmentCount, listedTargetDurations, graceSegmentCount } = WINDOW_LIMITS;
    expect(listed.length).toBe(Math.max(listedSegmentCount, listedTargetDurations));
    expect(window.segmentCount).toBe(listed.length + graceSegmentCount);
    expect(kindOf(window, 'video-129.m4s')).toBe('file');
    expect(kindOf(window, `video-${129 - listed.length - graceSegmentCount + 1}.m4s`)).toBe('file');
    expect(kindOf(window, `video-${129 - listed.length - graceSegmentCount}.m4s`)).toBe('none');
  });

  test('[PL6] short segments make a longer list: the playlist is always eight target durations', () => {
    const packager = newPackager();
    const window = createLiveWindow();
    for (const output of feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 40_100, gopMs: 1_000 })], AT)) window.add(output);
    expect(readPlaylist(textOf(window, 'video.m3u8')).segments).toHaveLength(16);
  });

  test('[PL6] bytes are capped: what left the playlist goes first, the playlist stays', () => {
    const { window, add } = showOf(60_100);
    const heavy = (mediaSequence: number): TrackOutput => {
      const { outputs } = {
        outputs: feed(newPackager({ firstMediaSequence: mediaSequence }), [videoConfig(), ...source({ toMs: 2_100 })], AT),
      };
      const segment = outputs.find((output) => output.kind === 'segment' && output.segment.track === 'video');
      if (segment?.kind !== 'segment') throw new Error('no segment');
      return { kind: 'segment', segment: { ...segment.segment, sizeBytes: 10 * 1024 * 1024 } };
    };
    for (let sequence = 130; sequence < 150; sequence += 1) add([heavy(sequence)]);
    expect(window.heldBytes).toBeLessThan(WINDOW_LIMITS.totalBytes + 10 * 1024 * 1024);
    expect(window.segmentCount).toBe(9);
  });

  test('a closed segment is its parts, and when it was asked for they are not held twice', () => {
    const { window } = showOf(4_100);
    const partOf = (index: number) => {
      const answer = window.request(`video-100.${index}.m4s`);
      return answer.kind === 'file' && 'bytes' in answer.file ? answer.file.bytes : new Uint8Array(0);
    };
    const before = [0, 1, 2, 3].flatMap((index) => [...partOf(index)]);
    const whole = window.request('video-100.m4s');
    if (whole.kind !== 'file' || !('bytes' in whole.file)) throw new Error('no segment');
    expect([0, 1, 2, 3].flatMap((index) => [...partOf(index)])).toEqual([...whole.file.bytes]);
    expect([...whole.file.bytes]).toEqual(before);
    expect(partOf(2).buffer).toBe(whole.file.bytes.buffer);
    expect(window.request('video-100.m4s')).toEqual(whole);
  });

  test('[6.2.6-M1] [6.2.6-S2] [6.2.6-S3] the hinted part is waited for; any other that is not there is not found', () => {
    const { window, add, packager } = showOf(3_900);
    expect(textOf(window, 'video.m3u8')).toContain('URI="video-101.3.m4s"\n');
    expect(kindOf(window, 'video-101.3.m4s')).toBe('wait');
    expect(kindOf(window, 'video-101.4.m4s')).toBe('none');
    expect(kindOf(window, 'video-102.0.m4s')).toBe('none');
    expect(kindOf(window, 'video-101.m4s')).toBe('none');
    // An IDR came early: the hint does not come true.
    add(feed(packager, source({ fromMs: 3_900, toMs: 3_980 }), AT));
    expect(kindOf(window, 'video-101.3.m4s')).toBe('file');
    expect(kindOf(window, 'video-101.4.m4s')).toBe('none');
    expect(kindOf(window, 'video-102.0.m4s')).toBe('wait');
  });

  test.each([
    'video-init-2.mp4',
    'video-9.m4s',
    'video-100.mp4',
    'video-init-7.m4s',
    '../secret',
    'video-.m4s',
    'index.m3u8/',
    'v720.m3u8',
    `video-${'9'.repeat(30)}.m4s`,
  ])('%s is no file of it', (name) => {
    const { window } = showOf(2_600);
    expect(kindOf(window, 'video-init-7.mp4')).toBe('file');
    expect(kindOf(window, name)).toBe('none');
  });
});

describe('delta updates', () => {
  const skipTo = (window: LiveWindow, skip: 'YES' | 'v2', name = 'video.m3u8') => textOf(window, name, { skip });

  test('[6.2.5.1-M1] [6.2.5.1-M4] [4.4.5.2-M1] segments beyond the skip boundary are counted, the rest is as it was', () => {
    const { window } = showOf(60_100);
    const whole = textOf(window, 'video.m3u8');
    const delta = skipTo(window, 'YES');
    expect(delta).toContain('#EXT-X-SKIP:SKIPPED-SEGMENTS=1\n');
    expect(delta.match(/EXT-X-SKIP/g)).toHaveLength(1);
    const [kept] = readPlaylist(delta).segments;
    const place = `#EXT-X-PROGRAM-DATE-TIME:${kept?.date}\n`;
    expect(delta.slice(delta.indexOf(place))).toBe(whole.slice(whole.indexOf(place)));
  });

  test('a playlist too short to skip anything is sent whole', () => {
    const { window } = showOf(10_000);
    expect(skipTo(window, 'YES')).toBe(textOf(window, 'video.m3u8'));
  });

  test('[6.2.5.1-M5] after the end nothing is skipped', () => {
    const { window } = showOf(60_100, { isFlushed: true });
    window.end();
    expect(skipTo(window, 'v2')).toBe(textOf(window, 'video.m3u8'));
  });

  test('[6.2.5.1-M2] [6.2.5.1-M3] [4.4.1.2-M1] v2 leaves out old date ranges and names those that left', () => {
    const { window, add, packager } = showOf(20_100);
    window.mark({ highlightId: 'gone', productId: 'a', startMs: AT + 1_000, endMs: AT + 2_000 });
    window.mark({ highlightId: 'old', productId: 'b', startMs: AT + 19_000, endMs: null });
    add(feed(packager, source({ fromMs: 20_100, toMs: 40_100 }), AT));
    window.mark({ highlightId: 'new', productId: 'c', startMs: AT + 39_000, endMs: null });
    expect(skipTo(window, 'YES')).toMatch(/VERSION:9\n[\s\S]*ID="old"[\s\S]*ID="new"/);
    const delta = skipTo(window, 'v2');
    expect(delta).toContain('#EXT-X-VERSION:10\n');
    expect(delta).toMatch(/ID="new"/);
    expect(delta).not.toMatch(/DATERANGE:ID="old"/);
    expect(skipTo(window, 'v2', 'audio.m3u8')).not.toContain('DATERANGE:');
    add(feed(packager, source({ fromMs: 40_100, toMs: 42_200 }), AT));
    window.mark({ highlightId: 'old', productId: 'b', startMs: AT + 19_000, endMs: AT + 20_000 });
    add(feed(packager, source({ fromMs: 42_200, toMs: 44_300 }), AT));
    expect(skipTo(window, 'v2')).toContain('RECENTLY-REMOVED-DATERANGES="old"');
  });
});

describe('date ranges', () => {
  test('[6.2.4-M2i] are in every picture, from the first text on', () => {
    const packager = newPackager();
    const window = createLiveWindow();
    window.mark({ highlightId: 'hlt_1', productId: 'prd_1', startMs: AT - 5_000, endMs: null });
    for (const output of feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 2_100 })], AT)) window.add(output);
    expect(textOf(window, 'video.m3u8')).toContain('#EXT-X-DATERANGE:ID="hlt_1",CLASS="shop.product"');
  });
});

type Step = 'on' | 'reconnect' | 'new_config' | 'long_group' | 'product';

test('[4.4.3.1-M1] [4.4.3.3-M1] [6.2.1-M6] [6.2.1-M7] [6.2.1-S3] [6.2.1-M10] [6.2.1-M13] [6.2.1-M14] [6.2.2-M2] [6.2.2-M3] [6.2.2-M5] [6.2.2-M9] [6.2.2-M10] [6.2.2-M11] [6.2.4-M2c] [6.2.4-M2d] [6.2.4-M2h] [6.2.4-M2j] both parsers read every playlist of a random show, what was said stays said, and a player with deltas sees what one without sees', () => {
  const reached = { discontinuities: 0, deltas: 0, deltasOverDiscontinuities: 0, texts: 0, ranges: 0 };
  const step = fc.constantFrom<Step>('on', 'on', 'on', 'reconnect', 'new_config', 'long_group', 'product');
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), (steps) => {
      const packager = newPackager();
      const window = createLiveWindow();
      let atMs = AT;
      let clockMs = 0;
      let config = 0;
      const known = new Map<string, string>();
      const withDeltas = new Map<string, Map<number, string>>();
      const last = { media: -1, discontinuity: -1 };
      const controls = new Set<string>();

      function look(): void {
        if (!window.isPublished) return;
        for (const name of ['video.m3u8', 'audio.m3u8'] as const) {
          const text = textOf(window, name);
          reached.texts += 1;
          const one = hlsParser.parse(text) as hlsParser.types.MediaPlaylist;
          const parser = new Parser();
          parser.push(text);
          parser.end();
          const ours = readPlaylist(text);
          controls.add(`${one.targetDuration} ${ours.control} ${ours.partTarget}`);
          expect(parser.manifest.mediaSequence).toBe(one.mediaSequenceBase);
          // hls-parser lists the open segment's parts as a segment without an address.
          expect(one.segments.filter((each) => each.uri).map((each) => each.uri)).toEqual(ours.segments.map(({ uri }) => uri));
          if (name === 'video.m3u8') {
            expect(ours.mediaSequence).toBeGreaterThanOrEqual(last.media);
            expect(ours.discontinuitySequence).toBeGreaterThanOrEqual(last.discontinuity);
            Object.assign(last, { media: ours.mediaSequence, discontinuity: ours.discontinuitySequence });
          }
          // All that is told can be had, whole, at once.
          for (const uri of [...ours.segments.map((each) => each.uri), ...ours.segments.flatMap((each) => each.parts)]) {
            const file = uri.includes('URI=') ? (/URI="(.*?)"/.exec(uri)?.[1] ?? '') : uri;
            expect(kindOf(window, file)).toBe(uri.includes('GAP=YES') ? 'none' : 'file');
          }
          let endMs = 0;
          for (const [index, segment] of ours.segments.entries()) {
            const told = JSON.stringify({ ...segment, parts: undefined });
            expect(known.get(segment.uri) ?? told).toBe(told);
            known.set(segment.uri, told);
            expect(one.segments[index]?.discontinuitySequence).toBe(segment.discontinuitySequence);
            // Sound ends up to a frame after the picture of its period.
            expect(Date.parse(segment.date)).toBeGreaterThanOrEqual(endMs - 45);
            endMs = Date.parse(segment.date) + segment.durationSec * 1000;
          }
          // A player that only ever asks for deltas.
          const before = withDeltas.get(name);
          const delta = readPlaylist(textOf(window, name, { skip: before ? 'v2' : null }));
          if (delta.skippedCount > 0) {
            reached.deltas += 1;
            if (ours.segments.some((each) => each.isDiscontinuity)) reached.deltasOverDiscontinuities += 1;
          }
          const merged = new Map<number, string>();
          for (let index = 0; index < delta.skippedCount; index += 1)
            merged.set(delta.mediaSequence + index, before?.get(delta.mediaSequence + index) ?? 'unknown');
          for (const segment of delta.segments) merged.set(segment.mediaSequence, segment.uri);
          expect([...merged.values()]).toEqual(ours.segments.map(({ uri }) => uri));
          withDeltas.set(name, merged);
        }
        const multivariant = hlsParser.parse(textOf(window, 'index.m3u8')) as hlsParser.types.MasterPlaylist;
        expect(multivariant.variants[0]?.uri).toBe('video.m3u8');
        expect(multivariant.variants[0]?.audio[0]).toMatchObject({ uri: 'audio.m3u8', isDefault: true });
      }

      const add = (outputs: readonly TrackOutput[]) => {
        for (const output of outputs) window.add(output);
        if (outputs.length > 0) look();
      };
      const connect = () => add(feed(packager, [videoConfig(config % 2 ? OTHER_VIDEO : undefined), audioConfig()], atMs));
      connect();
      for (const [index, each] of steps.entries()) {
        if (each === 'reconnect') {
          add(packager.begin());
          atMs += 3_000;
          clockMs = 0;
          connect();
          reached.discontinuities += 1;
        } else if (each === 'new_config') {
          config += 1;
          connect();
        } else if (each === 'product') {
          window.mark({ highlightId: `hlt_${index}`, productId: 'prd', startMs: atMs, endMs: index % 2 ? atMs + 1_000 : null });
          reached.ranges += 1;
        }
        const lengthMs = each === 'long_group' ? 5_000 : 2_640;
        for (const event of source({ fromMs: clockMs, toMs: clockMs + lengthMs, gopMs: each === 'long_group' ? 6_000 : 2_000 }))
          add(packager.push(event, atMs));
        clockMs += lengthMs;
        atMs += lengthMs;
      }
      expect(controls.size).toBeLessThanOrEqual(1);
    }),
    { numRuns: 25 },
  );
  for (const count of Object.values(reached)) expect(count).toBeGreaterThan(10);
});
