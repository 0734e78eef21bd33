// The client's side of one RTMP publication, bytes in, events out; it owns no socket and no clock.
//
//   handshake -> connect -> publish -> on_air -> closed
//
// RTMP 1.0 section 5.2 (handshake without digests), 7.2 (commands), in the order OBS and ffmpeg send them. The stream
// key is written into the commands and nowhere else: what a server says is given on without it.
import { concatBytes } from '../bytes/byte-writer.ts';
import { type AmfObject, type AmfValue, isAmfObject, readAmf0, writeAmf0 } from './amf0.ts';
import { type ChunkFault, createChunkReader } from './chunk-reader.ts';
import { writeMessage } from './chunk-writer.ts';
import { INITIAL_CHUNK_BYTES, MESSAGE_TYPE, type RtmpMessage } from './message.ts';
import { classifyRejection, type Rejection } from './rejection.ts';
import { type ChunkedTag, TAG_CHUNK_BYTES, tagParts } from './tag-chunks.ts';

export type ClientFault = ChunkFault | 'not_rtmp' | 'answer_malformed';
export type ClientStage = 'handshake' | 'connect' | 'publish' | 'on_air' | 'closed';

export type ClientEvent =
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  /** The server took the application; the stream key is on its way. */
  | { readonly kind: 'connected' }
  /** `NetStream.Publish.Start`: tags may follow. */
  | { readonly kind: 'accepted' }
  /** How many bytes of ours the server says it has read, counted on over 32 bits. */
  | { readonly kind: 'acknowledged'; readonly receivedBytes: number }
  /** Final: a clear no, with the words of the server. */
  | {
      readonly kind: 'rejected';
      readonly stage: ClientStage;
      readonly rejection: Rejection;
      readonly code: string;
      readonly description: string;
    }
  /** Final: that is no RTMP. */
  | { readonly kind: 'fault'; readonly reason: ClientFault };

export type PublishClient = {
  readonly stage: ClientStage;
  /** What to send first. */
  hello(): Uint8Array;
  receive(bytes: Uint8Array): ClientEvent[];
  /** Bytes of `@setDataFrame onMetaData`. */
  metadata(properties: AmfObject): Uint8Array;
  /** Bytes of one tag; only on air. */
  tag(tag: ChunkedTag, timestampMs: number): readonly Uint8Array[];
  /** `FCUnpublish` and `deleteStream`: what a server takes for an end and not for a broken line. Empty before `publish`. */
  goodbye(): Uint8Array;
};

export const CLIENT_LIMITS = {
  /** No answer of a server needs more. */
  answerBytes: 64 * 1024,
  /** Of a server's words, as much is kept. */
  descriptionLength: 200,
} as const;

/** After so many bytes we ask to be told that they were read: how a server that stopped reading is seen early. */
export const ACKNOWLEDGE_EVERY_BYTES = 128 * 1024;

const HANDSHAKE_BYTES = 1536;
const COMMAND_STREAM = 3;
const CONTROL_STREAM = 2;
const DATA_STREAM = 5;
const TRANSACTION = { connect: 1, releaseStream: 2, fcPublish: 3, createStream: 4, publish: 5, fcUnpublish: 6, deleteStream: 7 } as const;

export type PublishClientOptions = {
  readonly app: string;
  readonly tcUrl: string;
  readonly streamName: string;
  /** Fills C1 (section 5.2.3): 1,528 bytes. */
  readonly clientRandom: Uint8Array;
};

