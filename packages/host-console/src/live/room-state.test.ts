import { initialRoomState } from '@insp/client';
import { expect, test } from 'vitest';
import { featuredHighlight, roomOf } from './room-state.ts';
import { productId, room } from './test-room.ts';

test('there is no room before the first welcome', () => expect(roomOf(initialRoomState, 0)).toBeNull());

test('a room without staff parts is drawn with empty ones', () => {
  const seen = roomOf({ ...initialRoomState, showState: 'live' }, 0);
  expect([seen?.cues, seen?.bans, seen?.kpis, seen?.audience]).toEqual([[], [], null, null]);
});

test('products can be looked up, reactions are summed', () => {
  const seen = room({}, { reactionTotals: { heart: 3, fire: 4 } });
  expect([seen.products.get(productId(2))?.title, seen.reactionCount]).toEqual(['Product 2', 7]);
});

test('the newest highlight is the featured one', () => {
  const shown = (n: number, startedAt: number) => ({ id: `hlt_${n}`, kind: 'product', productId: productId(n), startedAt }) as const;
  expect(featuredHighlight([shown(1, 30), shown(2, 50), shown(3, 40)])?.productId).toBe(productId(2));
  expect(featuredHighlight([])).toBeNull();
});
