// Reading shows: for staff, for the plug-in, for the room, and the checklist.
import type { Highlight, Product, PublicReplay, PublicShow, ReadinessItem, Show, ShowId, ShowState, ShowTransition } from '@insp/protocol';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import type { Sql } from '../../platform/postgres/database.ts';
import { listHighlights, listMoments, type Moment } from './highlight-store.postgres.ts';
import { checkReadiness } from './readiness.ts';
import type { ShowContext } from './show-context.ts';
import { isOnAir, isPublished, playlistUrlOf, type ShowParts, type ShowRecord, toPublicShow, toShow } from './show-record.ts';
import { findShow, listLineUps, listShows, listTransitions } from './show-store.postgres.ts';

/** All the room hub, the copilot and insights need of a show at one moment. */
export type RoomView = {
  readonly showId: ShowId;
  readonly orgId: string;
  readonly state: ShowState;
  readonly isSimulated: boolean;
  readonly graceEndsAt: number | null;
  readonly liveAt: number | null;
  readonly endedAt: number | null;
  /** For everybody: only while on air. */
  readonly playlistUrl: string | null;
  /** For staff: also before, when a picture comes in. */
  readonly previewPlaylistUrl: string | null;
  /** The show from its beginning, while it is on air. */
  readonly startOverUrl: string | null;
  /** When it has ended. */
  readonly replay: PublicReplay | null;
  readonly highlights: readonly Highlight[];
  readonly products: readonly Product[];
};

async function partsOf(sql: Sql, showIds: readonly string[]): Promise<(showId: string) => ShowParts> {
  const [lineUps, highlights] = [await listLineUps(sql, showIds), await listHighlights(sql, showIds)];
  return (showId) => ({ lineUp: lineUps.get(showId) ?? [], highlights: highlights.get(showId) ?? [] });
}

const staffView = (context: ShowContext, record: ShowRecord, parts: ShowParts) =>
  toShow(record, parts, { publicUrl: context.publicUrl, hasPicture: context.ports.hasPicture(record.id) });

async function ownShow(context: ShowContext, orgId: string, showId: string): Promise<ShowRecord | null> {
  const record = await findShow(context.database, showId);
  return record !== null && record.orgId === orgId ? record : null;
}

async function loadWithProducts(context: ShowContext, record: ShowRecord) {
  const parts = (await partsOf(context.database, [record.id]))(record.id);
  const products = await context.ports.products(
    record.orgId,
    parts.lineUp.map(({ productId }) => productId),
  );
  return { parts, products };
}

/** What there is to see again: the beginning of a show on air, all of one that has ended. */
async function recordedOf(
  { ports }: ShowContext,
  record: ShowRecord,
): Promise<{ startOverUrl: string | null; replay: PublicReplay | null }> {
  return {
    startOverUrl: isOnAir(record) ? await ports.startOverUrl(record.id) : null,
    replay: record.state === 'ended' ? await ports.replay(record.id) : null,
  };
}

export async function readShow(context: ShowContext, orgId: string, showId: string): Promise<Outcome<Show>> {
  const record = await ownShow(context, orgId, showId);
  if (record === null) return refused('INSP_SHOWS_NOT_FOUND');
  return accepted(staffView(context, record, (await partsOf(context.database, [showId]))(showId)));
}

export async function listOwnShows(
  context: ShowContext,
  orgId: string,
  page: { state: ShowState | null; cursor: string | null; limit: number },
): Promise<{ data: Show[]; nextCursor: string | null }> {
  const sql = context.database.read;
  const found = await listShows(sql, orgId, { state: page.state, before: page.cursor, limit: page.limit + 1 });
  const records = found.slice(0, page.limit);
  const parts = await partsOf(
    sql,
    records.map(({ id }) => id),
  );
  const data = records.map((record) => staffView(context, record, parts(record.id)));
  return { data, nextCursor: found.length > page.limit ? (data.at(-1)?.id ?? null) : null };
}

