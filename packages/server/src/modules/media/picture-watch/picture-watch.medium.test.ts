// Real pictures and sounds, looked at by the real side-car and by the real transcoder: a real encoder, RTMP, the taps,
// ffmpeg's filters.
import type { PictureReading } from '@insp/media';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../kernel/clock.ts';
import { silentLogger } from '../../../kernel/logger.ts';
import { run } from '../test-support/ffmpeg.ts';
import { createMediaRig, GOOD_KEY, SHOW_ID, until } from '../test-support/media-rig.ts';
import { createLocalLauncher } from '../transcoder/local-launcher.process.ts';
import { createTranscoder } from '../transcoder/transcoder.ts';
import { createFfmpegWatch } from './ffmpeg-watch.process.ts';
import { createPictureWatch } from './picture-watch.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const STILL = 'trim=end_frame=1,loop=-1:1:0,setpts=N/30/TB';
const SOUND = 'sine=frequency=440:sample_rate=48000,volume=3dB';

type Eye = 'side-car' | 'transcoder';

/** An encoder like a host's: 30 fps, a key frame each second, constant bitrate. */
async function broadcast(options: { picture: string; sound: string | null; ffmpeg?: string; by?: Eye }) {
  const ffmpeg = options.ffmpeg ?? 'ffmpeg';
  const local = createLocalLauncher({ ffmpeg, clock: systemClock });
  let kill = () => {};
  let isRefusing = false;
  const transcoder = createTranscoder({
    launcher: {
      ...local,
      start(plan, outputs) {
        if (isRefusing) throw new Error('no more processes');
        const job = local.start(plan, outputs);
        kill = job.kill;
        return job;
      },
    },
    ladder: { kind: 'sides', sidesPx: [144] },
    threadCount: 1,
    clock: systemClock,
    logger: silentLogger,
  });
  const isTranscoded = options.by === 'transcoder';
  if (isTranscoded) await transcoder.start();
  let sideCarCount = 0;
  const sideCars = createFfmpegWatch({ ffmpeg });
  const watch = createPictureWatch({
    launcher: {
      start(...args) {
        sideCarCount += 1;
        return sideCars.start(...args);
      },
    },
    ...(isTranscoded ? { elsewhere: transcoder.picture } : {}),
    level: () => 0,
    clock: systemClock,
    logger: silentLogger,
  });
  const rig = await createMediaRig({
    openTaps: isTranscoded ? [transcoder.openTap, watch.openTap] : [watch.openTap],
    outside: (showId) => ({ picture: watch.read(showId) }),
  });
  cleanUps.push(transcoder.stop, rig.stop, watch.stop);
  const { child } = run('ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-re', '-f', 'lavfi', '-i', options.picture],
    ...(options.sound ? ['-re', '-f', 'lavfi', '-i', options.sound] : []),
    ...['-t', '60', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-b:v', '1000k', '-maxrate', '1000k'],
    ...['-bufsize', '1000k', '-g', '30', '-keyint_min', '30', '-sc_threshold', '0', '-c:a', 'aac', '-b:a', '96k', '-ac', '2'],
    ...['-f', 'flv', '-flvflags', 'no_duration_filesize', rig.rtmpUrl(GOOD_KEY)],
  ]);
  cleanUps.push(() => child.kill('SIGKILL'));
  const reads = (what: string, is: (reading: PictureReading) => boolean) =>
    until(
      what,
      () => {
        const reading = watch.read(SHOW_ID);
        return reading !== null && is(reading) ? reading : null;
      },
      25_000,
    );
  return {
    ...{ watch, rig, reads },
    sideCarCount: () => sideCarCount,
    /** Kills the transcoder's ffmpeg; `isForGood`: no other can be started. */
    killTranscoder(isForGood: boolean) {
      isRefusing = isForGood;
      kill();
    },
  };
}

