import {
  createCpuBudget,
  type DemuxEvent,
  FEED_LIMITS,
  FRAME_MARK,
  ladderSteps,
  readAacConfig,
  readAvcConfig,
  SUPERVISION_LIMITS,
} from '@insp/media';
import { createFakeClock } from '@insp/test-kit';
import { describe, expect, test } from 'vitest';
import { silentLogger } from '../../../kernel/logger.ts';
import { createBroadcastTranscoder } from './broadcast-transcoder.ts';
import type { RungEvent, TranscoderListener, TranscoderStatus } from './ports.ts';
import { PICTURE_FRESH_MS } from './run-picture.ts';
import { SOURCE_LIMITS } from './source-watch.ts';
import { createEchoLauncher } from './test-support/echo-launcher.ts';

/** 1280x720, as libx264 wrote it. */
const RECORD = Buffer.from('0164001fffe1001b6764001facd9405005bb016a02020280000003008000001e478c18cb01000568efbcb0', 'hex');
const CONFIG = readAvcConfig(RECORD);
if (!CONFIG) throw new Error('the record is good');
/** AAC-LC, 48 kHz, stereo. */
const SOUND_CONFIG = readAacConfig(Uint8Array.of(0x11, 0x90));
if (!SOUND_CONFIG) throw new Error('the configuration is good');
const OTHER_CONFIG = { ...CONFIG, decoderConfig: Uint8Array.from([...CONFIG.decoderConfig, 0]) };
const FRAME_MS = 33;
/** Two seconds: a key frame and twenty times a picture with two B-frames before it. */
const GOP = 61;
const IDR = Uint8Array.of(0, 0, 0, 2, 0x65, 1);
const INTER = Uint8Array.of(0, 0, 0, 2, 0x41, 1);

function setUp(options: { cores?: number; bFrames?: boolean; frameBytes?: number; listener?: TranscoderListener } = {}) {
  const clock = createFakeClock();
  const echo = createEchoLauncher();
  /** Each feed of each rung, in the order they were opened. */
  const feeds: { rung: string; events: RungEvent[]; isClosed: boolean }[] = [];
  const statuses: TranscoderStatus[] = [];
  const budget = createCpuBudget(options.cores ?? Number.POSITIVE_INFINITY);
  const alerts: string[] = [];
  const transcoder = createBroadcastTranscoder({
    broadcastId: 'brd_1',
    launcher: echo.launcher,
    budget,
    sidesPx: [720, 480, 360],
    threadCount: null,
    openRung(rung) {
      const feed = { rung, events: [] as RungEvent[], isClosed: false };
      feeds.push(feed);
      return {
        push: (event) => void feed.events.push(event as RungEvent),
        close() {
          feed.isClosed = true;
        },
      };
    },
    listeners: [options.listener ?? {}, { onStatus: (status) => statuses.push(status) }],
    clock,
    logger: { ...silentLogger, error: (_fields, message) => alerts.push(message) },
  });
  let frame = 0;
  let sent: Extract<DemuxEvent, { kind: 'video' }>[] = [];
  let startMs = 500;

  function connect(config = CONFIG): void {
    transcoder.onConnected?.(clock.nowMs());
    if (config) transcoder.onSample?.({ kind: 'video_config', config }, clock.nowMs());
  }
  /** Pictures at their pace; a group of two seconds each. */
  let groupFrames = GOP;
  function send(count: number): void {
    for (let index = 0; index < count; index += 1, frame += 1) {
      const isKey = frame % groupFrames === 0;
      const dtsMs = startMs + frame * FRAME_MS;
      // The anchor is decoded before the two that are shown before it.
      const compositionMs = options.bFrames ? ([66, 132, 33, 33][isKey ? 0 : 1 + (((frame % groupFrames) - 1) % 3)] ?? 0) : 0;
      // 4.8 Mbit/s, so that the ladder has a place below it.
      const data = new Uint8Array(options.frameBytes ?? 20_000).fill(1);
      data.set(isKey ? IDR : INTER);
      const event: DemuxEvent = { kind: 'video', dtsMs, compositionMs, isKey, data };
      sent = [...sent, event];
      transcoder.onSample?.(event, clock.nowMs());
      clock.advance(FRAME_MS);
      if (frame % 30 === 0) transcoder.tick();
    }
  }
  const groups = (count: number) => send(count * GOP);
  const shownBy = (rung: string) =>
    feeds
      .filter((feed) => feed.rung === rung)
      .flatMap(({ events }) => events.flatMap((event) => (event.kind === 'video' ? [event.dtsMs] : [])));
  return {
    ...{ clock, echo, feeds, statuses, budget, alerts, transcoder, connect, send, groups, shownBy },
    setGroup(frames: number) {
      groupFrames = frames;
    },
    sentMs: () => sent.map((event) => event.dtsMs),
    /** The next picture is a key frame with another clock. */
    jumpTo(ms: number) {
      startMs = ms;
      frame = 0;
      sent = [];
      transcoder.onSample?.({ kind: 'jump', stepMs: -5_000 }, clock.nowMs());
    },
    newKey() {
      frame = 0;
      startMs = (sent.at(-1)?.dtsMs ?? 0) + FRAME_MS;
    },
  };
}

