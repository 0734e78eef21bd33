// The watch with a played side-car: what it is sent, when it is started, left alone, started again.
import { type FlvTag, FRAME_MARK, type PictureReading } from '@insp/media';
import type { ShedLevel } from '@insp/protocol';
import { createFakeClock } from '@insp/test-kit';
import { describe, expect, test } from 'vitest';
import { silentLogger } from '../../../kernel/logger.ts';
import { grantOf, SHOW_ID } from '../test-support/media-rig.ts';
import { createPictureWatch } from './picture-watch.ts';
import type { WatchOutputs } from './ports.ts';
import { createSteadyTime } from './steady-time.ts';
import { WATCH_LIMITS } from './watch-one.ts';
import { WATCH_SAMPLING } from './watch-sampling.ts';

type Sent = { kind: 'video' | 'audio'; timeMs: number; isConfig: boolean };
type PlayedJob = { hasSound: boolean; outputs: WatchOutputs; sent: Sent[]; isKilled: boolean; queuedBytes: number };

const config = (kind: 'video' | 'audio', version = 1): FlvTag => ({
  kind,
  timestampMs: 0,
  body: kind === 'video' ? Uint8Array.of(0x17, 0, 0, 0, 0, version) : Uint8Array.of(0xaf, 0, version),
});
const key = (timestampMs: number, sizeBytes = 50): FlvTag => {
  const body = new Uint8Array(5 + sizeBytes);
  body.set([0x17, 1]);
  return { kind: 'video', timestampMs, body };
};
const inter = (timestampMs: number): FlvTag => ({ kind: 'video', timestampMs, body: Uint8Array.of(0x27, 1, 0, 0, 0, 1) });
const sound = (timestampMs: number): FlvTag => ({ kind: 'audio', timestampMs, body: Uint8Array.of(0xaf, 1, 9) });

function createRig(options: { level?: () => ShedLevel; elsewhere?: () => PictureReading | null } = {}) {
  const clock = createFakeClock();
  const jobs: PlayedJob[] = [];
  let isMissing = false;
  const watch = createPictureWatch({
    level: options.level ?? (() => 0),
    ...(options.elsewhere ? { elsewhere: options.elsewhere } : {}),
    clock,
    logger: silentLogger,
    launcher: {
      start({ hasSound }, outputs) {
        const job: PlayedJob = { hasSound, outputs, sent: [], isKilled: false, queuedBytes: 0 };
        jobs.push(job);
        if (isMissing) clock.after(0, () => outputs.onExit({ isMissing: true, reason: 'ENOENT' }));
        return {
          write(pieces) {
            for (const bytes of pieces) {
              if (bytes[0] === 0x46) continue;
              const view = new DataView(bytes.buffer, bytes.byteOffset);
              job.sent.push({ kind: bytes[0] === 9 ? 'video' : 'audio', timeMs: view.getUint32(4) >>> 8, isConfig: bytes[12] === 0 });
            }
          },
          get queuedBytes() {
            return job.queuedBytes;
          },
          kill() {
            job.isKilled = true;
            clock.after(0, () => outputs.onExit({ isMissing: false, reason: 'SIGKILL' }));
          },
        };
      },
    },
  });
  const tap = watch.openTap({
    broadcastId: `brd_${'0'.repeat(32)}`,
    grant: grantOf(SHOW_ID),
    startedAtMs: clock.nowMs(),
    openRung: () => ({ push: () => {}, close: () => {} }),
  });
  const send = (tag: FlvTag) => tap.onTag?.(tag, clock.nowMs());
  return {
    ...{ clock, jobs, watch, tap, send },
    setMissing: () => {
      isMissing = true;
    },
    begin(kinds: ('video' | 'audio')[] = ['video', 'audio']) {
      for (const kind of kinds) send(config(kind));
    },
    /** An encoder with a key frame each two seconds, a frame between, and sound. */
    run(seconds: number, fromSec = 0) {
      for (let sec = fromSec; sec < fromSec + seconds; sec += 1) {
        send(sec % 2 === 0 ? key(sec * 1_000) : inter(sec * 1_000));
        send(sound(sec * 1_000 + 10));
        clock.advance(1_000);
      }
    },
  };
}
const keysOf = (job: PlayedJob | undefined) => job?.sent.filter(({ kind, isConfig }) => kind === 'video' && !isConfig).length ?? 0;
const soundsOf = (job: PlayedJob | undefined) => job?.sent.filter(({ kind, isConfig }) => kind === 'audio' && !isConfig).length ?? 0;

