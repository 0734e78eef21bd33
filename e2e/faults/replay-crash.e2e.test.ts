// The promise to a host: a server that is killed in the middle of a show costs the segment that was open, and nothing
// else. The show goes on after the restart, and there is one replay of all of it.
import { spawn } from 'node:child_process';
import type { Replay, Show, StreamKey } from '@insp/protocol';
import { afterEach, expect, test } from 'vitest';
import { outputOf } from '../../packages/server/src/modules/media/test-support/ffmpeg.ts';
import { createInstallation, startInsp, waitUntil } from './system/insp-process.ts';
import { signInFirstOwner } from './system/owner.ts';

const PATIENCE_MS = 120_000;
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A camera's pace, a picture group a second. */
function publish(url: string) {
  const source = [
    '-re',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=320x180:rate=25',
    '-re',
    '-f',
    'lavfi',
    '-i',
    'sine=frequency=330:sample_rate=48000',
  ];
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '25', '-c:a', 'aac'];
  const child = spawn('ffmpeg', ['-nostdin', '-loglevel', 'error', ...source, ...coding, '-f', 'flv', url], { stdio: 'ignore' });
  cleanUps.push(() => child.kill('SIGKILL'));
  return child;
}

const segmentsIn = (list: string) => list.match(/video-\d+\.m4s/g) ?? [];

test(
  '[RC6] killed without warning: every segment that was in the live playlist is in the replay, and the show goes on in it',
  async () => {
    const at = await createInstallation();
    cleanUps.push(() => at.remove());
    const first = await startInsp(at, 'node', ['--empty']);
    const owner = await signInFirstOwner(at, first);
    const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
      const answer = await owner(path, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    };
    const { id } = await call<Show>('POST', '/v1/shows', { title: 'Killed', scheduledAt: Date.now() + 60_000 });
    const command = (name: string) => call<Show>('POST', `/v1/shows/${id}/commands`, { command: name });
    const read = () => call<Show>('GET', `/v1/shows/${id}`);
    await command('schedule');
    const key = await call<StreamKey>('POST', `/v1/shows/${id}/stream-key`, {});
    const publishUrl = `${key.serverUrl}/${key.streamKey}`;
    await waitUntil('the room is open', async () => (await read()).state === 'waiting', PATIENCE_MS);
    publish(publishUrl);
    await waitUntil('there is a picture', async () => (await read()).previewPlaylistUrl !== null, PATIENCE_MS);
    const { previewPlaylistUrl } = await command('go_live');
    const live = () => fetch(previewPlaylistUrl?.replace('index.m3u8', 'video.m3u8') ?? '').then((answer) => answer.text());
    const liveFrom = segmentsIn(await live()).at(-1) ?? '';

    const seen = new Set<string>();
    await waitUntil('some of the show is over', async () => {
      for (const name of segmentsIn(await live())) seen.add(name);
      return seen.size >= 12;
    });
    await first.end('SIGKILL');
    expect(first.child.signalCode).toBe('SIGKILL');

    await startInsp(at, 'node', ['--empty']);
    expect((await read()).state).toBe('encoder_lost');
    publish(publishUrl);
    await waitUntil('the show goes on', async () => (await read()).state === 'live', PATIENCE_MS);
    await waitUntil('some more of it', async () => segmentsIn(await live()).length >= 3, PATIENCE_MS);
    await command('end');
    const replay = () => call<Replay>('GET', `/v1/shows/${id}/replay`);
    await waitUntil('the replay is ready', async () => (await replay()).state === 'ready', PATIENCE_MS);
    const { publicReplay } = await replay();
    const list = await (await fetch(publicReplay?.playlistUrl.replace('index.m3u8', 'video.m3u8') ?? '')).text();
    const kept: readonly string[] = segmentsIn(list);
    // From the one after going live; the newest may have closed in the very moment of the kill.
    const promised = [...seen].filter((name) => name > liveFrom).slice(0, -1);
    expect(promised.length).toBeGreaterThan(3);
    expect(promised.filter((name) => !kept.includes(name))).toEqual([]);
    expect(list.match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(1);
    expect(list).toContain('#EXT-X-ENDLIST');
    const frames = await outputOf('ffprobe', [
      ...['-v', 'error', '-select_streams', 'v', '-count_packets', '-show_entries', 'stream=nb_read_packets', '-of', 'csv=p=0'],
      publicReplay?.playlistUrl ?? '',
    ]);
    expect(Number(frames.split('\n')[0]?.replace(/\D/g, ''))).toBeGreaterThan(kept.length * 20);
  },
  4 * PATIENCE_MS,
);
