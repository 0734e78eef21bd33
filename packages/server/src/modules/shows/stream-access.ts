// Who may send video: the key names the show and which of its two encoders this is, the show's state says whether it
// takes any.
import type { IngestSource, ShowId, ShowState, StreamKey } from '@insp/protocol';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import { changeShow, nameShow, type ShowContext } from './show-context.ts';
import { findShow, findShowByKeyHash, saveBackupKey, saveStreamKey } from './show-store.postgres.ts';
import { createStreamKey, hashStreamKey, isStreamKey } from './stream-key.ts';

/** An encoder may connect from the moment the show is scheduled: before live it is a preview for staff. */
const STATES_TAKING_VIDEO: readonly ShowState[] = ['scheduled', 'waiting', 'live', 'paused', 'encoder_lost'];

export type PublishVerdict = Outcome<PublishGrant> & { readonly show?: { showId: ShowId; orgId: string } };
export type PublishGrant = {
  orgId: string;
  showId: ShowId;
  playbackId: string;
  isSimulated: boolean;
  createdAtMs: number;
  source: IngestSource;
};

/** Makes a new key and forgets the one before, with whoever still sends by it; the answer is the only time it is told. */
export async function issueStreamKey(
  context: ShowContext,
  orgId: string,
  showId: string,
  source: IngestSource,
): Promise<Outcome<StreamKey>> {
  const issued = await changeShow(context, orgId, showId, async ({ tx, show, nowMs }) => {
    const streamKey = createStreamKey(context.random);
    const lastFour = streamKey.slice(-4);
    const keyHash = hashStreamKey(streamKey, context.streamKeySecret);
    if (source === 'primary') await saveStreamKey(tx, show.id, keyHash, lastFour);
    else await saveBackupKey(tx, show, keyHash, lastFour, nowMs);
    return accepted({ serverUrl: context.ingestUrl, streamKey, lastFour });
  });
  if (issued.ok) context.ports.dropEncoder(showId as ShowId, source);
  return issued;
}

/** Puts the other encoder on air, at the host's wish. */
export async function switchSource(context: ShowContext, orgId: string, showId: string, source: IngestSource): Promise<Outcome<null>> {
  const show = await findShow(context.database, showId);
  if (show === null || show.orgId !== orgId) return refused('INSP_SHOWS_NOT_FOUND');
  return context.ports.switchSource(show.id, source) ? accepted(null) : refused('INSP_MEDIA_SOURCE_NOT_READY');
}

/** May an encoder with this key send now? A refusal names the show where the key was good, so that it can be kept. */
export async function authorizePublish(context: ShowContext, streamKey: string): Promise<PublishVerdict> {
  const found = isStreamKey(streamKey)
    ? await findShowByKeyHash(context.database, hashStreamKey(streamKey, context.streamKeySecret))
    : null;
  if (found === null) return refused('INSP_MEDIA_STREAM_KEY_INVALID');
  const { show, source } = found;
  if (!STATES_TAKING_VIDEO.includes(show.state)) {
    return { ...refused('INSP_MEDIA_SHOW_NOT_OPEN', { detail: `The show is ${show.state}.` }), show: nameShow(show) };
  }
  const { orgId, id: showId, playbackId, isSimulated, createdAt: createdAtMs } = show;
  return accepted({ orgId, showId, playbackId, isSimulated, createdAtMs, source });
}
