// A bad line between viewer and server, in this process: every byte of a connection arrives half a round trip late,
// plus a random part that never lets bytes overtake each other; a line has a rate, shared by all its connections; and it
// can be cut, as in a tunnel: connections stay, nothing moves until it is over. A new connection costs a round trip
// before its first byte, as a handshake does. Loss and slow start are not modelled.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type Line = {
  readonly rttMs: number;
  /** At most this much is added, each way. */
  readonly jitterMs: number;
  /** Towards the viewer; 0 = no limit. */
  readonly rateBitsPerSec: number;
};
export const OPEN_LINE: Line = { rttMs: 0, jitterMs: 0, rateBitsPerSec: 0 };
/** A sender waits when this much is on its way, as it does when a window is full. */
const MAX_ON_THE_WAY_BYTES = 1024 * 1024;

export type LatencyProxy = {
  readonly port: number;
  /** Where connections made from now on go. */
  pointAt(port: number): void;
  setLine(line: Line): void;
  /** Nothing moves for this long. */
  cut(durationMs: number): void;
  readonly bytesToViewer: number;
  close(): Promise<void>;
};

export async function startLatencyProxy(random: () => number = Math.random): Promise<LatencyProxy> {
  let line = OPEN_LINE;
  let targetPort = 0;
  let cutUntilMs = 0;
  let bytesToViewer = 0;
  /** When the line towards the viewer is free again. */
  let freeAtMs = 0;
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  const nowMs = () => performance.now();
  const at = (atMs: number, work: () => void) => {
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        // A cut holds back what would have arrived in it.
        if (nowMs() < cutUntilMs) at(cutUntilMs, work);
        else work();
      },
      Math.max(0, atMs - nowMs()),
    );
    timers.add(timer);
  };

  /** Passes bytes on in order: `earliestMs` is when the last ones arrive. */
  function pipe(from: Socket, to: Socket, isToViewer: boolean, openAtMs: number): void {
    let arrivesAtMs = openAtMs;
    let onTheWayBytes = 0;
    const queue: { chunk: Buffer | null; atMs: number }[] = [];
    let isWaiting = false;
    const deliver = () => {
      isWaiting = false;
      for (let next = queue[0]; next !== undefined; next = queue[0]) {
        if (next.atMs > nowMs() + 0.5) return schedule();
        queue.shift();
        if (next.chunk === null) {
          to.end();
          continue;
        }
        onTheWayBytes -= next.chunk.length;
        if (isToViewer) bytesToViewer += next.chunk.length;
        if (!to.destroyed) to.write(next.chunk);
        if (from.isPaused() && onTheWayBytes < MAX_ON_THE_WAY_BYTES) from.resume();
      }
    };
    const schedule = () => {
      const [next] = queue;
      if (isWaiting || next === undefined) return;
      isWaiting = true;
      at(next.atMs, deliver);
    };
    const send = (chunk: Buffer | null) => {
      const sentAtMs = nowMs();
      let leavesAtMs = sentAtMs;
      if (isToViewer && line.rateBitsPerSec > 0 && chunk !== null) {
        freeAtMs = Math.max(freeAtMs, sentAtMs) + (chunk.length * 8_000) / line.rateBitsPerSec;
        leavesAtMs = freeAtMs;
      }
      arrivesAtMs = Math.max(arrivesAtMs, leavesAtMs + line.rttMs / 2 + random() * line.jitterMs);
      queue.push({ chunk, atMs: arrivesAtMs });
      onTheWayBytes += chunk?.length ?? 0;
      if (onTheWayBytes >= MAX_ON_THE_WAY_BYTES) from.pause();
      schedule();
    };
    from.on('data', send);
    from.on('end', () => send(null));
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (viewer) => {
    const origin = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    for (const [socket, other] of [
      [viewer, origin],
      [origin, viewer],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', (hadError) => {
        sockets.delete(socket);
        if (hadError) other.destroy();
      });
    }
    // SYN and its answer: the first byte leaves a round trip later.
    pipe(viewer, origin, false, nowMs() + line.rttMs * 1.5);
    pipe(origin, viewer, true, 0);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    pointAt(port) {
      targetPort = port;
    },
    setLine(next) {
      line = next;
    },
    cut(durationMs) {
      cutUntilMs = nowMs() + durationMs;
    },
    get bytesToViewer() {
      return bytesToViewer;
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
