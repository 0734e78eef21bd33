// Who else listens to a broadcast: transcoder, restream relay, recorder, picture watch. A tap is called synchronously
// and keeps its own bounded queue; what it throws is logged and never reaches the ingest, the origin or another tap.
import type { DemuxEvent, FlvTag, RungFeed, TrackSegment } from '@insp/media';
import type { Id } from '@insp/protocol';
import type { PublishGrant } from './ports.ts';

export type BroadcastTap = {
  /** An encoder was admitted; its tags follow, configurations first. */
  onConnected?(atMs: number): void;
  /** A tag as the encoder sent it. */
  onTag?(tag: FlvTag, arrivedAtMs: number): void;
  /** The same after the DTS rules of RI4. */
  onSample?(event: DemuxEvent, arrivedAtMs: number): void;
  /** A segment of any track was closed and is in the playlist. Gaps are not told. */
  onSegment?(segment: TrackSegment): void;
  /** The encoder is gone; it may come back. */
  onDisconnected?(atMs: number): void;
  /** The broadcast is over. Nothing follows. */
  onEnded?(atMs: number): void;
};

/** Where a rung of the ladder goes in: its frames carry the decode times of the source's (RungFeed of @insp/media). */
export type RungSink = { readonly push: (event: Parameters<RungFeed['push']>[0]) => void; close(): void };

/** Called with the first key frame of a broadcast. */
export type OpenTap = (broadcast: {
  readonly broadcastId: Id<'brd'>;
  readonly grant: PublishGrant;
  readonly startedAtMs: number;
  /**
   * A rung's encoder begins; open another for each connection of the host's encoder. The rung joins at the next
   * segment. One that stays away or falls 3 s behind is a gap in its playlist and leaves the multivariant one.
   */
  readonly openRung: (track: `v${number}`) => RungSink;
}) => BroadcastTap;
