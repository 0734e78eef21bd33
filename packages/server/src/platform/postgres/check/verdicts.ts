// What the findings mean for Insp: pure, one row for each promise it relies on.
import { type Failed, type Findings, isFailed, type Probed } from './findings.ts';

/** `fails`: Insp cannot run well on it. `warns`: it can, with less. `cannot_tell`: the probe did not show it. */
export type Verdict = {
  readonly what: string;
  readonly verdict: 'holds' | 'fails' | 'warns' | 'cannot_tell';
  readonly figure: string;
  /** What to do, for what does not hold. */
  readonly advice: string;
};

const OLDEST_VERSION = 150_000;
const LONG_WRITE_MS = 1_000;
const ms = (value: number) => (value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`);

const row = (what: string, isGood: boolean, figure: string, advice: string, otherwise: 'fails' | 'warns' = 'fails'): Verdict => ({
  ...{ what, figure },
  verdict: isGood ? 'holds' : otherwise,
  advice: isGood ? '' : advice,
});
const failed = (what: string, { failed }: Failed, advice: string): Verdict => ({
  ...{ what, advice },
  verdict: 'fails',
  figure: `${failed.code}: ${failed.message}`,
});

function judge<T extends object>(what: string, probed: Probed<T>, advice: string, judgeIt: (found: T) => Verdict[]): Verdict[] {
  return isFailed(probed) ? [failed(what, probed, advice)] : judgeIt(probed);
}

const PRIMARY_ADVICE = 'Give the address of the primary itself here; a cluster endpoint belongs into --read-url (INSP_READ_URLS).';

/** All rows, in the order of the table. */
export function judgeFindings(findings: Findings): Verdict[] {
  return [
    ...judge('server', findings.server, 'Check the address.', ({ version, versionNumber, kind, isStandby }) => [
      row('server version', versionNumber >= OLDEST_VERSION, `${kind} ${version}`, 'Insp needs 15 or later.'),
      row('takes writes', !isStandby, isStandby ? 'in recovery' : 'primary', PRIMARY_ADVICE),
    ]),
    ...judge('rights', findings.rights, 'Let the role read the catalogue.', (rights) => [
      row(
        'may make its tables',
        rights.mayCreateSchema && rights.mayCreateInPublic,
        `schemas ${rights.mayCreateSchema ? 'yes' : 'no'}, in public ${rights.mayCreateInPublic ? 'yes' : 'no'}`,
        'GRANT CREATE ON DATABASE and ON SCHEMA public.',
      ),
      row(
        'may see replication',
        rights.mayMonitor,
        rights.mayMonitor ? 'pg_monitor' : 'no pg_monitor',
        'GRANT pg_monitor: without it a replica is used again later after a promotion.',
        'warns',
      ),
      row('connections', rights.connectionLimit >= 30, `${rights.connectionLimit}`, 'Insp opens 20 for each process.', 'warns'),
    ]),
    ...judge('log position', findings.position, PRIMARY_ADVICE, (position) => [
      row(
        'log position and timeline',
        position.answeredCount === position.askedCount && position.wentBackCount === 0,
        `${position.answeredCount} of ${position.askedCount}, timeline ${position.timeline}${position.firstRefusal === null ? '' : `, ${position.firstRefusal}`}`,
        PRIMARY_ADVICE,
      ),
    ]),
    ...judge('routing', findings.routing, PRIMARY_ADVICE, (routing) => [
      row('one server behind the address', routing.serverCount === 1, `${routing.serverCount} seen`, PRIMARY_ADVICE),
      row('advisory locks', routing.isLockSeen, routing.isLockSeen ? 'seen by others' : 'not seen by others', PRIMARY_ADVICE),
      row('LISTEN and NOTIFY', routing.isNotified, routing.isNotified ? 'arrived' : 'nothing arrived', PRIMARY_ADVICE),
      row('temporary tables', routing.isTempTableKept, routing.isTempTableKept ? 'stay in the session' : 'lost', PRIMARY_ADVICE),
      row('functions that write', routing.isWritingFunctionRun, routing.isWritingFunctionRun ? 'run' : 'refused', PRIMARY_ADVICE),
      row(
        'reads in a transaction',
        routing.isOwnWriteSeenInTransaction && !routing.isTransactionOnStandby,
        routing.isTransactionOnStandby
          ? 'went to a standby'
          : routing.isOwnWriteSeenInTransaction
            ? 'see their own writes'
            : 'miss their own writes',
        PRIMARY_ADVICE,
      ),
    ]),
    ...judge('isolation', findings.isolation, 'Check the rights and the address.', (isolation) => [
      row(
        'default isolation',
        isolation.defaultLevel === 'read committed',
        isolation.defaultLevel,
        "ALTER ROLE ... SET default_transaction_isolation = 'read committed'.",
      ),
      row(
        'row locks',
        isolation.isRowLockWaitedFor,
        isolation.isRowLockWaitedFor ? 'waited for' : 'not waited for',
        'No double sale can be kept out on this store.',
      ),
      row(
        'repeatable read',
        isolation.isSnapshotStable,
        isolation.isSnapshotStable ? 'one snapshot' : 'moves',
        'Reports read in one snapshot.',
        'warns',
      ),
      row(
        'serializable',
        isolation.isWriteSkewRefused,
        isolation.isWriteSkewRefused ? 'write skew refused' : 'write skew let through',
        'Insp does not rely on it.',
        'warns',
      ),
    ]),
    ...judge('timeouts', findings.timeouts, 'Connect without a pooler that takes the settings away.', (timeouts) => [
      row(
        'idle_in_transaction_session_timeout',
        timeouts.isIdleTransactionEnded,
        timeouts.isIdleTransactionEnded ? 'ends it' : 'does not end it',
        'A forgotten transaction would freeze the figures.',
      ),
      row(
        'lock_timeout',
        timeouts.isLockTimeoutKept,
        timeouts.isLockTimeoutKept ? 'kept' : 'not kept',
        'A migration would stand in front of everybody.',
      ),
    ]),
    ...judge('ADD COLUMN', findings.column, 'Check the rights.', ({ rowCount, elapsedMs, isRewritten }) => [
      row(
        'instant ADD COLUMN with default',
        !isRewritten,
        `${ms(elapsedMs)} on ${rowCount} rows${isRewritten ? ', rewritten' : ''}`,
        'Migrations would stop the shop.',
      ),
    ]),
    ...judge('online index', findings.index, 'Check the rights.', (index) => [
      row(
        'CREATE INDEX CONCURRENTLY beside writers',
        index.isValid && index.longestWriteMs < LONG_WRITE_MS,
        `${ms(index.elapsedMs)} on ${index.rowCount} rows, ${index.writeCount} writes meanwhile, longest ${ms(index.longestWriteMs)}`,
        'An index must not stop the shop.',
      ),
    ]),
    ...findings.readers.flatMap((reader, index) =>
      judge(`reader ${index + 1}`, reader, 'Check the address; it is out of rotation until it answers.', (found) => {
        const stale = `${found.staleCount} of ${found.pairCount} stale`;
        const lag = found.lagMs === null ? '' : `, lag p50 ${ms(found.lagMs.p50)}, p99 ${ms(found.lagMs.p99)}, max ${ms(found.lagMs.max)}`;
        const rows = [
          row(
            `${found.name}: lag`,
            (found.lagMs?.max ?? 0) <= 2_000,
            `${found.kind}${lag}`,
            'More than 2 s behind it is not read from.',
            'warns',
          ),
        ];
        if (found.kind === 'global_endpoint')
          rows.push(row(`${found.name}: global consistency`, found.staleCount === 0, stale, 'Mark it insp_kind=endpoint instead.'));
        else rows.push({ what: `${found.name}: reads without token`, verdict: 'cannot_tell', figure: stale, advice: '' });
        if (found.staleInSessionCount !== null)
          rows.push(
            row(
              `${found.name}: session consistency`,
              found.staleInSessionCount === 0,
              `${found.staleInSessionCount} of ${found.pairCount} stale`,
              'Insp does not rely on it: sessions are pooled.',
              'warns',
            ),
          );
        return rows;
      }),
    ),
    ...(findings.token === null
      ? []
      : judge('read your writes', findings.token, 'Report this.', ({ pairCount, staleCount, onReadersCount, waitedCount, p99Ms }) => [
          row(
            'read your writes with token',
            staleCount === 0,
            `${staleCount} of ${pairCount} stale, p99 ${ms(p99Ms)}, ${waitedCount} waited`,
            'Report this.',
          ),
          row(
            'reads land on readers',
            onReadersCount > 0,
            `${((100 * onReadersCount) / Math.max(1, pairCount)).toFixed(1)} %`,
            'The primary serves all reads: is the reader too far behind, or an endpoint without global consistency?',
            'warns',
          ),
        ])),
  ];
}

/** Whether Insp can run on it. */
export const isUsable = (verdicts: readonly Verdict[]) => verdicts.every(({ verdict }) => verdict !== 'fails');

const MARKS: Record<Verdict['verdict'], string> = { holds: 'ok', fails: 'FAILS', warns: 'warns', cannot_tell: '-' };

/** The table as people read it. */
export function formatVerdicts(verdicts: readonly Verdict[]): string {
  const width = Math.max(...verdicts.map(({ what }) => what.length));
  return verdicts
    .map(({ what, verdict, figure, advice }) => {
      const line = `${MARKS[verdict].padEnd(5)}  ${what.padEnd(width)}  ${figure}`;
      return advice === '' ? line : `${line}\n${' '.repeat(width + 9)}${advice}`;
    })
    .join('\n');
}
