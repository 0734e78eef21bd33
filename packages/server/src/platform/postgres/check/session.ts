// Connections of a check: each one session, all of them known, so that an interrupted check can end them at once.
import pg from 'pg';

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 120_000;

export type Session = {
  rows<Row extends object = Record<string, unknown>>(text: string, params?: readonly unknown[]): Promise<Row[]>;
  /** The one row of a statement that has one. */
  row<Row extends object = Record<string, unknown>>(text: string, params?: readonly unknown[]): Promise<Row>;
  /** Resolves with the first notification, false after `timeoutMs`. */
  notified(timeoutMs: number): Promise<boolean>;
  end(): Promise<void>;
};

export type Sessions = {
  open(url: string): Promise<Session>;
  /** Opens one, works, and ends it. */
  use<T>(url: string, work: (session: Session) => Promise<T>): Promise<T>;
  /** Cuts all of them: statements under way fail. */
  cut(): void;
};

/** `name` tells the sessions of this check from all others. */
export function createSessions(name: string): Sessions {
  const clients = new Set<pg.Client>();

  async function open(url: string): Promise<Session> {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      application_name: name,
    });
    client.on('error', () => {});
    await client.connect();
    clients.add(client);
    const rows: Session['rows'] = async (text, params) => (await client.query(text, params as unknown[])).rows;
    return {
      rows,
      async row<Row extends object>(text: string, params?: readonly unknown[]) {
        const [first] = await rows<Row>(text, params);
        if (first === undefined) throw new Error(`no row: ${text}`);
        return first;
      },
      notified: (timeoutMs) =>
        new Promise((done) => {
          const timer = setTimeout(done, timeoutMs, false);
          client.once('notification', () => {
            clearTimeout(timer);
            done(true);
          });
        }),
      async end() {
        clients.delete(client);
        await client.end().catch(() => {});
      },
    };
  }

  return {
    open,
    async use(url, work) {
      const session = await open(url);
      try {
        return await work(session);
      } finally {
        await session.end();
      }
    },
    cut() {
      for (const client of clients) void client.end().catch(() => {});
      clients.clear();
    },
  };
}
