import { createServer } from 'node:net';

/** The port if it can be listened on there; for 0 any free one; null when it is taken. Somebody may take it right after. */
export function findFreePort(wanted: number, host = '127.0.0.1'): Promise<number | null> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(null));
    probe.listen(wanted, host, () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}
