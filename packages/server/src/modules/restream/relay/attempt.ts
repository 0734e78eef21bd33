// One connection to a server, from the look-up of its name to its end: what happens on it, told as events of the state
// table. Knows the deadlines of each step and when a line that is up has stopped to carry.
import { createPublishClient, type PublishClient, type Rejection } from '@insp/media';
import type { ErrorCode, RestreamReason } from '@insp/protocol';
import type { Clock } from '../../../kernel/clock.ts';
import type { Random } from '../../../kernel/random.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import type { Line, OpenLine, ReadAddress } from './line.ts';
import { createSender, type Sender } from './sender.ts';
import type { RelayTag, TagRing } from './tag-ring.ts';
import type { TargetEvent } from './target-state.ts';

export const ATTEMPT_LIMITS = {
  /** From the connection to the accepted application. */
  handshakeMs: 5_000,
  /** From the stream key to the yes: platforms look it up. */
  publishMs: 8_000,
  /** Media this old and still here: the line is too slow. */
  slowMs: 1_000,
  /** Nothing leaves for so long: the same. */
  stuckMs: 3_000,
  /** Either for so long: dial anew. */
  wedgedMs: 6_000,
} as const;

const REASON_OF: Partial<Record<ErrorCode, RestreamReason>> = {
  INSP_OUTBOUND_ADDRESS_INVALID: 'address_refused',
  INSP_OUTBOUND_ADDRESS_REFUSED: 'address_refused',
  INSP_OUTBOUND_UNRESOLVED: 'name_unresolved',
  INSP_OUTBOUND_TLS_FAILED: 'tls_failed',
};

export type AttemptDeps = {
  url: string;
  /** Opened for the length of this attempt only. */
  streamKey: string;
  readAddress: ReadAddress;
  openLine: OpenLine;
  ring: Pick<TagRing, 'recent' | 'metadata'>;
  clock: Clock;
  random: Random;
  trustsAcknowledgements: boolean;
  tell(event: TargetEvent): void;
};

export type Attempt = {
  push(tag: RelayTag): void;
  /** Called four times a second. */
  watch(nowMs: number): void;
  /** Closes: politely when `isPolite`, at once when not. Nothing is told afterwards. */
  close(isPolite: boolean): void;
  /** The line was given up because of missing acknowledgements alone. */
  readonly wasGivenUpByAcknowledgements: boolean;
  readonly writtenBytes: number;
  readonly droppedFrameCount: number;
};

