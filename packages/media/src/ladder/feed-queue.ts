// What waits for ffmpeg's stdin. It holds at most `spanMs` of media: an ffmpeg that does not keep up loses everything
// up to the next key frame, counted, and the source is not touched. Decoders begin again at a key frame without harm.
export const FEED_LIMITS = {
  spanMs: 2_000,
  /** Whatever the times say. */
  bytes: 16 * 1024 * 1024,
} as const;

export type FeedItem = {
  readonly dtsMs: number;
  readonly ptsMs: number;
  /** Written one after another. */
  readonly pieces: readonly Uint8Array[];
  /** Configurations are never dropped. */
  readonly kind: 'config' | 'key' | 'inter' | 'sound';
};

export const sizeOf = ({ pieces }: Pick<FeedItem, 'pieces'>): number => pieces.reduce((sum, piece) => sum + piece.length, 0);

export type FeedQueue = {
  /** Takes one item; returns how many frames of the picture were dropped for it. */
  push(item: FeedItem): number;
  /** The next to send, in order. */
  shift(): FeedItem | null;
  readonly spanMs: number;
  readonly isEmpty: boolean;
};

export function createFeedQueue(limits: { readonly spanMs: number; readonly bytes: number } = FEED_LIMITS): FeedQueue {
  let items: FeedItem[] = [];
  let queuedBytes = 0;
  /** Everything but configurations is dropped until the next key frame. */
  let isSkipping = false;
  const spanMs = () => {
    const first = items.find((item) => item.kind !== 'config');
    return first ? Math.max(0, (items.at(-1) ?? first).dtsMs - first.dtsMs) : 0;
  };
  const isPicture = (item: FeedItem) => item.kind === 'key' || item.kind === 'inter';

  return {
    get spanMs() {
      return spanMs();
    },
    get isEmpty() {
      return items.length === 0;
    },
    push(item) {
      let droppedCount = 0;
      if (isSkipping && item.kind === 'key') isSkipping = false;
      if (isSkipping && item.kind !== 'config') return isPicture(item) ? 1 : 0;
      items.push(item);
      queuedBytes += sizeOf(item);
      if (spanMs() > limits.spanMs || queuedBytes > limits.bytes) {
        // A key frame that makes it too much stays: what is before it goes.
        const kept = items.filter((queued) => queued.kind === 'config' || (queued === item && item.kind === 'key'));
        droppedCount = items.filter(isPicture).length - kept.filter(isPicture).length;
        items = kept;
        queuedBytes = kept.reduce((sum, queued) => sum + sizeOf(queued), 0);
        isSkipping = item.kind !== 'key';
      }
      return droppedCount;
    },
    shift() {
      const next = items.shift() ?? null;
      if (next) queuedBytes -= sizeOf(next);
      return next;
    },
  };
}
