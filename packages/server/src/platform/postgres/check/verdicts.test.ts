import { expect, test } from 'vitest';
import type { Findings } from './findings.ts';
import { formatVerdicts, isUsable, judgeFindings } from './verdicts.ts';

const GOOD: Findings = {
  server: { version: '18.1', versionNumber: 180_001, kind: 'PostgreSQL', isStandby: false },
  rights: { mayCreateSchema: true, mayCreateInPublic: true, mayMonitor: true, connectionLimit: 100 },
  position: { askedCount: 50, answeredCount: 50, wentBackCount: 0, timeline: '1', firstRefusal: null },
  routing: {
    serverCount: 1,
    isLockSeen: true,
    isNotified: true,
    isTempTableKept: true,
    isWritingFunctionRun: true,
    isOwnWriteSeenInTransaction: true,
    isTransactionOnStandby: false,
  },
  isolation: { defaultLevel: 'read committed', isSnapshotStable: true, isWriteSkewRefused: true, isRowLockWaitedFor: true },
  timeouts: { isIdleTransactionEnded: true, isLockTimeoutKept: true },
  column: { rowCount: 1_000, elapsedMs: 2.34, isRewritten: false },
  index: { rowCount: 1_000, elapsedMs: 120, isValid: true, writeCount: 40, longestWriteMs: 12 },
  readers: [],
  token: null,
};
const READER = { name: 'r:5432/insp', kind: 'replica', isStandby: true, pairCount: 10, staleCount: 7, staleInSessionCount: null } as const;
const rowOf = (findings: Findings, what: string) => judgeFindings(findings).find((row) => row.what.includes(what));

test('a good primary holds in every row, and says so in a table', () => {
  const verdicts = judgeFindings(GOOD);
  expect(verdicts.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
  expect(isUsable(verdicts)).toBe(true);
  expect(formatVerdicts(verdicts)).toContain('2.3 ms on 1000 rows');
});

test('each trap alone is told, with advice, and decides whether it is usable', () => {
  const broken: [string, Findings, 'fails' | 'warns'][] = [
    ['server version', { ...GOOD, server: { ...GOOD.server, versionNumber: 149_999 } as never }, 'fails'],
    ['takes writes', { ...GOOD, server: { ...GOOD.server, isStandby: true } as never }, 'fails'],
    ['make its tables', { ...GOOD, rights: { ...GOOD.rights, mayCreateInPublic: false } as never }, 'fails'],
    ['see replication', { ...GOOD, rights: { ...GOOD.rights, mayMonitor: false } as never }, 'warns'],
    ['connections', { ...GOOD, rights: { ...GOOD.rights, connectionLimit: 29 } as never }, 'warns'],
    ['log position', { ...GOOD, position: { ...GOOD.position, answeredCount: 49 } as never }, 'fails'],
    ['log position', { ...GOOD, position: { ...GOOD.position, wentBackCount: 1 } as never }, 'fails'],
    ['one server', { ...GOOD, routing: { ...GOOD.routing, serverCount: 2 } as never }, 'fails'],
    ['advisory', { ...GOOD, routing: { ...GOOD.routing, isLockSeen: false } as never }, 'fails'],
    ['LISTEN', { ...GOOD, routing: { ...GOOD.routing, isNotified: false } as never }, 'fails'],
    ['temporary', { ...GOOD, routing: { ...GOOD.routing, isTempTableKept: false } as never }, 'fails'],
    ['functions', { ...GOOD, routing: { ...GOOD.routing, isWritingFunctionRun: false } as never }, 'fails'],
    ['in a transaction', { ...GOOD, routing: { ...GOOD.routing, isTransactionOnStandby: true } as never }, 'fails'],
    ['in a transaction', { ...GOOD, routing: { ...GOOD.routing, isOwnWriteSeenInTransaction: false } as never }, 'fails'],
    ['default isolation', { ...GOOD, isolation: { ...GOOD.isolation, defaultLevel: 'serializable' } as never }, 'fails'],
    ['row locks', { ...GOOD, isolation: { ...GOOD.isolation, isRowLockWaitedFor: false } as never }, 'fails'],
    ['repeatable', { ...GOOD, isolation: { ...GOOD.isolation, isSnapshotStable: false } as never }, 'warns'],
    ['serializable', { ...GOOD, isolation: { ...GOOD.isolation, isWriteSkewRefused: false } as never }, 'warns'],
    ['idle_in', { ...GOOD, timeouts: { ...GOOD.timeouts, isIdleTransactionEnded: false } as never }, 'fails'],
    ['lock_timeout', { ...GOOD, timeouts: { ...GOOD.timeouts, isLockTimeoutKept: false } as never }, 'fails'],
    ['ADD COLUMN', { ...GOOD, column: { ...GOOD.column, isRewritten: true } as never }, 'fails'],
    ['INDEX', { ...GOOD, index: { ...GOOD.index, isValid: false } as never }, 'fails'],
    ['INDEX', { ...GOOD, index: { ...GOOD.index, longestWriteMs: 1_000 } as never }, 'fails'],
    ['log position', { ...GOOD, position: { failed: { code: '55000', message: 'recovery is in progress' } } }, 'fails'],
    ['lag', { ...GOOD, readers: [{ ...READER, lagMs: { p50: 1, p99: 2, max: 2_001 } }] }, 'warns'],
    ['reader 1', { ...GOOD, readers: [{ failed: { code: 'ECONNREFUSED', message: 'no' } }] }, 'fails'],
    ['global consistency', { ...GOOD, readers: [{ ...READER, kind: 'global_endpoint', lagMs: null }] }, 'fails'],
    ['session consistency', { ...GOOD, readers: [{ ...READER, kind: 'endpoint', lagMs: null, staleInSessionCount: 1 }] }, 'warns'],
    ['read your writes', { ...GOOD, token: { pairCount: 10, staleCount: 1, onReadersCount: 9, waitedCount: 0, p99Ms: 1 } }, 'fails'],
    ['land on readers', { ...GOOD, token: { pairCount: 10, staleCount: 0, onReadersCount: 0, waitedCount: 0, p99Ms: 1 } }, 'warns'],
  ];
  for (const [what, findings, verdict] of broken) {
    expect([what, rowOf(findings, what)?.verdict]).toEqual([what, verdict]);
    expect(rowOf(findings, what)?.advice).not.toBe('');
    expect([what, isUsable(judgeFindings(findings))]).toEqual([what, verdict === 'warns']);
  }
});

test('stale reads of a replica without token are expected, not a fault', () => {
  const findings = { ...GOOD, readers: [{ ...READER, lagMs: { p50: 1, p99: 2, max: 3 } }] };
  expect(rowOf(findings, 'without token')).toMatchObject({ verdict: 'cannot_tell', figure: '7 of 10 stale' });
  expect(isUsable(judgeFindings(findings))).toBe(true);
});
