// What is on display: up to three products, the newest is the featured one. Starting what is already on display
// changes nothing and answers the same highlight.
import { type Highlight, LIMITS, OPEN_ROOM_STATES } from '@insp/protocol';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import { insertHighlight, listHighlights } from './highlight-store.postgres.ts';
import { actorOf, changeShow, nameShow, type ShowContext } from './show-context.ts';
import { endDisplayed } from './show-lifecycle.ts';
import type { By } from './show-record.ts';
import { isInLineUp } from './show-store.postgres.ts';

export async function startHighlight(
  context: ShowContext,
  orgId: string,
  showId: string,
  productId: Highlight['productId'],
  by: By,
): Promise<Outcome<Highlight>> {
  return changeShow(context, orgId, showId, async ({ tx, show, record, tell, nowMs }) => {
    if (!OPEN_ROOM_STATES.includes(show.state)) {
      return refused('INSP_SHOWS_TRANSITION_REFUSED', {
        detail: `The show is ${show.state}: products go on display when its room is open.`,
      });
    }
    if (!(await isInLineUp(tx, show.id, productId))) return refused('INSP_SHOWS_PRODUCT_NOT_IN_LINE_UP');
    const onDisplay = (await listHighlights(tx, [show.id])).get(show.id) ?? [];
    const same = onDisplay.find((highlight) => highlight.productId === productId);
    if (same !== undefined) return accepted(same);
    if (onDisplay.length >= LIMITS.highlightsPerShow) return refused('INSP_SHOWS_TOO_MANY_HIGHLIGHTS');
    const highlight: Highlight = { id: context.ids.create('hlt'), kind: 'product', productId, startedAt: nowMs };
    await insertHighlight(tx, show, highlight);
    const fact = {
      ...nameShow(show),
      productId,
      highlightId: highlight.id,
      isSimulated: show.isSimulated,
      actor: actorOf(by),
      occurredAt: nowMs,
    };
    record(context.newFact('shows.highlight_started', { ...fact, payload: {} }));
    tell({ ...nameShow(show), type: 'highlight_started', data: highlight });
    return accepted(highlight);
  });
}

export async function endHighlight(
  context: ShowContext,
  orgId: string,
  showId: string,
  highlightId: string,
  by: By,
): Promise<Outcome<null>> {
  return changeShow(context, orgId, showId, async (transaction) => {
    const endedCount = await endDisplayed(transaction, context, [highlightId], by, 'hidden');
    return endedCount === 0 ? refused('INSP_SHOWS_HIGHLIGHT_NOT_FOUND') : accepted(null);
  });
}
