// A socket is one person's doings for as long as it is open: over real sockets.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createConsistencyScopes } from '../postgres/consistency-scope.ts';
import { attachWebSockets } from './index.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

test('[ST4] it starts with what its request carried, keeps what it commits, and shares it with no other socket', async () => {
  const scopes = createConsistencyScopes({
    key: Buffer.alloc(32, 1),
    nowMs: Date.now,
    readPrimaryPosition: async () => ({ timeline: 1, lsn: 0n }),
  });
  const http = createServer();
  const detach = attachWebSockets(http, {
    protocol: 'insp.v1',
    maxPayloadBytes: 100,
    isProxyTrusted: false,
    consistency: scopes,
    route: () => ({
      ok: true,
      accept: (connection) => ({
        async receive(text) {
          // What a handler does after some waiting is done in the same scope.
          await new Promise((done) => setTimeout(done, 1));
          if (text !== '') scopes.noteCommit({ timeline: 1, lsn: BigInt(text) });
          connection.send({ text: String(scopes.demand()?.lsn ?? null) });
        },
        ponged() {},
        closed() {},
      }),
    }),
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  cleanUps.push(() => new Promise((done) => http.close(done)), detach);
  const { port } = http.address() as AddressInfo;
  const open = async (headers: Record<string, string>) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, 'insp.v1', { headers });
    cleanUps.push(() => socket.terminate());
    await new Promise((done) => socket.once('open', done));
    return async (text: string): Promise<string> => {
      const answered = new Promise<string>((done) => socket.once('message', (data) => done(data.toString())));
      socket.send(text);
      return answered;
    };
  };

  const before = scopes.open(undefined);
  before.run(() => scopes.noteCommit({ timeline: 1, lsn: 7n }));
  const carrying = await open({ cookie: `insp_consistency=${before.token()}` });
  const fresh = await open({});
  expect([await carrying(''), await fresh('')]).toEqual(['7', 'null']);
  expect(await carrying('9')).toBe('9');
  expect([await carrying(''), await fresh('')]).toEqual(['9', 'null']);
});
