// The newest still of each broadcast, at an address that never changes: `/live/<playback id>/still.jpg`.
import type { OpenTap } from '../taps.ts';
import type { OpenTranscoderListener } from './ports.ts';

export type LatestStills = {
  readonly openListener: OpenTranscoderListener;
  /** Forgets a show's when its broadcast is over. */
  readonly openTap: OpenTap;
  /** A JPEG; null when there is none (yet). */
  read(showId: string): Uint8Array | null;
};

export function createLatestStills(): LatestStills {
  const entries = new Map<string, { jpeg: Uint8Array | null }>();
  return {
    openListener({ showId }) {
      // An ffmpeg that is ending may still have one to give: it goes into an entry nobody asks any more.
      const entry: { jpeg: Uint8Array | null } = { jpeg: null };
      entries.set(showId, entry);
      return {
        onThumbnail({ jpeg }) {
          entry.jpeg = jpeg;
        },
      };
    },
    openTap: ({ grant }) => ({ onEnded: () => void entries.delete(grant.showId) }),
    read: (showId) => entries.get(showId)?.jpeg ?? null,
  };
}
