// 08: connection exceptions; 57P0x: the server shuts down, crashed or starts; 53300: too many connections.
const UNAVAILABLE_STATES = /^(08...|57P0[123]|53300)$/;
const UNAVAILABLE_ERRNOS = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT']);
const UNAVAILABLE_MESSAGES = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Tells a full pool from a server that is gone: both say this, and who watches the server knows which it is. */
export const isPoolFull = (cause: unknown) =>
  /^timeout exceeded when trying to connect/.test((cause as { message?: string }).message ?? '');

/** Tells a database that is away for the moment from a statement that is wrong. */
export function isUnavailable(cause: unknown): boolean {
  const { code = '', message = '' } = (cause ?? {}) as { code?: string; message?: string };
  return UNAVAILABLE_STATES.test(code) || UNAVAILABLE_ERRNOS.has(code) || UNAVAILABLE_MESSAGES.test(message);
}