describe('[TR3] rungs', () => {
  test.each([false, true])('have every picture of the source with its time, from the first key frame on (B-frames: %s)', (bFrames) => {
    const { echo, connect, groups, transcoder, shownBy, sentMs, feeds } = setUp({ bFrames });
    connect();
    groups(3);
    transcoder.onEnded?.(0);
    expect(echo.jobs).toHaveLength(1);
    expect(echo.newest.plan.source.hasBFrames).toBe(bFrames);
    expect(feeds.map(({ rung, isClosed }) => `${rung} ${isClosed}`)).toEqual(['v480 true', 'v360 true']);
    for (const rung of ['v480', 'v360']) expect(shownBy(rung)).toEqual(sentMs());
    const [first, ...rest] = feeds[0]?.events ?? [];
    expect(first?.kind).toBe('video_config');
    const keys = rest.flatMap((event) => (event.kind === 'video' && event.isKey ? [event.dtsMs] : []));
    expect(keys).toEqual([0, 1, 2].map((group) => 500 + group * GOP * FRAME_MS));
  });

  test('nothing is started before there is a whole picture of the source, and nothing of the first group is lost', () => {
    const { echo, connect, send, shownBy, sentMs } = setUp();
    connect();
    send(SOURCE_LIMITS.sampledFrameCount - 1);
    expect(echo.jobs).toHaveLength(0);
    send(1);
    expect(echo.newest.plan.source.framesPerSec).toBeCloseTo(1_000 / FRAME_MS, 5);
    expect(shownBy('v360')).toEqual(sentMs());
  });
});

describe('[TR7] when ffmpeg ends by itself', () => {
  test('the source goes on, rungs are closed, and are back with the next key frame', () => {
    const { echo, connect, send, feeds, shownBy, sentMs, statuses, transcoder } = setUp();
    connect();
    send(GOP + 10);
    echo.newest.crash();
    expect(feeds.every(({ isClosed }) => isClosed)).toBe(true);
    send(GOP);
    expect(echo.jobs).toHaveLength(2);
    const missing = sentMs().filter((ms) => !shownBy('v480').includes(ms));
    expect(missing).toEqual(sentMs().slice(GOP + 10, 2 * GOP));
    expect(feeds.map(({ isClosed }) => isClosed)).toEqual([true, true, false, false]);
    expect(statuses.map(({ state }) => state)).toEqual(expect.arrayContaining(['starting', 'full', 'restarting']));
    transcoder.tick();
    expect(statuses.at(-1)).toMatchObject({ state: 'full', restartCount: 1 });
  });

  test('after three restarts in 30 s it is given up with one alert, and tried again after a minute', () => {
    const { echo, connect, groups, send, alerts, statuses, clock, feeds } = setUp();
    connect();
    for (let crash = 0; crash <= SUPERVISION_LIMITS.restartCount; crash += 1) {
      groups(1);
      send(1);
      echo.newest.crash();
      send(GOP - 1);
    }
    expect(echo.jobs).toHaveLength(4);
    expect(alerts).toHaveLength(1);
    expect(statuses.at(-1)?.state).toBe('failed');
    expect(feeds.every(({ isClosed }) => isClosed)).toBe(true);
    groups(2);
    expect(echo.jobs).toHaveLength(4);
    clock.advance(SUPERVISION_LIMITS.pauseMs);
    groups(1);
    expect(echo.jobs).toHaveLength(5);
  });

  test('one that cannot even be started counts likewise', () => {
    const { echo, connect, groups, alerts } = setUp();
    echo.refuse(new Error('no more processes'));
    connect();
    groups(8);
    expect(alerts).toHaveLength(1);
    expect(echo.jobs).toHaveLength(0);
  });

  test('one that takes pictures and gives none is killed', () => {
    const { echo, connect, groups, send } = setUp();
    connect();
    groups(1);
    echo.newest.isSlowToEnd = true;
    send(GOP * 2);
    expect(echo.jobs[0]?.isKilled).toBe(false);
    groups(3);
    expect(echo.jobs[0]?.isKilled).toBe(true);
    expect(echo.jobs.length).toBeGreaterThan(1);
  });

  test('broken output is no picture: it is killed', () => {
    const { echo, connect, groups } = setUp();
    connect();
    groups(1);
    echo.newest.outputs.onRung(0, new Uint8Array(64).fill(255));
    expect(echo.jobs[0]?.isKilled).toBe(true);
  });
});