export function startAttempt(deps: AttemptDeps): Attempt {
  const { clock } = deps;
  const abort = new AbortController();
  const delivery: Delivery = createDelivery(deps.trustsAcknowledgements);
  let client: PublishClient | null = null;
  let line: Line | null = null;
  let sender: Sender | null = null;
  let deadlineMs = Number.POSITIVE_INFINITY;
  let isOver = false;
  let isSlow = false;
  let hasSentPicture = false;
  let wasGivenUpByAcknowledgements = false;

  function tell(event: TargetEvent): void {
    if (!isOver) deps.tell(event);
  }

  function onData(bytes: Uint8Array): void {
    if (client === null) return;
    for (const event of client.receive(bytes)) {
      if (isOver) return;
      switch (event.kind) {
        case 'send':
          line?.write([event.bytes]);
          break;
        case 'connected':
          deadlineMs = clock.steadyMs() + ATTEMPT_LIMITS.publishMs;
          tell({ kind: 'asked', reason: 'key_sent' });
          break;
        case 'accepted':
          deadlineMs = Number.POSITIVE_INFINITY;
          begin(client);
          break;
        case 'acknowledged':
          delivery.acknowledged(event.receivedBytes);
          break;
        case 'rejected':
          tell({
            kind: event.rejection === 'stopped_by_platform' ? 'broke' : 'rejected',
            reason: event.rejection satisfies Rejection,
            detail: event.description,
          });
          break;
        case 'fault':
          tell({ kind: 'broke', reason: 'protocol_broken' });
          break;
      }
    }
  }

  function begin(accepted: PublishClient): void {
    line?.write([accepted.metadata(deps.ring.metadata())]);
    sender = createSender({
      encode: (tag, timestampMs) => accepted.tag(tag, timestampMs),
      write: (parts) => line?.write(parts),
      unsentBytes: () => line?.unsentBytes() ?? 0,
      delivery,
    });
    for (const tag of deps.ring.recent()) sender.offer(tag, clock.steadyMs());
    look();
  }

  function look(): void {
    if (hasSentPicture || sender === null || sender.sentFrameCount === 0) return;
    hasSentPicture = true;
    tell({ kind: 'picture_sent', reason: 'picture_sent' });
  }

  async function open(): Promise<void> {
    if (isOver) return;
    const address = deps.readAddress(deps.url);
    if (!address.ok) return tell({ kind: 'barred', reason: 'address_refused' });
    const outcome = await deps.openLine(deps.url, abort.signal, () => tell({ kind: 'resolved', reason: 'name_resolved' }), {
      onData,
      onDrain: () => sender?.drain(clock.steadyMs()),
      onClosed(isReset) {
        // Many platforms answer a wrong key by hanging up. It may be the network too: tried again, but said.
        const isAfterKey = client?.stage === 'publish' && !isReset;
        tell({ kind: 'broke', reason: isAfterKey ? 'hung_up_on_key' : 'connection_lost' });
      },
    });
    if (isOver) {
      if (outcome.ok) outcome.value.destroy();
      return;
    }
    if (!outcome.ok) {
      const reason = REASON_OF[outcome.code] ?? 'unreachable';
      return tell({ kind: reason === 'address_refused' ? 'barred' : 'broke', reason });
    }
    line = outcome.value;
    deadlineMs = clock.steadyMs() + ATTEMPT_LIMITS.handshakeMs;
    client = createPublishClient({ ...address.value, streamName: deps.streamKey, clientRandom: deps.random.bytes(1528) });
    tell({ kind: 'connected', reason: 'connection_made' });
    if (!isOver) line.write([client.hello()]);
  }
  // Not before the caller holds what it is told about.
  Promise.resolve()
    .then(open)
    .catch(() => tell({ kind: 'broke', reason: 'unreachable' }));

  return {
    push(tag) {
      if (sender === null || isOver) return;
      sender.offer(tag, tag.arrivedAtMs);
      if (sender.bufferedMs > 0) sender.drain(tag.arrivedAtMs);
      look();
    },
    watch(nowMs) {
      if (isOver) return;
      if (nowMs >= deadlineMs) return tell({ kind: 'broke', reason: 'no_answer' });
      if (sender === null || line === null) return;
      line.askSystem(!delivery.isAcknowledged);
      sender.drain(nowMs);
      const reading = delivery.read(line.unsentBytes(), nowMs);
      if (reading.oldestMs >= ATTEMPT_LIMITS.wedgedMs || reading.stuckMs >= ATTEMPT_LIMITS.wedgedMs) {
        wasGivenUpByAcknowledgements = reading.isByAcknowledgements;
        return tell({ kind: 'broke', reason: 'stalled' });
      }
      const isSlowNow = reading.oldestMs > ATTEMPT_LIMITS.slowMs || reading.stuckMs >= ATTEMPT_LIMITS.stuckMs;
      // Slow until all has left, not until a moment below the line: no flicker on the host's screen.
      if (isSlowNow) tell({ kind: 'slow', reason: 'too_slow' });
      else if (isSlow && sender.bufferedMs === 0) tell({ kind: 'recovered', reason: 'caught_up' });
      isSlow = isSlowNow || (isSlow && sender.bufferedMs > 0);
    },
    close(isPolite) {
      if (isOver) return;
      isOver = true;
      abort.abort();
      if (isPolite && client !== null) line?.end(client.goodbye());
      else line?.destroy();
    },
    get wasGivenUpByAcknowledgements() {
      return wasGivenUpByAcknowledgements;
    },
    get writtenBytes() {
      return delivery.writtenBytes;
    },
    get droppedFrameCount() {
      return sender?.droppedFrameCount ?? 0;
    },
  };
}
