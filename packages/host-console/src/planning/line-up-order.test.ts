import { LIMITS, type LineUpItem } from '@insp/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addItem, moveItem, NOTE_LENGTH, removeItem, setNote } from './line-up-order.ts';

const items = (count: number): LineUpItem[] => Array.from({ length: count }, (_, index) => ({ productId: `prd_${index}`, note: '' }));
const ids = (list: readonly LineUpItem[]) => list.map(({ productId }) => productId);

describe('moving', () => {
  test('puts the product where it was dropped and loses none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(), fc.integer({ min: -3, max: 25 }), (count, which, to) => {
        const id = `prd_${which % count}`;
        const moved = moveItem(items(count), id, to);
        expect(ids(moved).toSorted()).toEqual(ids(items(count)).toSorted());
        expect(ids(moved).indexOf(id as never)).toBe(Math.max(0, Math.min(count - 1, to)));
      }),
    );
  });
  test('to where it is changes nothing', () => {
    const list = items(3);
    expect(moveItem(list, 'prd_1', 1)).toBe(list);
    expect(moveItem(list, 'prd_9', 1)).toBe(list);
  });
});

describe('adding', () => {
  test('adds at the end, once', () => {
    const list = addItem(items(2), 'prd_x');
    expect(ids(list)).toEqual(['prd_0', 'prd_1', 'prd_x']);
    expect(addItem(list, 'prd_x')).toBe(list);
  });
  test('stops at the greatest length', () => {
    expect(addItem(items(LIMITS.productsPerShow - 1), 'prd_x')).toHaveLength(LIMITS.productsPerShow);
    expect(addItem(items(LIMITS.productsPerShow), 'prd_x')).toHaveLength(LIMITS.productsPerShow);
  });
});

test('removing what is not there changes nothing', () => {
  const list = items(2);
  expect(removeItem(list, 'prd_9')).toBe(list);
  expect(ids(removeItem(list, 'prd_0'))).toEqual(['prd_1']);
});

test('a note is cut at its length', () => {
  expect(setNote(items(1), 'prd_0', 'x'.repeat(NOTE_LENGTH + 1))[0]?.note).toHaveLength(NOTE_LENGTH);
  const list = items(1);
  expect(setNote(list, 'prd_0', '')).toBe(list);
});
