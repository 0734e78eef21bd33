// Servers to restream to, good and bad, in this process: what real ones do when they are well, full, slow, gone or angry.
// They speak by our own publish session; ffmpeg vouches for the client elsewhere.
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { createPublishSession, type FlvTag, type SessionEvent } from '@insp/media';

export type PeerConduct = {
  /** Verdict on a stream name. */
  decide?: (streamName: string) => 'accept' | 'hang_up' | { code: string; description: string };
  /** Accepts the connection and is never heard of again. */
  isSilent?: boolean;
  /** Stops reading for good after so many tags. */
  stopsReadingAfterTags?: number;
  /** Never says what it has read. */
  isWithoutAcknowledgements?: boolean;
  /** Resets the connection after so many tags. */
  resetsAfterTags?: number;
  /** Says that it has nothing more to say after so many tags, and stays. */
  halfClosesAfterTags?: number;
  /** Counts tags and keeps none: for long runs. */
  isForgetful?: boolean;
  /** Reads by `readMore` only. */
  isByHand?: boolean;
  tls?: { key: string; cert: string };
};

export type PeerConnection = {
  streamName: string;
  tags: FlvTag[];
  metadata: object[];
  isUnpublished: boolean;
  isClosed: boolean;
  tagCount: number;
  /** Pictures, configurations not among them. */
  frameCount: number;
};

export type Peer = {
  readonly port: number;
  readonly url: string;
  readonly connections: readonly PeerConnection[];
  readonly publishCount: number;
  /** Of all connections, in order. */
  tags(): FlvTag[];
  /** Takes `bytes` from what waits, on a peer that is led by hand. */
  readMore(bytes: number): void;
  close(): Promise<void>;
};

export async function createPeer(conduct: PeerConduct = {}): Promise<Peer> {
  const connections: PeerConnection[] = [];
  const sockets = new Set<Socket>();
  let publishCount = 0;

  function onSocket(socket: Socket): void {
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      connection.isClosed = true;
    });
    socket.on('error', () => {});
    const connection: PeerConnection = {
      streamName: '',
      tags: [],
      metadata: [],
      isUnpublished: false,
      isClosed: false,
      tagCount: 0,
      frameCount: 0,
    };
    connections.push(connection);
    if (conduct.isSilent) {
      socket.pause();
      return;
    }
    const session = createPublishSession(new Uint8Array(1528).fill(9));
    const handle = (events: readonly SessionEvent[]): void => {
      for (const event of events) {
        if (event.kind === 'send') {
          // An acknowledgement: chunk stream 2, message type 3.
          const isAck = event.bytes[0] === 2 && event.bytes[7] === 3;
          if (!socket.destroyed && !(isAck && conduct.isWithoutAcknowledgements)) socket.write(event.bytes);
        } else if (event.kind === 'publish_requested') {
          publishCount += 1;
          connection.streamName = event.streamName;
          const verdict = conduct.decide?.(event.streamName) ?? 'accept';
          if (verdict === 'accept') handle(session.accept());
          else if (verdict === 'hang_up') socket.end();
          else {
            handle(session.refuse(verdict.code, verdict.description));
            socket.end();
          }
        } else if (event.kind === 'tag') onTag(event.tag);
        else if (event.kind === 'metadata') connection.metadata.push(event.properties);
        else if (event.kind === 'unpublished') connection.isUnpublished = true;
      }
    };
    const onTag = (tag: FlvTag): void => {
      connection.tagCount += 1;
      if (tag.kind === 'video' && tag.body[1] === 1) connection.frameCount += 1;
      if (!conduct.isForgetful) connection.tags.push({ ...tag, body: tag.body.slice() });
      const count = connection.tagCount;
      if (count === conduct.stopsReadingAfterTags) socket.pause();
      if (count === conduct.resetsAfterTags) socket.resetAndDestroy();
      if (count === conduct.halfClosesAfterTags) socket.end();
    };
    if (conduct.isByHand) {
      hands.add((wanted) => {
        // In pieces: what waits may be less than is wanted.
        for (let left = wanted; left > 0; ) {
          const bytes: Buffer | null = socket.read(Math.min(left, Math.max(1, socket.readableLength)));
          if (bytes === null) return;
          left -= bytes.length;
          handle(session.receive(bytes));
        }
      });
      socket.on('readable', () => {
        // Commands are read at once, only pictures wait.
        if (publishCount > 0) return;
        const bytes: Buffer | null = socket.read();
        if (bytes !== null) handle(session.receive(bytes));
      });
      return;
    }
    socket.on('data', (bytes: Buffer) => {
      handle(session.receive(bytes));
    });
  }
  const hands = new Set<(bytes: number) => void>();

  const options = { allowHalfOpen: true };
  const server: Server = conduct.tls ? createTlsServer({ ...conduct.tls, ...options }, onSocket) : createTcpServer(options, onSocket);
  // Those that fail in the TLS handshake too.
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    url: `${conduct.tls ? 'rtmps://localhost' : 'rtmp://127.0.0.1'}:${port}/live`,
    connections,
    get publishCount() {
      return publishCount;
    },
    tags: () => connections.flatMap(({ tags }) => tags),
    readMore(bytes) {
      for (const hand of hands) hand(bytes);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}
