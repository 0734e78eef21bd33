// The socket of one restream target. Writes of one turn leave together; nothing here knows a stream key.
import type { Socket } from 'node:net';
import type { Clock } from '../../../kernel/clock.ts';
import { accepted } from '../../../kernel/outcome.ts';
import {
  createSendQueues,
  type DialStream,
  type OutboundPolicy,
  parseStreamAddress,
  type SendQueues,
} from '../../../platform/outbound/index.ts';
import type { Line, LineEvents, OpenLine, ReadAddress } from './line.ts';

/** How long our last words may take. */
const LINGER_MS = 1_000;

export function createOpenLine(deps: { dial: DialStream; policy: OutboundPolicy; clock: Clock }): OpenLine {
  const queues = createSendQueues(deps.clock);
  return async (url, signal, onResolved, events) => {
    const address = parseStreamAddress(url, deps.policy);
    if (!address.ok) return address;
    const dialled = await deps.dial(address.value, signal, onResolved);
    return dialled.ok ? accepted(lineOf(dialled.value, deps.clock, queues, events)) : dialled;
  };
}

export function createReadAddress(policy: OutboundPolicy): ReadAddress {
  return (url) => parseStreamAddress(url, policy);
}

function lineOf(socket: Socket, clock: Clock, queues: SendQueues, events: LineEvents): Line {
  let queue: ReturnType<SendQueues['watch']> | null = null;
  let isReset = false;
  let isOver = false;
  let isCorked = false;
  const leave = (tell: boolean) => {
    if (isOver) return;
    isOver = true;
    queue?.forget();
    queue = null;
    if (tell) events.onClosed(isReset);
  };
  socket.on('data', (bytes: Buffer) => {
    if (!isOver) events.onData(bytes);
  });
  socket.on('drain', () => {
    if (!isOver) events.onDrain();
  });
  socket.on('error', () => {
    isReset = true;
  });
  // A server that closes its half has nothing more to say, and an RTMP server that says nothing takes nothing.
  socket.on('end', () => socket.destroy());
  socket.on('close', () => leave(true));
  return {
    write(parts) {
      if (isOver || socket.destroyed) return;
      if (!isCorked) {
        isCorked = true;
        socket.cork();
        process.nextTick(() => {
          isCorked = false;
          socket.uncork();
        });
      }
      for (const part of parts) socket.write(part);
    },
    unsentBytes: () => socket.writableLength + (queue?.bytes() ?? 0),
    askSystem(isWanted) {
      if (isWanted === (queue !== null) || isOver) return;
      queue?.forget();
      queue = isWanted ? queues.watch(socket) : null;
    },
    end(lastWords) {
      if (isOver) return;
      leave(false);
      if (lastWords.length > 0) socket.write(lastWords);
      socket.end();
      socket.resume();
      clock.after(LINGER_MS, () => socket.destroy());
    },
    destroy() {
      leave(false);
      socket.destroy();
    },
  };
}
