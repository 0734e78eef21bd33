// What could not become an event, kept for a person to look at. Best effort and bounded: beyond the rate only the
// counters grow, so that a flood of rubbish cannot fill the disk, and one insert is on its way at a time. Every reject
// is counted by organization, event and reason; those sums are written at most once a second.
import type { Clock } from '../../kernel/clock.ts';
import { createRateLimiter } from '../../kernel/rate-limiter.ts';

export type DeadLetter = {
  received_at_ms: number;
  org_id: string | null;
  event_id: string | null;
  event_name: string | null;
  reason: string;
  body: string;
};

export type RejectCount = {
  org_id: string;
  b1d: number;
  event_name: string;
  reason: string;
  rejected_count: number;
  last_at_ms: number;
};

export const DEAD_LETTERS_PER_SEC = 20;
export const DEAD_LETTERS_BURST = 200;
const BODY_LENGTH = 4_000;
const FIELD_LENGTH = 200;
/** Kinds of rejects counted apart between two writes; what comes on top is one kind, so that no flood grows the map. */
export const REJECT_KINDS = 200;
const OTHER_REASONS = 'too many kinds of reasons at once';
const COUNT_EVERY_MS = 1_000;
const DAY_MS = 86_400_000;

/** Describes a rejected candidate, whatever it is, in text Postgres can hold. */
export function toDeadLetter(candidate: unknown, reason: string, receivedAtMs: number): DeadLetter {
  const { orgId, id, name } = (typeof candidate === 'object' && candidate !== null ? candidate : {}) as Record<string, unknown>;
  return {
    received_at_ms: receivedAtMs,
    org_id: field(orgId),
    event_id: field(id),
    event_name: field(name),
    reason: field(reason) ?? '',
    // JSON escapes NUL and broken surrogates: plain text whatever it tells of.
    body: print(candidate).slice(0, BODY_LENGTH).toWellFormed(),
  };
}

/** Never throws: what cannot be printed (nested too deep, a BigInt, a circle) is the very thing that is buried here. */
function print(candidate: unknown): string {
  try {
    return JSON.stringify(candidate) ?? String(candidate);
  } catch (cause) {
    return `not printable: ${(cause as Error).message}`;
  }
}

const field = (value: unknown): string | null =>
  typeof value === 'string' ? value.slice(0, FIELD_LENGTH).toWellFormed().replaceAll('\u0000', '') : null;

export function createDeadLetters(deps: {
  clock: Clock;
  write(letters: readonly DeadLetter[]): Promise<void>;
  addCounts(counts: readonly RejectCount[]): Promise<void>;
  onFailed(cause: unknown): void;
}) {
  const rate = createRateLimiter(DEAD_LETTERS_PER_SEC, DEAD_LETTERS_BURST);
  let pending: DeadLetter[] = [];
  let counts = new Map<string, RejectCount>();
  let cancelTimer: (() => void) | null = null;
  let writing: Promise<void> | null = null;

  async function drain(): Promise<void> {
    while (pending.length > 0) {
      const letters = pending;
      pending = [];
      await deps.write(letters).catch(deps.onFailed);
    }
  }

  function writeLetters(): Promise<void> {
    writing ??= drain().finally(() => {
      writing = null;
    });
    return writing;
  }

  async function writeCounts(): Promise<void> {
    cancelTimer?.();
    cancelTimer = null;
    const sums = [...counts.values()];
    counts = new Map();
    if (sums.length > 0) await deps.addCounts(sums).catch(deps.onFailed);
  }

  function count({ org_id, event_name, reason, received_at_ms }: DeadLetter): void {
    const kind = { org_id: org_id ?? '', b1d: Math.floor(received_at_ms / DAY_MS), event_name: event_name ?? '', reason };
    let key = JSON.stringify(Object.values(kind));
    if (!counts.has(key) && counts.size >= REJECT_KINDS) {
      Object.assign(kind, { org_id: '', event_name: '', reason: OTHER_REASONS });
      key = OTHER_REASONS;
    }
    const sum = counts.get(key)?.rejected_count ?? 0;
    counts.set(key, { ...kind, rejected_count: sum + 1, last_at_ms: received_at_ms });
    cancelTimer ??= deps.clock.after(COUNT_EVERY_MS, () => void writeCounts());
  }

  return {
    bury(candidate: unknown, reason: string): void {
      const nowMs = deps.clock.nowMs();
      const letter = toDeadLetter(candidate, reason, nowMs);
      count(letter);
      if (rate.take('all', nowMs) > 0 || pending.length >= DEAD_LETTERS_BURST) return;
      pending.push(letter);
      // In the next turn, so that one call's letters travel together.
      queueMicrotask(() => void writeLetters());
    },
    /** Writes what is waiting, letters and counts. */
    async flush(): Promise<void> {
      await Promise.all([writeLetters(), writeCounts()]);
    },
  };
}
