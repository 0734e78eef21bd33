import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../bytes/byte-writer.ts';
import type { FlvTag } from '../flv/flv-tag.ts';
import { type AmfValue, writeAmf0 } from './amf0.ts';
import { createChunkReader } from './chunk-reader.ts';
import { writeMessage } from './chunk-writer.ts';
import { MESSAGE_TYPE } from './message.ts';
import { createOutgoingTimeline } from './outgoing-timeline.ts';
import { ACKNOWLEDGE_EVERY_BYTES, CLIENT_LIMITS, type ClientEvent, createPublishClient, type PublishClient } from './publish-client.ts';
import { createPublishSession, type SessionEvent } from './publish-session.ts';
import { classifyRejection } from './rejection.ts';
import { chunkTag, TAG_CHUNK_BYTES, tagParts } from './tag-chunks.ts';

const KEY = 'abcd-secret-key-1234';
const newClient = (streamName = KEY) =>
  createPublishClient({ app: 'live2', tcUrl: 'rtmp://a.example/live2', streamName, clientRandom: new Uint8Array(1528).fill(7) });
const newSession = () => createPublishSession(new Uint8Array(1528).fill(1));
const sent = (events: readonly (ClientEvent | SessionEvent)[]) =>
  concatBytes(events.flatMap((event) => (event.kind === 'send' ? [event.bytes] : [])));
const others = <E extends { kind: string }>(events: readonly E[]) => events.filter(({ kind }) => kind !== 'send');

/** Bytes in pieces cut at `cuts`. */
function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((one, other) => one - other);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

/** Client and our own server talk until nobody has anything to say; the server decides by `decide`. */
function talk(client: PublishClient, cuts: readonly number[] = [], decide: (name: string) => 'accept' | [string, string] = () => 'accept') {
  const session = newSession();
  const client_: ClientEvent[] = [];
  const server: SessionEvent[] = [];
  let toServer = client.hello();
  while (toServer.length > 0) {
    const answers = pieces(toServer, cuts).flatMap((piece) => session.receive(piece));
    const request = answers.find((event) => event.kind === 'publish_requested');
    if (request) {
      const verdict = decide(request.streamName);
      answers.push(...(verdict === 'accept' ? session.accept() : session.refuse(...verdict)));
    }
    server.push(...answers);
    const events = pieces(sent(answers), cuts).flatMap((piece) => client.receive(piece));
    client_.push(...events);
    toServer = sent(events);
  }
  return { session, client: others(client_), server: others(server) };
}

/** A client that is at `stage`, and what a server would say next. */
const answer = (values: AmfValue[], streamId = 0) =>
  writeMessage(
    { chunkStreamId: 3, typeId: MESSAGE_TYPE.commandAmf0, messageStreamId: streamId, timestampMs: 0, payload: writeAmf0(values) },
    128,
  );
const shaken = (streamName = KEY) => {
  const client = newClient(streamName);
  client.receive(concatBytes([Uint8Array.of(3), new Uint8Array(3072)]));
  return client;
};
const asked = (streamName = KEY) => {
  const client = shaken(streamName);
  client.receive(answer(['_result', 1, {}, { code: 'NetConnection.Connect.Success' }]));
  return client;
};
const onAir = () => {
  const client = asked();
  client.receive(answer(['_result', 4, null, 1]));
  client.receive(answer(['onStatus', 0, null, { level: 'status', code: 'NetStream.Publish.Start' }], 1));
  return client;
};
const status = (level: string, code: string, description = '') => answer(['onStatus', 0, null, { level, code, description }], 1);

