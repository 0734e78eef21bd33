// What every RtmpIngest must do, whoever wrote it (SPEC.md RI1 to RI6). ADR 0003 tells how the candidates fared.
import type { FlvTag } from '@insp/media';
import { createFakeClock, type FakeClock } from '@insp/test-kit';
import { afterEach, describe, expect, test } from 'vitest';
import type { Logger } from '../../kernel/logger.ts';
import { type CloseCause, type DecidePublish, INGEST_LIMITS, type PublisherConnection, type RtmpIngest } from './ingest.ts';
import { run, sourceArgs } from './test-support/ffmpeg.ts';
import { until } from './test-support/media-rig.ts';
import { AUDIO_FRAME, createRtmpClient, INTER_FRAME, KEY_FRAME, type RtmpClient, VIDEO_CONFIG } from './test-support/rtmp-client.ts';
import { WRONG_KEY_LIMITS } from './wrong-key-delay.ts';

export type CreateIngest = (options: { clock: FakeClock; logger: Logger; decide: DecidePublish }) => RtmpIngest;

type Publisher = { streamKey: string; connection: PublisherConnection; tags: FlvTag[]; causes: CloseCause[] };

export function describeRtmpIngestContract(name: string, createIngest: CreateIngest, { isSecure = false } = {}): void {
  const scheme = isSecure ? 'rtmps' : 'rtmp';
  describe(`${name} as RtmpIngest`, () => {
    const cleanUps: (() => void | Promise<void>)[] = [];
    afterEach(async () => {
      for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
    });

    async function setUp(decide?: DecidePublish) {
      const clock = createFakeClock();
      const lines: string[] = [];
      const keep = (fields: object, message: string) => lines.push(`${message} ${JSON.stringify(fields)}`);
      const logger: Logger = { error: keep, warn: keep, info: keep, debug: keep, child: () => logger };
      const publishers: Publisher[] = [];
      const asked: string[] = [];
      const ingest = createIngest({
        clock,
        logger,
        decide: async (request) => {
          asked.push(request.streamKey);
          if (decide) {
            const verdict = await decide(request);
            if (!verdict.ok) return verdict;
          } else if (!request.streamKey.startsWith('good')) return { ok: false, code: 'INSP_MEDIA_STREAM_KEY_INVALID' };
          const publisher: Publisher = { ...request, tags: [], causes: [] };
          publishers.push(publisher);
          return {
            ok: true,
            sink: { onDeclared() {}, onTag: (tag) => publisher.tags.push(tag), onClosed: (cause) => publisher.causes.push(cause) },
          };
        },
      });
      await ingest.start();
      cleanUps.push(() => ingest.stop());
      const newClient = async (): Promise<RtmpClient> => {
        const client = await createRtmpClient(ingest.port, { isSecure });
        cleanUps.push(() => {
          client.socket.destroy();
        });
        return client;
      };
      return { clock, lines, publishers, asked, ingest, newClient };
    }

    describe('[RI1] the key comes first', () => {
      test('no Publish.Start and no tag before the yes; then all, in order', async () => {
        let answer = (): void => {};
        const gate = new Promise<void>((resolve) => {
          answer = resolve;
        });
        const { newClient, publishers, asked } = await setUp(async () => {
          await gate;
          return { ok: true, sink: { onDeclared() {}, onTag() {}, onClosed() {} } };
        });
        const client = await newClient();
        await client.publish('good');
        for (const timestampMs of [1, 2, 3]) client.message(9, timestampMs, KEY_FRAME);
        await until('the key is being checked', () => asked.length === 1);
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(client.statuses()).toEqual([]);
        expect(publishers).toEqual([]);
        answer();
        await until('all tags arrived', () => publishers[0]?.tags.length === 3);
        expect(client.statuses()[0]?.code).toBe('NetStream.Publish.Start');
        expect(publishers[0]?.tags.map((tag) => tag.timestampMs)).toEqual([1, 2, 3]);
      });

      test('a wrong key is answered with BadName and the code, and the connection ends', async () => {
        const { newClient, publishers } = await setUp();
        const client = await newClient();
        await client.publish('wrong');
        client.message(9, 0, KEY_FRAME);
        await until('the refusal came', () => client.statuses().length > 0);
        expect(client.statuses()).toEqual([
          { level: 'error', code: 'NetStream.Publish.BadName', description: expect.stringContaining('INSP_MEDIA_STREAM_KEY_INVALID') },
        ]);
        await client.closed();
        expect(publishers).toEqual([]);
      });

      test('another application than live is refused without asking', async () => {
        const { newClient, asked } = await setUp();
        const client = await newClient();
        await client.publish('good', 'other');
        await until('the refusal came', () => client.statuses().some((status) => status.code === 'NetStream.Publish.BadName'));
        expect(asked).toEqual([]);
      });

      test('what follows a question mark in the key, and a slash after the application, are ignored', async () => {
        const { newClient, asked } = await setUp();
        const client = await newClient();
        await client.publish('good?token=1', 'live/');
        await until('the key is checked', () => asked.length === 1);
        expect(asked).toEqual(['good']);
      });

      test('ffmpeg with a wrong key fails; no key, right or wrong, is in any log line', async () => {
        const { ingest, lines, publishers } = await setUp();
        const encode = (key: string) =>
          run('ffmpeg', [...sourceArgs({ durationSec: 1 }), '-f', 'flv', `${scheme}://127.0.0.1:${ingest.port}/live/${key}`]).done;
        expect((await encode('wrong_secret_key')).exitCode).not.toBe(0);
        expect((await encode('good_secret_key')).exitCode).toBe(0);
        await until('it is gone', () => publishers[0]?.causes.length === 1);
        expect(lines.length).toBeGreaterThan(3);
        expect(lines.join('\n')).not.toContain('secret');
      });

      test('a check that breaks refuses', async () => {
        const { newClient } = await setUp(async () => {
          throw new Error('the database is away');
        });
        const client = await newClient();
        await client.publish('good');
        await until('the refusal came', () => client.statuses()[0]?.description?.includes('INSP_HTTP_INTERNAL'));
        await client.closed();
      });

      test('after five wrong keys from an address the next attempt waits, even with the right key', async () => {
        const { clock, newClient, asked } = await setUp();
        for (let attempt = 0; attempt < WRONG_KEY_LIMITS.freeAttemptCount; attempt += 1) {
          const client = await newClient();
          await client.publish('wrong');
          await until('the refusal came', () => client.statuses().length > 0);
        }
        const client = await newClient();
        await client.publish('good');
        await new Promise((resolve) => setTimeout(resolve, 200));
        expect(asked).toHaveLength(WRONG_KEY_LIMITS.freeAttemptCount);
        await clock.advanceAsync(WRONG_KEY_LIMITS.firstDelayMs);
        await until('it was asked', () => asked.at(-1) === 'good');
        await until('and accepted', () => client.statuses()[0]?.code === 'NetStream.Publish.Start');
      });
    });

    describe('[RI2] memory is bounded', () => {
      test('an encoder that never reads our answers is cut off', async () => {
        const { newClient, publishers } = await setUp();
        const client = await newClient();
        await client.publishAccepted('good');
        client.socket.pause();
        const ping = Buffer.concat(
          Array.from({ length: 2_000 }, () => Buffer.from([2, 0, 0, 0, 0, 0, 6, 4, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0])),
        );
        const flood = setInterval(() => client.send(ping), 1);
        cleanUps.push(() => clearInterval(flood));
        await until('it is cut off', () => publishers[0]?.causes.length === 1, 25_000);
        expect(publishers[0]?.causes).toEqual(['protocol_fault']);
      });

      test('connections that never publish are limited per address', async () => {
        const { newClient, ingest } = await setUp();
        for (let index = 0; index < INGEST_LIMITS.pendingPerAddressCount; index += 1) await newClient();
        await until('all are there', () => ingest.connectionCount === INGEST_LIMITS.pendingPerAddressCount);
        const oneTooMany = await newClient();
        await oneTooMany.closed();
        expect(ingest.connectionCount).toBe(INGEST_LIMITS.pendingPerAddressCount);
      });
    });

    test('[RI2] connections in all are limited, those that send among them', async () => {
      const { newClient, ingest, publishers } = await setUp();
      const batchCount = 8;
      for (let count = 0; count < INGEST_LIMITS.connectionCount; count += batchCount)
        await Promise.all(Array.from({ length: batchCount }, async () => (await newClient()).publishAccepted('good')));
      expect(publishers).toHaveLength(INGEST_LIMITS.connectionCount);
      const oneTooMany = await newClient();
      await oneTooMany.closed();
      expect(ingest.connectionCount).toBe(INGEST_LIMITS.connectionCount);
      expect(publishers.flatMap(({ causes }) => causes)).toEqual([]);
    });

    describe('[RI3] connections end and share nothing', () => {
      test.each<[string, CloseCause, (client: RtmpClient, clock: FakeClock) => unknown]>([
        ['a goodbye', 'unpublished', (client) => client.command(['deleteStream', 5, null, 1])],
        ['a closed connection', 'connection_closed', (client) => client.socket.end()],
        ['a reset', 'connection_reset', (client) => client.reset()],
        ['silence (half-open)', 'no_data', (_client, clock) => clock.advanceAsync(INGEST_LIMITS.silenceMs + 600)],
        ['broken bytes', 'protocol_fault', (client) => client.send(Buffer.alloc(400, 0xff))],
      ])('%s is told once as %s', async (_what, cause, act) => {
        const { newClient, publishers, clock, ingest } = await setUp();
        const client = await newClient();
        await client.publishAccepted('good');
        client.message(9, 1, KEY_FRAME);
        await until('the tag arrived', () => publishers[0]?.tags.length === 1);
        await act(client, clock);
        await until('the end is told', () => publishers[0]?.causes.length === 1);
        expect(publishers[0]?.causes).toEqual([cause]);
        await clock.advanceAsync(INGEST_LIMITS.lingerMs);
        await until('nothing is left', () => ingest.connectionCount === 0);
        expect(publishers[0]?.causes).toHaveLength(1);
      });

      test('an encoder that is not silent stays', async () => {
        const { newClient, publishers, clock } = await setUp();
        const client = await newClient();
        await client.publishAccepted('good');
        for (let index = 0; index < 4; index += 1) {
          client.message(8, index, AUDIO_FRAME);
          await until('the tag arrived', () => publishers[0]?.tags.length === index + 1);
          await clock.advanceAsync(INGEST_LIMITS.silenceMs - 100);
        }
        expect(publishers[0]?.causes).toEqual([]);
      });

      test('slow lorises are cut off at the deadline, in the handshake and before publish', async () => {
        const { newClient, clock, ingest } = await setUp();
        const idle = await newClient();
        const half = await newClient();
        half.send(Buffer.alloc(100, 3));
        const connected = await newClient();
        await connected.handshake();
        connected.command(['connect', 1, { app: 'live' }]);
        await until('all are there', () => ingest.connectionCount === 3);
        await clock.advanceAsync(INGEST_LIMITS.publishDeadlineMs);
        expect(ingest.connectionCount).toBe(3);
        await clock.advanceAsync(1_000);
        for (const client of [idle, half, connected]) await client.closed();
        expect(ingest.connectionCount).toBe(0);
      });

      test('closing from our side tells the encoder why', async () => {
        const { newClient, publishers } = await setUp();
        const client = await newClient();
        await client.publishAccepted('good');
        publishers[0]?.connection.close({ code: 'INSP_MEDIA_CODEC_UNSUPPORTED', description: 'Set H.264.' });
        publishers[0]?.connection.close({ code: null, description: 'again' });
        await until('the status came', () => client.statuses().length === 2);
        expect(client.statuses()[1]).toMatchObject({ level: 'error', description: expect.stringContaining('Set H.264.') });
        await client.closed();
        expect(publishers[0]?.causes).toEqual(['closed_by_us']);
      });

      test('two publishers at once, and two ingests in one process, do not mix', async () => {
        const one = await setUp();
        const other = await setUp();
        const clients = await Promise.all([one.newClient(), one.newClient(), other.newClient()]);
        for (const [index, client] of clients.entries()) await client.publishAccepted(`good_${index}`);
        for (let round = 0; round < 20; round += 1) for (const [index, client] of clients.entries()) client.message(9, index, KEY_FRAME);
        await until('all arrived', () => [...one.publishers, ...other.publishers].every((publisher) => publisher.tags.length === 20));
        for (const publisher of [...one.publishers, ...other.publishers]) {
          expect(new Set(publisher.tags.map((tag) => `good_${tag.timestampMs}`))).toEqual(new Set([publisher.streamKey]));
        }
        clients[0]?.reset();
        await until('the first is gone', () => one.publishers[0]?.causes.length === 1);
        expect([...one.publishers.slice(1), ...other.publishers].flatMap((publisher) => publisher.causes)).toEqual([]);
      });

      test('stop ends connections and frees the port; start takes it again', async () => {
        const { ingest, newClient, publishers } = await setUp();
        const client = await newClient();
        await client.publishAccepted('good');
        await ingest.stop();
        await client.closed();
        expect(publishers[0]?.causes).toEqual(['closed_by_us']);
        await ingest.stop();
        await ingest.start();
        expect(ingest.port).toBeGreaterThan(0);
      });
    });

    test('[RI4] timestamps arrive as sent, across 24 and 32 bits; bodies byte for byte', async () => {
      const { newClient, publishers } = await setUp();
      const client = await newClient();
      await client.publishAccepted('good');
      const times = [0, 0xff_fffe, 0xff_ffff, 0x100_0000, 0xffff_ffff, 5];
      const large = Buffer.alloc(300_000, 9);
      for (const timestampMs of times) client.message(9, timestampMs, timestampMs === 0xff_ffff ? large : INTER_FRAME);
      await until('all arrived', () => publishers[0]?.tags.length === times.length);
      expect(publishers[0]?.tags.map((tag) => tag.timestampMs)).toEqual(times);
      expect(Buffer.from(publishers[0]?.tags[2]?.body ?? []).equals(large)).toBe(true);
    });

    describe('[RI6] hostile bytes', () => {
      const announce = (lengthBytes: number) =>
        Buffer.from([4, 0, 0, 0, (lengthBytes >> 16) & 255, (lengthBytes >> 8) & 255, lengthBytes & 255, 9, 1, 0, 0, 0]);
      test.each<[string, (client: RtmpClient) => unknown]>([
        ['no RTMP at all', (client) => client.send(Buffer.from('GET / HTTP/1.1\r\n\r\n'))],
        ['an oversized message', (client) => afterHandshake(client, () => client.send(announce(0xff_ffff)))],
        [
          'a chunk size of zero',
          (client) => afterHandshake(client, () => client.send(Buffer.from([2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0]))),
        ],
        [
          'an AMF bomb',
          async (client) => {
            await client.handshake();
            const nested = Buffer.concat([Buffer.of(2, 0, 7), Buffer.from('connect'), Buffer.alloc(9), Buffer.alloc(600, 0x0a)]);
            client.message(20, 0, nested);
          },
        ],
        ['connect without an address', (client) => afterHandshake(client, () => client.command(['connect', 1, null]))],
      ])('%s ends that connection and no other', async (_what, attack) => {
        const { newClient, publishers } = await setUp();
        const bystander = await newClient();
        await bystander.publishAccepted('good');
        const attacker = await newClient();
        await attack(attacker);
        await attacker.closed();
        bystander.message(9, 1, KEY_FRAME);
        await until('the bystander is well', () => publishers[0]?.tags.length === 1);
        expect(publishers[0]?.causes).toEqual([]);
      });

      test('bytes that come one by one give the same tags', async () => {
        const { newClient, publishers } = await setUp();
        const client = await newClient();
        const send = client.send;
        client.socket.setNoDelay(true);
        client.send = (bytes) => {
          for (const byte of bytes) send(Buffer.of(byte));
        };
        await client.publishAccepted('good');
        client.message(9, 7, VIDEO_CONFIG);
        client.message(9, 8, KEY_FRAME);
        await until('all arrived', () => publishers[0]?.tags.length === 2);
        expect(publishers[0]?.tags.map((tag) => Buffer.from(tag.body))).toEqual([VIDEO_CONFIG, KEY_FRAME]);
      });
    });
  });
}

async function afterHandshake(client: RtmpClient, act: () => void): Promise<void> {
  await client.handshake();
  act();
}
