import { ERROR_CODES, type ErrorCode } from '@insp/protocol';

/**
 * A fault with a registered code, for places where nobody can answer with a refusal (start-up, config, broken
 * dependencies) and for edge code that stops a request. Message = title + detail.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, more: { detail?: string; retryAfterMs?: number; cause?: unknown } = {}) {
    const { title, fix } = ERROR_CODES[code];
    super(`${code}: ${title}.${more.detail ? ` ${more.detail}` : ''} ${fix}`, { cause: more.cause });
    this.name = 'AppError';
    this.code = code;
    this.detail = more.detail;
    this.retryAfterMs = more.retryAfterMs;
  }
}
