// The module with hand-made encoders and a clock that stands still: who may send, what is told, what is kept.
import type { Id, StreamHealth } from '@insp/protocol';
import { createFakeClock } from '@insp/test-kit';
import { afterEach, describe, expect, test } from 'vitest';
import { accepted } from '../../kernel/outcome.ts';
import { CHANNEL_LIMITS } from './channel.ts';
import { INGEST_LIMITS } from './ingest.ts';
import { MEDIA_LIMITS } from './media.ts';
import { SOURCE_LIMITS } from './sources.ts';
import {
  BACKUP_KEY,
  CLOSED_KEY,
  createMediaRig,
  GOOD_KEY,
  grantOf,
  type MediaRig,
  OTHER_KEY,
  OTHER_SHOW_ID,
  SHOW_ID,
  until,
} from './test-support/media-rig.ts';
import {
  AUDIO_CONFIG,
  AUDIO_FRAME,
  createRtmpClient,
  INTER_FRAME,
  KEY_FRAME,
  type RtmpClient,
  VIDEO_CONFIG,
} from './test-support/rtmp-client.ts';

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function setUp(options: Parameters<typeof createMediaRig>[0] = {}) {
  const clock = createFakeClock(Date.UTC(2026, 10, 20));
  const rig = await createMediaRig({ clock, ...options });
  cleanUps.push(() => rig.stop());
  const newClient = async (flashVer = 'test'): Promise<RtmpClient> => {
    const client = await createRtmpClient(rig.media.rtmpPort, { flashVer });
    cleanUps.push(() => {
      client.socket.destroy();
    });
    return client;
  };
  return { clock, rig, newClient };
}

/** Sends `durationMs` of picture and sound, 10 frames per second, a key frame each second. */
async function send(client: RtmpClient, rig: MediaRig, fromMs: number, durationMs: number): Promise<void> {
  client.message(9, fromMs, VIDEO_CONFIG);
  client.message(8, fromMs, AUDIO_CONFIG);
  for (let atMs = fromMs; atMs < fromMs + durationMs; atMs += 100) {
    client.message(9, atMs, (atMs - fromMs) % 1_000 === 0 ? KEY_FRAME : INTER_FRAME);
    client.message(8, atMs + 1, AUDIO_FRAME);
  }
  await until('the picture arrived', () => rig.facts.length > 0);
}

