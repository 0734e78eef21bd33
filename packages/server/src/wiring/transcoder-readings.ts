// How the transcoder of each show keeps up, for its line of stream health.
import type { TranscoderReading } from '@insp/media';
import type { OpenTap, OpenTranscoderListener } from '../modules/media/index.ts';

export type TranscoderReadings = {
  readonly openListener: OpenTranscoderListener;
  /** Forgets a show when its broadcast is over. */
  readonly openTap: OpenTap;
  read(showId: string): TranscoderReading | null;
};

export function createTranscoderReadings(): TranscoderReadings {
  const readings = new Map<string, TranscoderReading>();
  return {
    openListener: ({ showId }) => ({
      onStatus({ state, speed, lagMs }) {
        const isWorking = state === 'full' || state === 'reduced';
        if (isWorking && speed !== null) readings.set(showId, { speed, queuedMs: lagMs ?? 0, droppedRenditions: [] });
        else readings.delete(showId);
      },
    }),
    openTap: ({ grant }) => ({
      onDisconnected: () => void readings.delete(grant.showId),
      onEnded: () => void readings.delete(grant.showId),
    }),
    read: (showId) => readings.get(showId) ?? null,
  };
}
