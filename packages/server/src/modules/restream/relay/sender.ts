// From the ring's tags to one server: begins at a key frame, keeps its own time base, never holds more than two seconds.
// What the line does not carry is left out in the order that hurts least: pictures nothing depends on, then everything up
// to the next key frame. A target that keeps up is sent every tag, untouched.
import { createOutgoingTimeline } from '@insp/media';
import type { Delivery } from './delivery.ts';
import type { RelayTag } from './tag-ring.ts';

export const SENDER_LIMITS = {
  /** Media in the socket; beyond, tags wait here, where they can still be left out. */
  inSocketMs: 1_000,
  /** Media in socket and queue together. */
  bufferedMs: 2_000,
  /** A bound for streams whose clock stands still. */
  queueCount: 1_000,
} as const;

export type SenderPorts = {
  /** Bytes for the tag at this time. */
  encode(tag: Pick<RelayTag, 'kind' | 'body' | 'chunks'>, timestampMs: number): readonly Uint8Array[];
  write(parts: readonly Uint8Array[]): void;
  /** Bytes that were written and are still held on this machine. */
  unsentBytes(): number;
  delivery: Delivery;
};

export type Sender = {
  offer(tag: RelayTag, nowMs: number): void;
  /** Sends what waits, as far as the line takes it. */
  drain(nowMs: number): void;
  readonly sentFrameCount: number;
  readonly droppedFrameCount: number;
  readonly bufferedMs: number;
};

export function createSender(ports: SenderPorts): Sender {
  const { delivery } = ports;
  const timeline = createOutgoingTimeline();
  const sentConfig: { video: unknown; audio: unknown } = { video: null, audio: null };
  let queue: RelayTag[] = [];
  let epoch = -1;
  let needsKey = true;
  let lastSentAtMs = 0;
  let sentFrameCount = 0;
  let droppedFrameCount = 0;

  const bufferedMs = () => {
    const inSocketMs = delivery.waitingMediaMs(ports.unsentBytes());
    const [oldest] = queue;
    return inSocketMs + (oldest === undefined ? 0 : Math.max(0, (queue.at(-1) as RelayTag).dtsMs - oldest.dtsMs));
  };
  const isPicture = ({ kind }: RelayTag) => kind === 'video';

  function send(tag: RelayTag, nowMs: number): void {
    if (tag.epoch !== epoch) {
      epoch = tag.epoch;
      timeline.beginAt(tag.dtsMs, nowMs - lastSentAtMs);
    }
    const timestampMs = timeline.at(tag.kind, tag.dtsMs);
    const parts: Uint8Array[] = [];
    if (sentConfig[tag.kind] !== tag.config) {
      sentConfig[tag.kind] = tag.config;
      parts.push(...ports.encode(tag.config, timestampMs));
    }
    parts.push(...ports.encode(tag, timestampMs));
    let sizeBytes = 0;
    for (const part of parts) sizeBytes += part.length;
    ports.write(parts);
    delivery.written(sizeBytes, tag.dtsMs, nowMs);
    lastSentAtMs = nowMs;
    if (isPicture(tag)) sentFrameCount += 1;
  }

  function dropAll(tags: readonly RelayTag[]): void {
    droppedFrameCount += tags.filter(isPicture).length;
  }

  /** Too much waits: what nothing depends on goes first, then all up to the newest key frame, then all. */
  function shorten(): void {
    const kept = queue.filter(({ role }) => role !== 'disposable');
    dropAll(queue.filter(({ role }) => role === 'disposable'));
    queue = kept;
    if (bufferedMs() <= SENDER_LIMITS.bufferedMs && queue.length <= SENDER_LIMITS.queueCount) return;
    const keyAt = queue.findLastIndex(({ role }) => role === 'key');
    const from = keyAt > 0 ? keyAt : queue.length;
    dropAll(queue.slice(0, from));
    queue = queue.slice(from);
    if (queue.length === 0) needsKey = true;
  }

  return {
    offer(tag, nowMs) {
      // Another epoch is another clock: nothing of it makes sense before its key frame.
      const newest = queue.at(-1);
      if (tag.epoch !== (newest?.epoch ?? epoch)) needsKey = true;
      if (needsKey && tag.role !== 'key') {
        if (isPicture(tag) && sentFrameCount > 0) droppedFrameCount += 1;
        return;
      }
      needsKey = false;
      const inSocketMs = delivery.waitingMediaMs(ports.unsentBytes());
      if (queue.length === 0 && inSocketMs <= SENDER_LIMITS.inSocketMs) {
        send(tag, nowMs);
        return;
      }
      // A line that is behind gets no picture it could do without.
      if (tag.role === 'disposable') {
        droppedFrameCount += 1;
        return;
      }
      queue.push(tag);
      if (bufferedMs() > SENDER_LIMITS.bufferedMs || queue.length > SENDER_LIMITS.queueCount) shorten();
    },
    drain(nowMs) {
      while (queue.length > 0 && delivery.waitingMediaMs(ports.unsentBytes()) <= SENDER_LIMITS.inSocketMs)
        send(queue.shift() as RelayTag, nowMs);
    },
    get sentFrameCount() {
      return sentFrameCount;
    },
    get droppedFrameCount() {
      return droppedFrameCount;
    },
    get bufferedMs() {
      return bufferedMs();
    },
  };
}