describe('[TR4] an ffmpeg that takes nothing', () => {
  test('has at most two seconds waiting, the rest is counted; it is replaced by a smaller ladder, and the source never waits', () => {
    const { echo, connect, groups, transcoder, statuses, shownBy, sentMs } = setUp();
    connect();
    groups(5);
    echo.newest.hang();
    const hung = echo.newest;
    groups(3);
    expect(transcoder.status.droppedFrameCount).toBeGreaterThan(0);
    expect(FEED_LIMITS.spanMs).toBe(2_000);
    expect(hung.isEnding).toBe(true);
    expect(echo.newest.plan.rungs.map(({ name }) => name)).toEqual(['v360']);
    expect(statuses.at(-1)).toMatchObject({ state: 'reduced', rungs: ['v360'] });
    groups(1);
    expect(shownBy('v360').at(-1)).toBe(sentMs().at(-1));
  });
});

describe('[TR5] another ladder', () => {
  test('takes over at a key frame: rungs that stay lose no picture though the old ffmpeg is slow to end', () => {
    const { echo, connect, groups, send, feeds, shownBy, sentMs } = setUp();
    connect();
    groups(5);
    const old = echo.newest;
    old.isSlowToEnd = true;
    old.hang();
    send(GOP + 20);
    old.resume();
    groups(1);
    expect(echo.jobs).toHaveLength(2);
    expect(old.isEnding).toBe(true);
    const before = shownBy('v360').length;
    send(10);
    expect(shownBy('v360')).toHaveLength(before);
    old.finish();
    send(1);
    expect(feeds.map(({ rung, isClosed }) => `${rung} ${isClosed}`)).toEqual(['v480 true', 'v360 false']);
    const shown = shownBy('v360');
    expect(shown.at(-1)).toBe(sentMs().at(-1));
    expect(shown).toEqual(shown.toSorted((a, b) => a - b));
    expect(new Set(shown).size).toBe(shown.length);
    // From the key frame it took over at, all of them.
    const takenOverAt = sentMs().findLastIndex((_ms, index) => index % GOP === 0 && index < sentMs().length - 11);
    expect(shown.filter((ms) => ms >= (sentMs()[takenOverAt] ?? 0))).toEqual(sentMs().slice(takenOverAt));
  });

  test('is told by the qualities it leaves out, until they are made again', () => {
    const { echo, connect, groups, statuses } = setUp();
    connect();
    groups(5);
    expect(statuses.at(-1)).toMatchObject({ state: 'full', leftOut: [] });
    echo.newest.hang();
    groups(3);
    expect(statuses.at(-1)).toMatchObject({ state: 'reduced', leftOut: ['480p'] });
    groups(40);
    expect(statuses.at(-1)).toMatchObject({ state: 'full', rungs: ['v480', 'v360'], leftOut: [] });
  });

  test('is none while key frames are more than 4 s apart, and all again when they are not', () => {
    const { echo, connect, send, setGroup, statuses, newKey } = setUp();
    setGroup(Math.ceil(SOURCE_LIMITS.groupMs / FRAME_MS) + 1);
    connect();
    send(300);
    expect(echo.newest.plan).toMatchObject({ rungs: [] });
    expect(statuses.at(-1)?.state).toBe('off');
    newKey();
    setGroup(GOP);
    send(3 * GOP);
    expect(echo.newest.plan.rungs.map(({ name }) => name)).toEqual(['v480', 'v360']);
  });

  test('comes when the bitrate is known and another fits it', () => {
    // About 240 kbit/s: no rung has a place below it.
    const { echo, connect, groups } = setUp({ frameBytes: 1_000 });
    connect();
    groups(2);
    expect(echo.newest.plan.rungs.map(({ name }) => name)).toEqual(['v480', 'v360']);
    groups(3);
    expect(echo.jobs).toHaveLength(2);
    expect(echo.newest.plan).toMatchObject({ rungs: [] });
  });
});

