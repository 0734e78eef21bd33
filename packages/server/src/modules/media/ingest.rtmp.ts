// Owns the sockets of RTMP and RTMPS encoders; what the bytes mean is packages/media's `createPublishSession`. No stream
// key is ever logged here: connections are told apart by a number. RTMPS is the same after the TLS handshake, which is
// under the same limits and the same deadline as everything else before a key is accepted.
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import type { AmfObject, SessionEvent } from '@insp/media';
import { createPublishSession, type DeclaredStream } from '@insp/media';
import type { ErrorCode } from '@insp/protocol';
import { ERROR_CODES } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Random } from '../../kernel/random.ts';
import type { CertificateSource } from './certificate.ts';
import {
  type CloseCause,
  type DecidePublish,
  INGEST_LIMITS,
  type PublisherConnection,
  type PublisherSink,
  type PublishVerdict,
  RTMP_APP,
  type RtmpIngest,
} from './ingest.ts';
import type { WrongKeyDelay } from './wrong-key-delay.ts';

type Options = {
  host: string;
  port: number;
  clock: Clock;
  random: Random;
  logger: Logger;
  wrongKeys: WrongKeyDelay;
  decide: DecidePublish;
  /** With it this is RTMPS. A renewed certificate is used from the next connection on. */
  certificate?: CertificateSource;
};

/** The end of a TLS connection, as both sides of it see it. */
const nameOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;

export function createRtmpIngest(options: Options): RtmpIngest {
  const { clock, logger, certificate } = options;
  const connections = new Set<Connection>();
  /** Sockets whose TLS handshake is not done. */
  const handshakes = new Map<string, { socket: Socket; openedAtMs: number }>();
  let server: Server | null = null;
  let stopWatching = () => {};
  let stopFollowing = () => {};
  let connectionNumber = 0;

  /** Drops the socket when there are too many. */
  function isRoomFor(socket: Socket): boolean {
    const address = socket.remoteAddress ?? '';
    const connectionCount = connections.size + handshakes.size;
    const pendingCount =
      [...connections].filter((other) => other.isPending && other.address === address).length +
      [...handshakes.values()].filter((other) => other.socket.remoteAddress === address).length;
    if (connectionCount < INGEST_LIMITS.connectionCount && pendingCount < INGEST_LIMITS.pendingPerAddressCount) return true;
    logger.warn({ 'pii.address': address, connectionCount }, 'too many encoder connections: one was dropped');
    socket.on('error', () => {});
    socket.destroy();
    return false;
  }

  function take(socket: Socket): void {
    connectionNumber += 1;
    const connection = createConnection(socket, {
      ...options,
      logger: logger.child({ connection: connectionNumber }),
      onGone: () => connections.delete(connection),
    });
    connections.add(connection);
  }

  function createPlainListener(): Server {
    return createServer({ noDelay: true }, (socket) => {
      if (isRoomFor(socket)) take(socket);
    });
  }

  function createTlsListener(source: CertificateSource): Server {
    const listening: TlsServer = createTlsServer({ ...source.current, minVersion: 'TLSv1.2', noDelay: true }, (socket) => {
      handshakes.delete(nameOf(socket));
      take(socket);
    });
    listening.on('connection', (socket: Socket) => {
      if (!isRoomFor(socket)) return;
      const name = nameOf(socket);
      handshakes.set(name, { socket, openedAtMs: clock.nowMs() });
      socket.once('close', () => handshakes.delete(name));
    });
    // OBS drops a certificate it does not trust without a word to its user: this line is where an operator can see it.
    listening.on('tlsClientError', (failure, socket) => {
      logger.info({ err: failure, 'pii.address': socket.remoteAddress ?? '' }, 'an encoder broke off the TLS handshake');
    });
    stopFollowing = source.onChanged((renewed) => listening.setSecureContext({ ...renewed, minVersion: 'TLSv1.2' }));
    return listening;
  }

  return {
    get port() {
      const address = server?.address();
      return typeof address === 'object' && address !== null ? address.port : 0;
    },
    get connectionCount() {
      return connections.size + handshakes.size;
    },
    async start() {
      if (server) return;
      const listening = certificate ? createTlsListener(certificate) : createPlainListener();
      await new Promise<void>((resolve, reject) => {
        listening.once('error', reject);
        listening.listen(options.port, options.host, () => {
          listening.off('error', reject);
          resolve();
        });
      });
      listening.on('error', (cause) => logger.error({ err: cause }, 'the RTMP listener failed'));
      server = listening;
      stopWatching = clock.every(500, () => {
        const nowMs = clock.nowMs();
        for (const connection of connections) connection.watch(nowMs);
        for (const { socket, openedAtMs } of handshakes.values())
          if (nowMs - openedAtMs > INGEST_LIMITS.publishDeadlineMs) socket.destroy();
      });
    },
    async stop() {
      stopWatching();
      stopFollowing();
      const closing = server;
      server = null;
      if (!closing) return;
      const closed = new Promise<void>((resolve) => closing.close(() => resolve()));
      for (const connection of connections) connection.end();
      for (const { socket } of handshakes.values()) socket.destroy();
      await closed;
    },
  };
}

