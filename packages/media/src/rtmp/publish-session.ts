// The server's side of one RTMP publisher, bytes in, events out; it owns no socket and no clock.
//
//   handshake -> commands -> deciding -> publishing -> closed
//
// The one rule that matters most: nothing tells the encoder "you are on" and no tag leaves this file before the
// owner answered `publish_requested` with `accept`. While deciding, bytes wait unread in a capped backlog.
//
// Handshake: RTMP 1.0 section 5.2 without the digests of later players (no encoder asks for them). Commands:
// section 7.2; what encoders send beyond it (releaseStream, FCPublish, _checkbw) is answered or ignored.
import { concatBytes } from '../bytes/byte-writer.ts';
import type { FlvTag } from '../flv/flv-tag.ts';
import { type AmfObject, type AmfValue, isAmfObject, readAmf0, writeAmf0 } from './amf0.ts';
import { type ChunkFault, createChunkReader } from './chunk-reader.ts';
import { writeMessage } from './chunk-writer.ts';
import { MESSAGE_TYPE, type RtmpMessage } from './message.ts';

export type SessionFault =
  | ChunkFault
  | 'not_rtmp'
  | 'command_malformed'
  | 'command_out_of_order'
  | 'backlog_full'
  | 'aggregate_unsupported'
  | 'only_publishing_supported';

export type SessionEvent =
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  /** `tcUrl` and `flashVer`: what the encoder said of itself in `connect`; empty when it said nothing. */
  | {
      readonly kind: 'publish_requested';
      readonly app: string;
      readonly streamName: string;
      readonly tcUrl: string;
      readonly flashVer: string;
    }
  | { readonly kind: 'metadata'; readonly properties: AmfObject }
  | { readonly kind: 'tag'; readonly tag: FlvTag }
  /** The encoder said goodbye. */
  | { readonly kind: 'unpublished' }
  /** Final: send nothing more, close. */
  | { readonly kind: 'fault'; readonly reason: SessionFault };

export type PublishSession = {
  receive(bytes: Uint8Array): SessionEvent[];
  /** Answers `publish_requested` with yes; also returns what the backlog held. */
  accept(): SessionEvent[];
  /** Tells the encoder why not, or why no longer. `code` such as `NetStream.Publish.BadName`. Close afterwards. */
  refuse(code: string, description: string): SessionEvent[];
};

export const SESSION_LIMITS = {
  /** Before a key is accepted no message needs more. */
  messageBytesBeforeAccept: 64 * 1024,
  backlogBytes: 256 * 1024,
} as const;

const HANDSHAKE_BYTES = 1536;
const OUT_CHUNK_BYTES = 4096;
const WINDOW_BYTES = 2_500_000;
const AGGREGATE = 22;
const COMMAND_STREAM = 3;
const CONTROL_STREAM = 2;
const STATUS_STREAM = 5;
const MESSAGE_STREAM_ID = 1;

type Phase = 'handshake_c0_c1' | 'handshake_c2' | 'commands' | 'deciding' | 'publishing' | 'closed';

