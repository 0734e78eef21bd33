// Audience View, the plain rule: buyers before returning before new, then by past spend, then by who came last.
// Nobody is hidden for low value (product.md CP4): the counts cover all, and strangers fill the list after buyers.
import type { Audience, Currency, ViewerId, ViewerRelation } from '@insp/protocol';
import { formatMoney } from '@insp/protocol';

export const AUDIENCE_LIST_LENGTH = 20;

export type PresentViewer = {
  viewerId: ViewerId;
  name: string;
  joinedAtMs: number;
  isReturning: boolean;
  isSimulated: boolean;
  showsAttendedCount: number;
};
/** Orders of this person with the organization before this show. */
export type PastOrders = { orderCount: number; spendMinor: number; currency: Currency };
/** What this person did in this show. */
export type InShow = { hasBought: boolean; hasAsked: string | null; messageCount: number };

export type AudienceInput = {
  present: readonly PresentViewer[];
  pastOrders: (viewerId: ViewerId) => PastOrders | null;
  inShow: (viewerId: ViewerId) => InShow | null;
  locale: string;
  now: number;
};

type Person = Audience['people'][number] & { joinedAtMs: number };

const RELATION_ORDER: Readonly<Record<ViewerRelation, number>> = { buyer: 0, returning: 1, new: 2 };

/** Builds the panel from who is here now. A person with two tabs counts once. */
export function buildAudience(input: AudienceInput): Audience {
  const unique = new Map<ViewerId, PresentViewer>();
  for (const viewer of input.present) {
    const known = unique.get(viewer.viewerId);
    if (!known || viewer.joinedAtMs < known.joinedAtMs) unique.set(viewer.viewerId, viewer);
  }
  const people = [...unique.values()].map((viewer) => describe(viewer, input));
  people.sort(
    (a, b) =>
      RELATION_ORDER[a.relation] - RELATION_ORDER[b.relation] ||
      (b.pastSpendMinor ?? 0) - (a.pastSpendMinor ?? 0) ||
      b.joinedAtMs - a.joinedAtMs,
  );
  const count = (relation: ViewerRelation) => people.filter((person) => person.relation === relation).length;
  return {
    watchingCount: people.length,
    newCount: count('new'),
    returningCount: count('returning'),
    buyerCount: count('buyer'),
    hasSimulated: people.some((person) => person.isSimulated),
    people: people.slice(0, AUDIENCE_LIST_LENGTH).map(({ joinedAtMs: _, ...person }) => person),
    updatedAt: input.now,
  };
}

function describe(viewer: PresentViewer, input: AudienceInput): Person {
  const past = input.pastOrders(viewer.viewerId);
  const inShow = input.inShow(viewer.viewerId);
  const orderCount = past?.orderCount ?? 0;
  const relation: ViewerRelation = orderCount > 0 || inShow?.hasBought ? 'buyer' : viewer.isReturning ? 'returning' : 'new';
  const clauses = [
    orderCount > 0 && past
      ? `${orderCount === 1 ? 'bought once' : `bought ${orderCount} times`} before, ${formatMoney({ amountMinor: past.spendMinor, currency: past.currency }, input.locale)} in all`
      : null,
    inShow?.hasBought ? 'bought in this show' : null,
    inShow?.hasAsked ? `asked "${inShow.hasAsked}"` : null,
    orderCount === 0 && viewer.showsAttendedCount > 1 ? `${ordinal(viewer.showsAttendedCount)} show` : null,
  ].filter((clause) => clause !== null);
  return {
    viewerId: viewer.viewerId,
    name: viewer.name,
    relation,
    pastSpendMinor: past?.spendMinor ?? 0,
    currency: past?.currency ?? null,
    pastOrderCount: orderCount,
    showsAttendedCount: viewer.showsAttendedCount,
    boughtInShow: inShow?.hasBought ?? false,
    isSimulated: viewer.isSimulated,
    reason: clauses.length > 0 ? clauses.join(', ') : relation === 'new' ? 'here for the first time' : 'was here before',
    joinedAtMs: viewer.joinedAtMs,
  };
}

function ordinal(n: number): string {
  const suffix = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${suffix}`;
}

/** The panel for a reader who may not see money: the figures go, and the reasons lose their amounts. */
export function withoutMoney(audience: Audience): Audience {
  return {
    ...audience,
    people: audience.people.map((person) => ({
      ...person,
      pastSpendMinor: null,
      currency: null,
      reason: person.reason.replace(/ before, [^"]* in all/, ' before'),
    })),
  };
}
