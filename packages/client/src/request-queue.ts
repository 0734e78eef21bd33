// Requests that wait for an answer: bounded, each with a time-out that runs while offline too. After a cut those
// whose repeat does no harm go out again; a reaction, which would count twice, is given up.
import { type AnswerData, type RequestData, type RequestType, type WireError, wireError } from '@insp/protocol';
import type { ClientClock } from './socket-like.ts';

/** Below the burst a socket may send (LIMITS.socketRequestsBurst), so that a reconnect with a full queue is not refused. */
export const MAX_OUTSTANDING_REQUESTS = 32;
export const REQUEST_TIMEOUT_MS = 10_000;

export type Answer<T extends RequestType> = { ok: true; data: AnswerData<T> } | { ok: false; error: WireError };

/** Requests the server treats as one when they come twice: by key, by event id, or because they set a state. */
const IS_REPEATABLE: Record<RequestType, boolean> = {
  hello: false,
  send_chat_message: true,
  set_display_name: true,
  send_reaction: false,
  report_player_events: true,
  remove_chat_message: true,
  restore_chat_message: true,
  pin_chat_message: true,
  unpin_chat_message: true,
  ban_viewer: true,
  unban_viewer: true,
  set_slow_mode: true,
  mark_question_answered: true,
  reopen_question: true,
  resolve_cue: true,
  keep_live: true,
  tell_presence: true,
};

type Waiting = { type: RequestType; text: string; isSent: boolean; settle: (answer: Answer<never>) => void; cancelTimeout: () => void };

export type RequestQueue = {
  add<T extends RequestType>(type: T, data: RequestData<T>, timeoutMs?: number): Promise<Answer<T>>;
  /** Settles the request `re`; false if nobody waits for it. */
  answer(re: string, answer: Answer<never>): boolean;
  /** Sends all that is unsent, in order. */
  flush(): void;
  /** The socket is gone. */
  cut(): void;
  /** Refuses all that waits. */
  refuseAll(error: WireError): void;
  readonly size: number;
};

/** `send` returns false while there is no open connection. `onTimeout` hears of a request that was sent and not answered. */
export function createRequestQueue(deps: { clock: ClientClock; send: (text: string) => boolean; onTimeout: () => void }): RequestQueue {
  const waiting = new Map<string, Waiting>();
  let lastId = 0;

  function settle(id: string, answer: Answer<never>): boolean {
    const request = waiting.get(id);
    if (!request) return false;
    waiting.delete(id);
    request.cancelTimeout();
    request.settle(answer);
    return true;
  }

  return {
    add(type, data, timeoutMs = REQUEST_TIMEOUT_MS) {
      if (waiting.size >= MAX_OUTSTANDING_REQUESTS) return Promise.resolve({ ok: false, error: wireError('INSP_REALTIME_QUEUE_FULL') });
      lastId += 1;
      const id = `r${lastId}`;
      const text = JSON.stringify({ v: 1, type, id, data });
      return new Promise((resolve) => {
        const cancelTimeout = deps.clock.after(timeoutMs, () => {
          const wasSent = waiting.get(id)?.isSent ?? false;
          settle(id, { ok: false, error: wireError('INSP_REALTIME_NO_ANSWER') });
          if (wasSent) deps.onTimeout();
        });
        waiting.set(id, { type, text, isSent: deps.send(text), settle: resolve as (answer: Answer<never>) => void, cancelTimeout });
      });
    },
    answer: settle,
    flush() {
      for (const request of waiting.values()) if (!request.isSent) request.isSent = deps.send(request.text);
    },
    cut() {
      for (const [id, request] of waiting) {
        if (request.isSent && !IS_REPEATABLE[request.type]) settle(id, { ok: false, error: wireError('INSP_REALTIME_NO_ANSWER') });
        else request.isSent = false;
      }
    },
    refuseAll(error) {
      for (const id of [...waiting.keys()]) settle(id, { ok: false, error });
    },
    get size() {
      return waiting.size;
    },
  };
}