describe('[TR6] the CPU budget', () => {
  test('less of it, fewer rungs; none, and key frames are still looked at', () => {
    const full = setUp({ cores: 0.5 });
    full.connect();
    full.send(20);
    expect(full.echo.newest.plan.rungs).toHaveLength(2);
    const poor = setUp({ cores: 0.15 });
    poor.connect();
    poor.send(20);
    expect(poor.echo.newest.plan.rungs.map(({ name }) => name)).toEqual(['v360']);
    // What was never paid for was not given up.
    expect(poor.statuses.at(-1)).toMatchObject({ state: 'starting', leftOut: [] });
    const none = setUp({ cores: 0 });
    none.connect();
    none.send(20);
    expect(none.echo.newest.plan).toMatchObject({ rungs: [] });
  });

  test('what cannot be paid is not tried, calm as it may be, until another gives back what it had', () => {
    const { echo, connect, groups, budget } = setUp({ cores: 0.4 });
    const other = { widthPx: 1280, heightPx: 720, framesPerSec: 30, bitrateBitsPerSec: null };
    budget.take('brd_2', other, ladderSteps(other, [480]));
    connect();
    groups(5);
    const runCount = echo.jobs.length;
    expect(echo.newest.plan.rungs.map(({ name }) => name)).toEqual(['v360']);
    groups(60);
    expect(echo.jobs).toHaveLength(runCount);
    budget.release('brd_2');
    groups(40);
    expect(echo.newest.plan.rungs.map(({ name }) => name)).toEqual(['v480', 'v360']);
  });

  test('is given back when the encoder goes', () => {
    const { connect, send, budget, transcoder } = setUp({ cores: 1 });
    connect();
    send(20);
    expect(budget.freeCores).toBeLessThan(1);
    transcoder.onDisconnected?.(0);
    expect(budget.freeCores).toBe(1);
  });
});

describe('[TR9] another source', () => {
  test.each(['jump', 'configuration', 'connection'] as const)(
    'after another %s, ffmpeg is another one, with the next key frame',
    (what) => {
      const { echo, connect, groups, send, transcoder, jumpTo, feeds, newKey, clock } = setUp();
      connect();
      groups(1);
      send(5);
      const old = echo.newest;
      if (what === 'jump') jumpTo(100);
      if (what === 'configuration') {
        transcoder.onSample?.({ kind: 'video_config', config: OTHER_CONFIG }, clock.nowMs());
        newKey();
      }
      if (what === 'connection') {
        transcoder.onDisconnected?.(0);
        connect();
        newKey();
      }
      expect(old.isOver).toBe(true);
      expect(feeds.every(({ isClosed }) => isClosed)).toBe(true);
      groups(1);
      expect(echo.jobs).toHaveLength(2);
      expect(feeds.filter(({ isClosed }) => !isClosed).map(({ rung }) => rung)).toEqual(['v480', 'v360']);
      if (what === 'jump') expect(feeds[2]?.events.find((event) => event.kind === 'video')).toMatchObject({ dtsMs: 100, isKey: true });
    },
  );

  test('nothing follows the end', () => {
    const { echo, connect, groups, transcoder, clock } = setUp();
    connect();
    groups(1);
    transcoder.onEnded?.(0);
    groups(2);
    transcoder.tick();
    expect(echo.jobs).toHaveLength(1);
    expect(clock.timerCount).toBe(0);
  });
});

