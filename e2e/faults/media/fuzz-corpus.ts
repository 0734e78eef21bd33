// What the fuzzer starts from: a session recorded of a real encoder, sessions as OBS and hardware encoders speak them,
// AMF messages with every kind of value, and bodies of tags.
import { readFileSync } from 'node:fs';
import { type AmfValue, MESSAGE_TYPE, writeAmf0, writeMessage } from '@insp/media';

export type FuzzTarget = 'session' | 'chunks' | 'amf' | 'tags';
export type Corpus = Readonly<Record<FuzzTarget, readonly Uint8Array[]>>;

const HANDSHAKE_BYTES = 1 + 1536 + 1536;

const command = (values: AmfValue[], messageStreamId = 0) =>
  writeMessage({ chunkStreamId: 3, typeId: MESSAGE_TYPE.commandAmf0, messageStreamId, timestampMs: 0, payload: writeAmf0(values) }, 128);
const media = (typeId: number, timestampMs: number, payload: Uint8Array, chunkBytes = 128) =>
  writeMessage({ chunkStreamId: typeId === MESSAGE_TYPE.audio ? 4 : 6, typeId, messageStreamId: 1, timestampMs, payload }, chunkBytes);
const control = (typeId: number, payload: Uint8Array) =>
  writeMessage({ chunkStreamId: 2, typeId, messageStreamId: 0, timestampMs: 0, payload }, 128);

const AVC_RECORD = Buffer.from('0142c014ffe1001a6742c014da05067e7e7c04400000030040000007a3c50aa801000568ce0fcb20', 'hex');
const TAGS = {
  config: Buffer.concat([Buffer.of(0x17, 0, 0, 0, 0), AVC_RECORD]),
  key: Buffer.concat([Buffer.of(0x17, 1, 0, 0, 40, 0, 0, 0, 60, 0x65), Buffer.alloc(59, 0xa5)]),
  inter: Buffer.concat([Buffer.of(0x27, 1, 0xff, 0xff, 0xd8, 0, 0, 0, 30, 0x41), Buffer.alloc(29, 0x5a)]),
  endOfSequence: Buffer.of(0x17, 2, 0, 0, 0),
  enhanced: Buffer.from('90687663310001', 'hex'),
  audioConfig: Buffer.of(0xaf, 0, 0x11, 0x90),
  audio: Buffer.of(0xaf, 1, 0x21, 0x00, 0x49, 0x90),
};

/** What an encoder says of itself and its picture, as the two families of encoders do. */
const CONNECTS: readonly AmfValue[] = [
  { app: 'live', type: 'nonprivate', flashVer: 'FMLE/3.0 (compatible; FMSc/1.0)', swfUrl: 'rtmp://host/live', tcUrl: 'rtmp://host/live' },
  {
    app: 'live',
    flashVer: 'LNX 9,0,124,2',
    tcUrl: 'rtmp://host:1935/live',
    fpad: false,
    capabilities: 15,
    audioCodecs: 4071,
    fourCcList: ['av01', 'hvc1'],
  },
];
const METADATA: AmfValue = {
  width: 1920,
  height: 1080,
  framerate: 30,
  videodatarate: 4000,
  encoder: 'obs-output',
  nested: { list: [1, null, true] },
};

function session(connect: AmfValue, name: string): Uint8Array {
  return Buffer.concat([
    Buffer.concat([Buffer.of(3), Buffer.alloc(HANDSHAKE_BYTES - 1, 7)]),
    control(MESSAGE_TYPE.setChunkSize, Buffer.of(0, 0, 0x10, 0)),
    command(['connect', 1, connect]),
    control(MESSAGE_TYPE.windowAcknowledgementSize, Buffer.of(0, 0x4c, 0x4b, 0x40)),
    command(['releaseStream', 2, null, name]),
    command(['FCPublish', 3, null, name]),
    command(['createStream', 4, null]),
    command(['_checkbw', 5, null]),
    command(['publish', 6, null, name, 'live'], 1),
    media(MESSAGE_TYPE.dataAmf0, 0, writeAmf0(['@setDataFrame', 'onMetaData', METADATA])),
    media(MESSAGE_TYPE.video, 0, TAGS.config),
    media(MESSAGE_TYPE.audio, 0, TAGS.audioConfig),
    media(MESSAGE_TYPE.video, 0, TAGS.key),
    media(MESSAGE_TYPE.audio, 21, TAGS.audio),
    media(MESSAGE_TYPE.video, 0xff_fffe, TAGS.inter),
    media(MESSAGE_TYPE.video, 0xffff_ffff, TAGS.inter),
    control(MESSAGE_TYPE.userControl, Buffer.of(0, 6, 0, 0, 0, 1)),
    media(MESSAGE_TYPE.video, 33, TAGS.endOfSequence),
    command(['FCUnpublish', 7, null, name]),
    command(['deleteStream', 8, null, 1]),
  ]);
}

/** One chunk each of messages on as many chunk streams as there may be, and one more; then the rest of them. */
function manyStreams(): Uint8Array {
  const ids = Array.from({ length: 33 }, (_unused, index) => 3 + index);
  const begun = ids.map((id) => Buffer.concat([Buffer.of(id, 0, 0, 0, 0, 1, 0, 9, 1, 0, 0, 0), Buffer.alloc(128, id)]));
  const ended = ids.map((id) => Buffer.concat([Buffer.of(0xc0 | id), Buffer.alloc(128, id)]));
  return Buffer.concat([...begun, ...ended]);
}

/** Kinds of values our writer has no use for, but the reader must know. */
const ODD_AMF = Buffer.concat([
  Buffer.from('0a00000002050606', 'hex'),
  Buffer.concat([Buffer.of(0x08, 0, 0, 0, 9, 0, 1, 0x61), Buffer.of(0x00, 0x40, 0x45, 0, 0, 0, 0, 0, 0), Buffer.of(0, 0, 9)]),
  Buffer.of(0x0b, 0x42, 0x76, 0, 0, 0, 0, 0, 0, 0, 0),
  Buffer.of(0x0c, 0, 0, 0, 3, 0x61, 0xc3, 0xa4),
  Buffer.of(0x0f, 0, 0, 0, 1, 0x3c),
  Buffer.of(0x10, 0, 1, 0x54, 0, 1, 0x61, 0x05, 0, 0, 9),
]);

export function loadCorpus(): Corpus {
  const recorded = readFileSync(new URL('./recordings/ffmpeg-5.1.9-publish.bin', import.meta.url));
  const sessions = [recorded, ...CONNECTS.map((connect, index) => session(connect, `live_${'k'.repeat(43 * index)}`))];
  const corpus: Corpus = {
    session: sessions,
    chunks: [...sessions.map((bytes) => bytes.subarray(HANDSHAKE_BYTES)), manyStreams()],
    amf: [
      ...CONNECTS.map((connect) => writeAmf0(['connect', 1, connect])),
      writeAmf0(['@setDataFrame', 'onMetaData', METADATA]),
      writeAmf0(['x', 0, [[[[[[[1]]]]]]], { deep: { deep: { deep: {} } } }]),
      writeAmf0(['l'.repeat(300), Number.NaN, undefined, JSON.parse('{"__proto__":1}') as AmfValue]),
      ODD_AMF,
    ],
    tags: Object.values(TAGS),
  };
  // Plain arrays: the `slice` of a Buffer is a view, and the first mutation would change the corpus.
  const copies = Object.entries(corpus).map(([target, inputs]) => [target, inputs.map((bytes) => new Uint8Array(bytes))]);
  return Object.fromEntries(copies) as Corpus;
}
