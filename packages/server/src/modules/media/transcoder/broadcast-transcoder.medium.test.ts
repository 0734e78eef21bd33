// The transcoder of one broadcast with a real ffmpeg, fed from a file at its pace.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createCpuBudget, createFlvDemuxer, createFlvReader, type DemuxEvent, type FlvTag } from '@insp/media';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../kernel/clock.ts';
import { silentLogger } from '../../../kernel/logger.ts';
import { identifyProcess } from '../../../platform/process/process-identity.ts';
import { outputOf, type SourceOptions, sourceArgs } from '../test-support/ffmpeg.ts';
import { until } from '../test-support/media-rig.ts';
import { createBroadcastTranscoder } from './broadcast-transcoder.ts';
import { createLocalLauncher } from './local-launcher.process.ts';
import type { RungEvent } from './ports.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'insp-transcoder-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function fileOf(name: string, options: SourceOptions): Promise<string> {
  const file = join(folder, `${name}.flv`);
  await outputOf('ffmpeg', ['-y', ...sourceArgs({ isRealTime: false, hasSound: false, ...options }), '-f', 'flv', file]);
  return file;
}

async function eventsOf(file: string): Promise<DemuxEvent[]> {
  const tags: FlvTag[] = [];
  createFlvReader().push(await readFile(file), (tag) => tags.push(tag));
  const demuxer = createFlvDemuxer();
  return tags.flatMap((tag) => demuxer.push(tag));
}

function setUp() {
  const rungs = new Map<string, RungEvent[]>();
  const transcoder = createBroadcastTranscoder({
    broadcastId: 'brd_1',
    launcher: createLocalLauncher({ ffmpeg: 'ffmpeg', clock: systemClock }),
    budget: createCpuBudget(Number.POSITIVE_INFINITY),
    sidesPx: [240, 180],
    threadCount: 1,
    openRung: (rung) => ({ push: (event) => void rungs.set(rung, [...(rungs.get(rung) ?? []), event as RungEvent]), close() {} }),
    listeners: [],
    clock: systemClock,
    logger: silentLogger,
  });
  transcoder.onConnected?.(Date.now());
  const stopTicking = systemClock.every(1_000, transcoder.tick);
  return {
    transcoder,
    picturesOf: (rung: string) => (rungs.get(rung) ?? []).flatMap((event) => (event.kind === 'video' ? [event] : [])),
    configsOf: (rung: string) => (rungs.get(rung) ?? []).flatMap((event) => (event.kind === 'video_config' ? [event.config] : [])),
    /** At their pace, `shiftMs` later than they say. */
    async play(events: readonly DemuxEvent[], shiftMs = 0, isWanted = () => true) {
      const startedAtMs = Date.now();
      const first = events.find((event) => event.kind === 'video');
      const originMs = first?.kind === 'video' ? first.dtsMs : 0;
      for (const event of events) {
        if (!isWanted()) return;
        if (event.kind !== 'video') transcoder.onSample?.(event, Date.now());
        else {
          const waitMs = event.dtsMs - originMs - (Date.now() - startedAtMs);
          if (waitMs > 0) await delay(waitMs);
          transcoder.onSample?.({ ...event, dtsMs: event.dtsMs + shiftMs }, Date.now());
        }
      }
    },
    async end() {
      transcoder.onEnded?.(Date.now());
      stopTicking();
      await delay(100);
    },
  };
}

test('[TR9] another resolution in mid-stream: another ffmpeg from its first key frame, and no picture is lost', async () => {
  const [landscape, portrait] = [
    await eventsOf(await fileOf('landscape', { size: '640x360', durationSec: 4 })),
    await eventsOf(await fileOf('portrait', { size: '360x640', durationSec: 4 })),
  ];
  const { play, picturesOf, configsOf, end } = setUp();
  await play(landscape);
  await play(portrait, 4_000);
  await end();
  await until('the last picture', () => picturesOf('v180').length === 240);
  expect(configsOf('v240').map(({ widthPx, heightPx }) => `${widthPx}x${heightPx}`)).toEqual(['426x240', '240x426']);
  const dtsOf = (events: readonly DemuxEvent[], shiftMs: number) =>
    events.flatMap((event) => (event.kind === 'video' ? [event.dtsMs + shiftMs] : []));
  for (const rung of ['v240', 'v180'])
    expect(picturesOf(rung).map(({ dtsMs }) => dtsMs)).toEqual([...dtsOf(landscape, 0), ...dtsOf(portrait, 4_000)]);
});

test('[TR4] [TR5] an ffmpeg that stands still: two seconds wait, the rest is dropped and counted, a smaller ladder replaces it', async () => {
  const events = await eventsOf(await fileOf('long', { size: '640x360', durationSec: 30 }));
  const { transcoder, play, picturesOf, end } = setUp();
  let isBack = false;
  const playing = play(events, 0, () => !isBack);
  await delay(9_500);
  const stopped = transcoder.pid ?? 0;
  process.kill(stopped, 'SIGSTOP');
  await until('another ffmpeg', () => transcoder.pid !== null && transcoder.pid !== stopped, 10_000);
  const atMs = picturesOf('v180').length;
  await until('pictures again', () => picturesOf('v180').length > atMs + 30, 10_000);
  isBack = true;
  await playing;
  expect(transcoder.status).toMatchObject({ state: 'reduced', rungs: ['v180'] });
  expect(transcoder.status.droppedFrameCount).toBeGreaterThan(0);
  expect(transcoder.status.droppedFrameCount).toBeLessThan(150);
  const times = picturesOf('v180').map(({ dtsMs }) => dtsMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  await until('the stopped one is gone', async () => (await identifyProcess(stopped)) === null, 5_000);
  await end();
});

test('[TR9] no ffmpeg outlives a server that is killed', async () => {
  const file = await fileOf('orphan', { size: '640x360', durationSec: 2 });
  const host = spawn(process.execPath, [join(import.meta.dirname, 'test-support/orphan-host.ts'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  host.stdout.on('data', (more) => {
    text += more;
  });
  const pid = Number(await until('its pid', () => /pid (\d+)/.exec(text)?.[1]));
  const identity = await identifyProcess(pid);
  expect(identity).not.toBe(null);
  host.kill('SIGKILL');
  await until('ffmpeg is gone', async () => (await identifyProcess(pid))?.startedAt !== identity?.startedAt, 5_000);
});
