// A refusal of the server as a person reads it: what happened, and what to do. The code stays for code.
import { ERROR_CODES, type ErrorCode, type WireError } from '@insp/protocol';

export type RefusalParts = {
  readonly code: ErrorCode | null;
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  readonly fix?: string;
  readonly retryAfterMs?: number;
  readonly requestId?: string;
  readonly faults?: readonly { readonly pointer: string; readonly message: string }[];
};

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly parts: RefusalParts;

  constructor(parts: RefusalParts, options?: ErrorOptions) {
    super(parts.title, options);
    this.parts = parts;
  }

  get code(): ErrorCode | null {
    return this.parts.code;
  }
}

const OFFLINE: RefusalParts = {
  code: null,
  status: 0,
  title: 'Insp cannot be reached',
  fix: 'Check your connection. Nothing was changed.',
};

/** Reads a problem+json body; also the `{ code, message }` bodies of better-auth, and bodies that are neither. */
export function refusalFromBody(status: number, body: unknown): RefusalParts {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const text = (name: string) => (typeof fields[name] === 'string' && fields[name] !== '' ? fields[name] : undefined);
  const code = text('code');
  const known = code !== undefined && code in ERROR_CODES ? (code as ErrorCode) : null;
  return {
    code: known,
    status,
    title: text('title') ?? text('message') ?? (known ? ERROR_CODES[known].title : `The server answered with status ${status}`),
    detail: text('detail'),
    fix: text('fix') ?? (known ? ERROR_CODES[known].fix : undefined),
    retryAfterMs: typeof fields.retryAfterMs === 'number' ? fields.retryAfterMs : undefined,
    requestId: text('requestId'),
    faults: Array.isArray(fields.errors) ? fields.errors.filter(isFault) : undefined,
  };
}

/** The same for a refusal that came by socket. */
export function refusalFromWire(error: WireError): RefusalParts {
  return { ...error, status: ERROR_CODES[error.code]?.status ?? 0 };
}

/** Whatever was thrown, as parts to show. */
export function refusalOf(error: unknown): RefusalParts {
  if (error instanceof ApiError) return error.parts;
  return { ...OFFLINE, title: 'Something broke in this page', fix: 'Reload the page. If it stays, tell your operator.' };
}

export function offlineError(cause: unknown): ApiError {
  return new ApiError(OFFLINE, { cause });
}

/** One or two sentences: what happened, what is special here, what to do. Never a raw code. */
export function sentencesOf(parts: RefusalParts): { readonly what: string; readonly todo: string } {
  const fault = parts.faults?.[0];
  const detail = parts.detail ?? (fault ? `${readablePointer(fault.pointer)}${fault.message}` : '');
  const wait = parts.retryAfterMs ? `Wait ${Math.ceil(parts.retryAfterMs / 1000)} s.` : '';
  return { what: [closed(parts.title), closed(detail)].filter(Boolean).join(' '), todo: closed(wait || (parts.fix ?? '')) };
}

const closed = (text: string) => (text === '' || /[.!?]$/.test(text) ? text : `${text}.`);
const readablePointer = (pointer: string) => (pointer.length > 1 ? `${pointer.replace(/^[#/]+/, '').replaceAll('/', ' ')}: ` : '');

function isFault(value: unknown): value is { pointer: string; message: string } {
  return typeof value === 'object' && value !== null && 'pointer' in value && 'message' in value && typeof value.message === 'string';
}
