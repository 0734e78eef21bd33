import { expect, test } from 'vitest';
import { initialState, type PlayerState } from '../store/player-state.ts';
import { isStartNear } from './start-watch.ts';

const settings = {
  show: 'shw_1',
  mode: 'button',
  isAutoplay: false,
  fit: 'auto',
  corner: 'bottom-right',
  locale: 'en',
  currency: null,
  isDataLayerOn: false,
} as const;
const start = 10_000_000;
const at = (nowMs: number, more: Partial<PlayerState> = {}): PlayerState => ({
  ...initialState(settings, nowMs),
  session: 'ready',
  show: { id: 'shw_1', orgId: 'o', brandName: '', title: '', hostName: '', scheduledAtMs: start, liveAtMs: null, isSimulated: false },
  ...more,
});

test('a closed player asks from a minute before the start to an hour after, and only until the show is on', () => {
  expect(isStartNear(at(start - 60_000))).toBe(false);
  expect(isStartNear(at(start - 59_999))).toBe(true);
  expect(isStartNear(at(start + 3_599_999))).toBe(true);
  expect(isStartNear(at(start + 3_600_000))).toBe(false);
  expect(isStartNear(at(start, { surface: 'open' }))).toBe(false);
  expect(isStartNear(at(start, { session: 'failed' }))).toBe(false);
  const { room } = at(start);
  expect(isStartNear(at(start, { room: { ...room, showState: 'live' } }))).toBe(false);
});
