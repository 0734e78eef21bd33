// Everything of one show's video: the connection that sends now, its demuxer and health, the packager and window that
// outlive connections, and the state of the broadcast. Decides take-over; tells facts and health outwards.
import {
  createFlvDemuxer,
  createHealthMeter,
  createLiveWindow,
  createPackager,
  type DemuxEvent,
  fmp4Writer,
  type HealthMeter,
  judgeHealth,
  type LiveWindow,
  type ProductMoment,
  type TrackOutput,
} from '@insp/media';
import type { ErrorCode, StreamHealth } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import { type BroadcastFact, type BroadcastState, nextBroadcastState } from './broadcast-state.ts';
import type { CloseCause, PublisherConnection, PublisherSink, PublishVerdict } from './ingest.ts';
import { createLiveRequests, type LiveRequests } from './live-requests.ts';
import type { PublishGrant } from './ports.ts';
import { createTapSet } from './tap-set.ts';
import type { OpenTap, RungSink } from './taps.ts';

export const CHANNEL_LIMITS = {
  /** A second encoder with the same key takes over once the first has been silent for this long. */
  takeOverAfterSilenceMs: 2_000,
  /** How long a refusal stays the advice to the host. */
  refusalShownMs: 60_000,
} as const;

/** Media sequence numbers begin at the half seconds since then: after a restart of the server they are ahead of all given out. */
const SEQUENCE_EPOCH_MS = Date.UTC(2026, 0, 1);
const SEQUENCE_UNIT_MS = 500;
/**
 * The same for discontinuities, from the making of the show on. They must stay small: hls.js keeps an array by this
 * number and walks all of it with every playlist, 2 s at 57 million, 4 ms at the 120,000 of a show made two weeks ago.
 */
const DISCONTINUITY_UNIT_MS = 10_000;

export type Channel = {
  readonly grant: PublishGrant;
  readonly window: LiveWindow;
  readonly requests: LiveRequests;
  readonly isPublishing: boolean;
  /** A picture is coming in now. */
  readonly hasPicture: boolean;
  /** When the last connection went away; null while one is there. */
  readonly idleSinceMs: number | null;
  /** When the playlist was ended; null while it is open. */
  readonly endedAtMs: number | null;
  /** Takes a connection on, or says why not. */
  admit(connection: PublisherConnection): PublishVerdict;
  /** The key was replaced: closes the encoder, the broadcast waits for the next one. */
  drop(): void;
  /** The broadcast is over: closes the encoder, ends the playlist. */
  end(description: string): void;
  /** The encoder did not come back in time. */
  giveUp(): void;
  health(): StreamHealth;
  /** A product was shown, or is no longer: told in the playlist. */
  mark(moment: ProductMoment): void;
};

export type ChannelDeps = {
  grant: PublishGrant;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  openTaps: readonly OpenTap[];
  /** About how long a part is. */
  partMs: number;
  onFact: (fact: BroadcastFact) => void;
  onRefused: (code: ErrorCode) => void;
  onHealth: () => void;
};

type Publisher = {
  readonly connection: PublisherConnection;
  readonly meter: HealthMeter;
  lastDataAtMs: number;
  lastPictureAtMs: number | null;
};

