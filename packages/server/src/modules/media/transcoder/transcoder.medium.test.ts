// A real ffmpeg makes the rungs; ffprobe reads source and rungs back, segment by segment.
import { afterEach, describe, expect, test } from 'vitest';
import { identifyProcess } from '../../../platform/process/process-identity.ts';
import { startEncoder } from '../test-support/ffmpeg.ts';
import { GOOD_KEY, OTHER_KEY, OTHER_SHOW_ID, SHOW_ID, until } from '../test-support/media-rig.ts';
import type { Thumbnail } from './ports.ts';
import { createLadderRig, type LadderRig, type Packet } from './test-support/ladder-rig.ts';

const rigs: LadderRig[] = [];
async function setUp(options: Parameters<typeof createLadderRig>[0] = {}): Promise<LadderRig> {
  const rig = await createLadderRig(options);
  rigs.push(rig);
  return rig;
}
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.stop();
});

const RUNGS = ['v240', 'v180'] as const;
const flat = (segments: ReadonlyMap<number, Packet[]>) => [...segments.values()].flat();
/** When its pictures are decoded, when they are shown, and which are key frames; a rung has no B-frames, so their order differs. */
const timesOf = (packets: readonly Packet[] = []) => {
  const sorted = (times: readonly number[]) => times.map(Math.round).sort((a, b) => a - b);
  return {
    decodedMs: sorted(packets.map(({ dtsMs }) => dtsMs)),
    shownMs: sorted(packets.map(({ ptsMs }) => ptsMs)),
    keysMs: sorted(packets.filter(({ isKey }) => isKey).map(({ dtsMs }) => dtsMs)),
  };
};

describe('[TR3] rungs are the source, smaller', () => {
  test.each([
    ['plain', { gopFrames: 60 }],
    ['B-frames', { gopFrames: 60, bFrames: 2 }],
    ['portrait, 25 fps', { gopFrames: 50, framesPerSec: 25, size: '360x640' }],
  ])('%s: the same pictures at the same times, the same key frames, in every segment', async (_what, options) => {
    const rig = await setUp();
    await startEncoder(rig.rtmpUrl(GOOD_KEY), { durationSec: 9, size: '640x360', ...options }).done;
    await until('the encoder is gone', () => !rig.media.isPublishing(SHOW_ID));
    const source = await rig.packetsOf('video');
    await until('the last segments are there', () => RUNGS.every((rung) => rig.segmentsOf(rung).length === source.size));
    const isPortrait = 'size' in options;
    expect(rig.segmentsOf('v240')[0]?.period?.config).toMatchObject(
      isPortrait ? { widthPx: 240, heightPx: 426 } : { widthPx: 426, heightPx: 240 },
    );
    expect(source.size).toBeGreaterThanOrEqual(4);
    for (const rung of RUNGS) {
      const made = await rig.packetsOf(rung);
      for (const [mediaSequence, packets] of source) expect(timesOf(made.get(mediaSequence))).toEqual(timesOf(packets));
      expect(
        rig
          .segmentsOf(rung)
          .map(({ mediaSequence, durationMs, discontinuitySequence }) => [mediaSequence, durationMs, discontinuitySequence]),
      ).toEqual(
        rig
          .segmentsOf('video')
          .map(({ mediaSequence, durationMs, discontinuitySequence }) => [mediaSequence, durationMs, discontinuitySequence]),
      );
    }
  });

  test('60 fps: half the pictures, all key frames', async () => {
    const rig = await setUp();
    await startEncoder(rig.rtmpUrl(GOOD_KEY), { durationSec: 7, size: '640x360', framesPerSec: 60, gopFrames: 105 }).done;
    await until('the encoder is gone', () => !rig.media.isPublishing(SHOW_ID));
    const source = await rig.packetsOf('video');
    for (const rung of RUNGS) {
      await until('the segments are there', () => rig.segmentsOf(rung).length >= source.size - 1);
      const made = flat(await rig.packetsOf(rung));
      const from = made[0]?.dtsMs ?? 0;
      const until_ = made.at(-1)?.dtsMs ?? 0;
      const shared = flat(source).filter(({ dtsMs }) => dtsMs >= from - 1 && dtsMs <= until_ + 1);
      const times = new Set(shared.map(({ ptsMs }) => Math.round(ptsMs)));
      expect(made.every(({ ptsMs }) => times.has(Math.round(ptsMs)))).toBe(true);
      expect(made.filter(({ isKey }) => isKey).map(({ dtsMs }) => Math.round(dtsMs))).toEqual(
        shared.filter(({ isKey }) => isKey).map(({ dtsMs }) => Math.round(dtsMs)),
      );
      expect(made.length / shared.length).toBeCloseTo(0.5, 1);
    }
  });
});

