// The times a side-car is given: those of the tags, moved so that they begin at 0 and no step of the encoder's clock
// reaches the filters, whose spans would otherwise be hours long.
const MOST_BACK_MS = 1_000;
const MOST_AHEAD_MS = 10_000;

/** Answers the time to write for a tag. */
export function createSteadyTime(): (tagMs: number, atMs: number) => number {
  let last: { outMs: number; atMs: number } | null = null;
  let offsetMs = 0;
  return (tagMs, atMs) => {
    if (last === null) offsetMs = -tagMs;
    else if (tagMs + offsetMs < last.outMs - MOST_BACK_MS || tagMs + offsetMs > last.outMs + MOST_AHEAD_MS) {
      offsetMs = last.outMs + Math.max(0, Math.min(MOST_AHEAD_MS, atMs - last.atMs)) - tagMs;
    }
    const outMs = Math.max(0, Math.round(tagMs + offsetMs));
    if (last === null || outMs >= last.outMs) last = { outMs, atMs };
    return outMs;
  };
}