export function createChannel(deps: ChannelDeps): Channel {
  const { grant, clock, ids } = deps;
  const window = createLiveWindow();
  const requests = createLiveRequests({ window, clock });
  const taps = createTapSet(deps.openTaps, deps.logger);
  const unitsSince = (epochMs: number, unitMs: number) => Math.max(0, Math.floor((clock.nowMs() - epochMs) / unitMs));
  const packager = createPackager({
    boxWriter: fmp4Writer,
    firstMediaSequence: unitsSince(SEQUENCE_EPOCH_MS, SEQUENCE_UNIT_MS),
    firstDiscontinuitySequence: unitsSince(grant.createdAtMs, DISCONTINUITY_UNIT_MS),
    partMs: deps.partMs,
  });
  let state: BroadcastState = { kind: 'off' };
  let publisher: Publisher | null = null;
  let idleSinceMs: number | null = clock.nowMs();
  let endedAtMs: number | null = null;
  let lastRefusal: { advice: string; atMs: number } | null = null;

  function publish(outputs: readonly TrackOutput[]): void {
    if (outputs.length === 0) return;
    endedAtMs = null;
    for (const output of outputs) {
      window.add(output);
      if (output.kind === 'segment' && !output.segment.isGap) taps.segment(output.segment);
    }
    requests.changed();
  }

  function openRung(track: `v${number}`): RungSink {
    const feed = packager.openRung(track);
    return { push: (event) => publish(feed.push(event)), close: () => publish(feed.close()) };
  }

  function endPlaylist(): void {
    publish(packager.closeRungs());
    window.end();
    endedAtMs = clock.nowMs();
    requests.changed();
  }

  function step(event: Parameters<typeof nextBroadcastState>[1]): void {
    const before = state;
    const next = nextBroadcastState(state, event);
    state = next.state;
    if (before.kind === 'off' && state.kind === 'on_air')
      taps.open({ broadcastId: state.broadcastId, grant, startedAtMs: clock.nowMs(), openRung });
    if (before.kind !== 'off' && state.kind === 'off') taps.ended(clock.nowMs());
    for (const fact of next.facts) deps.onFact(fact);
  }

  function onSample(self: Publisher, event: DemuxEvent, atMs: number): void {
    if (event.kind === 'unsupported') {
      refuse(self, 'INSP_MEDIA_CODEC_UNSUPPORTED', `Your encoder sends ${event.codec}: set H.264 video and AAC audio.`);
      return;
    }
    if (event.kind === 'video') {
      if (event.isKey) step({ kind: 'picture', atMs, newId: ids.create('brd') });
      if (event.isKey || self.lastPictureAtMs !== null) self.lastPictureAtMs = atMs;
    }
    publish(packager.push(event, atMs));
  }

  function refuse(self: Publisher, code: ErrorCode, advice: string): void {
    lastRefusal = { advice, atMs: clock.nowMs() };
    deps.onRefused(code);
    self.connection.close({ code, description: advice });
  }

  function leave(self: Publisher, cause: string): void {
    if (publisher !== self) return;
    publisher = null;
    idleSinceMs = clock.nowMs();
    publish(packager.flush());
    taps.disconnected(clock.nowMs());
    step({ kind: 'gone', cause, lastPictureAtMs: self.lastPictureAtMs ?? clock.nowMs() });
    deps.onHealth();
  }

  function createSink(self: Publisher): PublisherSink {
    const demuxer = createFlvDemuxer();
    return {
      onDeclared(declared) {
        if (publisher === self) self.meter.declare(declared);
      },
      onTag(tag, atMs) {
        self.lastDataAtMs = atMs;
        const events = demuxer.push(tag);
        for (const [index, event] of events.entries()) {
          if (publisher !== self) return;
          self.meter.observe(event, index === 0 ? tag.body.length : 0, atMs);
          onSample(self, event, atMs);
        }
        if (publisher === self) taps.tag(tag, events, atMs);
      },
      onClosed: (cause: CloseCause) => leave(self, cause),
    };
  }

  return {
    grant,
    window,
    requests,
    mark(moment) {
      window.mark(moment);
    },
    get isPublishing() {
      return publisher !== null;
    },
    get hasPicture() {
      return state.kind === 'on_air' && publisher !== null;
    },
    get idleSinceMs() {
      return idleSinceMs;
    },
    get endedAtMs() {
      return endedAtMs;
    },
    admit(connection) {
      const nowMs = clock.nowMs();
      const present = publisher;
      if (present) {
        if (nowMs - present.lastDataAtMs < CHANNEL_LIMITS.takeOverAfterSilenceMs) {
          deps.onRefused('INSP_MEDIA_PUBLISHER_PRESENT');
          return { ok: false, code: 'INSP_MEDIA_PUBLISHER_PRESENT' };
        }
        leave(present, 'taken_over');
        present.connection.close({ code: 'INSP_MEDIA_PUBLISHER_PRESENT', description: 'Another connection with this key took over.' });
      }
      publisher = { connection, meter: createHealthMeter(nowMs), lastDataAtMs: nowMs, lastPictureAtMs: null };
      idleSinceMs = null;
      lastRefusal = null;
      // First, so that a rung opened by a listener belongs to this connection.
      publish(packager.begin());
      taps.connected(nowMs);
      return { ok: true, sink: createSink(publisher) };
    },
    drop() {
      const present = publisher;
      if (!present) return;
      leave(present, 'key_replaced');
      present.connection.close({ code: 'INSP_MEDIA_STREAM_KEY_INVALID', description: 'The stream key was replaced.' });
    },
    end(description) {
      const present = publisher;
      // Ended before it is gone: an encoder we send away is not lost.
      publisher = null;
      if (present) {
        idleSinceMs = clock.nowMs();
        publish(packager.flush());
        taps.disconnected(clock.nowMs());
      }
      // The last segments of rungs, while there is still somebody to tell.
      publish(packager.closeRungs());
      step({ kind: 'end' });
      present?.connection.close({ code: null, description });
      if (present) deps.onHealth();
      endPlaylist();
    },
    giveUp() {
      publish(packager.closeRungs());
      step({ kind: 'window_over' });
      endPlaylist();
    },
    health() {
      const nowMs = clock.nowMs();
      const none = {
        videoCodec: null,
        audioCodec: null,
        widthPx: null,
        heightPx: null,
        framesPerSec: null,
        bitrateBitsPerSec: null,
        keyFrameIntervalMs: null,
        updatedAt: nowMs,
      };
      if (!publisher) {
        const isRefusalFresh = lastRefusal !== null && nowMs - lastRefusal.atMs < CHANNEL_LIMITS.refusalShownMs;
        return { ...none, status: isRefusalFresh ? 'bad' : 'no_encoder', advice: isRefusalFresh ? (lastRefusal?.advice ?? '') : '' };
      }
      const reading = publisher.meter.read(nowMs);
      return {
        ...none,
        ...judgeHealth(reading),
        videoCodec: reading.video?.codecString ?? null,
        audioCodec: reading.audio?.codecString ?? null,
        widthPx: reading.video?.widthPx ?? null,
        heightPx: reading.video?.heightPx ?? null,
        framesPerSec: reading.framesPerSec === null ? null : Math.round(reading.framesPerSec * 10) / 10,
        bitrateBitsPerSec: reading.bitrateBitsPerSec === null ? null : Math.round(reading.bitrateBitsPerSec),
        keyFrameIntervalMs: reading.keyFrameIntervalMs,
      };
    },
  };
}