describe('[TR8] what the filters saw', () => {
  const look = (...lines: string[]) => ['frame:1 pts:3000 pts_time:3', ...lines, `${FRAME_MARK}=1`, ''].join('\n');
  const BLACK = look('lavfi.black_start=1');

  test('is read in wall time, and is unknown when nobody looks any more', () => {
    const { echo, connect, groups, send, clock, transcoder } = setUp();
    connect();
    groups(2);
    expect(transcoder.picture).toBeNull();
    echo.newest.outputs.onPicture(BLACK);
    echo.newest.outputs.onSound('frame:1 pts:3000 pts_time:3\nlavfi.r128.S=-18\nlavfi.silence_start=2\n');
    echo.newest.outputs.onSound(look());
    const nowMs = clock.nowMs();
    expect(transcoder.picture).toMatchObject({ blackSinceMs: nowMs - 2_000, silentSinceMs: nowMs - 1_000, frozenSinceMs: null });
    echo.newest.crash();
    expect(transcoder.picture).toBeNull();
    send(GOP);
    expect(transcoder.picture).toBeNull();
    echo.newest.outputs.onPicture(look());
    expect(transcoder.picture).toMatchObject({ blackSinceMs: null, pictureAtMs: clock.nowMs() });
    clock.advance(PICTURE_FRESH_MS);
    expect(transcoder.picture).not.toBeNull();
    clock.advance(1);
    expect(transcoder.picture).toBeNull();
    echo.newest.outputs.onPicture(look());
    transcoder.onDisconnected?.(clock.nowMs());
    expect(transcoder.picture).toBeNull();
  });

  test('stays known when another run takes over, until that one has looked', () => {
    const { echo, connect, groups, transcoder } = setUp({ frameBytes: 1_000 });
    connect();
    groups(2);
    echo.newest.outputs.onPicture(BLACK);
    const { blackSinceMs } = transcoder.picture ?? {};
    groups(3);
    expect(echo.jobs).toHaveLength(2);
    expect(transcoder.picture).toMatchObject({ blackSinceMs });
    // What the old one says at its end is old.
    echo.jobs[0]?.outputs.onPicture(look('lavfi.black_end=2'));
    echo.newest.outputs.onPicture(look('lavfi.black_start=3'));
    expect(transcoder.picture?.blackSinceMs).toBeGreaterThan(blackSinceMs ?? 0);
  });

  test('sound that is announced after the start is listened to from the next key frame on', () => {
    const { echo, connect, groups, clock, transcoder } = setUp();
    connect();
    groups(1);
    expect(echo.newest.plan.hasSound).toBe(false);
    echo.newest.outputs.onPicture(look());
    expect(transcoder.picture).toMatchObject({ soundAtMs: null, silentSinceMs: expect.any(Number) });
    transcoder.onSample?.({ kind: 'audio_config', config: SOUND_CONFIG }, clock.nowMs());
    groups(1);
    expect(echo.jobs).toHaveLength(2);
    expect(echo.newest.plan.hasSound).toBe(true);
  });

  test('a listener that throws reaches nobody', () => {
    const { echo, connect, groups, alerts, statuses, transcoder } = setUp({
      listener: {
        onThumbnail() {
          throw new Error('full disk');
        },
      },
    });
    connect();
    groups(1);
    const { outputs } = echo.newest;
    outputs.onPicture(`frame:0 pts:0 pts_time:1\ninsp.still=1\n${FRAME_MARK}=1\n`);
    outputs.onStills(Uint8Array.of(0xff, 0xd8, 0xff, 0xd9));
    expect(alerts).toEqual(['a listener of the transcoder failed']);
    groups(1);
    expect(transcoder.status.state).toBe('full');
    expect(statuses.length).toBeGreaterThan(1);
  });
});
