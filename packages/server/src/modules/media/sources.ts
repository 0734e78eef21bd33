// The encoders of one show: who may connect, who takes over whom, and whose tags go on. Up to two are connected, one
// for each key (primary and backup); one is on air and its tags are handed on, the other is read all the same and kept
// warm. Which of them is on air is source-switch.ts; this file feeds it what happens.
//
// Tags are the clock here: the encoder that stands by sees, with each tag of its own, how long the other has shown no
// picture. So nothing is noticed late, no timer is needed, and a stall of this process looks like silence of neither.
import { createFlvDemuxer, createHealthMeter, type FlvDemuxer, type HealthMeter } from '@insp/media';
import { INGEST_SOURCES, type IngestSource } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { CloseCause, PublisherConnection, PublisherSink } from './ingest.ts';
import { NOBODY, nextSwitchState, otherSource, type SwitchCause, type SwitchEvent, type SwitchState } from './source-switch.ts';
import { createWarmGroup, type Delivery, type WarmGroup } from './warm-group.ts';

export const SOURCE_LIMITS = {
  /** A second encoder with the same key takes over once the first has been silent for this long. */
  takeOverAfterSilenceMs: 2_000,
  /** The same, if it says to be the same encoder: one that sends is never silent for so long. */
  sameEncoderSilenceMs: 500,
  /** The backup takes over when the picture on air has been away for this long ... */
  switchAfterSilenceMs: 1_500,
  /** ... and the backup was heard for this much of it, without a pause: else it is we who heard nothing. */
  standbyHeardMs: 1_000,
  standbyPauseMs: 500,
} as const;

export type Publisher = {
  readonly source: IngestSource;
  readonly connection: PublisherConnection;
  readonly demuxer: FlvDemuxer;
  readonly meter: HealthMeter;
  readonly warm: WarmGroup;
  lastDataAtMs: number;
  /** When its last frame came; null before its first key frame. */
  lastPictureAtMs: number | null;
};

export type Admission =
  | { readonly ok: true; readonly sink: PublisherSink; readonly publisher: Publisher }
  /** Another sends by this key. `askAgainInMs`: it may have died just now; null: it has not. */
  | { readonly ok: false; readonly askAgainInMs: number | null };

export type Standby = 'none' | 'connected' | 'ready';

export type Sources = {
  readonly isConnected: boolean;
  readonly onAir: Publisher | null;
  /** Who is on air, or who will be: the one to tell the host about. */
  readonly shown: Publisher | null;
  readonly standby: Standby;
  admit(source: IngestSource, connection: PublisherConnection): Admission;
  /** Takes this encoder away, as if its connection were over; the caller closes it. Null when there is none. */
  remove(source: IngestSource, cause: string): Publisher | null;
  /** Takes all away without telling anybody: the broadcast is over. */
  clear(): Publisher[];
  /** Puts `source` on air if it could begin at once; false if not. */
  switchTo(source: IngestSource): boolean;
};

export type SourcesDeps = {
  clock: Clock;
  /** An encoder goes on air; its configurations and its first key frame follow. */
  onBegin(publisher: Publisher): void;
  onTag(publisher: Publisher, delivery: Delivery): void;
  /** Nobody is on air any more. */
  onEnd(publisher: Publisher, cause: string): void;
  /** In place of `onEnd` and `onBegin`: the other went on air. `cause` is why the first left. */
  onSwitch(from: Publisher, to: Publisher, cause: SwitchCause | string): void;
  /** Something it sends is not taken. */
  onUnsupported(publisher: Publisher, codec: string): void;
  /** An encoder connected or went, on air or not. */
  onPresence(): void;
};

