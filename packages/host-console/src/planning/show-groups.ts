import { ON_AIR_STATES, type Show } from '@insp/protocol';

export type ShowGroup = { readonly title: string; readonly shows: readonly Show[] };

/** The list of shows by what one does with them: run it, prepare it, read about it. */
export function showGroups(shows: readonly Show[]): ShowGroup[] {
  const isNow = (show: Show) => ON_AIR_STATES.includes(show.state) || show.state === 'waiting';
  const soonest = (a: Show, b: Show) => (a.scheduledAt ?? Number.POSITIVE_INFINITY) - (b.scheduledAt ?? Number.POSITIVE_INFINITY);
  const latest = (a: Show, b: Show) => (b.endedAt ?? b.createdAt) - (a.endedAt ?? a.createdAt);
  return [
    { title: 'Now', shows: shows.filter(isNow).toSorted(soonest) },
    { title: 'Coming', shows: shows.filter(({ state }) => state === 'scheduled').toSorted(soonest) },
    { title: 'Drafts', shows: shows.filter(({ state }) => state === 'draft').toSorted((a, b) => b.createdAt - a.createdAt) },
    { title: 'Past', shows: shows.filter(({ state }) => state === 'ended' || state === 'cancelled').toSorted(latest) },
  ].filter((group) => group.shows.length > 0);
}
