// A real encoder pushes, the show ends, and the replay is there: the same packets, readable by ffprobe, with what was on
// display at each moment. Then what a host does with it.
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChatMessage, ErrorCode, Replay } from '@insp/protocol';
import { replayChatSchema } from '@insp/protocol/schemas';
import { afterEach, describe, expect, test } from 'vitest';
import { outputOf, run, sourceArgs, startEncoder } from '../media/test-support/ffmpeg.ts';
import { SHOW_ID, until } from '../media/test-support/media-rig.ts';
import { REPLAY_LIMITS } from './limits.ts';
import { listRecordings, listSegments } from './recording-store.postgres.ts';
import { folderOfShow } from './segment-key.ts';
import { createFileStore } from './segment-store.files.ts';
import type { SegmentStore } from './segment-store.ts';
import { createRecordingRig, PRODUCT_ID, type RecordingRig } from './test-support/recording-rig.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});
async function setUp(options: Parameters<typeof createRecordingRig>[0] = {}): Promise<RecordingRig> {
  const rig = await createRecordingRig(options);
  cleanUps.push(() => rig.stop());
  return rig;
}
async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'insp-replay-test-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const packetsOf = async (url: string, stream: 'v' | 'a') =>
  (await outputOf('ffmpeg', ['-v', 'error', '-i', url, '-map', `0:${stream}:0`, '-c', 'copy', '-f', 'framemd5', '-']))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').map((field) => field.trim())[5] ?? '');
const push = (rig: RecordingRig, file: string) =>
  outputOf('ffmpeg', ['-v', 'error', '-i', file, '-c', 'copy', '-f', 'flv', '-flvflags', 'no_duration_filesize', rig.rtmpUrl()]);
async function makeSource(durationSec: number, options: Parameters<typeof sourceArgs>[0] = {}): Promise<string> {
  const file = join(await tempFolder(), 'source.flv');
  await outputOf('ffmpeg', ['-y', ...sourceArgs({ durationSec, gopFrames: 30, isRealTime: false, ...options }), '-f', 'flv', file]);
  return file;
}
const gone = (rig: RecordingRig) => until('the encoder is gone', () => !rig.media.isPublishing(SHOW_ID));
const replayOf = async (rig: RecordingRig) => (await (await fetch(`${rig.origin}/v1/shows/${SHOW_ID}/replay`)).json()) as Replay;
const change = (rig: RecordingRig, body: object) =>
  fetch(`${rig.origin}/v1/shows/${SHOW_ID}/replay`, {
    method: 'PATCH',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', origin: rig.origin },
  });
const codeOf = async (answer: Response) => ((await answer.json()) as { code?: ErrorCode }).code;
const post = (rig: RecordingRig, path: string) =>
  fetch(`${rig.origin}/v1/shows/${SHOW_ID}/replay${path}`, { method: 'POST', headers: { origin: rig.origin } });
const durationOf = async (url: string) =>
  Number(await outputOf('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', url]));

