// An address that follows the primary, as a virtual IP, a DNS name or a proxy does: connections go to whatever port it
// points at when they are made; those that are open are cut when it points elsewhere.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type TcpForwarder = { readonly port: number; pointAt(port: number): void; close(): Promise<void> };

/** `choosePort` is asked for each connection; `pointAt` takes its place. */
export async function startTcpForwarder(choosePort: () => number): Promise<TcpForwarder> {
  let choose = choosePort;
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect(choose(), '127.0.0.1');
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    incoming.pipe(outgoing).pipe(incoming);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    pointAt(port) {
      choose = () => port;
      cut();
    },
    async close() {
      cut();
      await new Promise((done) => server.close(done));
    },
  };
}
