// A connection to a server, as the relay sees it. `line.tcp.ts` is the real one.
import type { Outcome } from '../../../kernel/outcome.ts';

export type Line = {
  write(parts: readonly Uint8Array[]): void;
  /** Bytes written and still held on this machine. */
  unsentBytes(): number;
  /** Whether `unsentBytes` counts what the system holds too: for a server that does not say what it has read. */
  askSystem(isWanted: boolean): void;
  /** Says `lastWords`, then closes within a second. */
  end(lastWords: Uint8Array): void;
  destroy(): void;
};

export type LineEvents = {
  onData(bytes: Uint8Array): void;
  /** What was held has left. */
  onDrain(): void;
  /** Once, however it ended; not after `end` or `destroy`. */
  onClosed(isReset: boolean): void;
};

/**
 * Dials through the outbound guard. Refuses with INSP_OUTBOUND_ADDRESS_INVALID, INSP_OUTBOUND_ADDRESS_REFUSED,
 * INSP_OUTBOUND_UNRESOLVED, INSP_OUTBOUND_UNREACHABLE or INSP_OUTBOUND_TLS_FAILED.
 */
export type OpenLine = (url: string, signal: AbortSignal, onResolved: () => void, events: LineEvents) => Promise<Outcome<Line>>;

/** Application and `tcUrl` of an address that was checked when it was stored. */
export type ReadAddress = (url: string) => Outcome<{ readonly app: string; readonly tcUrl: string }>;