test('[PW3] the side-car gets the configurations, every key frame and every sound, and no other picture', () => {
  const rig = createRig();
  rig.begin();
  rig.run(20);
  expect(rig.jobs).toHaveLength(1);
  expect(rig.jobs[0]?.hasSound).toBe(true);
  expect(rig.jobs[0]?.sent.slice(0, 2).map(({ kind, isConfig }) => [kind, isConfig])).toEqual([
    ['video', true],
    ['audio', true],
  ]);
  expect([keysOf(rig.jobs[0]), soundsOf(rig.jobs[0])]).toEqual([10, 20]);
});

describe('[PW4] sampling falls with the load', () => {
  test.each([
    [0, 40, 80],
    [1, 20, 79],
    [2, 10, 74],
    [3, 5, 0],
    [4, 0, 0],
  ] as const)('level %i: %i of 40 key frames, %i of 80 sounds', (level, keyCount, soundCount) => {
    const rig = createRig({ level: () => level });
    rig.begin();
    rig.run(80);
    expect(keysOf(rig.jobs[0])).toBe(keyCount);
    expect(soundsOf(rig.jobs[0])).toBeLessThanOrEqual(soundCount);
    if (soundCount > 0) expect(soundsOf(rig.jobs[0])).toBeGreaterThanOrEqual(soundCount - 2);
  });

  test('the side-car is ended when the watch goes off, and begins again when the load has gone', () => {
    let level: ShedLevel = 0;
    const rig = createRig({ level: () => level });
    rig.begin();
    rig.run(10);
    level = 4;
    rig.run(10, 10);
    expect(rig.jobs[0]?.isKilled).toBe(true);
    expect(rig.watch.read(SHOW_ID)).toMatchObject({ pictureAtMs: null, soundAtMs: null });
    level = 0;
    rig.run(10, 20);
    expect(rig.jobs).toHaveLength(2);
    expect(keysOf(rig.jobs[1])).toBeGreaterThan(3);
  });

  test('the table only ever takes more away', () => {
    const shares = ([0, 1, 2, 3, 4] as const).map((level) => 1 / (WATCH_SAMPLING[level].oneKeyFrameIn ?? Number.POSITIVE_INFINITY));
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  });

  test('an encoder with nothing but key frames is looked at about once a second', () => {
    const rig = createRig();
    rig.begin();
    for (let tenth = 0; tenth < 300; tenth += 1) {
      rig.send(key(tenth * 100));
      rig.clock.advance(100);
    }
    expect(keysOf(rig.jobs[0])).toBeLessThanOrEqual(34);
    expect(keysOf(rig.jobs[0])).toBeGreaterThanOrEqual(30);
  });
});

describe('[PW5] a side-car in trouble', () => {
  test('what it does not take is dropped at the border of the queue; one that hangs is killed', () => {
    const rig = createRig();
    rig.begin();
    rig.run(2);
    const [job] = rig.jobs;
    if (!job) throw new Error('no side-car');
    const tagBytes = 11 + 5 + 50 + 4;
    job.queuedBytes = WATCH_LIMITS.queuedBytes - tagBytes;
    const before = keysOf(job);
    rig.send(key(2_000));
    expect(keysOf(job)).toBe(before + 1);
    job.queuedBytes += 1;
    rig.clock.advance(1_000);
    rig.send(key(3_000));
    expect(keysOf(job)).toBe(before + 1);
    rig.run(8, 4);
    expect(job.isKilled).toBe(false);
    rig.run(4, 12);
    expect(job.isKilled).toBe(true);
  });

  test('it is started again after 1, 2, 4 ... 60 s, and what it saw is forgotten', () => {
    const rig = createRig();
    rig.begin();
    const startedAt: number[] = [];
    for (let sec = 0; sec < 400; sec += 1) {
      rig.run(1, sec);
      if (rig.jobs.length === startedAt.length) continue;
      startedAt.push(sec);
      const job = rig.jobs.at(-1);
      job?.outputs.onSound('frame:0 pts:0 pts_time:0\nlavfi.silence_start=0\nframe:1 pts:1 pts_time:1\n');
      expect(rig.watch.read(SHOW_ID)?.silentSinceMs).not.toBeNull();
      job?.outputs.onExit({ isMissing: false, reason: 'exit code 1' });
      expect(rig.watch.read(SHOW_ID)?.silentSinceMs).toBeNull();
    }
    const gaps = startedAt.slice(1).map((sec, index) => sec - (startedAt[index] as number));
    // Key frames come every two seconds, so each is the next even second.
    expect(gaps.slice(0, 9)).toEqual([2, 4, 6, 10, 18, 34, 62, 62, 62]);
  });

  test('without ffmpeg it is tried once, for all broadcasts, and nothing is known', () => {
    const rig = createRig();
    rig.setMissing();
    rig.begin();
    rig.run(100);
    expect(rig.jobs).toHaveLength(1);
    expect(rig.watch.read(SHOW_ID)).toMatchObject({ pictureAtMs: null, blackSinceMs: null, silentSinceMs: null });
  });
});