describe.each<Eye>(['side-car', 'transcoder'])('[PW7] what the %s sees', (by) => {
  test('black and silent', async () => {
    const { reads, rig, sideCarCount } = await broadcast({ by, picture: 'color=black:size=320x180:rate=30', sound: 'anullsrc=r=48000' });
    const reading = await reads(
      'it is black, frozen and silent',
      (one) => one.blackSinceMs !== null && one.frozenSinceMs !== null && one.silentSinceMs !== null,
    );
    expect(reading).toMatchObject({ loudnessLufs: null, clippedSinceMs: null });
    expect(sideCarCount()).toBe(by === 'side-car' ? 1 : 0);
    const { signals } = await until('the host is told', () => {
      const health = rig.media.health(SHOW_ID);
      return health.signals.some(({ name, level }) => name === 'picture' && level === 'warning') ? health : null;
    });
    expect(signals.find(({ name }) => name === 'picture')?.sentence).toMatch(/^The picture has been black for/);
  });

  test('a frozen picture with sound: frozen, neither black nor silent', async () => {
    const { reads } = await broadcast({ by, picture: `mandelbrot=size=320x180:rate=30,${STILL}`, sound: SOUND });
    const reading = await reads('it is frozen', (one) => one.frozenSinceMs !== null);
    expect(reading).toMatchObject({ blackSinceMs: null, silentSinceMs: null, clippedSinceMs: null });
    expect(reading.loudnessLufs).toBeGreaterThan(-24);
    expect(reading.loudnessLufs).toBeLessThan(-12);
  });

  test('moving texture and sensor noise over a still scene raise no alarm', async () => {
    for (const picture of ['testsrc2=size=320x180:rate=30', `mandelbrot=size=320x180:rate=30,${STILL},noise=alls=8:allf=t`]) {
      const { reads, watch } = await broadcast({ by, picture, sound: SOUND });
      const first = await reads('it looked once', (one) => one.pictureAtMs !== null && one.soundAtMs !== null);
      // Three times as long as a freeze takes to be told.
      const last = await reads('it looked for nine seconds', (one) => (one.pictureAtMs ?? 0) - (first.pictureAtMs ?? 0) >= 9_000);
      expect(last).toMatchObject({ blackSinceMs: null, frozenSinceMs: null, silentSinceMs: null, clippedSinceMs: null });
      expect(watch.read(SHOW_ID)).not.toBeNull();
    }
  }, 60_000);

  test('clipped and loud', async () => {
    const { reads } = await broadcast({
      by,
      picture: 'testsrc2=size=320x180:rate=30',
      sound: 'sine=frequency=440:sample_rate=48000,volume=30dB',
    });
    const reading = await reads('it is clipped', (one) => one.clippedSinceMs !== null && one.loudnessLufs !== null);
    expect(reading.loudnessLufs).toBeGreaterThan(-12);
    expect(reading.silentSinceMs).toBeNull();
  });

  test('without a sound track it is silent', async () => {
    const { reads } = await broadcast({ by, picture: 'testsrc2=size=320x180:rate=30', sound: null });
    expect(await reads('it looked', (one) => one.pictureAtMs !== null)).toMatchObject({
      silentSinceMs: expect.any(Number),
      soundAtMs: null,
    });
  });
});

test('[PW6] the transcoder dies and is back: no side-car; it dies for good: a side-car takes over; never a false alarm', async () => {
  const show = await broadcast({ by: 'transcoder', picture: 'testsrc2=size=320x180:rate=30', sound: SOUND });
  const { watch, reads, sideCarCount, killTranscoder } = show;
  let isCalm = true;
  const stopWatching = systemClock.every(50, () => {
    const { blackSinceMs, frozenSinceMs, silentSinceMs } = watch.read(SHOW_ID) ?? {};
    if ([blackSinceMs, frozenSinceMs, silentSinceMs].some((sinceMs) => sinceMs != null)) isCalm = false;
  });
  cleanUps.push(stopWatching);
  const looks = (one: PictureReading) => one.pictureAtMs !== null && one.soundAtMs !== null;
  const isUnknown = (one: PictureReading) => one.pictureAtMs === null && one.soundAtMs === null;
  await reads('the transcoder looks', looks);
  killTranscoder(false);
  await reads('nobody looks', isUnknown);
  await reads('the transcoder looks again', looks);
  expect(sideCarCount()).toBe(0);
  killTranscoder(true);
  await reads('nobody looks', isUnknown);
  await reads('the side-car looks', looks);
  expect(sideCarCount()).toBe(1);
  expect(isCalm).toBe(true);
}, 60_000);

test('[PW5] no such program: the stream goes on and the picture is unknown', async () => {
  const { rig } = await broadcast({ picture: 'testsrc2=size=320x180:rate=30', sound: SOUND, ffmpeg: '/nowhere/ffmpeg' });
  const health = await until('it is measured', () => {
    const now = rig.media.health(SHOW_ID);
    return now.status === 'good' && (now.framesPerSec ?? 0) > 25 ? now : null;
  });
  expect(health.signals.filter(({ level }) => level === 'unknown').map(({ name }) => name)).toEqual(
    expect.arrayContaining(['picture', 'sound', 'loudness']),
  );
});
