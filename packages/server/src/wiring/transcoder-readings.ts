// How the transcoder of each show keeps up, for its line of stream health: its pace, which qualities were given up for
// want of CPU, and for a while which of them are made again.
import type { TranscoderReading } from '@insp/media';
import type { Clock } from '../kernel/clock.ts';
import type { OpenTap, OpenTranscoderListener, TranscoderStatus } from '../modules/media/index.ts';

/** How long it is news that a quality is back. */
export const NEWS_SHOWN_MS = 30_000;

export type TranscoderReadings = {
  readonly openListener: OpenTranscoderListener;
  /** Forgets a show when its broadcast is over. */
  readonly openTap: OpenTap;
  read(showId: string): TranscoderReading | null;
};

type Entry = {
  /** Null while no ffmpeg makes pictures. */
  pace: { readonly speed: number | null; readonly queuedMs: number } | null;
  leftOut: readonly string[];
  back: { readonly names: readonly string[]; readonly atMs: number };
};

export function createTranscoderReadings({ clock }: { clock: Clock }): TranscoderReadings {
  const entries = new Map<string, Entry>();

  function learn(entry: Entry, { state, speed, lagMs, leftOut }: TranscoderStatus): void {
    // Given up to the last one, it looks at key frames alone.
    const isWorking = state === 'full' || state === 'reduced' || (state === 'off' && leftOut.length > 0);
    entry.pace = isWorking ? { speed, queuedMs: lagMs ?? 0 } : null;
    if (!isWorking) return;
    const names = entry.leftOut.filter((name) => !leftOut.includes(name));
    if (names.length > 0) entry.back = { names, atMs: clock.nowMs() };
    entry.leftOut = leftOut;
  }

  return {
    openListener: ({ showId }) => {
      const entry: Entry = { pace: null, leftOut: [], back: { names: [], atMs: 0 } };
      entries.set(showId, entry);
      return { onStatus: (status) => learn(entry, status) };
    },
    openTap: ({ grant }) => ({
      onDisconnected() {
        const entry = entries.get(grant.showId);
        if (entry) entry.pace = null;
      },
      onEnded: () => void entries.delete(grant.showId),
    }),
    read(showId) {
      const entry = entries.get(showId);
      if (!entry?.pace) return null;
      const { pace, leftOut, back } = entry;
      const isNews = clock.nowMs() - back.atMs < NEWS_SHOWN_MS;
      return {
        ...pace,
        droppedRenditions: leftOut,
        restoredRenditions: isNews ? back.names.filter((name) => !leftOut.includes(name)) : [],
      };
    },
  };
}