export function createSources(deps: SourcesDeps): Sources {
  const { clock } = deps;
  const present: Record<IngestSource, Publisher | null> = { primary: null, backup: null };
  let state: SwitchState = NOBODY;
  /** The standby was heard from ... to ..., without a pause and since the last picture on air. */
  let standbyHeard: { fromMs: number; toMs: number } | null = null;

  const onAirSource = () => (state.kind === 'nobody' ? null : state.onAir);
  const onAir = () => (state.kind === 'nobody' ? null : present[state.onAir]);

  /** `leaving` and `why`: of an encoder that is no longer present. */
  function happen(event: SwitchEvent, leaving: Publisher | null = null, why = ''): void {
    const step = nextSwitchState(state, event);
    const before = onAir() ?? leaving;
    state = step.state;
    const { action } = step;
    if (action === null) return;
    standbyHeard = null;
    if (action.kind === 'end') {
      deps.onEnd(leaving as Publisher, why);
      return;
    }
    const next = onAir() as Publisher;
    if (action.kind === 'begin') deps.onBegin(next);
    else deps.onSwitch(before as Publisher, next, why || action.cause);
    next.lastPictureAtMs = clock.nowMs();
    for (const delivery of next.warm.take()) deps.onTag(next, delivery);
  }

  /** Has who is on air gone quiet while the standby was heard all the time? */
  function isOnAirSilent(nowMs: number): boolean {
    const lastMs = onAir()?.lastPictureAtMs ?? nowMs;
    const isGoingOn = standbyHeard !== null && nowMs - standbyHeard.toMs <= SOURCE_LIMITS.standbyPauseMs;
    standbyHeard = { fromMs: isGoingOn && standbyHeard ? standbyHeard.fromMs : nowMs, toMs: nowMs };
    return nowMs - lastMs >= SOURCE_LIMITS.switchAfterSilenceMs && nowMs - standbyHeard.fromMs >= SOURCE_LIMITS.standbyHeardMs;
  }

  function onTag(self: Publisher, delivery: Delivery): void {
    const { tag, events, arrivedAtMs } = delivery;
    for (const [index, event] of events.entries()) {
      self.meter.observe(event, index === 0 ? tag.body.length : 0, arrivedAtMs);
      if (event.kind === 'unsupported') {
        deps.onUnsupported(self, event.codec);
        return;
      }
    }
    const isOnAir = onAirSource() === self.source;
    const wasReady = self.warm.isReady;
    self.warm.push(delivery, !isOnAir);
    const hasPicture = events.some((event) => event.kind === 'video' && (event.isKey || self.lastPictureAtMs !== null));
    if (hasPicture) self.lastPictureAtMs = arrivedAtMs;
    if (isOnAir) {
      if (hasPicture) standbyHeard = null;
      deps.onTag(self, delivery);
      return;
    }
    if (wasReady !== self.warm.isReady) happen({ kind: wasReady ? 'unready' : 'ready', source: self.source });
    if (state.kind === 'guarded' && state.onAir !== self.source && isOnAirSilent(arrivedAtMs)) happen({ kind: 'silent' });
  }

  function remove(source: IngestSource, cause: string): Publisher | null {
    const leaving = present[source];
    if (!leaving) return null;
    const wasOnAir = onAirSource() === source;
    present[source] = null;
    happen({ kind: 'gone', source }, leaving, wasOnAir ? cause : '');
    deps.onPresence();
    return leaving;
  }

  function createSink(self: Publisher): PublisherSink {
    const isHere = () => present[self.source] === self;
    return {
      onDeclared(declared) {
        if (isHere()) self.meter.declare(declared);
      },
      onTag(tag, arrivedAtMs) {
        if (!isHere()) return;
        self.lastDataAtMs = arrivedAtMs;
        onTag(self, { tag, events: self.demuxer.push(tag), arrivedAtMs });
      },
      onClosed(cause: CloseCause) {
        if (isHere()) remove(self.source, cause);
      },
    };
  }

  /** How long the encoder that is there must have been silent, for this one to take its place. */
  function neededSilenceMs(there: Publisher, connection: PublisherConnection): number {
    const isSame = there.connection.encoderMark === connection.encoderMark;
    return isSame ? SOURCE_LIMITS.sameEncoderSilenceMs : SOURCE_LIMITS.takeOverAfterSilenceMs;
  }

  return {
    get isConnected() {
      return INGEST_SOURCES.some((source) => present[source] !== null);
    },
    get onAir() {
      return onAir();
    },
    get shown() {
      return onAir() ?? present.primary ?? present.backup;
    },
    get standby() {
      const shown = onAir() ?? present.primary ?? present.backup;
      const other = shown === null ? null : present[otherSource(shown.source)];
      return other === null ? 'none' : state.kind === 'guarded' ? 'ready' : 'connected';
    },
    admit(source, connection) {
      const nowMs = clock.nowMs();
      const there = present[source];
      if (there) {
        const needed = neededSilenceMs(there, connection);
        const silentMs = nowMs - there.lastDataAtMs;
        if (silentMs < needed) {
          return { ok: false, askAgainInMs: needed === SOURCE_LIMITS.sameEncoderSilenceMs ? needed - silentMs : null };
        }
        remove(source, 'taken_over');
        there.connection.close({ code: 'INSP_MEDIA_PUBLISHER_PRESENT', description: 'Another connection with this key took over.' });
      }
      const publisher: Publisher = {
        source,
        connection,
        demuxer: createFlvDemuxer(),
        meter: createHealthMeter(nowMs),
        warm: createWarmGroup(),
        lastDataAtMs: nowMs,
        lastPictureAtMs: null,
      };
      present[source] = publisher;
      deps.onPresence();
      return { ok: true, sink: createSink(publisher), publisher };
    },
    remove,
    clear() {
      const leaving = INGEST_SOURCES.flatMap((source) => present[source] ?? []);
      present.primary = null;
      present.backup = null;
      state = NOBODY;
      standbyHeard = null;
      return leaving;
    },
    switchTo(source) {
      if (onAirSource() === source) return true;
      if (state.kind !== 'guarded') return false;
      happen({ kind: 'asked', source });
      return true;
    },
  };
}
