import type { ErrorCode } from '@insp/protocol';

/** An expected "no": a value, not a throw. Edge files turn it into problem+json or a socket answer. */
export type Refusal = { readonly ok: false; readonly code: ErrorCode; readonly detail?: string; readonly retryAfterMs?: number };
export type Outcome<T> = { readonly ok: true; readonly value: T } | Refusal;

export function accepted<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function refused(code: ErrorCode, more: { detail?: string; retryAfterMs?: number } = {}): Refusal {
  return { ok: false, code, ...more };
}
