// `insp store check`: asks any Postgres or PolarDB address whether it keeps what Insp relies on. Works in a schema of its
// own and leaves nothing behind, also when interrupted; what a killed check left is cleared away by the next.
import { randomBytes } from 'node:crypto';
import type { ReadAddress } from '../read-address.ts';
import type { Findings, Probed } from './findings.ts';
import {
  type PrimaryProbe,
  probeColumn,
  probeIndex,
  probeIsolation,
  probePosition,
  probeRights,
  probeRouting,
  probeServer,
  probeTimeouts,
} from './probe-primary.ts';
import { createPairs, probeReader, probeToken } from './probe-readers.ts';
import { createSessions, type Session } from './session.ts';

export type StoreCheckOptions = {
  url: string;
  readers: readonly ReadAddress[];
  /** Size of the large table. */
  rowCount: number;
  /** Writes followed by a read, for each address. */
  pairCount: number;
  signal: AbortSignal;
  onProgress?(what: string): void;
};

const SCHEMA = 'insp_check_';

/** Throws when interrupted, or when the address cannot be worked on at all. */
export async function checkStore(options: StoreCheckOptions): Promise<Findings> {
  const { url, readers, signal, onProgress = () => {} } = options;
  const schema = `${SCHEMA}${randomBytes(6).toString('hex')}`;
  const sessions = createSessions(schema);
  signal.addEventListener('abort', sessions.cut, { once: true });

  /** A probe that Postgres refuses is a finding too. */
  async function probe<T extends object>(what: string, work: () => Promise<T>): Promise<Probed<T>> {
    signal.throwIfAborted();
    onProgress(what);
    try {
      return await work();
    } catch (cause) {
      signal.throwIfAborted();
      const { code = 'error', message } = cause as { code?: string; message: string };
      return { failed: { code, message } };
    }
  }

  const primary: PrimaryProbe = { sessions, url, schema };
  const server = await probe('server', () => probeServer(primary));
  const rights = await probe('rights', () => probeRights(primary));
  let keeper: Session | null = null;
  try {
    const made = await probe('schema', async () => {
      keeper = await sessions.open(url);
      await clearLeftovers(keeper);
      await keeper.rows('SELECT pg_advisory_lock(hashtext($1))', [schema]);
      await keeper.rows(`CREATE SCHEMA ${schema}`);
      await createPairs(primary);
      return {};
    });
    const onSchema = <T extends object>(what: string, work: () => Promise<T>): Promise<Probed<T>> =>
      'failed' in made ? Promise.resolve(made) : probe(what, work);
    return {
      ...{ server, rights },
      position: await probe('log position', () => probePosition(primary)),
      routing: await onSchema('routing', () => probeRouting(primary)),
      isolation: await onSchema('isolation', () => probeIsolation(primary)),
      timeouts: await onSchema('timeouts', () => probeTimeouts(primary)),
      column: await onSchema('ADD COLUMN', () => probeColumn(primary, options.rowCount)),
      index: await onSchema('online index', () => probeIndex(primary, options.rowCount)),
      readers: await readers.reduce<Promise<Findings['readers']>>(
        async (done, reader) => [...(await done), await onSchema(reader.name, () => probeReader(primary, reader, options.pairCount))],
        Promise.resolve([]),
      ),
      token: readers.length === 0 ? null : await onSchema('read your writes', () => probeToken(primary, readers, options.pairCount)),
    };
  } finally {
    signal.removeEventListener('abort', sessions.cut);
    sessions.cut();
    await cleanUp(url, schema);
  }
}

/** Over a connection of its own: those of the probes are cut, and what they asked for may still run on the server. */
async function cleanUp(url: string, schema: string): Promise<void> {
  await createSessions(`${schema} cleans up`)
    .use(url, async (session) => {
      await session.rows('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [schema]);
      await session.rows(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    })
    // It cannot be reached or may not be written to; then nothing was made, or the next check clears it away.
    .catch(() => {});
}

/** A check holds a lock on the name of its schema while it lives; a schema nobody holds was left by a killed one. */
async function clearLeftovers(session: Session): Promise<void> {
  const found = await session.rows<{ name: string }>(`SELECT nspname AS name FROM pg_namespace WHERE nspname ~ '^${SCHEMA}[0-9a-f]{12}$'`);
  for (const { name } of found) {
    const { is_left } = await session.row<{ is_left: boolean }>('SELECT pg_try_advisory_lock(hashtext($1)) AS is_left', [name]);
    if (!is_left) continue;
    await session.rows(`DROP SCHEMA IF EXISTS ${name} CASCADE`);
    await session.rows('SELECT pg_advisory_unlock(hashtext($1))', [name]);
  }
}
