// The module in the whole app: routes, rights, what is kept and what is never told; and a real encoder, restreamed to a
// server of ours while the show is live, read back by ffmpeg packet for packet.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RestreamChange, RestreamTarget, Show, StreamKey } from '@insp/protocol';
import { LIMITS } from '@insp/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test-support/test-app.ts';
import type { TestPerson } from '../../../test-support/test-people.ts';
import { openDatabase } from '../../platform/postgres/database.ts';
import { outputOf, sourceArgs } from '../media/test-support/ffmpeg.ts';
import { createPeer, type Peer } from './test-support/peers.ts';

let test_: TestApp;
let owner: TestPerson;
beforeAll(async () => {
  test_ = await createTestApp({ outboundAllow: '127.0.0.0/8' });
  owner = await test_.owner('Restreamers');
  await test_.app.start();
});
afterAll(() => test_.close());

const KEY = 'yt-key-never-told-7x9q';
const YOUTUBE = { name: 'Our channel', platform: 'youtube', url: 'rtmps://a.rtmps.youtube.com/live2', streamKey: KEY };
const createShow = async () => (await owner.post('/v1/shows', { title: 'On many stages' })).json<Show>();
const at = (show: Show, rest = '') => `/v1/shows/${show.id}/restream-targets${rest}`;
const add = async (show: Show, change: object = {}) => (await owner.post(at(show), { ...YOUTUBE, ...change })).json<RestreamTarget>();
const list = async (show: Show) => (await owner.get(at(show))).json<{ data: RestreamTarget[] }>().data;

