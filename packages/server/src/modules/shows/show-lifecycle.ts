// Moves a show along its table (show-state.ts) and does what belongs to a move: the transition is kept with who, when
// and why; the fact is written with it; what is on display leaves it at the end; the room is told.
import type { Fact } from '@insp/protocol';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import { endHighlights, listHighlights } from './highlight-store.postgres.ts';
import { actorOf, changeShow, nameShow, type ShowContext, type ShowTransaction } from './show-context.ts';
import { BY_SYSTEM, type By, isOnAir, playlistUrlOf, type ShowRecord } from './show-record.ts';
import { nextShow, type ShowEvent, type ShowMachine } from './show-state.ts';
import { findShow, insertTransition, saveState } from './show-store.postgres.ts';

export const NO_ENCODER_REASON = 'No encoder is connected.';

/** Applies one event to a show; the show after it comes back, moved or not. */
export async function applyEvent(
  context: ShowContext,
  orgId: string | null,
  showId: string,
  event: ShowEvent,
  by: By,
  reason = '',
): Promise<Outcome<ShowRecord>> {
  // Asked before the transaction: who holds a connection must not wait for a second one.
  const owner = orgId ?? (await findShow(context.database, showId))?.orgId;
  const organization = owner === undefined ? null : await context.ports.organization(owner);
  return changeShow(context, orgId, showId, async (transaction) => {
    const situation = {
      nowMs: transaction.nowMs,
      hasPicture: context.ports.hasPicture(transaction.show.id),
      encoderGraceMs: (organization?.encoderGraceSec ?? 120) * 1000,
    };
    const verdict = nextShow(transaction.show, event, situation);
    if (verdict.kind === 'refused') return refused(verdict.code, { detail: verdict.detail });
    if (verdict.kind === 'ignored') return accepted(transaction.show);
    const moved = await move(context, transaction, transaction.show, verdict.next, { event, by, reason });
    if (event !== 'reopen' || situation.hasPicture) return accepted(moved);
    // A reopened show has no encoder yet: it starts with the grace to connect one, like after a loss.
    const lost = nextShow(moved, 'encoder_lost', situation);
    if (lost.kind !== 'moved') return accepted(moved);
    return accepted(
      await move(context, transaction, moved, lost.next, { event: 'encoder_lost', by: BY_SYSTEM, reason: NO_ENCODER_REASON }),
    );
  });
}

async function move(
  context: ShowContext,
  { tx, record, tell, nowMs }: ShowTransaction,
  show: ShowRecord,
  next: ShowMachine,
  { event, by, reason }: { event: ShowEvent; by: By; reason: string },
): Promise<ShowRecord> {
  const { newFact, publicUrl } = context;
  const moved: ShowRecord = { ...show, ...next };
  const payload = { from: show.state, to: next.state, cause: event, reason };
  const common = { ...nameShow(show), isSimulated: show.isSimulated, actor: actorOf(by), occurredAt: nowMs };
  await saveState(tx, show.id, next);
  await insertTransition(tx, show, { from: show.state, to: next.state, cause: event, reason, by, occurredAt: nowMs });
  record(newFact('shows.state_changed', { ...common, kind: next.state, payload }));
  if (next.state === 'ended' || next.state === 'cancelled') {
    const onDisplay = (await listHighlights(tx, [show.id])).get(show.id) ?? [];
    await endDisplayed(
      { tx, record, tell, show: moved, nowMs },
      context,
      onDisplay.map(({ id }) => id),
      by,
      'show ended',
    );
  }
  tell({
    ...nameShow(show),
    type: 'show_state_changed',
    data: {
      from: show.state,
      to: next.state,
      reason,
      graceEndsAt: next.graceEndsAt,
      playlistUrl: isOnAir(moved) ? playlistUrlOf(publicUrl, moved) : null,
    },
  });
  return moved;
}

/** Takes products off the display, with fact and push for each. Answers how many were on it. */
export async function endDisplayed(
  { tx, record, tell, show, nowMs }: ShowTransaction,
  { newFact }: Pick<ShowContext, 'newFact'>,
  highlightIds: readonly string[],
  by: By,
  reason: string,
): Promise<number> {
  const ended = highlightIds.length === 0 ? [] : await endHighlights(tx, show.id, highlightIds, { reason, nowMs });
  for (const { id: highlightId, productId } of ended) {
    const fact: Fact = newFact('shows.highlight_ended', {
      ...nameShow(show),
      ...{ productId, highlightId, isSimulated: show.isSimulated, actor: actorOf(by), occurredAt: nowMs, payload: { reason } },
    });
    record(fact);
    tell({ ...nameShow(show), type: 'highlight_ended', data: { highlightId, productId } });
  }
  return ended.length;
}
