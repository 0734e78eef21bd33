// Probes of the address that takes the writes. Each asks one thing in the way Insp relies on it. Everything is made in
// `schema`, which the caller drops.
import { PRIMARY_POSITION_SQL, readPosition } from '../wal-position.ts';
import type {
  ColumnFinding,
  IndexFinding,
  IsolationFinding,
  PositionFinding,
  RightsFinding,
  RoutingFinding,
  ServerFinding,
  TimeoutFinding,
} from './findings.ts';
import type { Session, Sessions } from './session.ts';

export type PrimaryProbe = { sessions: Sessions; url: string; schema: string };

const ASKED_COUNT = 50;
const NOTIFY_PATIENCE_MS = 3_000;
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
const codeOf = (cause: unknown) => (cause as { code?: string }).code;
const refuses = (work: Promise<unknown>, code: string) =>
  work.then(
    () => false,
    (cause: unknown) => {
      if (codeOf(cause) === code) return true;
      throw cause;
    },
  );

export async function probeServer({ sessions, url }: Omit<PrimaryProbe, 'schema'>): Promise<ServerFinding> {
  return sessions.use(url, async (session) => {
    const found = await session.row<{ version: string; number: number; is_standby: boolean; polar: number; aurora: number }>(`
      SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
        pg_is_in_recovery() AS is_standby,
        (SELECT count(*)::int FROM pg_proc WHERE proname LIKE 'polar\\_%') + (version() ILIKE '%polardb%')::int AS polar,
        (SELECT count(*)::int FROM pg_proc WHERE proname = 'aurora_version') AS aurora`);
    const kind = found.polar > 0 ? 'PolarDB' : found.aurora > 0 ? 'Aurora' : 'PostgreSQL';
    return { version: found.version, versionNumber: found.number, kind, isStandby: found.is_standby };
  });
}

export async function probeRights({ sessions, url }: Omit<PrimaryProbe, 'schema'>): Promise<RightsFinding> {
  return sessions.use(url, async (session) =>
    session.row<RightsFinding>(`
      SELECT has_database_privilege(current_database(), 'CREATE') AS "mayCreateSchema",
        has_schema_privilege('public', 'CREATE') AS "mayCreateInPublic",
        pg_has_role(current_user, 'pg_monitor', 'USAGE') AS "mayMonitor",
        LEAST(current_setting('max_connections')::int, NULLIF((SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user), -1)) AS "connectionLimit"`),
  );
}

/** Each time over a connection of its own: an endpoint chooses a server for each. */
export async function probePosition({ sessions, url }: PrimaryProbe): Promise<PositionFinding> {
  const found: PositionFinding = { askedCount: ASKED_COUNT, answeredCount: 0, wentBackCount: 0, timeline: '?', firstRefusal: null };
  let last = -1n;
  for (let asked = 0; asked < ASKED_COUNT; asked += 1) {
    await sessions.use(url, async (session) => {
      try {
        const row = await session.row<{ lsn: string; timeline: string }>(PRIMARY_POSITION_SQL);
        const { lsn } = readPosition(row);
        found.answeredCount += 1;
        found.timeline = String(Number.parseInt(row.timeline, 16));
        if (lsn < last) found.wentBackCount += 1;
        last = lsn;
      } catch (cause) {
        found.firstRefusal ??= `${codeOf(cause)}: ${(cause as Error).message}`;
      }
    });
  }
  return found;
}

