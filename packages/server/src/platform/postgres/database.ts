// The one place that talks to Postgres. Modules see `Sql`; only `*.postgres.ts` edge files use it.
import { finished } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { AppError } from '../../kernel/app-error.ts';

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

export type Database = Sql & {
  /** Runs `work` in one transaction on the primary; a throw rolls it back. */
  transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T>;
  /** Runs `COPY ... FROM STDIN` (text format) on the primary with these lines: one statement, all or nothing. */
  copyIn(statement: string, lines: string): Promise<void>;
  /** For reads that may be a little old; today the primary, later a replica (events-and-store.md 8). */
  readonly read: Sql;
  /**
   * Connections of their own, whose plans go by indexes alone, for who reads on in a log: what is new is a sliver of a
   * table that has grown since the planner last counted it, and a guess of a third would have it read whole.
   */
  readonly log: Sql;
  readonly pool: SqlPool;
  close(): Promise<void>;
};

// 08: connection exceptions; 57P0x: the server shuts down, crashed or starts; 53300: too many connections.
const UNAVAILABLE_STATES = /^(08...|57P0[123]|53300)$/;
const UNAVAILABLE_ERRNOS = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT']);
const UNAVAILABLE_MESSAGES = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Tells a database that is away for the moment from a statement that is wrong. */
export function isUnavailable(cause: unknown): boolean {
  const { code = '', message = '' } = (cause ?? {}) as { code?: string; message?: string };
  return UNAVAILABLE_STATES.test(code) || UNAVAILABLE_ERRNOS.has(code) || UNAVAILABLE_MESSAGES.test(message);
}

function translate(cause: unknown): unknown {
  return isUnavailable(cause) ? new AppError('INSP_STORE_UNAVAILABLE', { cause }) : cause;
}

/** The parts of the figures follow the log side by side. */
const LOG_CONNECTIONS = 2;
const INDEX_PLANS = ['seqscan', 'bitmapscan', 'sort', 'hashjoin', 'mergejoin'].map((way) => `-c enable_${way}=off`).join(' ');

export function openDatabase(options: { url: string; maxConnections?: number; onError?: (cause: unknown) => void }): Database {
  const settings = {
    connectionString: options.url,
    connectionTimeoutMillis: 10_000,
    idle_in_transaction_session_timeout: 30_000,
    application_name: 'insp',
  };
  const pool = new pg.Pool({ ...settings, max: options.maxConnections ?? 10 });
  // An idle connection that breaks must not end the process; the next query gets a fresh one or a clear error.
  pool.on('error', (cause) => options.onError?.(cause));

  const sqlOf = (runner: pg.Pool | pg.PoolClient): Sql => ({
    async query(text, params) {
      try {
        return (await runner.query(text, params as unknown[])).rows;
      } catch (cause) {
        throw translate(cause);
      }
    },
  });
  const direct = sqlOf(pool);
  let logPool: pg.Pool | null = null;
  const openLogPool = () => {
    logPool = new pg.Pool({ ...settings, max: LOG_CONNECTIONS, options: INDEX_PLANS });
    logPool.on('error', (cause) => options.onError?.(cause));
    return logPool;
  };

  return {
    ...direct,
    read: direct,
    log: { query: (text, params) => sqlOf(logPool ?? openLogPool()).query(text, params) },
    pool,
    async copyIn(statement, lines) {
      const client = await pool.connect().catch((cause: unknown) => {
        throw translate(cause);
      });
      let broken: Error | undefined;
      const onError = (cause: Error) => {
        broken = cause;
      };
      client.on('error', onError);
      try {
        const stream = client.query(copyFrom(statement));
        stream.end(lines);
        await finished(stream);
      } catch (cause) {
        if (isUnavailable(cause)) broken = cause as Error;
        throw translate(cause);
      } finally {
        client.off('error', onError);
        client.release(broken);
      }
    },
    async transaction(work) {
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
        await client.query('BEGIN');
        const result = await work(sqlOf(client));
        await client.query('COMMIT');
        return result;
      } catch (cause) {
        await client.query('ROLLBACK').catch((second: Error) => {
          broken = second;
        });
        throw translate(cause);
      } finally {
        client.off('error', onError);
        client.release(broken);
      }
    },
    async close() {
      await Promise.all([pool.end(), logPool?.end()]);
    },
  };
}
