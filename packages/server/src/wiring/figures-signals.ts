// Figures across processes: who merges a part of the log may not be who holds the room of a show, and who appends may
// not be who merges. Both tell the others by a signal; a process that does everything hears nobody and loses nothing.
import type { ShowId } from '@insp/protocol';
import type { Clock } from '../kernel/clock.ts';
import type { Aggregates, LiveFigures, ShowChange } from '../modules/aggregates/index.ts';
import type { Capture } from '../modules/capture/index.ts';
import { SIGNAL_MAX_BYTES, type Signals } from '../platform/postgres/signals.ts';

const FIGURES = 'insp_figures';
const APPENDED = 'insp_appended';
/** At most so often on each channel. */
const SAY_EVERY_MS = 50;

/** Gathers what is to be said and says it in one word. */
function createMouth(clock: Clock, speak: () => void): () => void {
  let isSoon = false;
  let restUntilMs = 0;
  return () => {
    if (isSoon) return;
    isSoon = true;
    clock.after(Math.max(0, restUntilMs - clock.steadyMs()), () => {
      isSoon = false;
      restUntilMs = clock.steadyMs() + SAY_EVERY_MS;
      speak();
    });
  };
}

export function connectFigures(deps: {
  signals: Signals;
  clock: Clock;
  capture: Pick<Capture, 'onAppended'>;
  aggregates: Pick<Aggregates, 'onChanged' | 'wake'>;
  liveFigures: LiveFigures;
  /** Whether this process merges: then its own appends need no word to others. */
  isMerging: boolean;
}): void {
  const { signals, clock, capture, aggregates, liveFigures } = deps;
  let changed = new Map<ShowId, { minutes: Set<number>; productIds: Set<string>; highlightIds: Set<string> }>();

  const tellFigures = createMouth(clock, () => {
    const told = changed;
    changed = new Map();
    let words: unknown[] = [];
    let byteCount = 2;
    for (const [showId, { minutes, productIds, highlightIds }] of told) {
      const word = JSON.stringify([showId, [...minutes], [...productIds], [...highlightIds]]);
      if (byteCount + word.length + 1 > SIGNAL_MAX_BYTES) {
        signals.say(FIGURES, `[${words.join(',')}]`);
        words = [];
        byteCount = 2;
      }
      // A show that alone is too much to say: its listeners read it whole.
      words.push(word.length + 3 > SIGNAL_MAX_BYTES ? JSON.stringify([showId]) : word);
      byteCount += word.length + 1;
    }
    if (words.length > 0) signals.say(FIGURES, `[${words.join(',')}]`);
  });

  aggregates.onChanged((showId, change) => {
    liveFigures.changed(showId, change);
    const gathered = changed.get(showId) ?? { minutes: new Set(), productIds: new Set(), highlightIds: new Set() };
    for (const minute of change.minutes) gathered.minutes.add(minute);
    for (const id of change.productIds) gathered.productIds.add(id);
    for (const id of change.highlightIds) gathered.highlightIds.add(id);
    changed.set(showId, gathered);
    tellFigures();
  });
  signals.listen(FIGURES, (text) => {
    for (const [showId, minutes, productIds, highlightIds] of JSON.parse(text) as [ShowId, number[]?, string[]?, string[]?][]) {
      if (minutes === undefined) liveFigures.forget(showId);
      const change = { minutes: minutes ?? [], productIds: productIds ?? [], highlightIds: highlightIds ?? [] };
      liveFigures.changed(showId, change as unknown as ShowChange);
    }
  });
  signals.onConnected(() => liveFigures.forget());

  if (!deps.isMerging) capture.onAppended(createMouth(clock, () => signals.say(APPENDED, '')));
  signals.listen(APPENDED, () => aggregates.wake());
}
