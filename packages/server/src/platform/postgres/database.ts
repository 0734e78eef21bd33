// The one place that talks to Postgres. Modules see `Sql`; only `*.postgres.ts` edge files use it.
import { finished } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { AppError } from '../../kernel/app-error.ts';
import { type Consistency, singleStoreConsistency } from '../../kernel/consistency.ts';
import { type Logger, silentLogger } from '../../kernel/logger.ts';
import { type ConsistencyScopes, createConsistencyScopes } from './consistency-scope.ts';
import { isUnavailable } from './is-unavailable.ts';
import { mayWrite } from './may-write.ts';
import { createPrimaryGate } from './primary-gate.ts';
import type { ReadAddress } from './read-address.ts';
import { createReadRouting, type ReadRouting } from './read-routing.ts';
import { PRIMARY_POSITION_SQL, readPosition, UNKNOWN_POSITION, type WalPosition } from './wal-position.ts';

export { isUnavailable } from './is-unavailable.ts';

/** bigint columns come back as numbers: all of ours (ms, minor units, counts) stay below 2^53. */
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is beyond 2^53`);
  return value;
});

export type Sql = {
  /** Runs one statement with `$1`-style parameters and returns its rows. */
  query<Row extends object = Record<string, unknown>>(text: string, params?: readonly unknown[]): Promise<Row[]>;
};

/** The connection pool itself, for a library that brings its own SQL (better-auth). Everybody else takes `Sql`. */
export type SqlPool = pg.Pool;

/**
 * Which read is which (platform/postgres/SPEC.md):
 * - in `transaction`: on the primary, locked as asked. The only place to decide a write: stock, coupon, order, seat.
 * - `query`: on the primary, newest committed. Who may come in or do something; the log and its cursors; what is kept in memory.
 * - `read`: maybe on a replica. Inside a scope (a request, a socket) never less than the person did before; outside one
 *   it may be up to two seconds old. For lists, pages and figures that are shown.
 */
export type Database = Sql & {
  /** Runs `work` in one transaction on the primary; a throw rolls it back. */
  transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T>;
  /** Runs `COPY ... FROM STDIN` (text format) on the primary with these lines: one statement, all or nothing. */
  copyIn(statement: string, lines: string): Promise<void>;
  readonly read: Sql;
  readonly consistency: Consistency;
  /** Where reads go; null on a store that is not shared. */
  readonly routing: ReadRouting | null;
  /**
   * Connections of their own to the primary, whose plans go by indexes alone, for who reads on in a log: what is new is
   * a sliver of a table that has grown since the planner last counted it, and a guess of a third would have it read whole.
   */
  readonly log: Sql;
  readonly pool: SqlPool;
  close(): Promise<void>;
};

/** Several processes on one database, or replicas beside it: then positions are taken and carried. */
export type SharedStore = {
  key: Uint8Array;
  /** Null: all reads go to the primary. An empty list may be filled while running. */
  readers: readonly ReadAddress[] | null;
};

export type DatabaseOptions = {
  url: string;
  maxConnections?: number;
  onError?: (cause: unknown) => void;
  logger?: Logger;
  shared?: SharedStore;
};

const DEFAULT_MAX_CONNECTIONS = 10;
/** Reads no reader can serve take half of the primary's connections at most; the others stay for writes. */
const READ_SHARE = 0.5;
const READS_WAITING = 500;
const READ_PATIENCE_MS = 2_000;

/** A write reached a standby: the address of the primary moved on, and this connection stayed behind. */
const READ_ONLY_STATE = '25006';

function translate(cause: unknown): unknown {
  return isUnavailable(cause) ? new AppError('INSP_STORE_UNAVAILABLE', { cause }) : cause;
}

/** The parts of the figures follow the log side by side. */
const LOG_CONNECTIONS = 2;
const INDEX_PLANS = ['seqscan', 'bitmapscan', 'sort', 'hashjoin', 'mergejoin'].map((way) => `-c enable_${way}=off`).join(' ');

function translateOnPrimary(cause: unknown): unknown {
  const isLeftBehind = (cause as { code?: string }).code === READ_ONLY_STATE;
  return isLeftBehind ? new AppError('INSP_STORE_UNAVAILABLE', { cause }) : translate(cause);
}

export function openDatabase(options: DatabaseOptions): Database {
  const { shared, logger = silentLogger, maxConnections = DEFAULT_MAX_CONNECTIONS } = options;
  const settings = {
    connectionString: options.url,
    connectionTimeoutMillis: 10_000,
    idle_in_transaction_session_timeout: 30_000,
    application_name: 'insp',
  };
  const pool = new pg.Pool({ ...settings, max: maxConnections });
  // An idle connection that breaks must not end the process; the next query gets a fresh one or a clear error.
  pool.on('error', (cause) => options.onError?.(cause));
  // One cut while a library has it (better-auth) must not either: an event nobody hears is thrown. Its query tells.
  pool.on('connect', (client) => client.on('error', () => {}));

  const sqlOf = (runner: pg.Pool | pg.PoolClient): Sql => ({
    async query(text, params) {
      try {
        return (await runner.query(text, params as unknown[])).rows;
      } catch (cause) {
        throw translateOnPrimary(cause);
      }
    },
  });

  const positionOn = async (runner: pg.Pool | pg.PoolClient): Promise<WalPosition> =>
    readPosition((await runner.query<{ lsn: string; timeline: string }>(PRIMARY_POSITION_SQL)).rows[0] ?? { lsn: '', timeline: '' });
  const scopes: ConsistencyScopes | null =
    shared === undefined
      ? null
      : createConsistencyScopes({ key: shared.key, nowMs: Date.now, readPrimaryPosition: () => positionOn(pool) });
  /** After COMMIT, on the same connection: before it the position proves nothing, elsewhere it may be another server's. */
  async function noteCommit(client: pg.PoolClient): Promise<void> {
    if (scopes?.isOpen()) scopes.noteCommit(await positionOn(client).catch(() => UNKNOWN_POSITION));
  }

  /** Lends a connection of the primary. One that broke, or turns out to lead to a standby, is not used again. */
  async function withClient<T>(work: (client: pg.PoolClient, giveUp: (cause: Error) => void) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch((cause: unknown) => {
      throw translate(cause);
    });
    let broken: Error | undefined;
    // A connection cut while checked out emits 'error' on the client; without a listener it ends the process.
    const onError = (cause: Error) => {
      broken = cause;
    };
    client.on('error', onError);
    try {
      return await work(client, onError);
    } catch (cause) {
      const told = translateOnPrimary(cause);
      if (told instanceof AppError && told.code === 'INSP_STORE_UNAVAILABLE') onError(told);
      throw told;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  const direct = sqlOf(pool);
  let logPool: pg.Pool | null = null;
  const openLogPool = () => {
    logPool = new pg.Pool({ ...settings, max: LOG_CONNECTIONS, options: INDEX_PLANS });
    logPool.on('error', (cause) => options.onError?.(cause));
    return logPool;
  };

  function openRouting(readers: readonly ReadAddress[]): ReadRouting {
    const opened = createReadRouting({
      primaryUrl: options.url,
      readPrimary: (text, params) => pool.query(text, params as unknown[]),
      gate: createPrimaryGate({ atOnce: Math.ceil(maxConnections * READ_SHARE), waiting: READS_WAITING, patienceMs: READ_PATIENCE_MS }),
      maxConnections,
      logger,
    });
    opened.setReaders(readers);
    return opened;
  }
  const routing = shared?.readers ? openRouting(shared.readers) : null;

  return {
    async query<Row extends object>(text: string, params?: readonly unknown[]) {
      if (!scopes?.isOpen() || !mayWrite(text)) return direct.query<Row>(text, params);
      return withClient(async (client) => {
        const { rows } = await client.query<Row>(text, params as unknown[]);
        await noteCommit(client);
        return rows;
      });
    },
    read:
      routing === null
        ? direct
        : {
            async query<Row extends object>(text: string, params?: readonly unknown[]) {
              try {
                return (await routing.read(text, params, scopes?.demand() ?? null)).rows as Row[];
              } catch (cause) {
                throw translate(cause);
              }
            },
          },
    log: { query: (text, params) => sqlOf(logPool ?? openLogPool()).query(text, params) },
    copyIn: (statement, lines) =>
      withClient(async (client) => {
        const stream = client.query(copyFrom(statement));
        stream.end(lines);
        await finished(stream);
      }),
    consistency: scopes ?? singleStoreConsistency,
    routing,
    pool,
    transaction: (work) =>
      withClient(async (client, giveUp) => {
        try {
          await client.query('BEGIN');
          const result = await work(sqlOf(client));
          await client.query('COMMIT');
          await noteCommit(client);
          return result;
        } catch (cause) {
          await client.query('ROLLBACK').catch(giveUp);
          throw cause;
        }
      }),
    async close() {
      await routing?.close();
      await Promise.all([pool.end(), logPool?.end()]);
    },
  };
}
