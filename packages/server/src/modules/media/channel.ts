// Everything of one show's video: its encoders (sources.ts says whose tags count), the packager and window that outlive
// connections, and the state of the broadcast. Tells facts and health outwards.
import {
  createLiveWindow,
  createPackager,
  type DemuxEvent,
  fmp4Writer,
  type LiveWindow,
  type ProductMoment,
  type TrackOutput,
} from '@insp/media';
import type { ErrorCode, IngestSource } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import { type BroadcastFact, type BroadcastState, nextBroadcastState } from './broadcast-state.ts';
import type { ChannelLook } from './health-board.ts';
import type { PublisherConnection, PublishVerdict } from './ingest.ts';
import { createLiveRequests, type LiveRequests } from './live-requests.ts';
import type { PublishGrant } from './ports.ts';
import { createSources, type Publisher } from './sources.ts';
import { createTapSet } from './tap-set.ts';
import type { OpenTap, RungSink } from './taps.ts';
import type { Delivery } from './warm-group.ts';

export const CHANNEL_LIMITS = {
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
  /** Takes a connection on, or says why not; `askAgainInMs`: ask once more then, the one that is there may be dead. */
  admit(source: IngestSource, connection: PublisherConnection): ChannelVerdict;
  /** Admitted nowhere: told to the host and kept as a fact. */
  turnAway(code: ErrorCode): void;
  /** The key was replaced: closes its encoder, the broadcast goes on with the other or waits for the next one. */
  drop(source: IngestSource): void;
  /** Puts that encoder on air if it could begin at once; false if not. */
  switchTo(source: IngestSource): boolean;
  /** The broadcast is over: closes the encoders, ends the playlist. */
  end(description: string): void;
  /** The encoder did not come back in time. */
  giveUp(): void;
  /** What health is made of. */
  look(): ChannelLook;
  /** A product was shown, or is no longer: told in the playlist. */
  mark(moment: ProductMoment): void;
};

export type ChannelVerdict = Extract<PublishVerdict, { ok: true }> | { readonly ok: false; readonly askAgainInMs: number | null };

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
  let idleSinceMs: number | null = clock.nowMs();
  let endedAtMs: number | null = null;
  let lastRefusal: { advice: string; atMs: number; source: IngestSource } | null = null;

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

  const sources = createSources({
    clock,
    onBegin(publisher) {
      putOnAir();
      deps.logger.info({ showId: grant.showId, source: publisher.source }, 'an encoder goes on air');
    },
    onTag,
    onEnd(publisher, cause) {
      takeOffAir();
      step({ kind: 'gone', cause, lastPictureAtMs: publisher.lastPictureAtMs ?? clock.nowMs() });
    },
    onSwitch(from, to, cause) {
      takeOffAir();
      const nowMs = clock.nowMs();
      putOnAir();
      step({ kind: 'switched', source: to.source, cause, gapMs: nowMs - (from.lastPictureAtMs ?? nowMs) });
      deps.onHealth();
    },
    onUnsupported(publisher, codec) {
      const who = publisher.source === 'backup' ? 'backup encoder' : 'encoder';
      refuse(publisher, 'INSP_MEDIA_CODEC_UNSUPPORTED', `Your ${who} sends ${codec}: set H.264 video and AAC audio.`);
    },
    onPresence() {
      const isThere = sources.isConnected;
      idleSinceMs = isThere ? null : (idleSinceMs ?? clock.nowMs());
      if (!isThere) deps.onHealth();
    },
  });

  function putOnAir(): void {
    // First, so that a rung opened by a listener belongs to this connection.
    publish(packager.begin());
    taps.connected(clock.nowMs());
  }

  function takeOffAir(): void {
    publish(packager.flush());
    taps.disconnected(clock.nowMs());
  }

  function onTag(publisher: Publisher, { tag, events, arrivedAtMs }: Delivery): void {
    for (const event of events) onSample(publisher, event, arrivedAtMs);
    taps.tag(tag, events, arrivedAtMs);
  }

  function onSample({ source }: Publisher, event: DemuxEvent, atMs: number): void {
    if (event.kind === 'video' && event.isKey) step({ kind: 'picture', source, atMs, newId: ids.create('brd') });
    publish(packager.push(event, atMs));
  }

  function refuse({ source, connection }: Publisher, code: ErrorCode, advice: string): void {
    lastRefusal = { advice, atMs: clock.nowMs(), source };
    deps.onRefused(code);
    connection.close({ code, description: advice });
  }

  return {
    grant,
    window,
    requests,
    mark(moment) {
      window.mark(moment);
    },
    get isPublishing() {
      return sources.isConnected;
    },
    get hasPicture() {
      return state.kind === 'on_air' && sources.onAir !== null;
    },
    get idleSinceMs() {
      return idleSinceMs;
    },
    get endedAtMs() {
      return endedAtMs;
    },
    admit(source, connection) {
      const admission = sources.admit(source, connection);
      if (admission.ok && lastRefusal?.source === source) lastRefusal = null;
      return admission;
    },
    turnAway: deps.onRefused,
    drop(source) {
      const leaving = sources.remove(source, 'key_replaced');
      leaving?.connection.close({ code: 'INSP_MEDIA_STREAM_KEY_INVALID', description: 'The stream key was replaced.' });
    },
    switchTo: sources.switchTo,
    end(description) {
      // Ended before they are gone: an encoder we send away is not lost.
      const wasOnAir = sources.onAir !== null;
      const leaving = sources.clear();
      if (wasOnAir) takeOffAir();
      if (leaving.length > 0) idleSinceMs = clock.nowMs();
      // The last segments of rungs, while there is still somebody to tell.
      publish(packager.closeRungs());
      step({ kind: 'end' });
      for (const { connection } of leaving) connection.close({ code: null, description });
      if (leaving.length > 0) deps.onHealth();
      endPlaylist();
    },
    giveUp() {
      publish(packager.closeRungs());
      step({ kind: 'window_over' });
      endPlaylist();
    },
    look() {
      const isRefusalFresh = lastRefusal !== null && clock.nowMs() - lastRefusal.atMs < CHANNEL_LIMITS.refusalShownMs;
      const { shown, standby } = sources;
      return {
        meter: shown?.meter ?? null,
        refusal: isRefusalFresh ? (lastRefusal?.advice ?? null) : null,
        source: shown?.source ?? null,
        standby,
      };
    },
  };
}
