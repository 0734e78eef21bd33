// Tells rooms of changed products, not too often: a sale changes stock with every order, and each telling reads the
// whole line-up. The first change goes out at once, those that follow within the interval go out together at its end,
// so a sold-out product is known everywhere within the interval. At most one timer per show that is being told.
import type { ShowId } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';

export const PRODUCT_ECHO_INTERVAL_MS = 250;

export type ProductEcho = { changed(showId: ShowId): void; stop(): void };

/** `tell` is run for one show at a time, never twice at once. */
export function createProductEcho({ clock, tell }: { clock: Clock; tell(showId: ShowId): Promise<void> }): ProductEcho {
  const waiting = new Map<ShowId, { isAskedAgain: boolean; cancel(): void }>();

  function run(showId: ShowId): void {
    const entry = { isAskedAgain: false, cancel: () => {} };
    waiting.set(showId, entry);
    void tell(showId).finally(() => {
      if (waiting.get(showId) !== entry) return;
      entry.cancel = clock.after(PRODUCT_ECHO_INTERVAL_MS, () => {
        waiting.delete(showId);
        if (entry.isAskedAgain) run(showId);
      });
    });
  }

  return {
    changed(showId) {
      const entry = waiting.get(showId);
      if (entry === undefined) run(showId);
      else entry.isAskedAgain = true;
    },
    stop() {
      for (const { cancel } of waiting.values()) cancel();
      waiting.clear();
    },
  };
}