describe('a publishing client', () => {
  test('[RT1] publishes to our own server: application and key arrive, tags only after the yes', () => {
    const client = newClient();
    expect(client.tag(chunkTag({ kind: 'video', body: Uint8Array.of(1) }), 0)).toEqual([]);
    const { client: events, server } = talk(client);
    expect(events).toEqual([{ kind: 'connected' }, { kind: 'accepted' }]);
    expect(server).toEqual([expect.objectContaining({ kind: 'publish_requested', app: 'live2', streamName: KEY })]);
    expect(client.stage).toBe('on_air');
  });

  test('[RT1] whatever the split of bytes, every tag arrives whole and in order', () => {
    let largeCount = 0;
    let extendedCount = 0;
    fc.assert(
      fc.property(
        fc.array(fc.nat(10_000), { maxLength: 12 }),
        fc.array(
          fc.record({
            kind: fc.constantFrom('video' as const, 'audio' as const),
            length: fc.constantFrom(1, 5, TAG_CHUNK_BYTES - 1, TAG_CHUNK_BYTES, TAG_CHUNK_BYTES + 1, 3 * TAG_CHUNK_BYTES, 20_001),
            timestampMs: fc.oneof(fc.nat(90_000), fc.constantFrom(0xff_fffe, 0xff_ffff, 0x100_0000, 0xffff_ffff)),
            fill: fc.nat(255),
          }),
          { maxLength: 6 },
        ),
        (cuts, made) => {
          const client = newClient();
          const { session } = talk(client, cuts);
          const tags: FlvTag[] = made.map(({ kind, length, timestampMs, fill }) => ({
            kind,
            timestampMs,
            body: new Uint8Array(length).fill(fill),
          }));
          const bytes = concatBytes(tags.flatMap((tag) => client.tag(chunkTag(tag), tag.timestampMs)));
          const arrived = pieces(bytes, cuts).flatMap((piece) => session.receive(piece));
          expect(arrived.flatMap((event) => (event.kind === 'tag' ? [event.tag] : []))).toEqual(tags);
          largeCount += tags.filter(({ body }) => body.length > TAG_CHUNK_BYTES).length;
          extendedCount += tags.filter(({ timestampMs, body }) => timestampMs >= 0xff_ffff && body.length > TAG_CHUNK_BYTES).length;
        },
      ),
      { numRuns: 200 },
    );
    expect(largeCount).toBeGreaterThan(50);
    expect(extendedCount).toBeGreaterThan(20);
  });

  test('receivers share the bytes of a tag and differ in twelve', () => {
    const tag = chunkTag({ kind: 'video', body: new Uint8Array(10_000) });
    const [one, other] = [tagParts(tag, 0, 1), tagParts(tag, 5_000, 1)];
    expect(one[0]?.length).toBe(12);
    expect(one[1]).toBe(other[1]);
  });

  test('metadata arrives as @setDataFrame', () => {
    const client = newClient();
    const { session } = talk(client);
    expect(session.receive(client.metadata({ width: 1280 }))).toEqual([
      { kind: 'metadata', properties: expect.objectContaining({ width: 1280 }) },
    ]);
  });

  test('[RT2] says goodbye so that the server takes it for an end; before it knew a stream, nothing', () => {
    const client = newClient();
    const { session } = talk(client);
    expect(others(session.receive(client.goodbye()))).toEqual([{ kind: 'unpublished' }]);
    expect(client.stage).toBe('closed');
    expect(client.tag(chunkTag({ kind: 'video', body: Uint8Array.of(1) }), 0)).toEqual([]);
    expect(shaken().goodbye()).toHaveLength(0);
  });

  test('[RT2] a refused key is a rejection at `publish`, not a broken line', () => {
    const { client: events } = talk(newClient(), [], () => ['NetStream.Publish.BadName', 'no such key']);
    expect(events).toEqual([
      { kind: 'connected' },
      { kind: 'rejected', stage: 'publish', rejection: 'key_rejected', code: 'NetStream.Publish.BadName', description: 'no such key' },
    ]);
  });

  test.each<[string, () => PublishClient, Uint8Array, object]>([
    [
      'connect rejected',
      shaken,
      answer(['_error', 1, null, { code: 'NetConnection.Connect.Rejected', description: 'no' }]),
      { stage: 'connect', rejection: 'address_rejected' },
    ],
    [
      'an unknown application',
      shaken,
      answer(['_error', 1, null, { code: 'NetConnection.Connect.InvalidApp' }]),
      { stage: 'connect', rejection: 'address_rejected' },
    ],
    [
      'a login is wanted',
      shaken,
      answer([
        '_error',
        1,
        null,
        { code: 'NetConnection.Connect.Rejected', description: '[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ]' },
      ]),
      { stage: 'connect', rejection: 'login_required' },
    ],
    [
      'a result that is none',
      shaken,
      answer(['_result', 1, null, { code: 'NetConnection.Connect.Failed' }]),
      { stage: 'connect', rejection: 'publish_refused' },
    ],
    [
      'no stream is created',
      asked,
      answer(['_error', 4, null, { code: 'NetStream.Failed' }]),
      { stage: 'publish', rejection: 'publish_refused' },
    ],
    [
      'publish answered with _error',
      asked,
      answer(['_error', 5, null, { code: 'NetStream.Publish.Denied' }]),
      { stage: 'publish', rejection: 'key_rejected' },
    ],
    [
      'the key is in use',
      asked,
      status('error', 'NetStream.Publish.BadName', 'Stream already publishing'),
      { stage: 'publish', rejection: 'key_in_use' },
    ],
    ['an unknown error', asked, status('error', 'NetStream.Whatever'), { stage: 'publish', rejection: 'publish_refused' }],
    [
      'ended by the platform',
      onAir,
      status('status', 'NetStream.Unpublish.Success'),
      { stage: 'on_air', rejection: 'stopped_by_platform' },
    ],
  ])('%s is told apart', (_what, make, bytes, expected) => {
    expect(others(make().receive(bytes))).toEqual([expect.objectContaining({ kind: 'rejected', ...expected })]);
  });

  test('courtesies may fail, unknown commands and other statuses are passed over', () => {
    const client = asked();
    const bytes = concatBytes([
      answer(['_error', 2, null, { code: 'NetConnection.Call.Failed' }]),
      answer(['_error', 3, null, {}]),
      answer(['onBWDone', 0, null]),
      answer(['onFCPublish', 0, null, { code: 'NetStream.Publish.Start' }]),
      status('status', 'NetStream.Publish.Idle'),
    ]);
    expect(others(client.receive(bytes))).toEqual([]);
    expect(client.stage).toBe('publish');
  });

  test('a second yes, and whatever follows a no, says nothing', () => {
    const client = onAir();
    expect(client.receive(status('status', 'NetStream.Publish.Start'))).toEqual([]);
    client.receive(status('error', 'NetStream.Publish.BadName'));
    expect(client.receive(status('error', 'NetStream.Publish.BadName'))).toEqual([]);
  });

  test('the key is taken out of what a server says, and the words are cut', () => {
    const [event] = others(asked().receive(status('error', 'NetStream.Publish.BadName', `no stream ${KEY}\r\n${'x'.repeat(500)}`)));
    expect(JSON.stringify(event)).not.toContain(KEY);
    expect(event).toMatchObject({ description: expect.stringMatching(/^no stream … x+$/) });
    expect((event as { description: string }).description).toHaveLength(CLIENT_LIMITS.descriptionLength);
    const [bare] = others(asked(`${KEY}?token=1`).receive(status('error', 'NetStream.Publish.BadName', `${KEY} unknown`)));
    expect(bare).toMatchObject({ description: '… unknown' });
  });

  test('what the server has read is counted on over 32 bits; we ask for it every 128 KiB', () => {
    const client = onAir();
    const read = (bytes: number) =>
      client.receive(writeMessage({ chunkStreamId: 2, typeId: 3, messageStreamId: 0, timestampMs: 0, payload: u32(bytes) }, 128));
    expect([3_000, 0xffff_ff00, 0x100].flatMap((bytes) => read(bytes % 2 ** 32))).toEqual([
      { kind: 'acknowledged', receivedBytes: 3_000 },
      { kind: 'acknowledged', receivedBytes: -256 },
      { kind: 'acknowledged', receivedBytes: 256 },
    ]);
    const asks: Uint8Array[] = [];
    const session = newSession();
    const other = newClient();
    session.receive(other.hello());
    const events = other.receive(concatBytes([Uint8Array.of(3), new Uint8Array(3072), answer(['_result', 1, {}, {}])]));
    createChunkReader().push(sent(events).subarray(1536), ({ typeId, payload }) => typeId === 5 && asks.push(payload));
    expect(asks).toEqual([u32(ACKNOWLEDGE_EVERY_BYTES)]);
  });

  test('pings are answered and received bytes acknowledged once per window', () => {
    const client = onAir();
    const typesOf = (bytes: Uint8Array) => {
      const types: number[] = [];
      createChunkReader().push(sent(client.receive(bytes)), ({ typeId }) => types.push(typeId));
      return types;
    };
    const window = writeMessage({ chunkStreamId: 2, typeId: 5, messageStreamId: 0, timestampMs: 0, payload: u32(1_024) }, 128);
    const ping = writeMessage(
      { chunkStreamId: 2, typeId: 4, messageStreamId: 0, timestampMs: 0, payload: Uint8Array.of(0, 6, 1, 2, 3, 4) },
      128,
    );
    expect(typesOf(concatBytes([window, ping]))).toEqual([MESSAGE_TYPE.userControl, MESSAGE_TYPE.acknowledgement]);
    expect(typesOf(ping)).toEqual([MESSAGE_TYPE.userControl]);
  });

  test.each([
    ['not RTMP 3', newClient, Uint8Array.of(6), 'not_rtmp'],
    ['HTTP', newClient, new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n'), 'not_rtmp'],
    [
      'a command that is no AMF',
      shaken,
      writeMessage({ chunkStreamId: 3, typeId: 20, messageStreamId: 0, timestampMs: 0, payload: Uint8Array.of(2, 255) }, 128),
      'answer_malformed',
    ],
    ['a stream without a number', asked, answer(['_result', 4, null, 'one']), 'answer_malformed'],
  ] as const)('%s is a fault', (_what, make, bytes, reason) => {
    expect(others(make().receive(bytes))).toEqual([{ kind: 'fault', reason }]);
  });

  test('an answer may have 64 KiB and not more', () => {
    const announce = (length: number) => Uint8Array.of(3, 0, 0, 0, (length >> 16) & 255, (length >> 8) & 255, length & 255, 20, 0, 0, 0, 0);
    expect(shaken().receive(announce(CLIENT_LIMITS.answerBytes))).toEqual([]);
    expect(shaken().receive(announce(CLIENT_LIMITS.answerBytes + 1))).toEqual([{ kind: 'fault', reason: 'message_too_large' }]);
  });

  test('[RI6] random bytes at every stage never throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(newClient, shaken, asked, onAir),
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }),
        (make, bytes) => {
          const client = make();
          for (const piece of bytes) client.receive(piece);
          client.goodbye();
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

test('a rejection has one meaning, whatever the case of the words', () => {
  expect(classifyRejection('NetStream.Publish.BadName', 'ALREADY PUBLISHING')).toBe('key_in_use');
  expect(classifyRejection('NetStream.Publish.BadName', '')).toBe('key_rejected');
  expect(classifyRejection('', '')).toBe('publish_refused');
});

describe('the time base of a receiver', () => {
  test('begins at 0 and never steps back', () => {
    const timeline = createOutgoingTimeline();
    timeline.beginAt(90_000, 0);
    expect([
      timeline.at('audio', 89_990),
      timeline.at('video', 90_000),
      timeline.at('video', 90_033),
      timeline.at('video', 90_020),
    ]).toEqual([0, 0, 33, 33]);
  });

  test('goes on by the time that passed when the source begins anew', () => {
    const timeline = createOutgoingTimeline();
    timeline.beginAt(90_000, 0);
    timeline.at('video', 91_000);
    timeline.at('audio', 91_010);
    timeline.beginAt(0, 30_000);
    expect([timeline.at('video', 0), timeline.at('audio', 5)]).toEqual([31_010, 31_015]);
  });
});

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