/** `serverRandom` fills S1 (section 5.2.3): 1,528 bytes. */
export function createPublishSession(serverRandom: Uint8Array): PublishSession {
  const reader = createChunkReader();
  reader.limitMessageBytes(SESSION_LIMITS.messageBytesBeforeAccept);
  let phase: Phase = 'handshake_c0_c1';
  let handshake = new Uint8Array(0);
  let backlog: Uint8Array[] = [];
  let waiting: RtmpMessage[] = [];
  /** Broken bytes behind a `publish` in the same chunk: they end the session after what came before them. */
  let waitingFault: ChunkFault | null = null;
  let backlogBytes = 0;
  let app: string | null = null;
  let tcUrl = '';
  let flashVer = '';
  let hasStream = false;
  let receivedBytes = 0;
  let acknowledgedBytes = 0;
  let windowBytes = WINDOW_BYTES;
  let out: SessionEvent[] = [];

  const isClosed = () => phase === 'closed';
  const fail = (reason: SessionFault): void => {
    if (phase !== 'closed') out.push({ kind: 'fault', reason });
    phase = 'closed';
  };
  const send = (bytes: Uint8Array): void => {
    out.push({ kind: 'send', bytes });
  };
  const sendMessage = (chunkStreamId: number, typeId: number, messageStreamId: number, payload: Uint8Array, chunkBytes = OUT_CHUNK_BYTES) =>
    send(writeMessage({ chunkStreamId, typeId, messageStreamId, timestampMs: 0, payload }, chunkBytes));
  const sendCommand = (messageStreamId: number, values: AmfValue[]) =>
    sendMessage(messageStreamId === 0 ? COMMAND_STREAM : STATUS_STREAM, MESSAGE_TYPE.commandAmf0, messageStreamId, writeAmf0(values));
  const sendStatus = (level: 'status' | 'error', code: string, description: string) =>
    sendCommand(hasStream ? MESSAGE_STREAM_ID : 0, ['onStatus', 0, null, { level, code, description }]);

  function takeHandshake(bytes: Uint8Array): Uint8Array {
    const wantedBytes = phase === 'handshake_c0_c1' ? 1 + HANDSHAKE_BYTES : HANDSHAKE_BYTES;
    const missing = wantedBytes - handshake.length;
    handshake = concatBytes([handshake, bytes.subarray(0, missing)]) as Uint8Array<ArrayBuffer>;
    if (phase === 'handshake_c0_c1' && handshake[0] !== 3) fail('not_rtmp');
    else if (handshake.length === wantedBytes) {
      if (phase === 'handshake_c0_c1') {
        const s1 = new Uint8Array(HANDSHAKE_BYTES);
        s1.set(serverRandom.subarray(0, HANDSHAKE_BYTES - 8), 8);
        send(concatBytes([Uint8Array.of(3), s1, handshake.subarray(1)]));
        phase = 'handshake_c2';
      } else phase = 'commands';
      handshake = new Uint8Array(0);
    }
    return bytes.subarray(missing);
  }

  function onMessage(message: RtmpMessage): void {
    if (phase === 'closed') return;
    // Messages behind a `publish` in the same chunk of bytes: they wait like the bytes after them.
    if (phase === 'deciding') {
      waiting.push(message);
      return;
    }
    const { typeId, payload } = message;
    switch (typeId) {
      case MESSAGE_TYPE.windowAcknowledgementSize:
        if (payload.length >= 4) windowBytes = Math.max(1_024, new DataView(payload.buffer, payload.byteOffset).getUint32(0));
        return;
      case MESSAGE_TYPE.userControl:
        onUserControl(payload);
        return;
      case MESSAGE_TYPE.commandAmf0:
        onCommand(payload);
        return;
      case MESSAGE_TYPE.commandAmf3:
        // AMF3 commands of encoders are AMF0 behind one format byte.
        onCommand(payload.subarray(1));
        return;
      case MESSAGE_TYPE.dataAmf0:
        onData(payload);
        return;
      case MESSAGE_TYPE.dataAmf3:
        onData(payload.subarray(1));
        return;
      case MESSAGE_TYPE.audio:
      case MESSAGE_TYPE.video:
        if (phase !== 'publishing') {
          fail('command_out_of_order');
          return;
        }
        out.push({
          kind: 'tag',
          tag: { kind: typeId === MESSAGE_TYPE.audio ? 'audio' : 'video', timestampMs: message.timestampMs, body: payload },
        });
        return;
      case AGGREGATE:
        fail('aggregate_unsupported');
        return;
      default:
        return;
    }
  }
  function onUserControl(payload: Uint8Array): void {
    const isPingRequest = payload.length >= 6 && payload[0] === 0 && payload[1] === 6;
    if (!isPingRequest) return;
    const pong = payload.slice(0, 6);
    pong[1] = 7;
    sendMessage(CONTROL_STREAM, MESSAGE_TYPE.userControl, 0, pong);
  }

  function onData(payload: Uint8Array): void {
    if (phase !== 'publishing') return;
    const values = readAmf0(payload);
    if (!values) return;
    const rest = values[0] === '@setDataFrame' ? values.slice(1) : values;
    if (rest[0] === 'onMetaData' && isAmfObject(rest[1])) out.push({ kind: 'metadata', properties: rest[1] });
  }

  function onCommand(payload: Uint8Array): void {
    const values = readAmf0(payload);
    const [name, transactionId] = values ?? [];
    if (!values || typeof name !== 'string' || typeof transactionId !== 'number') {
      fail('command_malformed');
      return;
    }
    switch (name) {
      case 'connect': {
        const properties = values[2];
        if (app !== null) {
          fail('command_out_of_order');
          return;
        }
        if (!isAmfObject(properties) || typeof properties.app !== 'string') {
          fail('command_malformed');
          return;
        }
        app = properties.app;
        tcUrl = typeof properties.tcUrl === 'string' ? properties.tcUrl : '';
        flashVer = typeof properties.flashVer === 'string' ? properties.flashVer : '';
        sendMessage(CONTROL_STREAM, MESSAGE_TYPE.windowAcknowledgementSize, 0, u32Bytes(WINDOW_BYTES));
        sendMessage(CONTROL_STREAM, MESSAGE_TYPE.setPeerBandwidth, 0, Uint8Array.of(...u32Bytes(WINDOW_BYTES), 2));
        sendMessage(CONTROL_STREAM, MESSAGE_TYPE.setChunkSize, 0, u32Bytes(OUT_CHUNK_BYTES));
        sendCommand(0, [
          '_result',
          transactionId,
          { fmsVer: 'FMS/3,0,1,123', capabilities: 31 },
          { level: 'status', code: 'NetConnection.Connect.Success', description: 'Connected.', objectEncoding: 0 },
        ]);
        return;
      }
      case 'releaseStream':
        sendCommand(0, ['_result', transactionId, null, undefined]);
        return;
      case 'FCPublish':
        sendCommand(0, ['onFCPublish', 0, null, { code: 'NetStream.Publish.Start', description: '' }]);
        return;
      case 'createStream':
        if (app === null) {
          fail('command_out_of_order');
          return;
        }
        hasStream = true;
        sendCommand(0, ['_result', transactionId, null, MESSAGE_STREAM_ID]);
        return;
      case 'publish': {
        const streamName = values[3];
        if (app === null || !hasStream || phase !== 'commands') {
          fail('command_out_of_order');
          return;
        }
        if (typeof streamName !== 'string') {
          fail('command_malformed');
          return;
        }
        phase = 'deciding';
        // What is read beyond is bounded by the chunk it came in and by the backlog, not by what was enough so far.
        reader.limitMessageBytes(Number.MAX_SAFE_INTEGER);
        out.push({ kind: 'publish_requested', app, streamName, tcUrl, flashVer });
        return;
      }
      case 'play':
        sendStatus('error', 'NetStream.Play.Failed', 'This address takes video in; it plays none.');
        fail('only_publishing_supported');
        return;
      case 'FCUnpublish':
      case 'deleteStream':
      case 'closeStream':
        if (phase === 'publishing') {
          sendStatus('status', 'NetStream.Unpublish.Success', 'Goodbye.');
          out.push({ kind: 'unpublished' });
          phase = 'closed';
        }
        return;
      default:
        return; // _checkbw, getStreamLength, ...: none expects an answer
    }
  }

  function acknowledge(): void {
    if (receivedBytes - acknowledgedBytes < windowBytes) return;
    acknowledgedBytes = receivedBytes;
    sendMessage(CONTROL_STREAM, MESSAGE_TYPE.acknowledgement, 0, u32Bytes(receivedBytes % 2 ** 32));
  }

  function read(bytes: Uint8Array): void {
    let rest = bytes;
    while ((phase === 'handshake_c0_c1' || phase === 'handshake_c2') && rest.length > 0) rest = takeHandshake(rest);
    if (rest.length === 0 || phase === 'closed') return;
    const fault = reader.push(rest, onMessage);
    if (fault && phase === 'deciding') waitingFault = fault;
    else if (fault) fail(fault);
  }

  function drained(): SessionEvent[] {
    const events = out;
    out = [];
    return events;
  }

  return {
    receive(bytes) {
      if (phase === 'closed') return [];
      receivedBytes += bytes.length;
      if (phase === 'deciding') {
        backlogBytes += bytes.length;
        if (backlogBytes > SESSION_LIMITS.backlogBytes) fail('backlog_full');
        else backlog.push(bytes.slice());
        return drained();
      }
      read(bytes);
      // Nothing follows a fault or a goodbye.
      if (app !== null && !isClosed()) acknowledge();
      return drained();
    },
    accept() {
      if (phase !== 'deciding') return [];
      phase = 'publishing';
      sendStatus('status', 'NetStream.Publish.Start', 'On air.');
      const messages = waiting;
      const later = backlog;
      waiting = [];
      backlog = [];
      for (const message of messages) onMessage(message);
      if (waitingFault) fail(waitingFault);
      for (const bytes of later) read(bytes);
      return drained();
    },
    refuse(code, description) {
      if (phase === 'closed') return [];
      sendStatus('error', code, description);
      phase = 'closed';
      waiting = [];
      backlog = [];
      return drained();
    },
  };
}

function u32Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