/** The show as the plug-in may see it. Staff see it in any state and with the picture before it is on air. */
export async function readPublicShow(
  context: ShowContext,
  showId: string,
  { isStaff }: { isStaff: boolean },
): Promise<Outcome<PublicShow>> {
  const record = await findShow(context.database, showId);
  if (record === null) return refused('INSP_SHOWS_NOT_FOUND');
  if (!isStaff && !isPublished(record)) return refused('INSP_SHOWS_NOT_PUBLISHED');
  const organization = await context.ports.organization(record.orgId);
  const { parts, products } = await loadWithProducts(context, record);
  const showPicture = isOnAir(record) || (isStaff && context.ports.hasPicture(record.id));
  return accepted(
    toPublicShow(record, parts, products, {
      ...{ publicUrl: context.publicUrl, brandName: organization?.name ?? '', showPicture },
      ...(await recordedOf(context, record)),
    }),
  );
}

export async function readRoom(context: ShowContext, showId: string): Promise<RoomView | null> {
  const record = await findShow(context.database, showId);
  if (record === null) return null;
  const { parts, products } = await loadWithProducts(context, record);
  const { orgId, state, isSimulated, graceEndsAt, liveAt, endedAt } = record;
  const url = playlistUrlOf(context.publicUrl, record);
  return {
    ...{ showId: record.id, orgId, state, isSimulated, graceEndsAt, liveAt, endedAt },
    playlistUrl: isOnAir(record) ? url : null,
    previewPlaylistUrl: isOnAir(record) || context.ports.hasPicture(record.id) ? url : null,
    ...(await recordedOf(context, record)),
    highlights: parts.highlights,
    products: parts.lineUp.flatMap(({ productId }) => products.get(productId) ?? []),
  };
}

export async function readReadiness(context: ShowContext, orgId: string, showId: string): Promise<Outcome<ReadinessItem[]>> {
  const record = await ownShow(context, orgId, showId);
  if (record === null) return refused('INSP_SHOWS_NOT_FOUND');
  const { lineUp } = (await partsOf(context.database, [showId]))(showId);
  const organization = await context.ports.organization(orgId);
  return accepted(checkReadiness(record, { productCount: lineUp.length, hasPicture: context.ports.hasPicture(record.id), organization }));
}

export async function readTransitions(
  context: ShowContext,
  orgId: string,
  showId: string,
  page: { cursor: string | null; limit: number },
): Promise<Outcome<{ data: ShowTransition[]; nextCursor: string | null }>> {
  if ((await ownShow(context, orgId, showId)) === null) return refused('INSP_SHOWS_NOT_FOUND');
  const found = await listTransitions(context.database.read, showId, { after: Number(page.cursor ?? 0), limit: page.limit + 1 });
  const shown = found.slice(0, page.limit);
  const data = shown.map(({ id: _id, ...transition }) => transition);
  return accepted({ data, nextCursor: found.length > page.limit ? String(shown.at(-1)?.id) : null });
}

/** When viewers had the picture, UTC: from going live to a pause or the end. A lost encoder changes nothing of it. */
export async function readOnAirSpans(context: ShowContext, showId: string): Promise<{ fromMs: number; toMs: number | null }[]> {
  const spans: { fromMs: number; toMs: number | null }[] = [];
  for (let after = 0; ; ) {
    const found = await listTransitions(context.database, showId, { after, limit: TRANSITIONS_AT_ONCE });
    for (const { to, occurredAt, id } of found) {
      after = id;
      const open = spans.at(-1);
      if (to === 'live' && (open === undefined || open.toMs !== null)) spans.push({ fromMs: occurredAt, toMs: null });
      if ((to === 'paused' || to === 'ended') && open?.toMs === null) open.toMs = occurredAt;
    }
    if (found.length < TRANSITIONS_AT_ONCE) return spans;
  }
}
const TRANSITIONS_AT_ONCE = 500;

/** Every product that was on display, from when to when, with its words of today. Oldest first. */
export async function readMoments(context: ShowContext, showId: string): Promise<ShowMoment[]> {
  const record = await findShow(context.database, showId);
  if (record === null) return [];
  const moments = await listMoments(context.database, showId, MAX_MOMENTS);
  const products = await context.ports.products(record.orgId, [...new Set(moments.map(({ productId }) => productId))]);
  return moments.map((moment) => ({ ...moment, title: products.get(moment.productId)?.title ?? '' }));
}
/** What a player believes of one playlist. */
const MAX_MOMENTS = 500;
export type ShowMoment = Moment & { readonly title: string };
