import { SHOW_STATES, type Show, type ShowState } from '@insp/protocol';
import { expect, test } from 'vitest';
import { showGroups } from './show-groups.ts';

const show = (state: ShowState, more: Partial<Show> = {}) =>
  ({ id: `shw_${state}`, state, scheduledAt: null, endedAt: null, createdAt: 1, ...more }) as Show;

test('every show is in exactly one group', () => {
  const groups = showGroups(SHOW_STATES.map((state) => show(state)));
  expect(
    groups
      .flatMap(({ shows }) => shows)
      .map(({ state }) => state)
      .toSorted(),
  ).toEqual([...SHOW_STATES].toSorted());
});
test('what comes is ordered soonest first, what is past latest first', () => {
  const groups = showGroups([
    show('scheduled', { scheduledAt: 9 }),
    show('scheduled', { scheduledAt: 3 }),
    show('ended', { endedAt: 1 }),
    show('ended', { endedAt: 5 }),
  ]);
  expect(groups.map(({ title, shows }) => [title, shows.map((one) => one.scheduledAt ?? one.endedAt)])).toEqual([
    ['Coming', [3, 9]],
    ['Past', [5, 1]],
  ]);
});
test('empty groups are left out', () => expect(showGroups([])).toEqual([]));
