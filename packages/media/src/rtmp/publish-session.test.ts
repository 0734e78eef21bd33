import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../bytes/byte-writer.ts';
import { type AmfValue, readAmf0, writeAmf0 } from './amf0.ts';
import { createChunkReader } from './chunk-reader.ts';
import { writeMessage } from './chunk-writer.ts';
import { MESSAGE_TYPE, type RtmpMessage } from './message.ts';
import { createPublishSession, type PublishSession, SESSION_LIMITS, type SessionEvent } from './publish-session.ts';

const newSession = () => createPublishSession(new Uint8Array(1528).fill(1));
const hello = concatBytes([Uint8Array.of(3), new Uint8Array(1536).fill(2), new Uint8Array(1536)]);
const command = (values: AmfValue[], messageStreamId = 0) =>
  writeMessage({ chunkStreamId: 3, typeId: MESSAGE_TYPE.commandAmf0, messageStreamId, timestampMs: 0, payload: writeAmf0(values) }, 128);
const connect = command(['connect', 1, { app: 'live', tcUrl: 'rtmp://host/live' }]);
const createStream = command(['createStream', 2, null]);
const publish = command(['publish', 3, null, 'live_key', 'live'], 1);
const untilPublish = concatBytes([hello, connect, command(['releaseStream', 4, null, 'live_key']), createStream, publish]);
const picture = (timestampMs: number) =>
  writeMessage(
    { chunkStreamId: 4, typeId: MESSAGE_TYPE.video, messageStreamId: 1, timestampMs, payload: Uint8Array.of(0x17, 1, 0, 0, 0, 9) },
    128,
  );

/** The commands and statuses in what was sent, past the handshake. */
function answersIn(events: readonly SessionEvent[]): AmfValue[][] {
  const bytes = concatBytes(events.filter((event) => event.kind === 'send').map((event) => event.bytes));
  const messages: RtmpMessage[] = [];
  createChunkReader().push(bytes[0] === 3 && bytes.length > 3072 ? bytes.subarray(3073) : bytes, (message) => messages.push(message));
  return messages.filter((message) => message.typeId === MESSAGE_TYPE.commandAmf0).map((message) => readAmf0(message.payload) ?? []);
}

const kindsOf = (events: readonly SessionEvent[]) => events.filter((event) => event.kind !== 'send').map((event) => event.kind);
const codesOf = (events: readonly SessionEvent[]) => answersIn(events).map((values) => (values[3] as { code?: string })?.code);

function accepted(): PublishSession {
  const session = newSession();
  session.receive(untilPublish);
  session.accept();
  return session;
}

