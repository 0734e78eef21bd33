// Fail loud (product.md EM7): every problem has a code, a text and a fix. The console says all of it once; the
// page hears `player.error`; the shopper sees one calm sentence, drawn by whoever is on screen.
import { type EmbedEvent, ERROR_CODES } from '@insp/protocol';
import { newEventId } from './event-id.ts';
import type { Problem } from './mount-contract.ts';

type Console = Pick<typeof console, 'error'>;

/** At most this many different problems are printed; a page in a loop must not flood its console. */
const MAX_PRINTED = 50;

/** Prints each problem once, as `[insp] CODE: title (detail). Fix: ...`. */
export function createProblemPrinter(log: Console): (problem: Problem) => void {
  const printed = new Set<string>();
  return (problem) => {
    const key = `${problem.code} ${problem.detail ?? ''}`;
    if (printed.has(key) || printed.size >= MAX_PRINTED) return;
    printed.add(key);
    log.error(problemText(problem), ...(problem.cause === undefined ? [] : [problem.cause]));
  };
}

export function problemText({ code, detail }: Pick<Problem, 'code' | 'detail'>): string {
  const { title, fix } = ERROR_CODES[code];
  return `[insp] ${code}: ${title}${detail ? ` (${detail})` : ''}. ${fix}`;
}

/** `player.error` for a player that has no state yet. */
export function bareErrorEvent(problem: Problem, showId: string, nowMs: number): EmbedEvent {
  return {
    v: 1,
    id: newEventId(nowMs),
    name: 'player.error',
    showId,
    orgId: null,
    phase: 'unknown',
    device: 'unknown',
    surface: 'overlay',
    timeline: { broadcastSec: null, showSec: null, lengthSec: null, watchedPct: null, serverTime: nowMs },
    payload: errorPayload(problem),
  };
}

export function errorPayload(problem: Problem): Record<string, unknown> {
  return { code: problem.code, fatal: problem.isFatal, hint: ERROR_CODES[problem.code].fix, detail: problem.detail ?? null };
}
