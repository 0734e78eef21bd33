// What an encoder off the air has to hand: its newest configurations, and all tags since its newest key frame. From
// these a decoder can begin at once. Bounded in time and bytes: a picture group that grows longer is let go, and the
// encoder waits for its next key frame.
import { type DemuxEvent, type FlvTag, readAudioTag, readVideoTag } from '@insp/media';

export const WARM_LIMITS = {
  /** Encoders set as we advise send a key frame every 2 s. */
  groupMs: 2_500,
  groupBytes: 8 * 1024 * 1024,
  tagCount: 2_000,
} as const;

/** A tag, what the demuxer made of it, and when it came. */
export type Delivery = { readonly tag: FlvTag; readonly events: readonly DemuxEvent[]; readonly arrivedAtMs: number };

export type WarmGroup = {
  /** Begins with a key frame. */
  readonly isReady: boolean;
  readonly heldBytes: number;
  /** Takes note of every tag of the connection; pictures and sound are kept only while `isOffAir`. */
  push(delivery: Delivery, isOffAir: boolean): void;
  /** Configurations, then the group; what was kept of the group is forgotten. */
  take(): Delivery[];
};

export function createWarmGroup(): WarmGroup {
  /** The newest configurations of the connection. */
  const heads: Partial<Record<FlvTag['kind'], Delivery>> = {};
  let group: Delivery[] = [];
  let groupBytes = 0;

  function forget(): void {
    group = [];
    groupBytes = 0;
  }

  return {
    get isReady() {
      return group.length > 0;
    },
    get heldBytes() {
      return groupBytes + Object.values(heads).reduce((sum, { tag }) => sum + tag.body.length, 0);
    },
    push(delivery, isOffAir) {
      const { tag, events, arrivedAtMs } = delivery;
      if (isConfig(tag)) {
        // A repeated configuration tells nothing new; a changed one ends what was coded by the one before.
        const isNews = events.some((event) => event.kind === 'video_config' || event.kind === 'audio_config');
        if (isNews || !heads[tag.kind]) heads[tag.kind] = delivery;
        if (isNews) forget();
        return;
      }
      if (!isOffAir) {
        forget();
        return;
      }
      if (events.some((event) => event.kind === 'jump')) forget();
      if (events.some((event) => event.kind === 'video' && event.isKey)) forget();
      else if (group.length === 0) return;
      group.push(delivery);
      groupBytes += tag.body.length;
      const isTooLong = arrivedAtMs - (group[0]?.arrivedAtMs ?? arrivedAtMs) > WARM_LIMITS.groupMs;
      if (isTooLong || groupBytes > WARM_LIMITS.groupBytes || group.length > WARM_LIMITS.tagCount) forget();
    },
    take() {
      // Configurations are dated with the group: their own time may be hours ago.
      const atMs = group[0]?.arrivedAtMs;
      const taken = [...Object.values(heads).map((head) => ({ ...head, arrivedAtMs: atMs ?? head.arrivedAtMs })), ...group];
      forget();
      return taken;
    },
  };
}

const isConfig = ({ kind, body }: FlvTag): boolean => (kind === 'video' ? readVideoTag(body) : readAudioTag(body)).kind === 'config';