describe('[TR7] one ffmpeg is killed', () => {
  test('the other broadcast loses nothing, its own source neither, and its rungs are back within 5 s', async () => {
    const rig = await setUp();
    const options = { durationSec: 16, size: '640x360', gopFrames: 60 };
    const encoders = [startEncoder(rig.rtmpUrl(GOOD_KEY), options), startEncoder(rig.rtmpUrl(OTHER_KEY), options)];
    await until('rungs of both', () => ['play-one', 'play-two'].every((id) => rig.segmentsOf('v180', id).length >= 2));
    const victim = rig.pidOf('play-one') ?? 0;
    process.kill(victim, 'SIGKILL');
    await until('it is gone', async () => (await identifyProcess(victim)) === null);
    const goneAtMs = Date.now();
    await until('its rungs are back', () => RUNGS.every((rung) => rig.lastPictureAtMs(rung) > goneAtMs), 5_000);
    expect(rig.pidOf('play-one')).not.toBe(victim);
    expect(rig.status()).toMatchObject({ restartCount: 1, rungs: ['v240', 'v180'] });
    await Promise.all(encoders.map(({ done }) => done));
    await until('both encoders are gone', () => !rig.media.isPublishing(SHOW_ID) && !rig.media.isPublishing(OTHER_SHOW_ID));
    await until('the last segment', () => rig.segmentsOf('v180', 'play-two').length === rig.segmentsOf('video', 'play-two').length);

    for (const id of ['play-one', 'play-two']) expect(flat(await rig.packetsOf('video', id))).toHaveLength(480);
    for (const rung of RUNGS) expect(flat(await rig.packetsOf(rung, 'play-two'))).toHaveLength(480);
    // The rungs of the killed one: whole segments are missing, the rest is in step with the source.
    const source = await rig.packetsOf('video');
    const own = await rig.packetsOf('v180');
    expect(source.size - own.size).toBeGreaterThanOrEqual(1);
    expect(source.size - own.size).toBeLessThanOrEqual(3);
    for (const [mediaSequence, packets] of own) expect(timesOf(packets)).toEqual(timesOf(source.get(mediaSequence)));
    const sequences = (track: 'video' | 'v180') =>
      new Map(rig.segmentsOf(track).map((segment) => [segment.mediaSequence, segment.discontinuitySequence]));
    for (const [mediaSequence, discontinuity] of sequences('v180')) expect(sequences('video').get(mediaSequence)).toBe(discontinuity);
  });
});

describe('[TR9] without ffmpeg', () => {
  test('the source plays alone', async () => {
    const rig = await setUp({ ffmpeg: '/nowhere/ffmpeg' });
    expect(rig.transcoder.unavailable).toContain('/nowhere/ffmpeg');
    await startEncoder(rig.rtmpUrl(GOOD_KEY), { durationSec: 5, size: '640x360' }).done;
    await until('the encoder is gone', () => !rig.media.isPublishing(SHOW_ID));
    expect(flat(await rig.packetsOf('video'))).toHaveLength(150);
    expect(rig.segmentsOf('v240')).toEqual([]);
    expect(rig.status()).toBe(null);
  });
});

test('[TR8] stills come every 5 s, and black, frozen and silent are seen with the wall time they began at', async () => {
  const stills: Thumbnail[] = [];
  const rig = await setUp({
    listeners: [() => ({ onThumbnail: (still) => stills.push(still) })],
  });
  const startedAtMs = Date.now();
  const encoder = startEncoder(rig.rtmpUrl(GOOD_KEY), {
    durationSec: 15,
    size: '640x360',
    gopFrames: 60,
    blackFromSec: 3,
    silentFromSec: 2,
  });
  const seen = await until('all is seen', () => {
    const reading = rig.transcoder.picture(SHOW_ID);
    const isAll = reading?.blackSinceMs != null && reading.frozenSinceMs !== null && reading.silentSinceMs !== null;
    return isAll ? reading : null;
  });
  await encoder.done;
  await until('the encoder is gone', () => !rig.media.isPublishing(SHOW_ID));
  expect(stills.length).toBeGreaterThanOrEqual(3);
  for (const [index, still] of stills.entries()) {
    expect([...still.jpeg.subarray(0, 2), ...still.jpeg.subarray(-2)]).toEqual([0xff, 0xd8, 0xff, 0xd9]);
    if (index > 0) expect(still.ptsMs - (stills[index - 1]?.ptsMs ?? 0)).toBeCloseTo(5_000, -3);
    expect(still.programMs).toBeGreaterThan(startedAtMs);
    expect(still.programMs).toBeLessThan(startedAtMs + 20_000);
  }
  const sinceFirstMs = (atMs: number | null) => (atMs ?? 0) - (stills[0]?.programMs ?? 0);
  for (const atMs of [seen.blackSinceMs, seen.frozenSinceMs]) {
    expect(sinceFirstMs(atMs)).toBeGreaterThan(2_000);
    expect(sinceFirstMs(atMs)).toBeLessThan(4_500);
  }
  expect(sinceFirstMs(seen.silentSinceMs)).toBeGreaterThan(1_000);
  expect(sinceFirstMs(seen.silentSinceMs)).toBeLessThan(3_500);
  const newest = await fetch(`${rig.origin}/live/play-one/still.jpg`);
  expect(Buffer.from(await newest.arrayBuffer())).toEqual(Buffer.from(stills.at(-1)?.jpeg ?? []));
  rig.media.endBroadcast(SHOW_ID, 'over');
  expect((await fetch(`${rig.origin}/live/play-one/still.jpg`)).status).toBe(404);
});

test('[TR9] nobody is left when all is stopped', async () => {
  const rig = await setUp();
  const encoder = startEncoder(rig.rtmpUrl(GOOD_KEY), { size: '640x360' });
  const pid = await until('an ffmpeg', () => rig.pidOf());
  expect(await identifyProcess(pid)).not.toBe(null);
  encoder.child.kill('SIGKILL');
  await rig.stop();
  rigs.length = 0;
  await until('it is gone', async () => (await identifyProcess(pid)) === null, 3_000);
});
