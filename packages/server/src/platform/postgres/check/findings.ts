// What a check measured, before anybody judges it. `failed` is how Postgres refused a probe: a code and its words.

export type Failed = { readonly failed: { readonly code: string; readonly message: string } };
export type Probed<T> = T | Failed;

export const isFailed = <T extends object>(probed: Probed<T>): probed is Failed => 'failed' in probed;

export type ServerFinding = { version: string; versionNumber: number; kind: 'PostgreSQL' | 'PolarDB' | 'Aurora'; isStandby: boolean };
/** The same question asked again and again over one address. */
export type PositionFinding = {
  askedCount: number;
  answeredCount: number;
  wentBackCount: number;
  timeline: string;
  firstRefusal: string | null;
};
export type RightsFinding = { mayCreateSchema: boolean; mayCreateInPublic: boolean; mayMonitor: boolean; connectionLimit: number };
export type RoutingFinding = {
  serverCount: number;
  isLockSeen: boolean;
  isNotified: boolean;
  isTempTableKept: boolean;
  isWritingFunctionRun: boolean;
  isOwnWriteSeenInTransaction: boolean;
  isTransactionOnStandby: boolean;
};
export type IsolationFinding = {
  defaultLevel: string;
  isSnapshotStable: boolean;
  isWriteSkewRefused: boolean;
  isRowLockWaitedFor: boolean;
};
export type TimeoutFinding = { isIdleTransactionEnded: boolean; isLockTimeoutKept: boolean };
export type ColumnFinding = { rowCount: number; elapsedMs: number; isRewritten: boolean };
export type IndexFinding = { rowCount: number; elapsedMs: number; isValid: boolean; writeCount: number; longestWriteMs: number };
export type ReaderFinding = {
  name: string;
  kind: string;
  isStandby: boolean;
  pairCount: number;
  /** Reads right after the commit, on another connection. */
  staleCount: number;
  /** Until the commit was there; only where a position can be asked for. */
  lagMs: { p50: number; p99: number; max: number } | null;
  /** Write and read on one connection of this address; null where it takes no writes. */
  staleInSessionCount: number | null;
};
export type TokenFinding = { pairCount: number; staleCount: number; onReadersCount: number; waitedCount: number; p99Ms: number };

export type Findings = {
  readonly server: Probed<ServerFinding>;
  readonly position: Probed<PositionFinding>;
  readonly rights: Probed<RightsFinding>;
  readonly routing: Probed<RoutingFinding>;
  readonly isolation: Probed<IsolationFinding>;
  readonly timeouts: Probed<TimeoutFinding>;
  readonly column: Probed<ColumnFinding>;
  readonly index: Probed<IndexFinding>;
  readonly readers: readonly Probed<ReaderFinding>[];
  /** Null without readers. */
  readonly token: Probed<TokenFinding> | null;
};
