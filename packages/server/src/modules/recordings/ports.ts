// What recordings need from others.
import type { UtcSpan } from '@insp/media';
import type { ChatMessage, ProductId, ShowId, ShowState } from '@insp/protocol';

/** Of a show, as the recorder and the replay use it. */
export type RecordedShow = {
  readonly showId: ShowId;
  readonly orgId: string;
  readonly playbackId: string;
  readonly state: ShowState;
};

/** A product on display; `toMs` null = still is. UTC. */
export type RecordedMoment = {
  readonly id: string;
  readonly productId: ProductId;
  readonly title: string;
  readonly fromMs: number;
  readonly toMs: number | null;
};

export type RecordingsPorts = {
  /** Null for a show that does not exist (any more). */
  show(showId: ShowId): Promise<RecordedShow | null>;
  /** When viewers had the picture: between going live, pauses and the end. */
  onAirSpans(showId: ShowId): Promise<UtcSpan[]>;
  moments(showId: ShowId): Promise<RecordedMoment[]>;
  /** What viewers may read of the chat from one time (inclusive) to another, oldest first. A bounded number. UTC. */
  said(showId: ShowId, fromMs: number, toMs: number): Promise<readonly ChatMessage[]>;
};