type Connection = {
  readonly address: string;
  readonly isPending: boolean;
  /** Closes what is too slow or silent. */
  watch(nowMs: number): void;
  /** Ends at once. */
  end(): void;
};

function createConnection(socket: Socket, options: Options & { onGone: () => void }): Connection {
  const { clock, logger, wrongKeys } = options;
  const address = socket.remoteAddress ?? '';
  const session = createPublishSession(options.random.bytes(1528));
  const openedAtMs = clock.nowMs();
  let lastDataAtMs = openedAtMs;
  let sink: PublisherSink | null = null;
  let phase: 'pending' | 'deciding' | 'publishing' | 'closing' | 'gone' = 'pending';
  let cause: CloseCause = 'connection_closed';
  let tagCount = 0;
  let encoderMark = address;

  const connection: PublisherConnection = {
    remoteAddress: address,
    get encoderMark() {
      return encoderMark;
    },
    close({ code, description }) {
      if (phase === 'closing' || phase === 'gone') return;
      cause = 'closed_by_us';
      refuse(code, description);
    },
  };

  function write(bytes: Uint8Array): void {
    if (socket.destroyed || !socket.writable) return;
    socket.write(bytes);
    if (socket.writableLength > INGEST_LIMITS.unreadAnswerBytes) destroy('protocol_fault', 'the encoder does not read our answers');
  }

  function handle(events: readonly SessionEvent[], nowMs: number): void {
    for (const event of events) {
      if (phase === 'gone') return;
      switch (event.kind) {
        case 'send':
          write(event.bytes);
          break;
        case 'publish_requested':
          phase = 'deciding';
          encoderMark = JSON.stringify([address, event.tcUrl, event.flashVer]);
          socket.pause();
          void decide(event.app, event.streamName);
          break;
        case 'metadata':
          if (phase === 'publishing') sink?.onDeclared(declaredOf(event.properties));
          break;
        case 'tag':
          if (phase !== 'publishing') break;
          tagCount += 1;
          sink?.onTag(event.tag, nowMs);
          break;
        case 'unpublished':
          cause = 'unpublished';
          linger();
          break;
        case 'fault':
          logger.warn({ fault: event.reason, 'pii.address': address }, 'an encoder broke the protocol');
          cause = 'protocol_fault';
          linger();
          break;
      }
    }
  }

  async function decide(app: string, streamName: string): Promise<void> {
    // What follows a question mark is decoration some encoders add; the app may carry a trailing slash.
    const streamKey = streamName.split('?', 1)[0] ?? '';
    const appName = (app.split('?', 1)[0] ?? '').replace(/\/+$/, '');
    const delayMs = wrongKeys.delayMs(address, clock.nowMs());
    if (delayMs > 0) await new Promise<void>((resolve) => clock.after(delayMs, resolve));
    if (phase !== 'deciding') return;
    let verdict: PublishVerdict;
    try {
      verdict =
        appName === RTMP_APP ? await options.decide({ streamKey, connection }) : { ok: false, code: 'INSP_MEDIA_STREAM_KEY_INVALID' };
    } catch (failure) {
      logger.error({ err: failure }, 'the stream key could not be checked');
      verdict = { ok: false, code: 'INSP_HTTP_INTERNAL' };
    }
    if (phase !== 'deciding') {
      // Gone while we thought about it: an accepted sink must still learn its end.
      if (verdict.ok) verdict.sink.onClosed(cause);
      return;
    }
    if (!verdict.ok) {
      if (verdict.code === 'INSP_MEDIA_STREAM_KEY_INVALID') wrongKeys.wrong(address, clock.nowMs());
      logger.info({ code: verdict.code, 'pii.address': address }, 'an encoder was turned away');
      refuse(verdict.code, verdict.detail);
      return;
    }
    wrongKeys.right(address);
    phase = 'publishing';
    sink = verdict.sink;
    lastDataAtMs = clock.nowMs();
    logger.info({ 'pii.address': address }, 'an encoder was accepted');
    handle(session.accept(), lastDataAtMs);
    socket.resume();
  }

  function refuse(code: ErrorCode | null, detail?: string): void {
    const text = code === null ? (detail ?? '') : `${code}: ${ERROR_CODES[code].title}. ${detail ?? ERROR_CODES[code].fix}`;
    const isBeforeAccept = sink === null;
    for (const event of session.refuse(isBeforeAccept ? 'NetStream.Publish.BadName' : 'NetStream.Publish.Denied', text)) {
      if (event.kind === 'send') write(event.bytes);
    }
    linger();
  }

  /** Half-closes, lets the encoder read our last words, then destroys. Unread input would turn the close into a reset. */
  function linger(): void {
    if (phase === 'closing' || phase === 'gone') return;
    phase = 'closing';
    leave();
    socket.end();
    socket.resume();
    clock.after(INGEST_LIMITS.lingerMs, () => socket.destroy());
  }

  function destroy(why: CloseCause, message: string): void {
    if (phase === 'gone') return;
    if (phase !== 'closing') cause = why;
    logger.debug({ cause }, message);
    socket.destroy();
    gone();
  }

  /** The sink learns the end once, as soon as it is certain. */
  function leave(): void {
    const leaving = sink;
    sink = null;
    leaving?.onClosed(cause);
  }

  function gone(): void {
    if (phase === 'gone') return;
    phase = 'gone';
    leave();
    options.onGone();
    logger.info({ cause, tagCount, durationMs: clock.nowMs() - openedAtMs }, 'an encoder connection ended');
  }

  socket.on('data', (bytes) => {
    if (phase === 'closing' || phase === 'gone') return;
    lastDataAtMs = clock.nowMs();
    handle(session.receive(bytes), lastDataAtMs);
  });
  socket.on('error', (failure) => {
    if (phase !== 'closing') cause = 'connection_reset';
    logger.debug({ err: failure }, 'an encoder socket failed');
  });
  socket.on('end', () => {
    // Nothing follows: no reason to keep our side open (and a half-open one would never be noticed).
    if (phase !== 'closing') socket.end();
  });
  socket.on('close', gone);

  return {
    address,
    get isPending() {
      return phase === 'pending' || phase === 'deciding';
    },
    watch(nowMs) {
      if (phase === 'pending' && nowMs - openedAtMs > INGEST_LIMITS.publishDeadlineMs) destroy('no_data', 'no publish command in time');
      else if (phase === 'publishing' && nowMs - lastDataAtMs > INGEST_LIMITS.silenceMs) destroy('no_data', 'the encoder went silent');
    },
    end: () => destroy('closed_by_us', 'the server stops'),
  };
}

/** `onMetaData` as encoders fill it: rates in frames per second and kbit/s. */
function declaredOf(properties: AmfObject): DeclaredStream {
  const plausible = (value: unknown, max: number): number | null => (typeof value === 'number' && value > 0 && value <= max ? value : null);
  const kbitPerSec = plausible(properties.videodatarate, 1_000_000);
  return { framesPerSec: plausible(properties.framerate, 240), videoBitsPerSec: kbitPerSec === null ? null : kbitPerSec * 1000 };
}
