// Real encoders in, real readers out: ffmpeg publishes, ffprobe and ffmpeg read the playlist back.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { outputOf, run, sourceArgs, startEncoder } from './test-support/ffmpeg.ts';
import { createMediaRig, GOOD_KEY, type MediaRig, SHOW_ID, until } from './test-support/media-rig.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'insp-media-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const rigs: MediaRig[] = [];
async function setUp(): Promise<MediaRig> {
  const rig = await createMediaRig();
  rigs.push(rig);
  return rig;
}
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.stop();
});

type Packet = { ptsSec: number; dtsSec: number; md5: string };

/** Each coded packet of one stream with its checksum, as ffmpeg reads it. */
async function packetsOf(url: string, stream: 'v' | 'a'): Promise<Packet[]> {
  const text = await outputOf('ffmpeg', ['-v', 'error', '-i', url, '-map', `0:${stream}:0`, '-c', 'copy', '-f', 'framemd5', '-']);
  const timeBase = /#tb 0: (\d+)\/(\d+)/.exec(text);
  const unitSec = Number(timeBase?.[1]) / Number(timeBase?.[2]);
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const fields = line.split(',').map((field) => field.trim());
      return { dtsSec: Number(fields[1]) * unitSec, ptsSec: Number(fields[2]) * unitSec, md5: fields[5] ?? '' };
    });
}

const publishFile = (rig: MediaRig, file: string) =>
  outputOf('ffmpeg', ['-v', 'error', '-i', file, '-c', 'copy', '-f', 'flv', '-flvflags', 'no_duration_filesize', rig.rtmpUrl(GOOD_KEY)]);
const ended = async (rig: MediaRig) => {
  await until('the encoder is gone', () => !rig.media.isPublishing(SHOW_ID));
  rig.media.endBroadcast(SHOW_ID, 'over');
};
const textOf = async (rig: MediaRig, name: string) => (await fetch(`${rig.origin}/live/play-one/${name}`)).text();

describe('picture and sound pass through untouched', () => {
  test.each([
    ['baseline', {}],
    ['B-frames', { bFrames: 2 }],
    ['60 fps with short groups', { framesPerSec: 60, gopFrames: 20 }],
    ['25 fps, portrait', { framesPerSec: 25, gopFrames: 50, size: '180x320' }],
  ])('[RI4] %s: every packet the same, in order, its time kept', async (name, options) => {
    const rig = await setUp();
    const file = join(folder, `${name.replaceAll(/\W/g, '')}.flv`);
    await outputOf('ffmpeg', ['-y', ...sourceArgs({ durationSec: 7, gopFrames: 30, isRealTime: false, ...options }), '-f', 'flv', file]);
    await publishFile(rig, file);
    await ended(rig);
    const url = rig.playlistUrl('play-one');

    const sent = await packetsOf(file, 'v');
    const got = await packetsOf(url, 'v');
    expect(sent.length).toBeGreaterThan(150);
    expect(got.map((packet) => packet.md5)).toEqual(sent.map((packet) => packet.md5));
    const [firstSent, firstGot] = [sent[0] as Packet, got[0] as Packet];
    for (const [index, packet] of got.entries()) {
      const twin = sent[index] as Packet;
      expect(packet.dtsSec - firstGot.dtsSec).toBeCloseTo(twin.dtsSec - firstSent.dtsSec, 3);
      expect(packet.ptsSec - packet.dtsSec).toBeCloseTo(twin.ptsSec - twin.dtsSec, 3);
    }

    // Sound: the same frames in one gapless row. Where sound begins later than the picture's decode clock (B-frames),
    // silence leads; frames before the first picture are dropped.
    const soundSent = (await packetsOf(file, 'a')).map((packet) => packet.md5);
    const soundGot = await packetsOf(url, 'a');
    const leadingCount = soundGot.findIndex((packet) => soundSent.includes(packet.md5));
    const offset = soundSent.indexOf((soundGot[leadingCount] as Packet).md5);
    expect(leadingCount).toBeLessThanOrEqual(4);
    expect(offset).toBeLessThanOrEqual(2);
    const shared = Math.min(soundGot.length - leadingCount, soundSent.length - offset);
    expect(soundGot.slice(leadingCount, leadingCount + shared).map((packet) => packet.md5)).toEqual(
      soundSent.slice(offset, offset + shared),
    );
    expect(soundSent.length - offset - shared).toBeLessThanOrEqual(4);
    for (const [index, packet] of soundGot.entries())
      if (index > 0) expect(packet.dtsSec - (soundGot[index - 1] as Packet).dtsSec).toBeCloseTo(1024 / 48_000, 4);
  });

  test('ffprobe reads size and codecs as told, decodes every frame without a complaint, and finds an IDR at each segment start', async () => {
    const rig = await setUp();
    await startEncoder(rig.rtmpUrl(GOOD_KEY), { durationSec: 6, gopFrames: 60, isRealTime: false, bFrames: 2 }).done;
    await ended(rig);
    const url = rig.playlistUrl('play-one');
    const probe = JSON.parse(
      await outputOf('ffprobe', [
        '-v',
        'error',
        '-of',
        'json',
        '-count_frames',
        '-show_entries',
        'stream=codec_name,width,height,nb_read_frames',
        url,
      ]),
    );
    expect(probe.streams).toContainEqual(expect.objectContaining({ codec_name: 'h264', width: 320, height: 180, nb_read_frames: '180' }));
    expect(probe.streams).toContainEqual(expect.objectContaining({ codec_name: 'aac' }));
    const { stderr, exitCode } = await run('ffmpeg', ['-v', 'warning', '-i', url, '-f', 'null', '-']).done;
    expect([exitCode, stderr]).toEqual([0, '']);
    const multivariant = await textOf(rig, 'index.m3u8');
    expect(multivariant).toContain('RESOLUTION=320x180,FRAME-RATE=30.000');
    const segments = (await textOf(rig, 'video.m3u8')).match(/video-\d+\.m4s/g) ?? [];
    expect(segments).toHaveLength(3);
    const init = /video-init-\d+\.mp4/.exec(await textOf(rig, 'video.m3u8'))?.[0];
    for (const segment of segments) {
      const bytes = await Promise.all([init, segment].map(async (name) => (await fetch(`${rig.origin}/live/play-one/${name}`)).bytes()));
      const file = join(folder, 'one-segment.mp4');
      await writeFile(file, Buffer.concat(bytes));
      const firstFrame = await outputOf('ffprobe', [
        ...[
          '-v',
          'error',
          '-select_streams',
          'v',
          '-read_intervals',
          '%+#1',
          '-show_entries',
          'frame=key_frame,pict_type',
          '-of',
          'csv=p=0',
        ],
        file,
      ]);
      expect(firstFrame.trim()).toMatch(/^1,I/);
    }
  });

  test('a picture without sound plays with silence', async () => {
    const rig = await setUp();
    await startEncoder(rig.rtmpUrl(GOOD_KEY), { durationSec: 4, hasSound: false, isRealTime: false }).done;
    await ended(rig);
    const { stderr, exitCode } = await run('ffmpeg', [
      '-v',
      'warning',
      '-i',
      rig.playlistUrl('play-one'),
      '-af',
      'volumedetect',
      '-f',
      'null',
      '-',
    ]).done;
    expect([exitCode, stderr]).toEqual([0, '']);
    const sound = await packetsOf(rig.playlistUrl('play-one'), 'a');
    expect(sound.length).toBeGreaterThan(180);
  });
});

