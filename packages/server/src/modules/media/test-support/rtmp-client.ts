// A hand-written RTMP client for tests: polite when asked, hostile when asked. Our own chunk and AMF writers are
// used; ffmpeg and node-media-server vouch for them elsewhere.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type AmfValue, createChunkReader, MESSAGE_TYPE, type RtmpMessage, readAmf0, writeAmf0, writeMessage } from '@insp/media';
import { until } from './media-rig.ts';

/** A decoder configuration record of libx264, 320x180, and a coded key and inter frame (not decodable, well formed). */
const AVC_RECORD = Buffer.from('0142c014ffe1001a6742c014da05067e7e7c04400000030040000007a3c50aa801000568ce0fcb20', 'hex');
export const VIDEO_CONFIG = Buffer.concat([Buffer.of(0x17, 0, 0, 0, 0), AVC_RECORD]);
export const KEY_FRAME = Buffer.of(0x17, 1, 0, 0, 0, 0, 0, 0, 2, 0x65, 1);
export const INTER_FRAME = Buffer.of(0x27, 1, 0, 0, 0, 0, 0, 0, 2, 0x41, 1);
export const AUDIO_CONFIG = Buffer.of(0xaf, 0, 0x11, 0x90);
export const AUDIO_FRAME = Buffer.of(0xaf, 1, 0x21, 0x00);

export type RtmpClient = {
  readonly socket: Socket;
  /** All bytes received, for looking at raw text. */
  received(): Buffer;
  /** Commands received so far. */
  commands(): AmfValue[][];
  /** The `onStatus` objects received so far. */
  statuses(): { code?: string; level?: string; description?: string }[];
  readonly isClosed: boolean;
  /** Ends the connection by a reset. */
  reset(): void;
  send(bytes: Uint8Array): void;
  handshake(): Promise<void>;
  command(values: AmfValue[], messageStreamId?: number): void;
  /** Handshake, connect, createStream, publish; does not wait for the verdict. */
  publish(streamKey: string, app?: string): Promise<void>;
  /** `publish` and wait for Publish.Start. */
  publishAccepted(streamKey: string): Promise<void>;
  message(typeId: number, timestampMs: number, payload: Uint8Array): void;
  /** Configuration and a key frame: enough to be on air. */
  picture(timestampMs: number): void;
  closed(): Promise<void>;
};

export type ClientOptions = {
  /** RTMPS; any certificate will do. */
  isSecure?: boolean;
  flashVer?: string;
  /** To be told of a certificate, for instance. */
  onSocket?: (socket: Socket) => void;
};

export async function createRtmpClient(port: number, options: ClientOptions = {}): Promise<RtmpClient> {
  const wire = connect(port, '127.0.0.1');
  wire.on('error', () => {});
  await once(wire, 'connect');
  const socket: Socket = options.isSecure ? connectTls({ socket: wire, rejectUnauthorized: false }) : wire;
  options.onSocket?.(socket);
  // A server that has no room for us ends the handshake: closed, then, like any other time.
  if (options.isSecure) await Promise.race([once(socket, 'secureConnect'), once(socket, 'close')]).catch(() => {});
  let bytes = Buffer.alloc(0);
  let isClosed = socket.destroyed;
  socket.on('data', (more) => {
    bytes = Buffer.concat([bytes, more]);
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    isClosed = true;
  });

  const client: RtmpClient = {
    socket,
    received: () => bytes,
    commands() {
      const found: RtmpMessage[] = [];
      createChunkReader().push(bytes.subarray(3073), (message) => found.push(message));
      return found.filter((message) => message.typeId === MESSAGE_TYPE.commandAmf0).map((message) => readAmf0(message.payload) ?? []);
    },
    statuses() {
      return client
        .commands()
        .filter((values) => values[0] === 'onStatus')
        .map((values) => ({ ...(values[3] as object) }));
    },
    get isClosed() {
      return isClosed;
    },
    reset() {
      wire.resetAndDestroy();
    },
    send(more) {
      if (!socket.destroyed) socket.write(more);
    },
    async handshake() {
      client.send(Buffer.concat([Buffer.of(3), Buffer.alloc(1536, 5)]));
      await until('the handshake is answered', () => bytes.length >= 3073);
      client.send(Buffer.alloc(1536, 6));
    },
    command(values, messageStreamId = 0) {
      client.send(
        writeMessage(
          { chunkStreamId: 3, typeId: MESSAGE_TYPE.commandAmf0, messageStreamId, timestampMs: 0, payload: writeAmf0(values) },
          128,
        ),
      );
    },
    async publish(streamKey, app = 'live') {
      await client.handshake();
      client.command(['connect', 1, { app, tcUrl: `rtmp://127.0.0.1/${app}`, flashVer: options.flashVer ?? 'test' }]);
      client.command(['createStream', 2, null]);
      client.command(['publish', 3, null, streamKey, 'live'], 1);
    },
    async publishAccepted(streamKey) {
      await client.publish(streamKey);
      await until('publishing is accepted', () => client.statuses().some((status) => status.code === 'NetStream.Publish.Start'));
    },
    message(typeId, timestampMs, payload) {
      const chunkStreamId = typeId === MESSAGE_TYPE.audio ? 4 : 6;
      client.send(writeMessage({ chunkStreamId, typeId, messageStreamId: 1, timestampMs, payload }, 128));
    },
    picture(timestampMs) {
      client.message(MESSAGE_TYPE.video, timestampMs, VIDEO_CONFIG);
      client.message(MESSAGE_TYPE.video, timestampMs, KEY_FRAME);
    },
    async closed() {
      await until('the connection is closed', () => isClosed);
    },
  };
  return client;
}
