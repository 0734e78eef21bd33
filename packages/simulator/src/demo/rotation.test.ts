import type { Highlight, ProductId } from '@insp/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dueDeliveries, RESTOCK_AFTER_MS } from './restocking.ts';
import { FIRST_ROTATION, nextStep, type Rotation } from './rotation.ts';

const id = (kind: string, number: number) => `${kind}_${String(number).padStart(32, '0')}`;
const product = (number: number) => id('prd', number) as ProductId;
const highlight = (number: number, productId = product(1)): Highlight => ({
  id: id('hlt', number) as Highlight['id'],
  kind: 'product',
  productId,
  startedAt: number,
});
const lineUp = [product(1), product(2), product(3)];
const shownBy = (rotation: Rotation, ownHighlightId: string) => ({ ...rotation, ownHighlightId });

test('shows one after the other, each for its turn, round and round', () => {
  let rotation: Rotation = FIRST_ROTATION;
  let highlights: Highlight[] = [];
  const shown: (string | null)[] = [];
  for (let nowMs = 0; nowMs < 500_000; nowMs += 1_000) {
    const step = nextStep(rotation, { isLive: true, highlights }, lineUp, 75_000, nowMs);
    rotation = step.rotation;
    if (!step.show) continue;
    expect(step.hide).toBe(highlights[0]?.id ?? null);
    shown.push(step.show);
    highlights = [highlight(nowMs, step.show)];
    rotation = shownBy(rotation, highlights[0]?.id ?? '');
  }
  expect(shown).toEqual([1, 2, 3, 1, 2, 3, 1].map(product));
});

test('waits until the show is live', () => {
  expect(nextStep(FIRST_ROTATION, { isLive: false, highlights: [] }, lineUp, 1, 0)).toEqual({
    rotation: FIRST_ROTATION,
    show: null,
    hide: null,
  });
});

test('a highlight of somebody else, or ours ended by somebody else, is a take-over for good', () => {
  const rotation = shownBy({ ...FIRST_ROTATION, nextIndex: 1 }, highlight(1).id);
  const cases: Highlight[][] = [[highlight(2)], [highlight(1), highlight(2)], []];
  for (const highlights of cases) {
    const step = nextStep(rotation, { isLive: true, highlights }, lineUp, 1_000, 999_999);
    expect(step).toMatchObject({ show: null, hide: null, rotation: { isHandedOver: true } });
    fc.assert(
      fc.property(fc.integer({ min: 0 }), fc.boolean(), (nowMs, isLive) => {
        expect(nextStep(step.rotation, { isLive, highlights }, lineUp, 1_000, nowMs).show).toBeNull();
      }),
    );
  }
});

test('a delivery comes some minutes after something sold out, and never for what was never there', () => {
  const everStocked = new Set<string>();
  const soldOutSince = new Map<string, number>();
  const look = (a: number, nowMs: number) =>
    dueDeliveries(
      [
        { sku: 'A', stockCount: a },
        { sku: 'B', stockCount: 0 },
      ],
      everStocked,
      soldOutSince,
      nowMs,
    );
  expect(look(1, 0)).toEqual([]);
  expect(look(0, 1_000)).toEqual([]);
  expect(look(0, 1_000 + RESTOCK_AFTER_MS - 1)).toEqual([]);
  expect(look(0, 1_000 + RESTOCK_AFTER_MS)).toEqual([{ sku: 'A', stockCount: 40 }]);
  expect(look(40, 1_000 + RESTOCK_AFTER_MS + 1)).toEqual([]);
  expect(look(0, 2_000 + RESTOCK_AFTER_MS)).toEqual([]);
});