const namesOf = (rig: MediaRig) => rig.facts.map((fact) => fact.name);
const playlist = async (rig: MediaRig, playbackId = 'play-one', name = 'video.m3u8') => {
  const response = await fetch(`${rig.origin}/live/${playbackId}/${name}`);
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const sequencesIn = (text: string) => ({
  media: Number(/MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1]),
  discontinuity: Number(/DISCONTINUITY-SEQUENCE:(\d+)/.exec(text)?.[1]),
  tags: (text.match(/#EXT-X-DISCONTINUITY\n/g) ?? []).length,
  segmentCount: (text.match(/#EXTINF/g) ?? []).length,
});

describe('who may send', () => {
  test('a key of a show that takes no video is refused and kept as a fact, once a minute', async () => {
    const { clock, rig, newClient } = await setUp();
    const refuse = async () => {
      const client = await newClient();
      await client.publish(CLOSED_KEY);
      await until('the refusal came', () => client.statuses()[0]?.description?.startsWith('INSP_MEDIA_SHOW_NOT_OPEN'));
    };
    await refuse();
    await refuse();
    expect(rig.facts).toEqual([
      expect.objectContaining({ name: 'media.publish_refused', kind: 'INSP_MEDIA_SHOW_NOT_OPEN', showId: SHOW_ID }),
    ]);
    await clock.advanceAsync(MEDIA_LIMITS.refusalFactIntervalMs);
    await refuse();
    expect(rig.facts).toHaveLength(2);
  });

  test('[RI3] a second encoder is refused while the first sends, and takes over once it was silent for 2 s', async () => {
    const { clock, rig, newClient } = await setUp();
    const first = await newClient();
    await first.publishAccepted(GOOD_KEY);
    await send(first, rig, 0, 1_500);
    await clock.advanceAsync(SOURCE_LIMITS.takeOverAfterSilenceMs - 1);
    const early = await newClient('another');
    await early.publish(GOOD_KEY);
    await until('it is refused', () => early.statuses()[0]?.description?.startsWith('INSP_MEDIA_PUBLISHER_PRESENT'));
    expect(first.isClosed).toBe(false);
    await clock.advanceAsync(1);
    const second = await newClient('another');
    await second.publishAccepted(GOOD_KEY);
    await first.closed();
    await send(second, rig, 0, 1_500);
    await until('the broadcast goes on', () => rig.facts.length === 4);
    expect(namesOf(rig)).toEqual(['media.broadcast_started', 'media.publish_refused', 'media.encoder_lost', 'media.encoder_resumed']);
    expect(rig.facts[2]?.payload).toMatchObject({ cause: 'taken_over' });
    expect(rig.facts[3]?.payload).toMatchObject({ gapMs: 2_000 });
  });

  test('[RI3] the same encoder, back while its old connection hangs, is let in after half a second', async () => {
    const { clock, rig, newClient } = await setUp();
    const first = await newClient();
    await first.publishAccepted(GOOD_KEY);
    await send(first, rig, 0, 1_500);
    const again = await newClient();
    await again.publish(GOOD_KEY);
    await until('it waits for its answer', () => clock.timerCount > 2);
    expect(again.statuses()).toEqual([]);
    await clock.advanceAsync(SOURCE_LIMITS.sameEncoderSilenceMs);
    await until('it is let in', () => again.statuses()[0]?.code === 'NetStream.Publish.Start');
    await first.closed();
    expect(namesOf(rig)).toEqual(['media.broadcast_started', 'media.encoder_lost']);
  });

  test.each([
    ['HEVC (H.265)', 9, Buffer.from('90687663310001', 'hex')],
    ['MP3', 8, Buffer.from('2fff', 'hex')],
  ])('[RI5] %s is refused, and the host reads what to change', async (codec, typeId, body) => {
    const { clock, rig, newClient } = await setUp();
    const client = await newClient();
    await client.publishAccepted(GOOD_KEY);
    client.message(typeId, 0, body);
    await client.closed();
    const advice = `Your encoder sends ${codec}: set H.264 video and AAC audio.`;
    expect(client.statuses().at(-1)).toMatchObject({ level: 'error', description: expect.stringContaining(advice) });
    expect(rig.media.health(SHOW_ID)).toMatchObject({ status: 'bad', advice });
    expect(rig.facts).toEqual([expect.objectContaining({ name: 'media.publish_refused', kind: 'INSP_MEDIA_CODEC_UNSUPPORTED' })]);
    await clock.advanceAsync(CHANNEL_LIMITS.refusalShownMs);
    expect(rig.media.health(SHOW_ID)).toMatchObject({ status: 'no_encoder', advice: '' });
  });

  test('as many shows as there is room for, and no more', async () => {
    const showIdOf = (number: number) => `shw_${String(number).padStart(32, '0')}` as Id<'shw'>;
    const { newClient } = await setUp({
      shows: {
        authorizePublish: async (key) =>
          accepted({ ...grantOf(SHOW_ID), showId: showIdOf(Number(key)), playbackId: `p${key}`, source: 'primary' }),
      },
    });
    for (let number = 0; number < MEDIA_LIMITS.channelCount; number += 8) {
      await Promise.all(Array.from({ length: 8 }, async (_unused, index) => (await newClient()).publishAccepted(String(number + index))));
    }
    const oneTooMany = await newClient();
    await oneTooMany.publish(String(MEDIA_LIMITS.channelCount));
    await until('it is refused', () => oneTooMany.statuses()[0]?.description?.startsWith('INSP_HTTP_NOT_READY'));
  });
});

describe('the life of a broadcast', () => {
  test('[BR1] it starts with the first key frame, not with the connection', async () => {
    const { rig, newClient } = await setUp();
    const client = await newClient();
    await client.publishAccepted(GOOD_KEY);
    expect(rig.media.isPublishing(SHOW_ID)).toBe(true);
    expect(rig.media.hasPicture(SHOW_ID)).toBe(false);
    expect(rig.facts).toEqual([]);
    client.message(9, 0, VIDEO_CONFIG);
    client.message(9, 0, INTER_FRAME);
    client.message(9, 40, KEY_FRAME);
    await until('the fact is there', () => rig.facts.length === 1);
    expect(rig.media.hasPicture(SHOW_ID)).toBe(true);
    expect(rig.facts[0]).toMatchObject({
      name: 'media.broadcast_started',
      orgId: 'org_test',
      showId: SHOW_ID,
      actor: { kind: 'encoder', id: null },
      payload: { broadcastId: expect.stringMatching(/^brd_/) },
    });
  });

  test('[BR2] five seconds without data lose the encoder; coming back goes on at the same address', async () => {
    const { clock, rig, newClient } = await setUp();
    const first = await newClient();
    await first.publishAccepted(GOOD_KEY);
    await send(first, rig, 0, 2_500);
    await until('two segments', async () => sequencesIn((await playlist(rig)).text).segmentCount === 2);
    await clock.advanceAsync(INGEST_LIMITS.silenceMs + 500);
    await first.closed();
    expect(rig.media.isPublishing(SHOW_ID)).toBe(false);
    expect(rig.media.hasPicture(SHOW_ID)).toBe(false);
    expect(rig.media.health(SHOW_ID).status).toBe('no_encoder');
    const before = sequencesIn((await playlist(rig)).text);
    await clock.advanceAsync(3_000);
    const second = await newClient();
    await second.publishAccepted(GOOD_KEY);
    await send(second, rig, 700_000, 2_500);
    await until('segments follow', async () => sequencesIn((await playlist(rig)).text).segmentCount === 5);
    const after = sequencesIn((await playlist(rig)).text);
    expect(after).toMatchObject({ media: before.media, discontinuity: before.discontinuity, tags: 1 });
    expect(namesOf(rig)).toEqual(['media.broadcast_started', 'media.encoder_lost', 'media.encoder_resumed']);
    expect(rig.facts[1]?.payload).toMatchObject({ cause: 'no_data' });
    expect(rig.facts[2]?.payload).toMatchObject({ gapMs: 8_500 });
  });

  test('[BR3] an encoder that stays away ends the playlist; the next one begins another broadcast at the same address', async () => {
    const { clock, rig, newClient } = await setUp();
    const first = await newClient();
    await first.publishAccepted(GOOD_KEY);
    await send(first, rig, 0, 2_500);
    first.socket.destroy();
    await until('it is lost', () => rig.facts.length === 2);
    await clock.advanceAsync(MEDIA_LIMITS.reconnectWindowMs - 1_000);
    expect((await playlist(rig)).text).not.toContain('ENDLIST');
    await clock.advanceAsync(1_000);
    expect((await playlist(rig)).text).toContain('ENDLIST');
    const second = await newClient();
    await second.publishAccepted(GOOD_KEY);
    await send(second, rig, 0, 2_500);
    await until('it starts', () => rig.facts.length === 3);
    expect(namesOf(rig)[2]).toBe('media.broadcast_started');
    await until('the playlist is open again', async () => !(await playlist(rig)).text.includes('ENDLIST'));
  });

  test('[6.2.1-M24] ending closes the encoder and the playlist, and its segments are forgotten later', async () => {
    const { clock, rig, newClient } = await setUp();
    const client = await newClient();
    await client.publishAccepted(GOOD_KEY);
    await send(client, rig, 0, 2_500);
    await until('segments', async () => (await playlist(rig)).status === 200);
    rig.media.endBroadcast(SHOW_ID, 'The show has ended.');
    rig.media.endBroadcast(SHOW_ID, 'The show has ended.');
    rig.media.endBroadcast(OTHER_SHOW_ID, 'Never on air.');
    await client.closed();
    expect(client.statuses().at(-1)?.description).toBe('The show has ended.');
    expect((await playlist(rig)).text).toContain('ENDLIST');
    expect(namesOf(rig)).toEqual(['media.broadcast_started']);
    await clock.advanceAsync(MEDIA_LIMITS.keptAfterEndMs - 1_000);
    expect((await playlist(rig)).status).toBe(200);
    await clock.advanceAsync(2_000);
    expect((await playlist(rig)).status).toBe(404);
  });

  test('a replaced key cuts off who sends by the old one, and the broadcast waits for the next encoder', async () => {
    const { rig, newClient } = await setUp();
    const client = await newClient();
    await client.publishAccepted(GOOD_KEY);
    await send(client, rig, 0, 2_500);
    await until('segments', async () => (await playlist(rig)).status === 200);
    rig.media.dropEncoder(SHOW_ID, 'backup');
    expect(client.isClosed).toBe(false);
    rig.media.dropEncoder(SHOW_ID, 'primary');
    rig.media.dropEncoder(OTHER_SHOW_ID, 'primary');
    await client.closed();
    expect(client.statuses().at(-1)?.description).toContain('The stream key was replaced.');
    await until('the loss is told', () => namesOf(rig).includes('media.encoder_lost'));
    expect((await playlist(rig)).text).not.toContain('ENDLIST');
  });

  test('after a restart of the server no number goes back', async () => {
    const one = await setUp();
    const first = await one.newClient();
    await first.publishAccepted(GOOD_KEY);
    await send(first, one.rig, 0, 10_500);
    const before = await until('all are there', async () => {
      const text = (await playlist(one.rig)).text;
      return sequencesIn(text).media > 0 && sequencesIn(text).segmentCount >= 8 ? sequencesIn(text) : null;
    });
    const two = await setUp({ clock: createFakeClock(Date.UTC(2026, 10, 20) + 10_500) });
    const second = await two.newClient();
    await second.publishAccepted(GOOD_KEY);
    await send(second, two.rig, 0, 1_500);
    const after = await until('the first segment', async () => {
      const { status, text } = await playlist(two.rig);
      return status === 200 ? sequencesIn(text) : null;
    });
    expect(after.media).toBeGreaterThan(before.media + before.segmentCount);
    expect(after.discontinuity).toBeGreaterThan(before.discontinuity);
  });

  test('two shows do not mix', async () => {
    const { rig, newClient } = await setUp();
    const one = await newClient();
    const other = await newClient();
    await one.publishAccepted(GOOD_KEY);
    await other.publishAccepted(OTHER_KEY);
    await send(one, rig, 0, 1_500);
    expect(rig.media.hasPicture(OTHER_SHOW_ID)).toBe(false);
    expect((await playlist(rig, 'play-two')).status).toBe(404);
    rig.media.endBroadcast(SHOW_ID, 'over');
    await one.closed();
    expect(rig.media.isPublishing(OTHER_SHOW_ID)).toBe(true);
  });
});

describe('[RI7] two encoders of one show', () => {
  test('the backup takes over in the same broadcast, at the same address, and its facts say so', async () => {
    const { clock, rig, newClient } = await setUp();
    const primary = await newClient();
    await primary.publishAccepted(GOOD_KEY);
    await send(primary, rig, 0, 2_500);
    const backup = await newClient();
    await backup.publishAccepted(BACKUP_KEY);
    await send(backup, rig, 90_000, 2_500);
    await until('it is ready', () => rig.media.health(SHOW_ID).standby === 'ready');
    expect(rig.media.health(SHOW_ID).source).toBe('primary');
    const before = sequencesIn((await playlist(rig)).text);
    clock.jump(40);
    primary.reset();
    await until('it takes over', () => rig.facts.length === 2);
    await send(backup, rig, 92_500, 3_000);
    await until('its segments follow', async () => sequencesIn((await playlist(rig)).text).segmentCount >= before.segmentCount + 3);
    const after = sequencesIn((await playlist(rig)).text);
    expect(after).toMatchObject({ media: before.media, discontinuity: before.discontinuity, tags: 1 });
    expect(rig.facts[1]).toMatchObject({
      name: 'media.ingest_switched',
      payload: { from: 'primary', to: 'backup', cause: 'connection_reset', gapMs: 40 },
    });
    expect(namesOf(rig)).toEqual(['media.broadcast_started', 'media.ingest_switched']);
    expect([rig.media.hasPicture(SHOW_ID), rig.media.health(SHOW_ID).source]).toEqual([true, 'backup']);
  });

  test('the host may put the other on air, when it is ready', async () => {
    const { rig, newClient } = await setUp();
    expect(rig.media.switchSource(SHOW_ID, 'backup')).toBe(false);
    const primary = await newClient();
    await primary.publishAccepted(GOOD_KEY);
    await send(primary, rig, 0, 1_500);
    expect([rig.media.switchSource(SHOW_ID, 'primary'), rig.media.switchSource(SHOW_ID, 'backup')]).toEqual([true, false]);
    const backup = await newClient();
    await backup.publishAccepted(BACKUP_KEY);
    await send(backup, rig, 0, 1_500);
    await until('it is ready', () => rig.media.health(SHOW_ID).standby === 'ready');
    expect(rig.media.switchSource(SHOW_ID, 'backup')).toBe(true);
    await until('it is told', () => namesOf(rig).at(-1) === 'media.ingest_switched');
    expect(primary.isClosed).toBe(false);
  });

  test('the end of the show closes both', async () => {
    const { rig, newClient } = await setUp();
    const clients = [await newClient(), await newClient()] as const;
    await clients[0].publishAccepted(GOOD_KEY);
    await clients[1].publishAccepted(BACKUP_KEY);
    await send(clients[0], rig, 0, 1_500);
    rig.media.endBroadcast(SHOW_ID, 'The show has ended.');
    for (const client of clients) await client.closed();
    expect(rig.media.isPublishing(SHOW_ID)).toBe(false);
    expect(namesOf(rig)).toEqual(['media.broadcast_started']);
  });

  test('[RI5] what the backup is refused for is said while all else is well', async () => {
    const { clock, rig, newClient } = await setUp();
    const backup = await newClient();
    await backup.publishAccepted(BACKUP_KEY);
    backup.message(9, 0, Buffer.from('90687663310001', 'hex'));
    await backup.closed();
    const advice = 'Your backup encoder sends HEVC (H.265): set H.264 video and AAC audio.';
    expect(rig.media.health(SHOW_ID)).toMatchObject({ status: 'bad', advice });
    const primary = await newClient();
    await primary.publishAccepted(GOOD_KEY);
    await send(primary, rig, 0, 900);
    expect(rig.media.health(SHOW_ID)).toMatchObject({ status: 'warning', advice, source: 'primary' });
    await clock.advanceAsync(500);
  });
});

describe('health', () => {
  test('is told every second while an encoder is there, and once when it goes', async () => {
    const { clock, rig, newClient } = await setUp();
    const told: StreamHealth[] = [];
    const stopListening = rig.media.onHealthChanged((_showId, health) => told.push(health));
    const client = await newClient();
    await client.publishAccepted(GOOD_KEY);
    await clock.advanceAsync(3_000);
    expect(told.map((health) => health.status)).toEqual(['warning', 'warning', 'bad']);
    expect(told[2]?.advice).toMatch(/Nothing has come/);
    client.socket.destroy();
    await until('it is gone', () => told.at(-1)?.status === 'no_encoder');
    const { length } = told;
    await clock.advanceAsync(3_000);
    expect(told).toHaveLength(length);
    stopListening();
  });
});

test('[HE6] the report holds what was told, second by second, over a reconnection', async () => {
  const { clock, rig, newClient } = await setUp();
  expect(rig.media.healthReport(SHOW_ID)).toMatchObject({ health: { status: 'no_encoder', signals: [] }, history: { points: [] } });
  for (let connection = 0; connection < 2; connection += 1) {
    const client = await newClient();
    await client.publishAccepted(GOOD_KEY);
    await clock.advanceAsync(3_000);
    client.socket.destroy();
    await until('it is gone', () => !rig.media.isPublishing(SHOW_ID));
  }
  const { health, history } = rig.media.healthReport(SHOW_ID);
  expect(health.status).toBe('no_encoder');
  expect(history.names).toContain('bitrate');
  expect(history.points).toHaveLength(6);
});

describe('the origin', () => {
  test('answers 404 as a problem before the first picture, open to all and hardly cached', async () => {
    const { rig } = await setUp();
    for (const name of ['index.m3u8', 'video.m3u8', 'video-1.m4s', 'other.txt']) {
      const { status, headers, text } = await playlist(rig, 'play-one', name);
      expect(status).toBe(404);
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(JSON.parse(text)).toMatchObject({ code: 'INSP_MEDIA_NOT_ON_AIR' });
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('cache-control')).toBe('max-age=0, s-maxage=1');
    }
  });

  test('[PL12] products on display are in the playlist, also those shown before the picture came', async () => {
    const { clock, rig, newClient } = await setUp();
    const startMs = clock.nowMs() - 1_000;
    rig.media.markMoment({ showId: SHOW_ID, productId: 'prd_early', highlightId: 'hlt_early', startMs, endMs: null });
    rig.media.markMoment({ showId: OTHER_SHOW_ID, productId: 'prd_other', highlightId: 'hlt_other', startMs, endMs: null });
    const client = await newClient();
    await client.publishAccepted(GOOD_KEY);
    await send(client, rig, 0, 1_500);
    await until('on air', async () => (await playlist(rig)).status === 200);
    rig.media.markMoment({ showId: SHOW_ID, productId: 'prd_late', highlightId: 'hlt_late', startMs: clock.nowMs(), endMs: null });
    rig.media.markMoment({ showId: SHOW_ID, productId: 'prd_early', highlightId: 'hlt_early', startMs: null, endMs: clock.nowMs() });
    rig.media.markMoment({ showId: SHOW_ID, productId: 'prd_x', highlightId: 'hlt_unknown', startMs: null, endMs: clock.nowMs() });
    const tags = (await playlist(rig)).text.split('\n').filter((line) => line.startsWith('#EXT-X-DATERANGE'));
    expect(tags.map((tag) => [/X-PRODUCT-ID="(\w+)"/.exec(tag)?.[1], tag.includes('END-DATE')])).toEqual([
      ['prd_early', false],
      ['prd_early', true],
      ['prd_late', false],
    ]);
    expect(tags[0]).toContain(`START-DATE="${new Date(startMs).toISOString()}"`);
  });

  test('[PL9] a listener that encodes a rung sees it beside the source, and is told its segments', async () => {
    const segments: string[] = [];
    const { rig, newClient } = await setUp({
      openTaps: [
        ({ openRung }) => {
          const rung = openRung('v90');
          return {
            onSample: (event) => rung.push(event),
            onSegment: (segment) => segments.push(`${segment.track} ${segment.mediaSequence}`),
            onEnded: () => rung.close(),
          };
        },
      ],
    });
    const client = await newClient();
    await client.publishAccepted(GOOD_KEY);
    await send(client, rig, 0, 4_500);
    await until('the rung is offered', async () => (await playlist(rig, 'play-one', 'index.m3u8')).text.includes('v90.m3u8'));
    await until('three segments', () => segments.length >= 9);
    const [video, v90] = [(await playlist(rig)).text, (await playlist(rig, 'play-one', 'v90.m3u8')).text];
    expect(sequencesIn(v90)).toEqual(sequencesIn(video));
    const tracks = segments.map((segment) => segment.split(' ')[0]);
    for (const track of ['video', 'audio', 'v90']) expect(tracks.filter((each) => each === track).length).toBeGreaterThanOrEqual(3);
    rig.media.endBroadcast(SHOW_ID, 'over');
    await client.closed();
    expect((await playlist(rig, 'play-one', 'v90.m3u8')).text).toMatch(/#EXT-X-ENDLIST\n$/);
  });

  test('serves playlists, init sections and segments with type, caching and CORS; HEAD has no body; nobody gets cookies', async () => {
    const { rig, newClient } = await setUp();
    const client = await newClient();
    await client.publishAccepted(GOOD_KEY);
    await send(client, rig, 0, 1_500);
    await until('on air', async () => (await playlist(rig)).status === 200);
    const { text } = await playlist(rig);
    const segment = /video-\d+\.m4s/.exec(text)?.[0] ?? '';
    const init = /video-init-\d+\.mp4/.exec(text)?.[0] ?? '';
    const expected: [string, string, string][] = [
      ['index.m3u8', 'application/vnd.apple.mpegurl', 'max-age=0, s-maxage=1'],
      ['video.m3u8', 'application/vnd.apple.mpegurl', 'max-age=0, s-maxage=1'],
      ['audio.m3u8', 'application/vnd.apple.mpegurl', 'max-age=0, s-maxage=1'],
      [init, 'video/mp4', 'public, max-age=31536000, immutable'],
      [segment, 'video/mp4', 'public, max-age=31536000, immutable'],
      [segment.replace('video', 'audio'), 'audio/mp4', 'public, max-age=31536000, immutable'],
    ];
    for (const [name, type, caching] of expected) {
      for (const method of ['GET', 'HEAD']) {
        const response = await fetch(`${rig.origin}/live/play-one/${name}`, { method, headers: { origin: 'https://shop.example' } });
        expect(response.status).toBe(200);
        expect(response.headers.get('content-type')).toBe(type);
        expect(response.headers.get('cache-control')).toBe(caching);
        expect(response.headers.get('access-control-allow-origin')).toBe('*');
        expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
        expect(response.headers.get('set-cookie')).toBeNull();
        expect(Number(response.headers.get('content-length'))).toBeGreaterThan(50);
        expect((await response.arrayBuffer()).byteLength > 0).toBe(method === 'GET');
      }
    }
    expect(rig.media.playlistUrl('play-one')).toBe('http://127.0.0.1:1/live/play-one/index.m3u8');
  });
});
