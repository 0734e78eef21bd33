// What the host reads of a coming end, and what the trace keeps of one that came.
import type { AutoEndCause } from '@insp/protocol';

const WHY: Readonly<Record<AutoEndCause, string>> = {
  dead_air: 'the picture stands still or is black, and nothing is to be heard',
  unwatched: 'nobody watches and nobody was at the console',
  too_long: 'it has been on air as long as your organization allows',
};

/** One sentence with what to do. */
export function warningSentence(cause: AutoEndCause, leftMs: number): string {
  const minutes = Math.max(1, Math.round(leftMs / 60_000));
  return `The show ends by itself in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}, because ${WHY[cause]}: tap Keep live if it goes on.`;
}

export const endReason = (cause: AutoEndCause): string => `Ended by itself, because ${WHY[cause]}; two warnings were not answered.`;
