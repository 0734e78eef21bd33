// The line between an encoder and the server, which can fail as lines do. A cut hits the connections of that moment;
// those made later are whole.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type LineFault = 'rst' | 'fin' | 'black_hole';

export type Wire = { readonly port: number; cut(fault: LineFault): void; close(): Promise<void> };

type Pair = { encoder: Socket; server: Socket };

export async function openWire(serverPort: number): Promise<Wire> {
  const pairs = new Set<Pair>();
  const dead = new Set<Socket>();
  const listener = createServer((encoder) => {
    const server = connect(serverPort, '127.0.0.1');
    const pair = { encoder, server };
    pairs.add(pair);
    for (const [socket, other] of [
      [encoder, server],
      [server, encoder],
    ] as const) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        dead.delete(socket);
        // In a black hole neither side learns of the other.
        if (pairs.delete(pair)) other.destroy();
      });
    }
    encoder.pipe(server).pipe(encoder);
  });
  listener.listen(0, '127.0.0.1');
  await new Promise((done) => listener.once('listening', done));

  const acts: Record<LineFault, (pair: Pair) => void> = {
    rst({ encoder, server }) {
      server.resetAndDestroy();
      encoder.resetAndDestroy();
    },
    fin({ encoder, server }) {
      server.destroy();
      encoder.destroy();
    },
    black_hole({ encoder, server }) {
      encoder.unpipe(server);
      server.unpipe(encoder);
      for (const socket of [encoder, server]) {
        dead.add(socket);
        // Read, or the end of the other side would never be noticed; what comes is lost.
        socket.on('data', () => {});
        socket.resume();
      }
    },
  };

  return {
    port: (listener.address() as AddressInfo).port,
    cut(fault) {
      for (const pair of [...pairs]) {
        pairs.delete(pair);
        acts[fault](pair);
      }
    },
    async close() {
      for (const { encoder, server } of pairs) for (const socket of [encoder, server]) socket.destroy();
      for (const socket of dead) socket.destroy();
      await new Promise((done) => listener.close(done));
    },
  };
}