describe('a live encoder', () => {
  test('is on air within its first picture group; killed and back, it goes on at the same address', async () => {
    const rig = await setUp();
    const first = startEncoder(rig.rtmpUrl(GOOD_KEY), { gopFrames: 30 });
    await until('there is a picture', async () => (await fetch(rig.playlistUrl('play-one'))).ok);
    await until('three segments', async () => ((await textOf(rig, 'video.m3u8')).match(/#EXTINF/g) ?? []).length >= 3);
    expect(rig.media.health(SHOW_ID)).toMatchObject({
      videoCodec: expect.stringMatching(/^avc1\./),
      widthPx: 320,
      keyFrameIntervalMs: 1_000,
    });
    first.child.kill('SIGKILL');
    await until('the loss is told', () => rig.facts.some((fact) => fact.name === 'media.encoder_lost'));
    const before = await textOf(rig, 'video.m3u8');
    await new Promise((resolve) => setTimeout(resolve, 1_500));

    // Comes back with another size: another init section.
    const second = startEncoder(rig.rtmpUrl(GOOD_KEY), { gopFrames: 30, size: '426x240', durationSec: 4 });
    await until('the discontinuity is there', async () => (await textOf(rig, 'video.m3u8')).includes('#EXT-X-DISCONTINUITY\n'));
    await second.done;
    await ended(rig);
    const after = await textOf(rig, 'video.m3u8');
    const segmentsIn = (text: string) => text.match(/video-\d+\.m4s/g) ?? [];
    const numbers = segmentsIn(after).map((name) => Number(/\d+/.exec(name)?.[0]));
    expect(numbers).toEqual(numbers.map((_number, index) => (numbers[0] ?? 0) + index));
    expect(segmentsIn(after)).toEqual(expect.arrayContaining(segmentsIn(before)));
    expect(after.match(/#EXT-X-MAP/g)).toHaveLength(2);
    expect(rig.facts.map((fact) => fact.name)).toEqual([
      'media.broadcast_started',
      'media.encoder_lost',
      'media.encoder_resumed',
      'media.encoder_lost',
    ]);
    const resumed = rig.facts[2] as { payload: { gapMs: number } };
    expect(resumed.payload.gapMs).toBeGreaterThan(1_000);
    expect(await textOf(rig, 'index.m3u8')).toContain('RESOLUTION=426x240');
    const frames = await outputOf('ffprobe', [
      ...['-v', 'error', '-select_streams', 'v', '-count_packets', '-show_entries', 'stream=nb_read_packets', '-of', 'csv=p=0'],
      rig.playlistUrl('play-one'),
    ]);
    expect(Number(frames.split('\n')[0]?.replace(/\D/g, ''))).toBeGreaterThan(180);
  });

  test('a picture group beyond 4 s is played all the same, and the host is told within 5 s', async () => {
    const rig = await setUp();
    const encoder = startEncoder(rig.rtmpUrl(GOOD_KEY), { gopFrames: 250, durationSec: 6 });
    await until('the host is told', () => /Keyframe Interval to 2 s/.test(rig.media.health(SHOW_ID).advice));
    await encoder.done;
    await ended(rig);
    const text = await textOf(rig, 'video.m3u8');
    expect(text).toContain('#EXT-X-TARGETDURATION:4');
    expect(text).not.toContain('INDEPENDENT-SEGMENTS');
    expect(await packetsOf(rig.playlistUrl('play-one'), 'v')).toHaveLength(180);
  });
});
