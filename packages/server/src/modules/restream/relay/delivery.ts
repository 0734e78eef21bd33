// What of the bytes handed to a socket has really left, and how old the oldest is that has not. Two witnesses:
//
//   the socket: what Node still holds (and, where the system tells, what the kernel holds unsent or unconfirmed);
//   the server: RTMP acknowledgements of what it has read, which see through every buffer in between.
//
// Not every server acknowledges, some do it when they please. So acknowledgements count only after three of them, with
// twice the largest step seen as slack, and a server whose acknowledgements once cried wolf is not asked again.
import { ACKNOWLEDGE_EVERY_BYTES } from '@insp/media';

export type DeliveryReading = {
  /** Age of the oldest media that was written and has not left, ms. */
  readonly oldestMs: number;
  /** For how long nothing at all has left while something waits, ms. */
  readonly stuckMs: number;
  /** Only the acknowledgements say so; the socket takes everything. */
  readonly isByAcknowledgements: boolean;
};

export type Delivery = {
  written(sizeBytes: number, dtsMs: number, nowMs: number): void;
  acknowledged(receivedBytes: number): void;
  /** Media between the oldest that has not left and the newest written, ms. */
  waitingMediaMs(unsentBytes: number): number;
  read(unsentBytes: number, nowMs: number): DeliveryReading;
  readonly writtenBytes: number;
  /** The server says what it has read, and is believed. */
  readonly isAcknowledged: boolean;
};

type Entry = { readonly endBytes: number; readonly dtsMs: number; readonly atMs: number };
const TRUSTED_AFTER = 3;

/** `trustsAcknowledgements`: false for a server that cried wolf. */
export function createDelivery(trustsAcknowledgements: boolean): Delivery {
  let entries: Entry[] = [];
  let first = 0;
  let writtenBytes = 0;
  let newestDtsMs = 0;
  let ackedBytes = 0;
  let ackCount = 0;
  let largestStepBytes = ACKNOWLEDGE_EVERY_BYTES;
  /** Entries not yet acknowledged, by index in a list of their own. */
  let unacked: Entry[] = [];
  let firstUnacked = 0;
  let leftBytes = 0;
  let lastLeftAtMs: number | null = null;

  function forgetSent(unsentBytes: number): void {
    // What the system holds is looked up now and then: it may be told as more than was written since.
    const sentBytes = Math.max(leftBytes, writtenBytes - unsentBytes);
    while (first < entries.length && (entries[first] as Entry).endBytes <= sentBytes) first += 1;
    if (first > 512) {
      entries = entries.slice(first);
      first = 0;
    }
  }

  return {
    get isAcknowledged() {
      return trustsAcknowledgements && ackCount >= TRUSTED_AFTER;
    },
    get writtenBytes() {
      return writtenBytes;
    },
    written(sizeBytes, dtsMs, nowMs) {
      lastLeftAtMs ??= nowMs;
      writtenBytes += sizeBytes;
      newestDtsMs = dtsMs;
      const entry = { endBytes: writtenBytes, dtsMs, atMs: nowMs };
      entries.push(entry);
      if (trustsAcknowledgements) unacked.push(entry);
    },
    acknowledged(receivedBytes) {
      const stepBytes = receivedBytes - ackedBytes;
      if (stepBytes <= 0) return;
      ackCount += 1;
      // The first counts from the handshake on and says nothing of the server's rhythm.
      if (ackCount > 1) largestStepBytes = Math.max(largestStepBytes, stepBytes);
      ackedBytes = receivedBytes;
      while (firstUnacked < unacked.length && (unacked[firstUnacked] as Entry).endBytes <= ackedBytes + 2 * largestStepBytes)
        firstUnacked += 1;
      if (firstUnacked > 512) {
        unacked = unacked.slice(firstUnacked);
        firstUnacked = 0;
      }
    },
    waitingMediaMs(unsentBytes) {
      forgetSent(unsentBytes);
      const oldest = entries[first];
      return oldest === undefined ? 0 : Math.max(0, newestDtsMs - oldest.dtsMs);
    },
    read(unsentBytes, nowMs) {
      forgetSent(unsentBytes);
      const sentBytes = Math.max(leftBytes, writtenBytes - unsentBytes);
      if (sentBytes > leftBytes || first >= entries.length) lastLeftAtMs = nowMs;
      leftBytes = sentBytes;
      const bySocketMs = first < entries.length ? nowMs - (entries[first] as Entry).atMs : 0;
      let byAckMs = 0;
      if (trustsAcknowledgements && ackCount >= TRUSTED_AFTER) {
        while (firstUnacked < unacked.length && (unacked[firstUnacked] as Entry).endBytes <= ackedBytes + 2 * largestStepBytes)
          firstUnacked += 1;
        const oldest = unacked[firstUnacked];
        if (oldest !== undefined) byAckMs = nowMs - oldest.atMs;
      } else if (unacked.length - firstUnacked > 4_096) unacked = unacked.slice(-512);
      return {
        oldestMs: Math.max(bySocketMs, byAckMs),
        stuckMs: Math.max(first < entries.length ? nowMs - (lastLeftAtMs ?? nowMs) : 0, byAckMs),
        isByAcknowledgements: byAckMs > bySocketMs,
      };
    },
  };
}
