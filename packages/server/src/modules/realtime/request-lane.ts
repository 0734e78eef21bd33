// The requests of one socket, in their order, one at a time: two chat lines of a person never overtake each other.
// Haste and rubbish are answered, and end the socket when they do not stop.
import { SOCKET_CLOSE_CODES } from '@insp/protocol';
import { type Refusal, refused } from '../../kernel/outcome.ts';
import type { RealtimeLimits } from './limits.ts';
import { type ReadRequest, readRequest } from './request-reader.ts';

export type RequestLane = {
  receive(text: string): void;
  /** Forgets what waits. */
  stop(): void;
};

export function createRequestLane(deps: {
  limits: Pick<RealtimeLimits, 'malformedFramesMax' | 'tooFastRefusalsMax' | 'waitingRequestsMax'>;
  /** Takes this socket's turn; 0, or the ms to wait. */
  takeTurn: () => number;
  handle: (request: ReadRequest) => Promise<void>;
  refuse: (re: string, refusal: Refusal) => void;
  close: (code: number, reason: string) => void;
}): RequestLane {
  let waiting: ReadRequest[] = [];
  let isBusy = false;
  let malformedCount = 0;
  let tooFastCount = 0;
  let isStopped = false;

  async function work(): Promise<void> {
    isBusy = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) await deps.handle(next);
    isBusy = false;
  }

  return {
    receive(text) {
      if (isStopped) return;
      const request = readRequest(text);
      if (!request.ok) {
        deps.refuse(request.re, request.refusal);
        malformedCount += 1;
        if (malformedCount >= deps.limits.malformedFramesMax) deps.close(SOCKET_CLOSE_CODES.protocolBroken, 'too many unreadable frames');
        return;
      }
      const retryAfterMs = deps.takeTurn();
      if (retryAfterMs > 0 || waiting.length >= deps.limits.waitingRequestsMax) {
        deps.refuse(request.id, refused('INSP_REALTIME_TOO_FAST', { retryAfterMs: Math.max(retryAfterMs, 50) }));
        tooFastCount += 1;
        if (tooFastCount >= deps.limits.tooFastRefusalsMax) deps.close(SOCKET_CLOSE_CODES.protocolBroken, 'far too many requests');
        return;
      }
      tooFastCount = 0;
      waiting.push(request);
      if (!isBusy) void work();
    },
    stop() {
      isStopped = true;
      waiting = [];
    },
  };
}