export async function probeRouting({ sessions, url, schema }: PrimaryProbe): Promise<RoutingFinding> {
  const [one, other] = [await sessions.open(url), await sessions.open(url)];
  try {
    const servers = new Set<string>();
    const key = Math.floor(Math.random() * 2 ** 31);
    await one.rows('SELECT pg_advisory_lock($1)', [key]);
    let isLockSeen = true;
    await one.rows(`CREATE TEMP TABLE insp_check_temporary AS SELECT 7 AS n`);
    let isTempTableKept = true;
    for (let asked = 0; asked < ASKED_COUNT; asked += 1) {
      const { server } = await one.row<{ server: string }>(
        `SELECT concat(inet_server_addr(), ':', inet_server_port(), ' ', pg_postmaster_start_time(), ' ', pg_is_in_recovery()) AS server`,
      );
      servers.add(server);
      const { got } = await other.row<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [key]);
      if (got) isLockSeen = false;
      isTempTableKept &&= await one.rows('SELECT n FROM insp_check_temporary').then(
        (rows) => rows.length === 1,
        () => false,
      );
    }
    await one.rows('LISTEN insp_check');
    const notified = one.notified(NOTIFY_PATIENCE_MS);
    await other.rows('NOTIFY insp_check');
    await one.rows(`CREATE TABLE ${schema}.written (n int)`);
    await one.rows(
      `CREATE FUNCTION ${schema}.write_one() RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO ${schema}.written VALUES (1); RETURN 1; END $$`,
    );
    const isWritingFunctionRun = await other.rows(`SELECT ${schema}.write_one()`).then(
      () => true,
      () => false,
    );
    await one.rows('BEGIN');
    await one.rows(`INSERT INTO ${schema}.written VALUES (2)`);
    const inside = await one.row<{ seen: boolean; is_standby: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM ${schema}.written WHERE n = 2) AS seen, pg_is_in_recovery() AS is_standby`,
    );
    await one.rows('COMMIT');
    return {
      serverCount: servers.size,
      isLockSeen,
      isNotified: await notified,
      isTempTableKept,
      isWritingFunctionRun,
      isOwnWriteSeenInTransaction: inside.seen,
      isTransactionOnStandby: inside.is_standby,
    };
  } finally {
    await Promise.all([one.end(), other.end()]);
  }
}

export async function probeIsolation({ sessions, url, schema }: PrimaryProbe): Promise<IsolationFinding> {
  const [one, other] = [await sessions.open(url), await sessions.open(url)];
  try {
    await one.rows(`CREATE TABLE ${schema}.duty (id int PRIMARY KEY, n int NOT NULL)`);
    await one.rows(`INSERT INTO ${schema}.duty VALUES (1, 1), (2, 1)`);
    const { level } = await one.row<{ level: string }>(`SELECT current_setting('default_transaction_isolation') AS level`);
    return {
      defaultLevel: level,
      isRowLockWaitedFor: await isRowLockWaitedFor(one, other, schema),
      isSnapshotStable: await isSnapshotStable(one, other, schema),
      isWriteSkewRefused: await isWriteSkewRefused(one, other, schema),
    };
  } finally {
    await Promise.all([one.end(), other.end()]);
  }
}

async function isRowLockWaitedFor(one: Session, other: Session, schema: string): Promise<boolean> {
  await one.rows('BEGIN');
  await one.rows(`SELECT n FROM ${schema}.duty WHERE id = 1 FOR UPDATE`);
  await other.rows('BEGIN');
  const isRefused = await refuses(other.rows(`SELECT n FROM ${schema}.duty WHERE id = 1 FOR UPDATE NOWAIT`), '55P03');
  await Promise.all([one.rows('ROLLBACK'), other.rows('ROLLBACK')]);
  return isRefused;
}

async function isSnapshotStable(one: Session, other: Session, schema: string): Promise<boolean> {
  const sum = async () => (await one.row<{ sum: number }>(`SELECT sum(n)::int AS sum FROM ${schema}.duty`)).sum;
  await one.rows('BEGIN ISOLATION LEVEL REPEATABLE READ');
  const before = await sum();
  await other.rows(`UPDATE ${schema}.duty SET n = n + 10`);
  const after = await sum();
  await one.rows('COMMIT');
  await other.rows(`UPDATE ${schema}.duty SET n = 1`);
  return before === after;
}

/** Two read both rows and each clears the other's: one of them must be refused (40001). */
async function isWriteSkewRefused(one: Session, other: Session, schema: string): Promise<boolean> {
  for (const session of [one, other]) {
    await session.rows('BEGIN ISOLATION LEVEL SERIALIZABLE');
    await session.rows(`SELECT sum(n) FROM ${schema}.duty`);
  }
  const attempt = async (session: Session, id: number) => {
    await session.rows(`UPDATE ${schema}.duty SET n = 0 WHERE id = ${id}`);
    await session.rows('COMMIT');
  };
  const isFirstRefused = await refuses(attempt(one, 1), '40001');
  const isSecondRefused = await refuses(attempt(other, 2), '40001');
  await Promise.all([one.rows('ROLLBACK'), other.rows('ROLLBACK')]);
  return isFirstRefused || isSecondRefused;
}

export async function probeTimeouts({ sessions, url, schema }: PrimaryProbe): Promise<TimeoutFinding> {
  const isIdleTransactionEnded = await sessions.use(url, async (session) => {
    await session.rows(`SET idle_in_transaction_session_timeout = '200ms'`);
    await session.rows('BEGIN');
    await sleep(600);
    return session.rows('SELECT 1').then(
      () => false,
      () => true,
    );
  });
  await sessions.use(url, (session) => session.rows(`CREATE TABLE ${schema}.locked (n int)`));
  const isLockTimeoutKept = await sessions.use(url, async (holder) => {
    await holder.rows('BEGIN');
    await holder.rows(`SELECT * FROM ${schema}.locked`);
    return sessions.use(url, async (session) => {
      await session.rows(`SET lock_timeout = '200ms'`);
      return refuses(session.rows(`ALTER TABLE ${schema}.locked ADD COLUMN added int`), '55P03');
    });
  });
  return { isIdleTransactionEnded, isLockTimeoutKept };
}

/** The file node tells for certain whether the table was rewritten; the time says what that means. */
export async function probeColumn({ sessions, url, schema }: PrimaryProbe, rowCount: number): Promise<ColumnFinding> {
  return sessions.use(url, async (session) => {
    await session.rows(`CREATE TABLE ${schema}.large AS SELECT g AS id, repeat('x', 60) AS text FROM generate_series(1, ${rowCount}) g`);
    const node = async () => (await session.row<{ node: string }>(`SELECT pg_relation_filenode('${schema}.large')::text AS node`)).node;
    const before = await node();
    const beganMs = performance.now();
    await session.rows(`ALTER TABLE ${schema}.large ADD COLUMN added int NOT NULL DEFAULT 7`);
    return { rowCount, elapsedMs: performance.now() - beganMs, isRewritten: (await node()) !== before };
  });
}

/** Needs the table of `probeColumn`. */
export async function probeIndex({ sessions, url, schema }: PrimaryProbe, rowCount: number): Promise<IndexFinding> {
  return sessions.use(url, (builder) =>
    sessions.use(url, async (writer) => {
      let isBuilt = false;
      let writeCount = 0;
      let longestWriteMs = 0;
      const writing = (async () => {
        while (!isBuilt) {
          const beganMs = performance.now();
          await writer.rows(`UPDATE ${schema}.large SET added = added + 1 WHERE ctid = '(0,1)'`);
          await writer.rows(`INSERT INTO ${schema}.large (id, text) VALUES ($1, 'new')`, [rowCount + writeCount]);
          longestWriteMs = Math.max(longestWriteMs, performance.now() - beganMs);
          writeCount += 1;
        }
      })();
      const beganMs = performance.now();
      try {
        await builder.rows(`CREATE INDEX CONCURRENTLY large_id ON ${schema}.large (id)`);
      } finally {
        isBuilt = true;
        await writing;
      }
      const elapsedMs = performance.now() - beganMs;
      const { is_valid } = await builder.row<{ is_valid: boolean }>(
        `SELECT indisvalid AS is_valid FROM pg_index WHERE indexrelid = '${schema}.large_id'::regclass`,
      );
      return { rowCount, elapsedMs, isValid: is_valid, writeCount, longestWriteMs };
    }),
  );
}
