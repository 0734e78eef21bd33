// Owns the sockets of RTMP encoders; what the bytes mean is packages/media's `createPublishSession`. No stream key
// is ever logged here: connections are told apart by a number.
import { createServer, type Server, type Socket } from 'node:net';
import type { AmfObject, SessionEvent } from '@insp/media';
import { createPublishSession, type DeclaredStream } from '@insp/media';
import type { ErrorCode } from '@insp/protocol';
import { ERROR_CODES } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Random } from '../../kernel/random.ts';
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
};

export function createRtmpIngest(options: Options): RtmpIngest {
  const { clock, logger } = options;
  const connections = new Set<Connection>();
  let server: Server | null = null;
  let stopWatching = () => {};
  let connectionNumber = 0;

  function onSocket(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const pendingCount = [...connections].filter((other) => other.isPending && other.address === address).length;
    if (connections.size >= INGEST_LIMITS.connectionCount || pendingCount >= INGEST_LIMITS.pendingPerAddressCount) {
      logger.warn({ 'pii.address': address, connectionCount: connections.size }, 'too many encoder connections: one was dropped');
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    connectionNumber += 1;
    const connection = createConnection(socket, {
      ...options,
      logger: logger.child({ connection: connectionNumber }),
      onGone: () => connections.delete(connection),
    });
    connections.add(connection);
  }

  return {
    get port() {
      const address = server?.address();
      return typeof address === 'object' && address !== null ? address.port : 0;
    },
    get connectionCount() {
      return connections.size;
    },
    async start() {
      if (server) return;
      const listening = createServer({ noDelay: true }, onSocket);
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
        for (const connection of connections) connection.watch(clock.nowMs());
      });
    },
    async stop() {
      stopWatching();
      const closing = server;
      server = null;
      if (!closing) return;
      const closed = new Promise<void>((resolve) => closing.close(() => resolve()));
      for (const connection of connections) connection.end();
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

  const connection: PublisherConnection = {
    remoteAddress: address,
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
