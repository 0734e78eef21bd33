// The port between RTMP and broadcasts. One contract suite (ingest.contract.ts) holds whatever is behind it:
// the rules RI1 to RI6 of SPEC.md.
import type { DeclaredStream, FlvTag } from '@insp/media';
import type { ErrorCode } from '@insp/protocol';
import type { Service } from '../../kernel/service.ts';

/** Why a connection that was publishing is gone. */
export type CloseCause = 'unpublished' | 'connection_closed' | 'connection_reset' | 'no_data' | 'protocol_fault' | 'closed_by_us';

export type PublisherConnection = {
  readonly remoteAddress: string;
  /**
   * Address and what the encoder says of itself (`tcUrl`, `flashVer`). Equal marks are a hint, no proof: two OBS behind
   * one router have the same. Never logged: some encoders put the key into `tcUrl`.
   */
  readonly encoderMark: string;
  /** Tells the encoder why and closes; `onClosed` follows with `closed_by_us`. Idempotent. */
  close(reason: { code: ErrorCode | null; description: string }): void;
};

/** Where an accepted connection's data goes. Nothing is called after `onClosed`. */
export type PublisherSink = {
  onDeclared(declared: DeclaredStream): void;
  onTag(tag: FlvTag, arrivedAtMs: number): void;
  onClosed(cause: CloseCause): void;
};

export type PublishRequest = { readonly streamKey: string; readonly connection: PublisherConnection };
export type PublishVerdict =
  | { readonly ok: true; readonly sink: PublisherSink }
  | { readonly ok: false; readonly code: ErrorCode; readonly detail?: string };

/** Asked once for each connection, before the encoder is told anything and before its first tag. */
export type DecidePublish = (request: PublishRequest) => Promise<PublishVerdict>;

export type RtmpIngest = Service & {
  /** The port really bound; 0 until `start` resolved. */
  readonly port: number;
  readonly connectionCount: number;
};

export const INGEST_LIMITS = {
  /** From TCP accept to a `publish` command. */
  publishDeadlineMs: 10_000,
  /** An accepted encoder that sends nothing for this long is gone. */
  silenceMs: 5_000,
  connectionCount: 256,
  /** Connections of one address that have not been accepted yet. */
  pendingPerAddressCount: 16,
  /** Answers an encoder does not read. */
  unreadAnswerBytes: 64 * 1024,
  /** Time for the encoder to read why it was refused. */
  lingerMs: 1_000,
} as const;

/** The one RTMP application: rtmp://host/live. */
export const RTMP_APP = 'live';