async function until<T>(what: string, probe: () => Promise<T | undefined | false> | T | undefined | false, limitMs = 20_000): Promise<T> {
  const endMs = Date.now() + limitMs;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > endMs) throw new Error(`waited ${limitMs} ms in vain until ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

describe('targets of a show', () => {
  test('are added, listed in order, changed and removed; the key is never told again', async () => {
    const show = await createShow();
    const response = await owner.post(at(show), YOUTUBE);
    expect(response.statusCode).toBe(201);
    const first = response.json<RestreamTarget>();
    expect(first).toMatchObject({
      name: 'Our channel',
      platform: 'youtube',
      streamKeyLastFour: '7x9q',
      position: 0,
      isEnabled: true,
      mode: 'auto',
    });
    expect(first.status).toMatchObject({ state: 'idle', reason: 'waits_for_show', liveSince: null });
    const second = await add(show, {
      name: 'Second',
      platform: 'rtmp',
      url: 'rtmp://media.example/app',
      streamKey: 'short',
      isEnabled: false,
    });
    expect(second).toMatchObject({ position: 1, streamKeyLastFour: '', status: { reason: 'not_started' } });
    const changed = await owner.patch(at(show, `/${first.id}`), { name: 'Renamed', position: 2, streamKey: 'another-key-of-ours-1234' });
    expect(changed.json()).toMatchObject({ name: 'Renamed', url: YOUTUBE.url, streamKeyLastFour: '1234' });
    expect((await list(show)).map(({ name }) => name)).toEqual(['Second', 'Renamed']);
    for (const body of [response.body, changed.body, (await owner.get(at(show))).body]) {
      expect(body).not.toContain(KEY);
      expect(body).not.toContain('another-key-of-ours');
    }
    expect((await owner.delete(at(show, `/${second.id}`))).statusCode).toBe(204);
    expect((await list(show)).map(({ id }) => id)).toEqual([first.id]);
  });

  test('rest with their key sealed, each bound to its row', async () => {
    const show = await createShow();
    await add(show);
    const database = openDatabase({ url: test_.databaseUrl });
    const rows = await database.query<{ row: string }>('SELECT t::text AS row FROM restream_target t');
    await database.close();
    expect(rows.length).toBeGreaterThan(0);
    for (const { row } of rows) {
      expect(row).not.toContain(KEY);
      expect(row).not.toContain(Buffer.from(KEY).toString('hex'));
    }
  });

  test.each<[string, object, number, string]>([
    ['another scheme', { url: 'https://a.example/live' }, 422, 'INSP_OUTBOUND_ADDRESS_INVALID'],
    ['an address inside', { url: 'rtmp://10.0.0.1/live' }, 422, 'INSP_OUTBOUND_ADDRESS_REFUSED'],
    ['a metadata service', { url: 'rtmp://169.254.169.254/live' }, 422, 'INSP_OUTBOUND_ADDRESS_REFUSED'],
    ['an address too long', { url: `rtmp://a.example/${'x'.repeat(LIMITS.restreamUrlLength)}` }, 400, 'INSP_HTTP_INVALID_BODY'],
    ['a key too long', { streamKey: 'x'.repeat(LIMITS.restreamKeyLength + 1) }, 400, 'INSP_HTTP_INVALID_BODY'],
    ['a key of two words', { streamKey: 'two words' }, 400, 'INSP_HTTP_INVALID_BODY'],
    ['no key', { streamKey: '' }, 400, 'INSP_HTTP_INVALID_BODY'],
    ['a name too long', { name: 'x'.repeat(LIMITS.restreamNameLength + 1) }, 400, 'INSP_HTTP_INVALID_BODY'],
    ['an unknown platform', { platform: 'vimeo' }, 400, 'INSP_HTTP_INVALID_BODY'],
    ['a field nobody may set', { mode: 'on' }, 400, 'INSP_HTTP_INVALID_BODY'],
  ])('%s is refused', async (_what, change, statusCode, code) => {
    const show = await createShow();
    const response = await owner.post(at(show), { ...YOUTUBE, ...change });
    expect([response.statusCode, response.json().code]).toEqual([statusCode, code]);
    expect(response.body).not.toContain(KEY);
    expect(await list(show)).toEqual([]);
  });

  test('lengths at their limit are taken', async () => {
    const show = await createShow();
    const head = 'rtmp://a.example/';
    const change = {
      name: 'x'.repeat(LIMITS.restreamNameLength),
      url: head + 'x'.repeat(LIMITS.restreamUrlLength - head.length),
      streamKey: 'x'.repeat(LIMITS.restreamKeyLength),
    };
    expect((await owner.post(at(show), { ...YOUTUBE, ...change })).statusCode).toBe(201);
  });

  test('a show has ten and not eleven, also when eleven come at once', async () => {
    const show = await createShow();
    const answers = await Promise.all(Array.from({ length: LIMITS.restreamTargetsPerShow + 1 }, () => owner.post(at(show), YOUTUBE)));
    const refused = answers.filter(({ statusCode }) => statusCode !== 201);
    expect(refused.map((answer) => [answer.statusCode, answer.json().code])).toEqual([[409, 'INSP_RESTREAM_TOO_MANY_TARGETS']]);
    expect((await list(show)).map(({ position }) => position)).toEqual(Array.from({ length: 10 }, (_, index) => index));
  });

  test('one of another show, or of nobody, is not there', async () => {
    const [show, other] = [await createShow(), await createShow()];
    const target = await add(show);
    for (const response of [
      await owner.patch(at(other, `/${target.id}`), { name: 'x' }),
      await owner.delete(at(other, `/${target.id}`)),
      await owner.post(at(other, `/${target.id}/commands`), { command: 'start' }),
      await owner.get(at(other, `/${target.id}/changes`)),
    ])
      expect([response.statusCode, response.json().code]).toEqual([404, 'INSP_RESTREAM_TARGET_NOT_FOUND']);
  });

  test('a moderator sees them and touches none; a host does all', async () => {
    const show = await createShow();
    const target = await add(show);
    const moderator = await test_.member(owner, 'moderator');
    expect((await moderator.get(at(show))).statusCode).toBe(200);
    expect((await moderator.post(at(show), YOUTUBE)).statusCode).toBe(403);
    expect((await moderator.post(at(show, `/${target.id}/commands`), { command: 'stop' })).statusCode).toBe(403);
    const host = await test_.member(owner, 'host');
    expect((await host.post(at(show, `/${target.id}/commands`), { command: 'stop' })).json()).toMatchObject({ mode: 'off' });
    expect((await host.post(at(show), YOUTUBE)).statusCode).toBe(201);
  });
});