export function createPublishClient(options: PublishClientOptions): PublishClient {
  const { app, tcUrl, streamName } = options;
  const reader = createChunkReader();
  reader.limitMessageBytes(CLIENT_LIMITS.answerBytes);
  let stage: ClientStage = 'handshake';
  let handshake: Uint8Array = new Uint8Array(0);
  let messageStreamId = 0;
  let receivedBytes = 0;
  let acknowledgedBytes = 0;
  let windowBytes = Number.POSITIVE_INFINITY;
  let peerReadBytes = 0;
  let chunkBytes = INITIAL_CHUNK_BYTES;
  let out: ClientEvent[] = [];

  const message = (chunkStreamId: number, typeId: number, streamId: number, payload: Uint8Array) =>
    writeMessage({ chunkStreamId, typeId, messageStreamId: streamId, timestampMs: 0, payload }, chunkBytes);
  const command = (values: AmfValue[], streamId = 0) => message(COMMAND_STREAM, MESSAGE_TYPE.commandAmf0, streamId, writeAmf0(values));
  const control = (typeId: number, value: number) => message(CONTROL_STREAM, typeId, 0, u32Bytes(value));
  const send = (...parts: Uint8Array[]): void => {
    out.push({ kind: 'send', bytes: parts.length === 1 ? (parts[0] as Uint8Array) : concatBytes(parts) });
  };

  function fail(reason: ClientFault): void {
    if (stage !== 'closed') out.push({ kind: 'fault', reason });
    stage = 'closed';
  }

  function reject(code: string, words: string): void {
    if (stage === 'closed') return;
    const description = cleanWords(words, streamName);
    out.push({ kind: 'rejected', stage, rejection: classifyRejection(code, words), code: cleanWords(code, streamName), description });
    stage = 'closed';
  }

  function takeHandshake(bytes: Uint8Array): Uint8Array {
    // S0, S1 and S2 in one: nothing of ours depends on when S2 comes.
    const wantedBytes = 1 + 2 * HANDSHAKE_BYTES;
    const missing = wantedBytes - handshake.length;
    handshake = concatBytes([handshake, bytes.subarray(0, missing)]);
    if (handshake[0] !== 3) fail('not_rtmp');
    else if (handshake.length === wantedBytes) {
      const c2 = handshake.subarray(1, 1 + HANDSHAKE_BYTES);
      const properties = { app, type: 'nonprivate', flashVer: 'FMLE/3.0 (compatible; Insp)', swfUrl: tcUrl, tcUrl };
      send(c2, command(['connect', TRANSACTION.connect, properties]));
      stage = 'connect';
      handshake = new Uint8Array(0);
    }
    return bytes.subarray(missing);
  }

  function onConnected(): void {
    const limits = [
      control(MESSAGE_TYPE.windowAcknowledgementSize, ACKNOWLEDGE_EVERY_BYTES),
      control(MESSAGE_TYPE.setChunkSize, TAG_CHUNK_BYTES),
    ];
    chunkBytes = TAG_CHUNK_BYTES;
    send(
      ...limits,
      command(['releaseStream', TRANSACTION.releaseStream, null, streamName]),
      command(['FCPublish', TRANSACTION.fcPublish, null, streamName]),
      command(['createStream', TRANSACTION.createStream, null]),
    );
    stage = 'publish';
    out.push({ kind: 'connected' });
  }

  function onResult(transactionId: number, values: readonly AmfValue[]): void {
    if (stage === 'connect' && transactionId === TRANSACTION.connect) {
      const info = values[3];
      const code = isAmfObject(info) && typeof info.code === 'string' ? info.code : 'NetConnection.Connect.Success';
      if (code === 'NetConnection.Connect.Success') onConnected();
      else reject(code, descriptionOf(info));
    } else if (stage === 'publish' && transactionId === TRANSACTION.createStream) {
      const id = values[3];
      if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > 0xffff_ffff) {
        fail('answer_malformed');
        return;
      }
      messageStreamId = id;
      send(command(['publish', TRANSACTION.publish, null, streamName, 'live'], messageStreamId));
    }
  }

  function onStatus(info: AmfValue): void {
    if (!isAmfObject(info) || typeof info.code !== 'string') return;
    if (info.code === 'NetStream.Publish.Start') {
      if (stage !== 'publish') return;
      stage = 'on_air';
      out.push({ kind: 'accepted' });
    } else if (info.level === 'error' || info.code === 'NetStream.Unpublish.Success') reject(info.code, descriptionOf(info));
  }

  function onCommand(payload: Uint8Array): void {
    const values = readAmf0(payload);
    const [name, transactionId] = values ?? [];
    if (!values || typeof name !== 'string') {
      fail('answer_malformed');
      return;
    }
    if (name === '_result' && typeof transactionId === 'number') onResult(transactionId, values);
    else if (name === 'onStatus') onStatus(values[3]);
    else if (name === '_error') {
      // releaseStream and FCPublish are courtesies: many servers answer them with an error, and go on.
      const isVital =
        transactionId === TRANSACTION.connect || transactionId === TRANSACTION.createStream || transactionId === TRANSACTION.publish;
      const info = values[3];
      if (isVital) reject(isAmfObject(info) && typeof info.code === 'string' ? info.code : '_error', descriptionOf(info));
    } else if (name === 'close') reject('close', '');
  }

  function onMessage({ typeId, payload }: RtmpMessage): void {
    if (stage === 'closed') return;
    if (typeId === MESSAGE_TYPE.commandAmf0) onCommand(payload);
    else if (typeId === MESSAGE_TYPE.commandAmf3) onCommand(payload.subarray(1));
    else if (payload.length < 4) return;
    else if (typeId === MESSAGE_TYPE.windowAcknowledgementSize) windowBytes = Math.max(1_024, readU32(payload));
    else if (typeId === MESSAGE_TYPE.acknowledgement) {
      peerReadBytes += (readU32(payload) - peerReadBytes) | 0;
      out.push({ kind: 'acknowledged', receivedBytes: peerReadBytes });
    } else if (typeId === MESSAGE_TYPE.userControl && payload.length >= 6 && payload[0] === 0 && payload[1] === 6) {
      const pong = payload.slice(0, 6);
      pong[1] = 7;
      send(message(CONTROL_STREAM, MESSAGE_TYPE.userControl, 0, pong));
    }
  }

  return {
    get stage() {
      return stage;
    },
    hello() {
      const c1 = new Uint8Array(HANDSHAKE_BYTES);
      c1.set(options.clientRandom.subarray(0, HANDSHAKE_BYTES - 8), 8);
      return concatBytes([Uint8Array.of(3), c1]);
    },
    receive(bytes) {
      if (stage === 'closed' || bytes.length === 0) return [];
      receivedBytes += bytes.length;
      const rest = stage === 'handshake' ? takeHandshake(bytes) : bytes;
      if (rest.length > 0 && stage !== 'handshake') {
        const fault = reader.push(rest, onMessage);
        if (fault) fail(fault);
      }
      if (receivedBytes - acknowledgedBytes >= windowBytes) {
        acknowledgedBytes = receivedBytes;
        send(control(MESSAGE_TYPE.acknowledgement, receivedBytes % 2 ** 32));
      }
      const events = out;
      out = [];
      return events;
    },
    metadata: (properties) =>
      message(DATA_STREAM, MESSAGE_TYPE.dataAmf0, messageStreamId, writeAmf0(['@setDataFrame', 'onMetaData', properties])),
    tag: (tag, timestampMs) => (stage === 'on_air' ? tagParts(tag, timestampMs, messageStreamId) : []),
    goodbye() {
      const isKnown = stage === 'publish' || stage === 'on_air';
      stage = 'closed';
      if (!isKnown) return new Uint8Array(0);
      return concatBytes([
        command(['FCUnpublish', TRANSACTION.fcUnpublish, null, streamName]),
        command(['deleteStream', TRANSACTION.deleteStream, null, messageStreamId]),
      ]);
    },
  };
}

function descriptionOf(info: AmfValue): string {
  return isAmfObject(info) && typeof info.description === 'string' ? info.description : '';
}

/** A server may repeat the key it was given, whole or without what stands behind a question mark. */
function cleanWords(words: string, streamName: string): string {
  const [bareName = ''] = streamName.split('?', 1);
  let cleaned = words;
  for (const secret of [streamName, bareName]) if (secret.length > 0) cleaned = cleaned.replaceAll(secret, '…');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return cleaned.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, CLIENT_LIMITS.descriptionLength);
}

function readU32(payload: Uint8Array): number {
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getUint32(0);
}

function u32Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