describe('[PW6] a transcoder looks as well', () => {
  const SEEN: PictureReading = {
    ...{ pictureAtMs: 1, soundAtMs: 1, blackSinceMs: null, frozenSinceMs: 5, silentSinceMs: null, clippedSinceMs: null, loudnessLufs: -20 },
  };
  function rigBeside() {
    let seen: PictureReading | null = SEEN;
    const rig = createRig({ elsewhere: () => seen });
    return {
      ...rig,
      setSeen(reading: PictureReading | null) {
        seen = reading;
      },
    };
  }

  test('while it does there is no side-car, and what it sees counts', () => {
    const rig = rigBeside();
    rig.begin();
    rig.run(30);
    expect(rig.jobs).toHaveLength(0);
    expect(rig.watch.read(SHOW_ID)).toEqual(SEEN);
  });

  test('it has 5 s to begin, and 5 s to begin again: one that dies and is back starts no side-car and raises no alarm', () => {
    const rig = rigBeside();
    rig.setSeen(null);
    rig.begin();
    rig.run(5);
    expect(rig.jobs).toHaveLength(0);
    rig.setSeen(SEEN);
    rig.run(10, 5);
    rig.setSeen(null);
    rig.run(4, 15);
    expect(rig.watch.read(SHOW_ID)).toMatchObject({ pictureAtMs: null, blackSinceMs: null, frozenSinceMs: null, silentSinceMs: null });
    rig.setSeen(SEEN);
    rig.run(10, 19);
    expect(rig.jobs).toHaveLength(0);
  });

  test('when it stays away a side-car takes over, with fresh eyes, and gives way when it is back', () => {
    const rig = rigBeside();
    rig.begin();
    rig.run(10);
    rig.setSeen(null);
    rig.run(10, 10);
    expect(rig.jobs).toHaveLength(1);
    expect(rig.watch.read(SHOW_ID)).toMatchObject({ pictureAtMs: null, frozenSinceMs: null });
    rig.jobs[0]?.outputs.onPicture(`frame:0 pts:0 pts_time:0\nlavfi.black_start=0\n${FRAME_MARK}=1\n`);
    expect(rig.watch.read(SHOW_ID)?.blackSinceMs).toBe(rig.clock.nowMs());
    rig.setSeen({ ...SEEN, frozenSinceMs: null });
    expect(rig.watch.read(SHOW_ID)).toMatchObject({ blackSinceMs: null, frozenSinceMs: null });
    rig.run(4, 20);
    expect(rig.jobs[0]?.isKilled).toBe(true);
    expect(rig.jobs).toHaveLength(1);
    rig.setSeen(null);
    expect(rig.watch.read(SHOW_ID)).toMatchObject({ blackSinceMs: null });
  });

  test('another encoder begins the wait anew', () => {
    const rig = rigBeside();
    rig.setSeen(null);
    rig.begin();
    rig.run(4);
    rig.tap.onDisconnected?.(rig.clock.nowMs());
    rig.begin();
    rig.run(4, 4);
    expect(rig.jobs).toHaveLength(0);
    rig.run(4, 8);
    expect(rig.jobs).toHaveLength(1);
  });
});

test('[PW3] another configuration, another encoder and the end each end the side-car', () => {
  const rig = createRig();
  rig.begin();
  rig.run(4);
  rig.send(config('video', 1));
  expect(rig.jobs[0]?.isKilled).toBe(false);
  rig.send(config('video', 2));
  expect(rig.jobs[0]?.isKilled).toBe(true);
  rig.run(4, 4);
  rig.tap.onDisconnected?.(rig.clock.nowMs());
  expect(rig.jobs[1]?.isKilled).toBe(true);
  rig.tap.onConnected?.(rig.clock.nowMs());
  rig.begin(['video']);
  rig.run(4, 8);
  expect(rig.jobs[2]).toMatchObject({ hasSound: false, isKilled: false });
  expect(rig.watch.read(SHOW_ID)?.silentSinceMs).not.toBeNull();
  rig.tap.onEnded?.(rig.clock.nowMs());
  expect(rig.jobs[2]?.isKilled).toBe(true);
  expect(rig.watch.read(SHOW_ID)).toBeNull();
});

test('[PW3] times begin at 0, go on over a jump of the encoder clock and over its 32-bit border', () => {
  const steady = createSteadyTime();
  expect([steady(5_000, 0), steady(5_020, 20), steady(5_010, 21)]).toEqual([0, 20, 10]);
  expect(steady(90_000_000, 40)).toBe(40);
  expect(steady(90_000_033, 73)).toBe(73);
  expect(steady(12, 100)).toBe(100);
});
