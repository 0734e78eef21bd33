// What media needs from others.
import type { Fact, Id, IngestSource } from '@insp/protocol';
import type { Outcome } from '../../kernel/outcome.ts';

/** Which show a stream key belongs to, and where its video is played. */
export type PublishGrant = {
  readonly showId: Id<'shw'>;
  readonly orgId: string;
  /** Names the HLS path; the same for the life of the show. */
  readonly playbackId: string;
  readonly isSimulated: boolean;
  /** When the show was made: discontinuities are numbered from there. */
  readonly createdAtMs: number;
};

/** `source`: the show's own key, or that of its backup encoder. */
export type AuthorizedPublish = PublishGrant & { readonly source: IngestSource };

export type Shows = {
  /**
   * May an encoder with this key send now? Refuses with INSP_MEDIA_STREAM_KEY_INVALID, or with
   * INSP_MEDIA_SHOW_NOT_OPEN; then, if it can, with the show, so that the refusal is kept as a fact.
   */
  authorizePublish(streamKey: string): Promise<Outcome<AuthorizedPublish> & { readonly show?: { showId: Id<'shw'>; orgId: string } }>;
};

export type FactRecorder = {
  /** Runs `work` in one transaction; recorded facts are published after commit. */
  commit<T>(work: (tx: unknown, record: (fact: Fact) => void) => Promise<T>): Promise<T>;
};
