// What could not become an event, kept for a person to look at. Best effort and bounded: beyond the rate only the
// counter grows, so that a flood of rubbish cannot fill the disk, and one insert is on its way at a time.
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

export const DEAD_LETTERS_PER_SEC = 20;
export const DEAD_LETTERS_BURST = 200;
const BODY_LENGTH = 4_000;
const FIELD_LENGTH = 200;

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
  onFailed(cause: unknown): void;
}) {
  const rate = createRateLimiter(DEAD_LETTERS_PER_SEC, DEAD_LETTERS_BURST);
  let pending: DeadLetter[] = [];
  let writing: Promise<void> | null = null;

  async function drain(): Promise<void> {
    while (pending.length > 0) {
      const letters = pending;
      pending = [];
      await deps.write(letters).catch(deps.onFailed);
    }
  }

  const flush = (): Promise<void> => {
    writing ??= drain().finally(() => {
      writing = null;
    });
    return writing;
  };

  return {
    bury(candidate: unknown, reason: string): void {
      const nowMs = deps.clock.nowMs();
      if (rate.take('all', nowMs) > 0 || pending.length >= DEAD_LETTERS_BURST) return;
      pending.push(toDeadLetter(candidate, reason, nowMs));
      // In the next turn, so that one call's letters travel together.
      queueMicrotask(() => void flush());
    },
    flush,
  };
}