describe('a show that is live', () => {
  let folder: string;
  const peers: Peer[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'insp-restream-'));
  });
  afterAll(async () => {
    for (const peer of peers) await peer.close();
    await rm(folder, { recursive: true, force: true });
  });
  const peer = async (...args: Parameters<typeof createPeer>) => {
    const made = await createPeer(...args);
    peers.push(made);
    return made;
  };

  /** Each coded packet of a file with its checksum and its decode time in ms from the first on, as ffmpeg reads it. */
  async function packetsOf(file: string): Promise<string[]> {
    const text = await outputOf('ffmpeg', ['-v', 'error', '-i', file, '-map', '0:v:0', '-c', 'copy', '-f', 'framemd5', '-']);
    const rows = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const fields = rows.map((line) => line.split(',').map((field) => field.trim()));
    const first = Number(fields[0]?.[1]);
    return fields.map(([, dts, pts, , , md5]) => `${Number(dts) - first} ${Number(pts) - first} ${md5}`);
  }

  /** What arrived at a server as an FLV file, by the letter of the format. */
  function flvOf(peer: Peer): Buffer {
    const parts: Buffer[] = [Buffer.from('464c5601050000000900000000', 'hex')];
    for (const { kind, timestampMs, body } of peer.tags()) {
      const head = Buffer.alloc(11);
      head[0] = kind === 'video' ? 9 : 8;
      head.writeUIntBE(body.length, 1, 3);
      head.writeUIntBE(timestampMs & 0xff_ffff, 4, 3);
      const back = Buffer.alloc(4);
      back.writeUInt32BE(11 + body.length);
      parts.push(head, Buffer.from(body), back);
    }
    return Buffer.concat(parts);
  }

  test('[RT1] is restreamed frame for frame; a bad target beside it costs nothing; all of it is kept', async () => {
    const [good, strict, preview] = [
      await peer(),
      await peer({ decide: (name) => ({ code: 'NetStream.Publish.BadName', description: `unknown ${name}` }) }),
      await peer(),
    ];
    const show = await createShow();
    const goodTarget = await add(show, { name: 'Good', platform: 'rtmp', url: good.url });
    const strictTarget = await add(show, { name: 'Strict', platform: 'rtmp', url: strict.url });
    const byHand = await add(show, { name: 'By hand', platform: 'rtmp', url: preview.url, isEnabled: false });
    await owner.patch(`/v1/shows/${show.id}`, { scheduledAt: Date.now() + 60_000 });
    const command = (name: string) => owner.post(`/v1/shows/${show.id}/commands`, { command: name });
    expect((await command('schedule')).statusCode).toBe(200);
    const { serverUrl, streamKey } = (await owner.post(`/v1/shows/${show.id}/stream-key`)).json<StreamKey>();

    const file = join(folder, 'source.flv');
    await outputOf('ffmpeg', ['-y', ...sourceArgs({ durationSec: 14, gopFrames: 30, bFrames: 2, isRealTime: false }), '-f', 'flv', file]);
    const publishing = outputOf('ffmpeg', [
      '-v',
      'error',
      '-re',
      '-i',
      file,
      '-c',
      'copy',
      '-f',
      'flv',
      '-flvflags',
      'no_duration_filesize',
      `${serverUrl.replace('localhost', '127.0.0.1')}/${streamKey}`,
    ]);
    await until('a picture comes', async () => test_.app.media.hasPicture(show.id));

    // Before live nothing goes out by itself, and what a person starts does: the platform's own preview.
    expect((await list(show)).map(({ status }) => status.reason)).toEqual(['waits_for_show', 'waits_for_show', 'not_started']);
    await owner.post(at(show, `/${byHand.id}/commands`), { command: 'start' });
    await until('the preview is on air', async () => (await list(show))[2]?.status.state === 'live');
    expect(good.connections).toHaveLength(0);
    expect((await owner.post(at(show, `/${byHand.id}/commands`), { command: 'stop' })).json()).toMatchObject({
      mode: 'off',
      status: { state: 'idle', reason: 'stopped_by_host' },
    });

    expect((await command('go_live')).statusCode).toBe(200);
    await until('it is on air there', async () => (await list(show))[0]?.status.state === 'live');
    await until('the bad one failed', async () => (await list(show))[1]?.status.state === 'failed');
    await publishing;
    expect((await list(show))[0]?.status).toMatchObject({ state: 'publishing', reason: 'waits_for_encoder', droppedFrameCount: 0 });
    expect((await command('end')).statusCode).toBe(200);
    await until('the goodbye came', () => good.connections[0]?.isUnpublished);

    const arrived = join(folder, 'arrived.flv');
    await writeFile(arrived, flvOf(good));
    const [sent, got] = [await packetsOf(file), await packetsOf(arrived)];
    const md5s = (packets: readonly string[]) => packets.map((packet) => packet.split(' ')[2]);
    const from = md5s(sent).indexOf(md5s(got)[0]);
    expect(from).toBeGreaterThanOrEqual(0);
    expect(got.length).toBeGreaterThan(60);
    expect(md5s(got)).toEqual(md5s(sent).slice(from));
    const stepsOf = (packets: readonly string[]) =>
      packets.map((packet) => Number(packet.split(' ')[0]) - Number(packets[0]?.split(' ')[0]));
    expect(stepsOf(got)).toEqual(stepsOf(sent.slice(from)));

    const changesOf = async ({ id }: RestreamTarget) =>
      (await owner.get(at(show, `/${id}/changes`))).json<{ data: RestreamChange[]; nextCursor: string | null }>();
    const ended = await until('the end is kept', async () => {
      const { data } = await changesOf(goodTarget);
      return data[0]?.to === 'ended' && data;
    });
    expect(
      ended
        .map(({ to, reason }) => `${to} ${reason}`)
        .reverse()
        .filter((step) => !step.startsWith('idle')),
    ).toEqual([
      'resolving show_on_air',
      'connecting name_resolved',
      'handshaking connection_made',
      'publishing key_sent',
      'live picture_sent',
      'publishing waits_for_encoder',
      'ended show_ended',
    ]);
    expect(ended.every(({ at: atMs }) => Math.abs(Date.now() - atMs) < 120_000)).toBe(true);
    const refusals = (await changesOf(strictTarget)).data;
    expect(refusals[0]).toMatchObject({ to: 'failed', reason: 'key_rejected', detail: 'unknown …', attemptCount: 3 });
    const page = (await owner.get(at(show, `/${strictTarget.id}/changes?limit=2`))).json<{ data: RestreamChange[]; nextCursor: string }>();
    const next = (await owner.get(at(show, `/${strictTarget.id}/changes?limit=2&cursor=${page.nextCursor}`))).json<{
      data: RestreamChange[];
    }>();
    expect([...page.data, ...next.data]).toEqual(refusals.slice(0, 4));

    const database = openDatabase({ url: test_.databaseUrl });
    const facts = await until('the facts are kept', async () => {
      const rows = await database.query<{ kind: string; payload: { targetId: string; reason: string } }>(
        'SELECT kind, props AS payload FROM ev WHERE show_id = $1 AND type = 100 ORDER BY seq',
        [show.id],
      );
      return rows.filter(({ payload }) => payload.targetId === goodTarget.id).at(-1)?.kind === 'ended' && rows;
    });
    await database.close();
    const kindsOf = ({ id }: RestreamTarget) => facts.filter(({ payload }) => payload.targetId === id).map(({ kind }) => kind);
    expect(kindsOf(goodTarget)).toEqual(['live', 'ended']);
    expect(kindsOf(strictTarget)).toEqual(['backoff', 'failed']);
    expect(JSON.stringify([facts, ended, refusals])).not.toContain(KEY);
    expect((await list(show)).map(({ mode, status }) => [mode, status.state])).toEqual([
      ['auto', 'ended'],
      ['auto', 'failed'],
      ['auto', 'ended'],
    ]);
  }, 90_000);
});
