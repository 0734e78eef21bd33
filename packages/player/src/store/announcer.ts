// What a screen reader is told by itself: highlights and results, politely, at most one in five seconds
// (product.md 3.9). A result of the shopper's own act goes before a highlight; an older highlight gives way to a
// newer one.

export const ANNOUNCE_INTERVAL_MS = 5_000;
const MAX_WAITING = 3;

export type Announcement = { readonly text: string; readonly isOwnAct: boolean };
export type AnnouncerState = { readonly waiting: readonly Announcement[]; readonly lastAtMs: number };

export const silentAnnouncer: AnnouncerState = { waiting: [], lastAtMs: Number.NEGATIVE_INFINITY };

export function addAnnouncement(state: AnnouncerState, announcement: Announcement): AnnouncerState {
  const others = announcement.isOwnAct ? state.waiting : state.waiting.filter((known) => known.isOwnAct);
  const waiting = announcement.isOwnAct
    ? [...others.filter((known) => known.isOwnAct), announcement, ...others.filter((known) => !known.isOwnAct)]
    : [...others, announcement];
  return { ...state, waiting: waiting.slice(0, MAX_WAITING) };
}

/** What to say now, if it is time. */
export function nextAnnouncement(state: AnnouncerState, nowMs: number): { state: AnnouncerState; text: string | null } {
  const [first, ...rest] = state.waiting;
  if (first === undefined || nowMs - state.lastAtMs < ANNOUNCE_INTERVAL_MS) return { state, text: null };
  return { state: { waiting: rest, lastAtMs: nowMs }, text: first.text };
}
