import { type ChildProcess, execFile, fork, spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { FRAME, STILL_BYTES } from './canvas-size.ts';
import { sceneSvg } from './scene.ts';
import { rasterise } from './stills.ffmpeg.ts';
import { type SyntheticEncoder, startSyntheticEncoder } from './synthetic-encoder.ts';

const run = promisify(execFile);
let encoder: SyntheticEncoder | null = null;
let listener: ChildProcess | null = null;
afterEach(async () => {
  await encoder?.stop();
  listener?.kill('SIGKILL');
});

const STREAM_KEY = 'live_a-key-that-must-not-be-logged';
const words = { brand: 'Brand', title: 'Title', subtitle: 'words', products: [] };

async function waitUntil(what: string, isDone: () => boolean, timeoutMs = 20_000): Promise<void> {
  const giveUpAtMs = Date.now() + timeoutMs;
  while (!isDone()) {
    if (Date.now() > giveUpAtMs) throw new Error(`did not happen in ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const findFreePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

test('publishes H.264 and AAC over RTMP, a key frame every two seconds', async () => {
  const port = await findFreePort();
  const file = join(await mkdtemp(join(tmpdir(), 'encoder-')), 'received.flv');
  const serverUrl = `rtmp://127.0.0.1:${port}/live`;
  listener = spawn(
    'ffmpeg',
    ['-loglevel', 'error', '-listen', '1', '-i', `${serverUrl}/${STREAM_KEY}`, '-t', '5', '-c', 'copy', '-y', file],
    { stdio: 'ignore' },
  );
  const received = new Promise((resolve) => listener?.once('exit', resolve));
  encoder = await startSyntheticEncoder({ ...words, serverUrl, streamKey: STREAM_KEY });
  await received;
  await encoder.stop();
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'stream=codec_name,profile,width,height,channels:packet=pts_time,flags,codec_type',
    '-of',
    'json',
    file,
  ]);
  const probe = JSON.parse(stdout) as { streams: object[]; packets: { codec_type: string; pts_time: string; flags: string }[] };
  expect(probe.streams).toEqual([
    expect.objectContaining({ codec_name: 'h264', profile: 'Main', width: FRAME.width, height: FRAME.height }),
    expect.objectContaining({ codec_name: 'aac', channels: 2 }),
  ]);
  const keyTimes = probe.packets
    .filter(({ codec_type, flags }) => codec_type === 'video' && flags.startsWith('K'))
    .map(({ pts_time }) => Number(pts_time));
  expect(keyTimes.length).toBeGreaterThanOrEqual(2);
  keyTimes.slice(1).forEach((time, index) => {
    expect(time - (keyTimes[index] as number)).toBeCloseTo(2, 1);
  });
}, 40_000);

test('comes back when it was cut; the key is in no line of the log', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'encoder-'));
  const lines: string[] = [];
  encoder = await startSyntheticEncoder({
    ...words,
    serverUrl: join(folder, 'missing'),
    streamKey: STREAM_KEY,
    log: (line) => lines.push(line),
  });
  await waitUntil('two refusals', () => lines.length >= 2);
  expect(lines[0]).toMatch(/the encoder was cut .* again in 1 s/);
  expect(lines[1]).toContain('again in 2 s');
  expect(lines.join()).not.toContain(STREAM_KEY);
  await encoder.stop();
  expect(encoder.state).toBe('stopped');

  encoder = await startSyntheticEncoder({ ...words, serverUrl: folder, streamKey: 'out.flv', log: (line) => lines.push(line) });
  await waitUntil('sending', () => encoder?.state === 'sending');
  const first = encoder.pid as number;
  process.kill(first, 'SIGKILL');
  await waitUntil('the next child', () => encoder?.pid !== null && encoder?.pid !== first);
  const last = encoder.pid as number;
  await encoder.stop();
  await encoder.stop();
  expect(isAlive(last)).toBe(false);
}, 40_000);

test('dies with its parent, however the parent dies', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'encoder-'));
  const parent = fork(join(import.meta.dirname, '../test-support/encoder-process.ts'), [folder, 'out.flv'], { execArgv: [] });
  const pid = await new Promise<number>((resolve) => parent.once('message', (message) => resolve((message as { pid: number }).pid)));
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await waitUntil('the end of ffmpeg', () => !isAlive(pid));
}, 40_000);

test('a picture is rasterised to the size of a still; one that cannot be read is null', async () => {
  const svg = sceneSvg({ ...words, pictureSvg: '<svg viewBox="0 0 10 10"><rect width="10" height="10" fill="red"/></svg>' });
  const size = { width: 752, height: 1312 };
  expect((await rasterise('ffmpeg', svg, size, 'yuv420p'))?.length).toBe(STILL_BYTES);
  expect(await rasterise('ffmpeg', 'no svg', size, 'yuv420p')).toBeNull();
  expect(await rasterise('/no/such/ffmpeg', svg, size, 'yuv420p')).toBeNull();
});