describe('a publishing session', () => {
  test('echoes the handshake', () => {
    const [answer] = newSession().receive(hello.subarray(0, 1537)) as [{ kind: 'send'; bytes: Uint8Array }];
    expect(answer.bytes.length).toBe(3073);
    expect(answer.bytes[0]).toBe(3);
    expect(answer.bytes.subarray(1537)).toEqual(hello.subarray(1, 1537));
  });

  test('asks for the decision with application and stream name', () => {
    const events = newSession().receive(untilPublish);
    expect(events.find((event) => event.kind === 'publish_requested')).toEqual({
      kind: 'publish_requested',
      app: 'live',
      streamName: 'live_key',
      tcUrl: 'rtmp://host/live',
      flashVer: '',
    });
  });

  test('[RI1] says Publish.Start and hands out tags only after accept, also those sent before', () => {
    const session = newSession();
    const before = [...session.receive(concatBytes([untilPublish, picture(1)])), ...session.receive(picture(2))];
    expect(codesOf(before)).not.toContain('NetStream.Publish.Start');
    expect(kindsOf(before)).toEqual(['publish_requested']);
    const after = session.accept();
    expect(codesOf(after)).toContain('NetStream.Publish.Start');
    expect(after.filter((event) => event.kind === 'tag').map((event) => event.tag.timestampMs)).toEqual([1, 2]);
  });

  test('[RI1] a refusal tells why and hands out nothing', () => {
    const session = newSession();
    session.receive(concatBytes([untilPublish, picture(1)]));
    const events = session.refuse('NetStream.Publish.BadName', 'no such key');
    expect(answersIn(events)).toEqual([
      ['onStatus', 0, null, expect.objectContaining({ level: 'error', code: 'NetStream.Publish.BadName', description: 'no such key' })],
    ]);
    expect(kindsOf(events)).toEqual([]);
    expect(session.receive(picture(3))).toEqual([]);
    expect(session.accept()).toEqual([]);
  });

  test('[RI6] what stands behind publish in the same chunk of bytes is read as if it had come later', () => {
    const large = writeMessage(
      { chunkStreamId: 4, typeId: MESSAGE_TYPE.video, messageStreamId: 1, timestampMs: 7, payload: new Uint8Array(200_000).fill(9) },
      128,
    );
    const session = newSession();
    expect(kindsOf(session.receive(concatBytes([untilPublish, large, picture(8)])))).toEqual(['publish_requested']);
    expect(session.accept().flatMap((event) => (event.kind === 'tag' ? [event.tag.body.length] : []))).toEqual([200_000, 6]);
    const broken = newSession();
    expect(kindsOf(broken.receive(concatBytes([untilPublish, picture(1), Uint8Array.of(0xc9)])))).toEqual(['publish_requested']);
    expect(broken.accept().at(-1)).toEqual({ kind: 'fault', reason: 'header_without_predecessor' });
    expect(broken.receive(picture(2))).toEqual([]);
  });

  test('[RI6] any split of the bytes gives the same events', () => {
    const bytes = concatBytes([untilPublish]);
    const whole = newSession().receive(bytes);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 20 }), (cuts) => {
        const session = newSession();
        const sorted = [...cuts].sort((one, other) => one - other);
        const events = [0, ...sorted].flatMap((from, index) => session.receive(bytes.subarray(from, sorted[index] ?? bytes.length)));
        expect(answersIn(events)).toEqual(answersIn(whole));
        expect(kindsOf(events)).toEqual(kindsOf(whole));
      }),
    );
  });

  test('[RI6] random bytes after a valid beginning never throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0, 1, 1537, hello.length, hello.length + connect.length),
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }),
        (prefix, pieces) => {
          const session = newSession();
          session.receive(untilPublish.subarray(0, prefix));
          for (const piece of pieces) session.receive(piece);
          session.accept();
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('the backlog while deciding is full at its limit and a fault beyond', () => {
    const session = newSession();
    session.receive(untilPublish);
    expect(kindsOf(session.receive(new Uint8Array(SESSION_LIMITS.backlogBytes)))).toEqual([]);
    expect(session.receive(new Uint8Array(1))).toEqual([{ kind: 'fault', reason: 'backlog_full' }]);
  });

  test('before accept a message may have 64 KiB, afterwards megabytes', () => {
    const announce = (lengthBytes: number) =>
      Uint8Array.of(4, 0, 0, 0, (lengthBytes >> 16) & 255, (lengthBytes >> 8) & 255, lengthBytes & 255, 9, 1, 0, 0, 0);
    const { messageBytesBeforeAccept } = SESSION_LIMITS;
    const early = newSession();
    early.receive(concatBytes([hello, connect]));
    expect(early.receive(announce(messageBytesBeforeAccept))).toEqual([]);
    const tooEarly = newSession();
    tooEarly.receive(concatBytes([hello, connect]));
    expect(tooEarly.receive(announce(messageBytesBeforeAccept + 1))).toEqual([{ kind: 'fault', reason: 'message_too_large' }]);
    expect(accepted().receive(announce(messageBytesBeforeAccept + 1))).toEqual([]);
  });

  test.each([
    ['not RTMP 3', Uint8Array.of(6), 'not_rtmp'],
    ['HTTP', new TextEncoder().encode('GET / HTTP/1.1\r\n'), 'not_rtmp'],
    [
      'a command that is no AMF',
      concatBytes([
        hello,
        writeMessage({ chunkStreamId: 3, typeId: 20, messageStreamId: 0, timestampMs: 0, payload: Uint8Array.of(2, 255) }, 128),
      ]),
      'command_malformed',
    ],
    ['connect without an application', concatBytes([hello, command(['connect', 1, {}])]), 'command_malformed'],
    ['a second connect', concatBytes([hello, connect, connect]), 'command_out_of_order'],
    ['createStream before connect', concatBytes([hello, createStream]), 'command_out_of_order'],
    ['publish before createStream', concatBytes([hello, connect, publish]), 'command_out_of_order'],
    ['publish without a name', concatBytes([hello, connect, createStream, command(['publish', 3, null], 1)]), 'command_malformed'],
    ['a picture before publish', concatBytes([hello, connect, createStream, picture(0)]), 'command_out_of_order'],
    ['play', concatBytes([hello, connect, createStream, command(['play', 3, null, 'x'], 1)]), 'only_publishing_supported'],
  ])('%s is a fault', (_what, bytes, reason) => {
    const faults = newSession()
      .receive(bytes)
      .filter((event) => event.kind === 'fault');
    expect(faults).toEqual([{ kind: 'fault', reason }]);
  });

  test('aggregate messages are refused by name', () => {
    const aggregate = writeMessage({ chunkStreamId: 4, typeId: 22, messageStreamId: 1, timestampMs: 0, payload: Uint8Array.of(1) }, 128);
    expect(accepted().receive(aggregate)).toEqual([{ kind: 'fault', reason: 'aggregate_unsupported' }]);
  });

  test('a second publish while on air is a fault', () => {
    expect(kindsOf(accepted().receive(publish))).toEqual(['fault']);
  });

  test('metadata comes with and without @setDataFrame, also wrapped as AMF3', () => {
    const data = (typeId: number, payload: Uint8Array) =>
      writeMessage({ chunkStreamId: 5, typeId, messageStreamId: 1, timestampMs: 0, payload }, 128);
    const session = accepted();
    const events = [
      ...session.receive(data(MESSAGE_TYPE.dataAmf0, writeAmf0(['@setDataFrame', 'onMetaData', { framerate: 30 }]))),
      ...session.receive(data(MESSAGE_TYPE.dataAmf0, writeAmf0(['onMetaData', { framerate: 25 }]))),
      ...session.receive(data(MESSAGE_TYPE.dataAmf3, concatBytes([Uint8Array.of(0), writeAmf0(['onMetaData', { framerate: 24 }])]))),
      ...session.receive(data(MESSAGE_TYPE.dataAmf0, Uint8Array.of(99))),
    ];
    expect(events.map((event) => event.kind === 'metadata' && event.properties.framerate)).toEqual([30, 25, 24]);
  });

  test('[RI6] a fault is the last word: no acknowledgement follows it', () => {
    const session = accepted();
    session.receive(
      writeMessage({ chunkStreamId: 2, typeId: 5, messageStreamId: 0, timestampMs: 0, payload: Uint8Array.of(0, 0, 4, 0) }, 128),
    );
    const events = session.receive(
      concatBytes([...Array.from({ length: 60 }, () => picture(1)), Uint8Array.of(0xc9), new Uint8Array(2_000)]),
    );
    expect(events.at(-1)).toEqual({ kind: 'fault', reason: 'header_without_predecessor' });
  });

  test('received bytes are acknowledged once per window, pings are answered', () => {
    const session = accepted();
    const windowOf1024 = writeMessage(
      { chunkStreamId: 2, typeId: 5, messageStreamId: 0, timestampMs: 0, payload: Uint8Array.of(0, 0, 4, 0) },
      128,
    );
    const ping = writeMessage(
      { chunkStreamId: 2, typeId: 4, messageStreamId: 0, timestampMs: 0, payload: Uint8Array.of(0, 6, 1, 2, 3, 4) },
      128,
    );
    const typesOf = (events: readonly SessionEvent[]) => {
      const types: number[] = [];
      createChunkReader().push(concatBytes(events.filter((event) => event.kind === 'send').map((event) => event.bytes)), (message) =>
        types.push(message.typeId),
      );
      return types;
    };
    expect(typesOf(session.receive(concatBytes([windowOf1024, ping])))).toEqual([MESSAGE_TYPE.userControl, MESSAGE_TYPE.acknowledgement]);
    expect(typesOf(session.receive(picture(1)))).toEqual([]);
  });

  test.each(['deleteStream', 'FCUnpublish', 'closeStream'])('%s ends the publication politely', (name) => {
    const events = accepted().receive(command([name, 5, null, 1]));
    expect(kindsOf(events)).toEqual(['unpublished']);
    expect(codesOf(events)).toEqual(['NetStream.Unpublish.Success']);
  });
});
