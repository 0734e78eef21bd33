// Every failure leaves as application/problem+json (RFC 9457): the wire error of its code, a request id, and for
// bodies that do not fit their schema the place of each fault. Nothing of the inside leaks: an unknown error is
// logged with its stack and answered as INSP_HTTP_INTERNAL.
import { ERROR_CODES, type ErrorCode, wireError } from '@insp/protocol';
import type { FastifyError } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { AppError } from '../../kernel/app-error.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Outcome, Refusal } from '../../kernel/outcome.ts';
import type { HttpReply, HttpRequest } from './create-http-server.ts';

export type FieldFault = { pointer: string; message: string };
type More = { detail?: string; retryAfterMs?: number; errors?: FieldFault[] };

const MAX_FIELD_FAULTS = 50;

/** Answers with a problem document. */
export function sendProblem(reply: HttpReply, code: ErrorCode, { errors, ...more }: More = {}): HttpReply {
  const { status } = ERROR_CODES[code];
  const { request } = reply;
  if (more.retryAfterMs !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(more.retryAfterMs / 1000)));
  const problem = {
    type: `urn:insp:error:${code}`,
    status,
    ...wireError(code, more),
    // The path only: a query string may carry what does not belong into logs of others.
    instance: request.url.split('?', 1)[0],
    ...(errors === undefined ? {} : { errors }),
    requestId: request.id,
  };
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(problem);
}

/** Answers with a refusal of a use case. */
export function sendRefusal(reply: HttpReply, refusal: Refusal): HttpReply {
  return sendProblem(reply, refusal.code, { detail: refusal.detail, retryAfterMs: refusal.retryAfterMs });
}

/**
 * Answers with the value of an outcome, or with its refusal: `return answer(reply, await shows.end(...))`.
 * `status` is that of the good case.
 */
export function answer<T>(reply: HttpReply, outcome: Outcome<T>, status = 200): HttpReply {
  if (!outcome.ok) return sendRefusal(reply, outcome);
  return reply.code(status).send(outcome.value);
}

/** The error handler: knows our own faults and Fastify's; all else is internal. */
export function sendFault(reply: HttpReply, error: unknown, request: HttpRequest, logger: Logger): HttpReply {
  if (error instanceof AppError) {
    if (ERROR_CODES[error.code].status >= 500) logger.error({ err: error, requestId: request.id }, 'a request failed');
    return sendProblem(reply, error.code, { detail: error.detail, retryAfterMs: error.retryAfterMs });
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = (error as FastifyError).validationContext ?? 'body';
    const errors = error.validation.slice(0, MAX_FIELD_FAULTS).map((fault) => ({
      pointer: `${where === 'body' ? '' : `/${where}`}${fault.instancePath === '/' ? '' : fault.instancePath}`,
      message: fault.message ?? 'does not fit',
    }));
    return sendProblem(reply, 'INSP_HTTP_INVALID_BODY', { errors });
  }
  const { code = '', statusCode = 500, message = '' } = (typeof error === 'object' && error !== null ? error : {}) as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return sendProblem(reply, 'INSP_HTTP_TOO_LARGE');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return sendProblem(reply, 'INSP_HTTP_UNSUPPORTED_MEDIA_TYPE');
  if (statusCode === 404) return sendProblem(reply, 'INSP_HTTP_NOT_FOUND');
  if (statusCode === 503) return sendProblem(reply, 'INSP_HTTP_NOT_READY');
  // Fastify's own 4xx: malformed JSON, wrong content length. Their messages speak of the request only.
  if (code.startsWith('FST_ERR_') && statusCode < 500) return sendProblem(reply, 'INSP_HTTP_INVALID_BODY', { detail: message });
  if (error instanceof SyntaxError && statusCode === 400)
    return sendProblem(reply, 'INSP_HTTP_INVALID_BODY', { detail: 'The JSON is malformed.' });
  logger.error({ err: error, requestId: request.id, route: request.routeOptions.url }, 'a request failed');
  return sendProblem(reply, 'INSP_HTTP_INTERNAL');
}
