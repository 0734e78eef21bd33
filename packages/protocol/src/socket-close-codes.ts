// Why the server closed a room socket. Below 3500 a client comes back (with back-off, resuming by its
// positions); from 3500 on it must not: the same thing would happen again.

export const SOCKET_CLOSE_CODES = {
  /** The server stops or restarts. */
  goingAway: 1001,
  /** The frame is larger than any the server reads (RFC 6455 7.4.1). */
  tooBig: 1009,
  /** The session ran out and was not renewed: renew it, then come back. */
  sessionExpired: 3003,
  /** No hello came in time, or it was refused for a reason that may pass. */
  helloFailed: 3004,
  /** The client fell too far behind: come back and recover by positions. */
  tooSlow: 3010,
  /** No sign of life. */
  silent: 3011,
  /** The room or this address has as many sockets as it may. */
  full: 3012,
  /** The session is not valid for this room. */
  sessionInvalid: 3500,
  /** Ended on purpose, e.g. a ban; `session_ended` told why. */
  ended: 3501,
  /** Too many frames that cannot be read. */
  protocolBroken: 3502,
} as const;

/** Tells whether a client may connect again after this close code. */
export function mayReconnectAfter(code: number): boolean {
  return code < 3500 || code > 3999;
}
