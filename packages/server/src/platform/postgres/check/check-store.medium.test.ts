// The check on real servers: a good primary with a standby, a standby given as the primary, and an address that sends
// each connection to another server, as a cluster endpoint does.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPostgresPrograms, type PostgresCluster, startPostgresCluster } from '../../../../test-support/postgres-cluster.ts';
import { startTcpForwarder, type TcpForwarder } from '../../../../test-support/tcp-forwarder.ts';
import { parseReadAddresses } from '../read-address.ts';
import { checkStore, type StoreCheckOptions } from './check-store.ts';
import { formatVerdicts, isUsable, judgeFindings } from './verdicts.ts';

const programs = await findPostgresPrograms();

describe.skipIf(programs === null)('a check', () => {
  let cluster: PostgresCluster;
  let endpoint: TcpForwarder;
  beforeAll(async () => {
    cluster = await startPostgresCluster({ standbyCount: 1, programs: programs! });
    let turn = 0;
    endpoint = await startTcpForwarder(() => [cluster.primary.port, cluster.standbys[0]!.port][turn++ % 2]!);
  });
  afterAll(async () => {
    await endpoint?.close();
    await cluster?.stop();
  });

  const check = (options: Partial<StoreCheckOptions> & { url: string }) =>
    checkStore({ readers: [], rowCount: 20_000, pairCount: 100, signal: new AbortController().signal, ...options });
  const leftSchemas = () => cluster.primary.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'insp_check_%'");

  test('of a good primary and its standby holds everywhere, reads on the standby, and leaves nothing', async () => {
    const readers = parseReadAddresses(cluster.standbys[0]!.url);
    const verdicts = judgeFindings(await check({ url: cluster.primary.url, readers }));
    console.info(formatVerdicts(verdicts));
    expect(verdicts.filter(({ verdict }) => verdict === 'fails' || verdict === 'warns')).toEqual([]);
    expect(verdicts.map(({ what }) => what)).toEqual(expect.arrayContaining(['read your writes with token', 'reads land on readers']));
    expect(await leftSchemas()).toEqual([]);
  });

  test('of a standby says that it takes no writes, and makes nothing', async () => {
    const verdicts = judgeFindings(await check({ url: cluster.standbys[0]!.url }));
    const failed = verdicts.filter(({ verdict }) => verdict === 'fails').map(({ what }) => what);
    expect(failed).toEqual(expect.arrayContaining(['takes writes', 'log position and timeline', 'routing']));
    expect(isUsable(verdicts)).toBe(false);
  });

  test('of an address with several servers behind it names the traps', async () => {
    const verdicts = judgeFindings(await check({ url: `postgres://insp@127.0.0.1:${endpoint.port}/postgres` }));
    expect(verdicts.find(({ what }) => what === 'log position and timeline')).toMatchObject({ verdict: 'fails' });
    expect(isUsable(verdicts)).toBe(false);
    await expect.poll(leftSchemas).toEqual([]);
  });

  test('that is interrupted in the middle of a large table cleans up; a killed one is cleaned up by the next', async () => {
    const interrupted = new AbortController();
    const running = check({
      url: cluster.primary.url,
      rowCount: 5_000_000,
      signal: interrupted.signal,
      onProgress: (what) => what === 'ADD COLUMN' && setTimeout(() => interrupted.abort(), 100),
    });
    await expect(running).rejects.toThrow(/abort/i);
    expect(await leftSchemas()).toEqual([]);
    await cluster.primary.query('CREATE SCHEMA insp_check_0123456789ab');
    await check({ url: cluster.primary.url, pairCount: 1, rowCount: 10 });
    expect(await leftSchemas()).toEqual([]);
  });
});
