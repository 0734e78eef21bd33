// The relay to servers we did not write, and to our own ingest: ffmpeg listening takes the stream and its file has the same
// packets; another show of ours takes it as it takes OBS.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlvTag } from '@insp/media';
import type { RestreamTargetId } from '@insp/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../kernel/clock.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { systemRandom } from '../../kernel/random.ts';
import { createSeal } from '../../kernel/seal.ts';
import { findFreePort } from '../../platform/free-port.ts';
import { createDialStream, parseOutboundPolicy } from '../../platform/outbound/index.ts';
import { outputOf, run, sourceArgs } from '../media/test-support/ffmpeg.ts';
import { createMediaRig, GOOD_KEY, SHOW_ID as INGEST_SHOW_ID, until } from '../media/test-support/media-rig.ts';
import { createBroadcast } from './broadcast.ts';
import { createOpenLine, createReadAddress } from './relay/line.tcp.ts';
import { boundTo, type TargetRecord } from './target-record.ts';
import { ORG_ID, SHOW_ID } from './test-support/relay-rig.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'insp-peers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The tags of an FLV file (Adobe, annex E.3), without its script data. */
function readFlv(bytes: Buffer): FlvTag[] {
  const tags: FlvTag[] = [];
  for (let at = 13; at + 11 < bytes.length; ) {
    const size = bytes.readUIntBE(at + 1, 3);
    const kind = bytes[at] === 9 ? 'video' : bytes[at] === 8 ? 'audio' : null;
    if (kind) tags.push({ kind, timestampMs: bytes.readUIntBE(at + 4, 3), body: bytes.subarray(at + 11, at + 11 + size) });
    at += 11 + size + 4;
  }
  return tags;
}

async function packetsOf(file: string, stream: 'v' | 'a'): Promise<string[]> {
  const text = await outputOf('ffmpeg', ['-v', 'error', '-i', file, '-map', `0:${stream}:0`, '-c', 'copy', '-f', 'framemd5', '-']);
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',')[5]?.trim() ?? '');
}

test('[RT1] ffmpeg and our own ingest take the stream; every packet is the same', async () => {
  const source = join(folder, 'source.flv');
  const args = sourceArgs({ durationSec: 8, gopFrames: 30, bFrames: 2, isRealTime: false });
  await outputOf('ffmpeg', ['-y', ...args, '-f', 'flv', '-flvflags', 'no_duration_filesize', source]);
  const tags = readFlv(await readFile(source));

  const port = (await findFreePort(0, '127.0.0.1')) ?? 0;
  const arrived = join(folder, 'arrived.flv');
  const listener = run('ffmpeg', [
    '-y',
    '-v',
    'error',
    '-listen',
    '1',
    '-i',
    `rtmp://127.0.0.1:${port}/app/some-key`,
    '-c',
    'copy',
    '-f',
    'flv',
    arrived,
  ]);
  const ingest = await createMediaRig();

  const policy = parseOutboundPolicy('127.0.0.0/8');
  const seal = createSeal(Buffer.alloc(32, 3), systemRandom);
  const broadcast = createBroadcast({
    grant: { showId: SHOW_ID, orgId: ORG_ID, playbackId: 'p', isSimulated: false, createdAtMs: 0 },
    ...{ clock: systemClock, random: systemRandom, logger: silentLogger, seal, onChange: () => {} },
    openLine: createOpenLine({ policy, clock: systemClock, dial: createDialStream({ policy, clock: systemClock }) }),
    readAddress: createReadAddress(policy),
  });
  const put = (position: number, url: string, streamKey: string) => {
    const named = { id: `rst_${String(position).repeat(32)}` as RestreamTargetId, orgId: ORG_ID };
    const record: TargetRecord = {
      ...{ ...named, showId: SHOW_ID, name: url, platform: 'rtmp', url, position, isEnabled: true, mode: 'auto' },
      ...{ sealedKey: seal.close(streamKey, boundTo(named)), streamKeyLastFour: '' },
    };
    broadcast.put(record);
  };
  const stopTicking = systemClock.every(250, () => broadcast.tick());
  broadcast.showIs('live');
  put(1, `rtmp://127.0.0.1:${port}/app`, 'some-key');
  put(2, `rtmp://127.0.0.1:${ingest.media.rtmpPort}/live`, GOOD_KEY);

  broadcast.tap.onConnected(Date.now());
  const startMs = performance.now();
  for (const tag of tags) {
    while (performance.now() - startMs < tag.timestampMs) await new Promise((done) => setTimeout(done, 4));
    broadcast.tap.onTag(tag, Date.now());
  }
  expect(broadcast.views().map(({ status }) => [status.state, status.droppedFrameCount])).toEqual([
    ['live', 0],
    ['live', 0],
  ]);
  expect(ingest.media.health(INGEST_SHOW_ID)).toMatchObject({ widthPx: 320, heightPx: 180, keyFrameIntervalMs: 1_000 });
  broadcast.finish('show_ended');
  stopTicking();
  await until('our ingest was told goodbye', () => !ingest.media.isPublishing(INGEST_SHOW_ID));
  await until('the fact of the end is there', () =>
    ingest.facts.some(({ name, payload }) => name === 'media.encoder_lost' && (payload as { cause: string }).cause === 'unpublished'),
  );
  await ingest.stop();
  expect((await listener.done).exitCode).toBe(0);

  const [sent, got] = [await packetsOf(source, 'v'), await packetsOf(arrived, 'v')];
  const from = sent.indexOf(got[0] ?? '');
  expect(got.length).toBeGreaterThan(150);
  expect(got).toEqual(sent.slice(from));
  expect((await packetsOf(arrived, 'a')).length).toBeGreaterThan(200);
}, 60_000);