describe('from push to replay', () => {
  test('[RC1][RP1] every packet of the push is in the replay, which ffmpeg decodes without a complaint', async () => {
    const rig = await setUp();
    const file = await makeSource(12, { bFrames: 2 });
    await push(rig, file);
    await gone(rig);
    rig.moments.push({
      id: `hlt_${'4'.repeat(32)}`,
      productId: PRODUCT_ID,
      title: 'Mug & <saucer>',
      fromMs: Date.now() + 3_000,
      toMs: Date.now() + 6_000,
    });
    expect(await codeOf(await rig.get('index.m3u8'))).toBe('INSP_RECORDINGS_NOT_FOUND');
    await rig.endShow();
    expect(await packetsOf(rig.replayUrl, 'v')).toEqual(await packetsOf(file, 'v'));
    const { stderr, exitCode } = await run('ffmpeg', ['-v', 'warning', '-i', rig.replayUrl, '-f', 'null', '-']).done;
    expect([exitCode, stderr]).toEqual([0, '']);

    const list = await rig.text('video.m3u8');
    expect(list).toContain('#EXT-X-PLAYLIST-TYPE:VOD');
    expect(list.trim().endsWith('#EXT-X-ENDLIST')).toBe(true);
    expect(list.match(/#EXT-X-PROGRAM-DATE-TIME/g)?.length).toBe(list.match(/#EXTINF/g)?.length);
    expect(list).toContain(`CLASS="shop.product",START-DATE=`);
    expect(list).toContain(`X-PRODUCT-ID="${PRODUCT_ID}"`);
    expect(await rig.text('chapters.vtt')).toContain('Mug &amp; &lt;saucer&gt;');
    expect(rig.changes.at(-1)?.playlistUrl).toBe(rig.replayUrl);
    const gzipped = await fetch(`${rig.origin}/replay/play-one/video.m3u8`, { headers: { 'accept-encoding': 'gzip' } });
    expect([gzipped.headers.get('content-encoding'), await gzipped.text()]).toEqual(['gzip', list]);
    expect(gzipped.headers.get('access-control-allow-origin')).toBe('*');

    await rig.recordings.jobsDone();
    const replay = await replayOf(rig);
    expect(replay).toMatchObject({ state: 'ready', pictures: 'ready', trim: null, gaps: { count: 0 } });
    const poster = await rig.get('poster.jpg');
    expect([poster.status, poster.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    const board = await rig.text('storyboard.vtt');
    expect(board.match(/-->/g)).toHaveLength(2);
    const sheet = /sheet-[0-9a-z-]+\.jpg/.exec(board)?.[0] ?? '';
    const sheetFile = join(await tempFolder(), 'sheet.jpg');
    await writeFile(sheetFile, await (await rig.get(sheet)).bytes());
    const size = await outputOf('ffprobe', ['-v', 'error', '-show_entries', 'stream=width,height', '-of', 'csv=p=0', sheetFile]);
    expect(size.trim()).toBe('1600,900');
    expect((await rig.get('thumb-nowhere-0.jpg')).status).toBe(404);
  });

  test('[RC2] two broadcasts are one replay with a discontinuity, and one MP4', async () => {
    const rig = await setUp();
    await push(rig, await makeSource(4));
    await gone(rig);
    rig.media.endBroadcast(SHOW_ID, 'first half');
    await push(rig, await makeSource(4));
    await gone(rig);
    await rig.endShow();
    expect((await listRecordings(rig.db.database, SHOW_ID)).map(({ state }) => state)).toEqual(['complete', 'complete']);
    const list = await rig.text('video.m3u8');
    expect(list.match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(1);
    expect(await packetsOf(rig.replayUrl, 'v')).toHaveLength(240);

    expect((await fetch(`${rig.origin}/v1/shows/${SHOW_ID}/replay/file.mp4`)).status).toBe(404);
    expect((await post(rig, '/file')).status).toBe(202);
    await rig.recordings.jobsDone();
    const replay = await replayOf(rig);
    expect(replay.file).toMatchObject({ state: 'ready', progressRatio: 1 });
    const answer = await fetch(`${rig.origin}${replay.file.url}`);
    const bytes = await answer.bytes();
    expect(bytes.length).toBe(replay.file.byteCount);
    // The index is in front: what a browser needs to begin at once.
    const types = Buffer.from(bytes.subarray(0, 64)).toString('latin1');
    expect(types.indexOf('moov')).toBeGreaterThan(0);
    const file = join(await tempFolder(), 'replay.mp4');
    await writeFile(file, bytes);
    expect(await packetsOf(file, 'v')).toEqual(await packetsOf(rig.replayUrl, 'v'));
    expect(await durationOf(file)).toBeCloseTo(8, 0);
    const { stderr } = await run('ffmpeg', ['-v', 'warning', '-i', file, '-f', 'null', '-']).done;
    expect(stderr).toBe('');
    const part = await fetch(`${rig.origin}${replay.file.url}`, { headers: { range: 'bytes=10-19' } });
    expect([part.status, (await part.bytes()).length, part.headers.get('content-range')]).toEqual([206, 10, `bytes 10-19/${bytes.length}`]);
    const beyond = await fetch(`${rig.origin}${replay.file.url}`, { headers: { range: `bytes=${bytes.length}-` } });
    expect([beyond.status, await codeOf(beyond)]).toEqual([416, 'INSP_RECORDINGS_RANGE_INVALID']);
  });

  test('[RC3] while the show goes on, it can be watched from its beginning; the list only grows', async () => {
    const rig = await setUp();
    const encoder = startEncoder(rig.rtmpUrl(), { gopFrames: 30, durationSec: 14 });
    await until('something is recorded', async () => (await rig.get('start.m3u8')).ok);
    const first = await until('two segments', async () => {
      const text = await rig.text('start-video.m3u8');
      return (text.match(/#EXTINF/g) ?? []).length >= 2 ? text : null;
    });
    expect(first).toContain('#EXT-X-PLAYLIST-TYPE:EVENT');
    expect(first).not.toContain('ENDLIST');
    expect((await rig.get('index.m3u8')).status).toBe(404);
    await encoder.done;
    await gone(rig);
    const segmentsIn = (text: string) => text.match(/video-\d+\.m4s/g) ?? [];
    // The last segment is stored a moment after the encoder has gone: two lists of one moment end with the same.
    const [later, delta] = await until('the lists end with the same segment', async () => {
      const lists = [await rig.text('start-video.m3u8'), await rig.text('start-video.m3u8?_HLS_skip=YES')] as const;
      return segmentsIn(lists[0]).at(-1) === segmentsIn(lists[1]).at(-1) ? lists : null;
    });
    expect(segmentsIn(later).slice(0, segmentsIn(first).length)).toEqual(segmentsIn(first));
    const skipped = Number(/SKIPPED-SEGMENTS=(\d+)/.exec(delta)?.[1]);
    expect(segmentsIn(delta)).toEqual(segmentsIn(later).slice(skipped));
    expect(skipped).toBeGreaterThan(0);
    expect((await replayOf(rig)).state).toBe('recording');
    // [RP8] Once, however many segments there are.
    expect(rig.startOvers).toEqual([`${rig.origin}/replay/play-one/start.m3u8`]);
    await rig.endShow();
    expect((await rig.text('start-video.m3u8')).trim().endsWith('#EXT-X-ENDLIST')).toBe(true);
  });

  test('[RC4] nothing of a preview is stored; what is recorded begins with the segment that holds the moment', async () => {
    const rig = await setUp();
    rig.show.state = 'waiting';
    rig.spans.length = 0;
    const encoder = startEncoder(rig.rtmpUrl(), { gopFrames: 30, durationSec: 9 });
    await until('there is a picture', () => rig.media.hasPicture(SHOW_ID));
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await listSegments(rig.db.database, { showId: SHOW_ID })).toEqual([]);
    expect(await readdir(rig.folder)).not.toContain(folderOfShow(SHOW_ID));
    const liveAtMs = Date.now();
    rig.show.state = 'live';
    rig.spans.push({ fromMs: liveAtMs, toMs: null });
    await rig.recordings.showMoved(SHOW_ID, 'waiting', 'live');
    await encoder.done;
    await gone(rig);
    await rig.endShow();
    const list = await rig.text('video.m3u8');
    const firstMs = Date.parse(/PROGRAM-DATE-TIME:(\S+)/.exec(list)?.[1] ?? '');
    expect(Math.abs(firstMs - liveAtMs)).toBeLessThanOrEqual(600);
    expect((await replayOf(rig)).durationMs).toBeGreaterThan(4_000);
  });
});

describe('a host', () => {
  test('[RP2][RP3] trims, hides, shows and removes; what is cut off is not served', async () => {
    const rig = await setUp();
    await push(rig, await makeSource(12));
    await gone(rig);
    expect(await codeOf(await change(rig, { isPublic: false }))).toBe('INSP_RECORDINGS_NOT_READY');
    await rig.endShow();
    const whole = await rig.text('video.m3u8');
    const names = whole.match(/video-\d+\.m4s/g) ?? [];
    expect(names).toHaveLength(12);

    const trimmed = (await (await change(rig, { trim: { startMs: 2_500, endMs: 7_200 } })).json()) as Replay;
    expect(trimmed).toMatchObject({ trim: { startMs: 2_500, endMs: 7_200 }, durationMs: 6_000 });
    const list = await rig.text('video.m3u8');
    expect(list.match(/video-\d+\.m4s/g)).toEqual(names.slice(2, 8));
    expect(list).toContain('#EXT-X-START:TIME-OFFSET=0.500,PRECISE=YES');
    expect((await rig.get(names[0] ?? '')).status).toBe(404);
    expect((await rig.get(names[3] ?? '')).status).toBe(200);
    // Staff still have all of it.
    expect((await fetch(`${rig.origin}/v1/shows/${SHOW_ID}/replay/media/${names[0]}`)).status).toBe(200);
    expect((await rig.get('start.m3u8')).status).toBe(404);
    await rig.recordings.jobsDone();
    await post(rig, '/file');
    await rig.recordings.jobsDone();
    const file = join(await tempFolder(), 'trimmed.mp4');
    await writeFile(file, await (await fetch(`${rig.origin}/v1/shows/${SHOW_ID}/replay/file.mp4`)).bytes());
    expect(await packetsOf(file, 'v')).toHaveLength(180);

    for (const trim of [
      { startMs: 5_000, endMs: 5_999 },
      { startMs: 0, endMs: 12_005 },
      { startMs: 9_000, endMs: 2_000 },
    ])
      expect([trim, await codeOf(await change(rig, { trim }))]).toEqual([trim, 'INSP_RECORDINGS_TRIM_INVALID']);
    expect((await change(rig, { trim: { startMs: 5_000, endMs: 6_000 } })).status).toBe(200);
    // Another cut: what was made of the old one is gone.
    expect((await fetch(`${rig.origin}/v1/shows/${SHOW_ID}/replay/file.mp4`)).status).toBe(404);
    await change(rig, { trim: null });
    expect(await rig.text('video.m3u8')).toBe(whole);

    // Ten files may wait to be made, no more.
    const waiting = (count: number) =>
      rig.db.database.query(
        `INSERT INTO recording_job (org_id, show_id, kind, cut, state, created_at_ms, updated_at_ms)
         SELECT $1, $2, 'mp4', 'waiting ' || n, 'running', 1, 1 FROM generate_series(1, $3::int) n ON CONFLICT DO NOTHING`,
        ['org_test', SHOW_ID, count],
      );
    await rig.recordings.jobsDone();
    await waiting(REPLAY_LIMITS.waitingFiles);
    expect(await codeOf(await post(rig, '/file'))).toBe('INSP_RECORDINGS_TOO_MANY_FILES');
    await rig.db.database.query(`DELETE FROM recording_job WHERE cut = 'waiting 1'`);
    expect((await post(rig, '/file')).status).toBe(202);
    await rig.db.database.query(`DELETE FROM recording_job WHERE cut LIKE 'waiting%'`);

    await change(rig, { isPublic: false });
    expect((await rig.get('index.m3u8')).status).toBe(404);
    expect(rig.changes.at(-1)).toBeNull();
    expect((await fetch(`${rig.origin}/v1/shows/${SHOW_ID}/replay/media/index.m3u8`)).status).toBe(200);
    await change(rig, { isPublic: true });
    expect((await rig.get('index.m3u8')).status).toBe(200);

    const removal = await fetch(`${rig.origin}/v1/shows/${SHOW_ID}/replay`, { method: 'DELETE', headers: { origin: rig.origin } });
    expect(removal.status).toBe(204);
    expect((await rig.get('index.m3u8')).status).toBe(404);
    await rig.recordings.jobsDone();
    expect(await readdir(rig.folder)).not.toContain(folderOfShow(SHOW_ID));
    expect(await listSegments(rig.db.database, { showId: SHOW_ID })).toEqual([]);
    expect((await replayOf(rig)).state).toBe('removed');
  });

  test('[RP7] has the chat go with the picture: within the cut, minute by minute, gone with it', async () => {
    const rig = await setUp();
    const say = (seq: number, postedAt: number): ChatMessage => ({
      ...{ id: `msg_${String(seq).padStart(32, '0')}`, seq, text: `line ${seq}`, postedAt, platform: 'insp' },
      author: { kind: 'viewer', id: 'vwr_1', name: 'Mara', isBuyer: false, isSimulated: false },
    });
    const chatAt = (ms: number) => rig.get(`chat-${Math.floor(ms / 60_000)}.json`);
    /** All minutes the picture is of, as a player reads them. */
    const linesOf = async (fromMs: number, toMs: number) => {
      const minutes = [...new Set([Math.floor(fromMs / 60_000), Math.floor(toMs / 60_000)])];
      const pages = await Promise.all(minutes.map((minute) => rig.get(`chat-${minute}.json`)));
      const read = await Promise.all(pages.filter(({ ok }) => ok).map(async (page) => replayChatSchema.parse(await page.json())));
      return read.flatMap(({ messages }) => messages.map(({ seq }) => seq));
    };
    const encoder = startEncoder(rig.rtmpUrl(), { gopFrames: 30, durationSec: 9 });
    const startMs = await until('something is recorded', async () => {
      const list = await rig.text('start-video.m3u8');
      return Date.parse(/PROGRAM-DATE-TIME:(\S+)/.exec(list)?.[1] ?? '') || null;
    });
    rig.said.push(say(1, startMs - 1), say(2, startMs + 100), say(3, startMs + 5_500), say(4, startMs + 3_600_000));
    // The show so far: what was said up to now.
    await until('the newest line is there too', async () => (await linesOf(startMs, Date.now())).includes(3));
    await encoder.done;
    await gone(rig);
    await rig.endShow();
    const endMs = startMs + (await replayOf(rig)).durationMs;
    expect(await linesOf(startMs, endMs)).toEqual([2, 3]);
    expect((await chatAt(startMs)).headers.get('cache-control')).toBe('max-age=0, s-maxage=1');
    expect(await codeOf(await chatAt(startMs + 3_600_000))).toBe('INSP_RECORDINGS_NOT_FOUND');
    for (const name of ['chat-.json', 'chat--1.json', 'chat-1e9.json', 'chat-9999999999.json'])
      expect([name, await codeOf(await rig.get(name))]).toEqual([name, 'INSP_RECORDINGS_NOT_FOUND']);

    // A line that is removed now is gone a second later.
    rig.said.splice(1, 1);
    await until('it is gone', async () => (await linesOf(startMs, endMs)).join() === '3', 5_000);
    expect((await change(rig, { trim: { startMs: 0, endMs: 3_000 } })).status).toBe(200);
    expect(await linesOf(startMs, endMs)).toEqual([]);
    await change(rig, { trim: null });
    expect(await linesOf(startMs, endMs)).toEqual([3]);
    await change(rig, { isPublic: false });
    expect(await codeOf(await chatAt(startMs))).toBe('INSP_RECORDINGS_NOT_FOUND');
    expect((await fetch(`${rig.origin}/replay/play-two/chat-${Math.floor(startMs / 60_000)}.json`)).status).toBe(404);
  });

  test('[RP4] is told where silence and black are at the ends', async () => {
    const rig = await setUp();
    const file = join(await tempFolder(), 'dead-ends.flv');
    await outputOf('ffmpeg', [
      ...[
        '-y',
        '-v',
        'error',
        '-f',
        'lavfi',
        '-i',
        'testsrc2=size=320x180:rate=30',
        '-f',
        'lavfi',
        '-i',
        'sine=frequency=440:sample_rate=48000',
      ],
      ...['-t', '16', '-vf', "drawbox=t=fill:color=black:enable='lt(t,4)'", '-af', "volume='if(lt(t,3)+gt(t,11),0,1)':eval=frame"],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '30', '-c:a', 'aac', '-f', 'flv', file],
    ]);
    await push(rig, file);
    await gone(rig);
    await rig.endShow();
    await rig.recordings.jobsDone();
    const { suggestedTrim } = await replayOf(rig);
    expect(suggestedTrim?.startMs).toBeGreaterThan(3_300);
    expect(suggestedTrim?.startMs).toBeLessThan(4_100);
    expect(suggestedTrim?.endMs).toBeGreaterThan(10_900);
    expect(suggestedTrim?.endMs).toBeLessThan(11_900);
  });

  test('[RP5] hears that a replay is too old from the server, which removes it', async () => {
    const rig = await setUp({ config: { keepDays: 7 } });
    await push(rig, await makeSource(3));
    await gone(rig);
    await rig.endShow();
    await rig.recordings.jobsDone();
    await rig.db.database.query('UPDATE replay SET ready_at_ms = $1', [Date.now() - 7 * 24 * 3_600_000 + 60_000]);
    await rig.restartRecordings();
    expect((await replayOf(rig)).state).toBe('ready');
    await rig.db.database.query('UPDATE replay SET ready_at_ms = $1', [Date.now() - 7 * 24 * 3_600_000 - 60_000]);
    await rig.restartRecordings();
    expect((await replayOf(rig)).state).toBe('removed');
  });
});

describe('when things break', () => {
  /** A store that fails while `fault` is set. */
  function breakable(inner: SegmentStore) {
    const state: { fault: NodeJS.ErrnoException | null; freeBytes: number } = { fault: null, freeBytes: Number.POSITIVE_INFINITY };
    const store: SegmentStore = {
      ...inner,
      async put(key, bytes) {
        if (state.fault) throw state.fault;
        return inner.put(key, bytes);
      },
      freeBytes: async () => state.freeBytes,
    };
    return { store, state };
  }

  test('[RC5] a full disk becomes a gap that is counted and told; the live show does not notice', async () => {
    const folder = await tempFolder();
    const { store, state } = breakable(createFileStore(folder));
    const rig = await setUp({ store });
    const encoder = startEncoder(rig.rtmpUrl(), { gopFrames: 30, durationSec: 10 });
    const countStored = async () => (await listSegments(rig.db.database, { showId: SHOW_ID })).length;
    await until('something is recorded', async () => (await countStored()) >= 4);
    state.fault = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    await until('the host is told', () => rig.recordings.note(SHOW_ID));
    expect(rig.recordings.note(SHOW_ID)).toContain('disk is full');
    const live = async () => (await fetch(`${rig.origin}/live/play-one/video.m3u8`)).text();
    const before = await live();
    await until('the show goes on', async () => (await live()) !== before);
    state.fault = null;
    const during = await countStored();
    await until('it is recorded again', async () => (await countStored()) > during);
    await encoder.done;
    await gone(rig);
    await rig.endShow();
    const replay = await replayOf(rig);
    expect(replay.gaps).toMatchObject({ count: 1, cause: 'disk_full' });
    expect(replay.gaps.durationMs).toBeGreaterThan(500);
    expect((await rig.text('video.m3u8')).match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(1);
    const { stderr, exitCode } = await run('ffmpeg', ['-v', 'error', '-i', rig.replayUrl, '-f', 'null', '-']).done;
    expect([exitCode, stderr]).toEqual([0, '']);
  });

  test('[RC5] no room that may be used: the last of the disk, and the quota', async () => {
    const full = breakable(createFileStore(await tempFolder()));
    full.state.freeBytes = 1024 * 1024 * 1024 - 1;
    const rig = await setUp({ store: full.store });
    await push(rig, await makeSource(3));
    await gone(rig);
    await rig.endShow();
    expect((await replayOf(rig)).gaps).toMatchObject({ count: 1, cause: 'disk_full' });
    expect((await replayOf(rig)).gaps.durationMs).toBeGreaterThan(2_900);
    expect((await replayOf(rig)).state).toBe('none');

    const small = await setUp({ config: { quotaBytes: 60_000 } });
    await push(small, await makeSource(6));
    await gone(small);
    await small.endShow();
    const replay = await replayOf(small);
    expect(replay.gaps.cause).toBe('quota');
    expect(replay.byteCount).toBeLessThanOrEqual(60_000);
  });

  test('[RC6] what a crash leaves is put right: files without rows are adopted, rows without files go, the rest is cleared away', async () => {
    const rig = await setUp();
    await push(rig, await makeSource(8));
    await gone(rig);
    await until('all is stored', async () => (await listSegments(rig.db.database, { showId: SHOW_ID })).length === 16);
    // As if the process had died: the recording is open, rows of the newest are missing, a file was being written, one is torn.
    const stored = await listSegments(rig.db.database, { showId: SHOW_ID });
    const ofPicture = stored.filter(({ track }) => track === 'video').toSorted((a, b) => a.mediaSequence - b.mediaSequence);
    const [first, torn, newest] = [ofPicture[0], ofPicture[3], ofPicture.at(-1)];
    if (!first || !torn || !newest) throw new Error('too few segments');
    await rig.db.database.query('DELETE FROM recording_segment WHERE media_sequence = $1', [newest.mediaSequence]);
    await rig.db.database.query('DELETE FROM recording_segment WHERE track = $1', ['audio']);
    await rig.db.database.query('DELETE FROM recording_period WHERE track = $1', ['audio']);
    const at = (track: string) => join(rig.folder, SHOW_ID, first.broadcastId, track);
    const files = await readdir(at('video'));
    const tornFile = files.find((name) => name.startsWith(`${torn.mediaSequence}-`)) ?? '';
    await writeFile(join(at('video'), tornFile), 'torn');
    await writeFile(join(at('video'), `${newest.mediaSequence + 1}-1-1-1-i-1-1.m4s.unfinished`), 'half');
    await writeFile(join(at('video'), 'something else'), 'what');
    await writeFile(join(at('video'), `${newest.mediaSequence + 2}-1-1000-1-i-999-1.m4s`), 'of an unknown period');
    rig.show.state = 'ended';
    await rig.restartRecordings();

    const kept = await listSegments(rig.db.database, { showId: SHOW_ID });
    expect(kept.filter(({ track }) => track === 'audio')).toHaveLength(8);
    expect(
      kept
        .filter(({ track }) => track === 'video')
        .map(({ mediaSequence }) => mediaSequence)
        .toSorted(),
    ).toEqual(ofPicture.map(({ mediaSequence }) => mediaSequence).filter((number) => number !== torn.mediaSequence));
    expect((await readdir(at('video'))).toSorted()).toEqual(files.filter((name) => name !== tornFile).toSorted());
    expect((await listRecordings(rig.db.database, SHOW_ID))[0]?.state).toBe('complete');
    const list = await rig.text('video.m3u8');
    expect(list.match(/#EXTINF/g)).toHaveLength(7);
    expect(list.match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(1);
    const { stderr, exitCode } = await run('ffmpeg', ['-v', 'error', '-i', rig.replayUrl, '-f', 'null', '-']).done;
    expect([exitCode, stderr]).toEqual([0, '']);
    expect((await stat(rig.folder)).isDirectory()).toBe(true);
  });

  test('[RC7] a database that is away holds files up no longer than itself, and a job cut off begins anew', async () => {
    const rig = await setUp();
    await rig.db.database.query('ALTER TABLE recording_segment RENAME TO recording_segment_away');
    await push(rig, await makeSource(4));
    await gone(rig);
    await until('the files are there', async () => (await readdir(join(rig.folder, SHOW_ID)).catch(() => [])).length > 0);
    await rig.db.database.query('ALTER TABLE recording_segment_away RENAME TO recording_segment');
    await until('the rows are there', async () => (await listSegments(rig.db.database, { showId: SHOW_ID })).length === 8);
    await rig.endShow();
    await rig.recordings.jobsDone();
    await rig.db.database.query(`UPDATE recording_job SET state = 'running', result = NULL`);
    await rig.restartRecordings();
    await rig.recordings.jobsDone();
    expect((await replayOf(rig)).pictures).toBe('ready');
  });
});
