// Planning: create, edit, line-up, duplicate. Each change of the plan counts the version up; who sends the version he
// saw is refused when somebody else was faster.
import { type CreateShow, LIMITS, type LineUpItem, type ShowId, type UpdateShow } from '@insp/protocol';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import { listHighlights } from './highlight-store.postgres.ts';
import { actorOf, changeShow, nameShow, type ShowContext } from './show-context.ts';
import { endDisplayed } from './show-lifecycle.ts';
import type { By, ShowRecord } from './show-record.ts';
import { findShow, insertShow, listLineUps, replaceLineUp, savePlan } from './show-store.postgres.ts';

type NewShow = Pick<ShowRecord, 'orgId' | 'title' | 'description' | 'hostName' | 'scheduledAt' | 'isSimulated'>;

function newShow({ ids, random, clock }: ShowContext, plan: NewShow): ShowRecord {
  return {
    ...plan,
    id: ids.create('shw'),
    state: 'draft',
    stateBeforeLoss: null,
    graceEndsAt: null,
    liveAt: null,
    endedAt: null,
    version: 1,
    playbackId: Buffer.from(random.bytes(16)).toString('base64url'),
    streamKeyHash: null,
    streamKeyLastFour: null,
    backupKeyLastFour: null,
    pictureSeenAt: null,
    createdAt: clock.nowMs(),
  };
}

export async function createShow(context: ShowContext, orgId: string, plan: CreateShow): Promise<ShowId> {
  const { title, description, hostName, scheduledAt, isSimulated = false } = plan;
  const show = newShow(context, { orgId, title, description, hostName, scheduledAt, isSimulated });
  await context.database.transaction((tx) => insertShow(tx, show));
  return show.id;
}

const isStale = (show: ShowRecord, version: number | null) => version !== null && version !== show.version;
const changedMeanwhile = (show: ShowRecord) =>
  refused('INSP_SHOWS_CHANGED_MEANWHILE', { detail: `The show is at version ${show.version}.` });

export async function updateShow(
  context: ShowContext,
  orgId: string,
  showId: string,
  version: number | null,
  change: UpdateShow,
): Promise<Outcome<null>> {
  return changeShow(context, orgId, showId, async ({ tx, show }) => {
    if (isStale(show, version)) return changedMeanwhile(show);
    if (change.scheduledAt === null && show.state !== 'draft' && change.scheduledAt !== show.scheduledAt) {
      return refused('INSP_SHOWS_TRANSITION_REFUSED', { detail: `The show is ${show.state}: its start time can be moved, not removed.` });
    }
    const { title = show.title, description = show.description, hostName = show.hostName, scheduledAt = show.scheduledAt } = change;
    await savePlan(tx, show.id, { title, description, hostName, scheduledAt });
    return accepted(null);
  });
}

/** Replaces the whole line-up. What leaves it while on display is taken off the display. */
export async function setLineUp(
  context: ShowContext,
  orgId: string,
  showId: string,
  version: number | null,
  items: readonly LineUpItem[],
  by: By,
): Promise<Outcome<null>> {
  const productIds = items.map(({ productId }) => productId);
  if (items.length > LIMITS.productsPerShow) return refused('INSP_SHOWS_TOO_MANY_PRODUCTS', { detail: `${items.length} were sent.` });
  if (new Set(productIds).size < items.length)
    return refused('INSP_HTTP_INVALID_BODY', { detail: 'A product stands twice in the line-up.' });
  const products = await context.ports.products(orgId, productIds);
  return changeShow(context, orgId, showId, async (transaction) => {
    const { tx, show, record, tell, nowMs } = transaction;
    if (isStale(show, version)) return changedMeanwhile(show);
    const unknown = productIds.filter((id) => !products.has(id));
    if (unknown.length > 0)
      return refused('INSP_CATALOG_PRODUCT_NOT_FOUND', { detail: `Not in your catalog: ${unknown.slice(0, 5).join(', ')}.` });
    await replaceLineUp(tx, show, items);
    const fact = { ...nameShow(show), isSimulated: show.isSimulated, actor: actorOf(by), occurredAt: nowMs, payload: { productIds } };
    record(context.newFact('shows.line_up_changed', fact));
    const onDisplay = (await listHighlights(tx, [show.id])).get(show.id) ?? [];
    const gone = onDisplay.filter(({ productId }) => !products.has(productId)).map(({ id }) => id);
    await endDisplayed(transaction, context, gone, by, 'left the line-up');
    tell({ ...nameShow(show), type: 'products_changed', data: { products: productIds.flatMap((id) => products.get(id) ?? []) } });
    return accepted(null);
  });
}

/** A new draft with the same plan and line-up; no date, key, chat, orders or figures are carried (product.md LC9). */
export async function duplicateShow(context: ShowContext, orgId: string, showId: string): Promise<Outcome<ShowId>> {
  const source = await findShow(context.database, showId);
  if (source === null || source.orgId !== orgId) return refused('INSP_SHOWS_NOT_FOUND');
  const { title, description, hostName, isSimulated } = source;
  const copy = newShow(context, { orgId, title, description, hostName, isSimulated, scheduledAt: null });
  const lineUp = (await listLineUps(context.database, [showId])).get(showId) ?? [];
  await context.database.transaction(async (tx) => {
    await insertShow(tx, { ...copy, version: 0 });
    await replaceLineUp(tx, copy, lineUp);
  });
  return accepted(copy.id);
}
