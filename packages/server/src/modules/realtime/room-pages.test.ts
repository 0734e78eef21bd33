import type { ShowId } from '@insp/protocol';
import { createFakeClock } from '@insp/test-kit';
import { expect, test } from 'vitest';
import { emptySnapshot } from '../../../test-support/room-fixture.ts';
import { createRoomPages, PAGE_KEPT_MS, PAGE_RETRY_AFTER_MS, PAGES_MAX } from './room-pages.ts';

const show = (n: number): ShowId => `shw_${n.toString(16).padStart(32, '0')}`;

test('[R19] a crowd that asks at once makes one page, kept for five seconds', async () => {
  const clock = createFakeClock();
  let made = 0;
  const pages = createRoomPages({
    clock,
    takesNewViewers: () => false,
    async snapshot() {
      made += 1;
      return emptySnapshot('viewer', { watchingCount: made });
    },
  });
  const crowd = await Promise.all(Array.from({ length: 1_000 }, () => pages.page(show(1))));
  expect([made, crowd[0]]).toMatchObject([1, { retryAfterMs: PAGE_RETRY_AFTER_MS, snapshot: { watchingCount: 1 } }]);
  clock.advance(PAGE_KEPT_MS - 1);
  await pages.page(show(1));
  expect(made).toBe(1);
  clock.advance(1);
  expect(await pages.page(show(1))).toMatchObject({ snapshot: { watchingCount: 2 } });
});

test('[R19] a page that failed is not kept, a closed room has none, and pages are bounded', async () => {
  let isBroken = true;
  let made = 0;
  const pages = createRoomPages({
    clock: createFakeClock(),
    takesNewViewers: () => true,
    async snapshot(showId) {
      made += 1;
      if (isBroken) throw new Error('no database');
      return showId === show(9) ? null : emptySnapshot('viewer');
    },
  });
  await expect(pages.page(show(1))).rejects.toThrow();
  isBroken = false;
  expect(await pages.page(show(1))).toMatchObject({ retryAfterMs: null });
  expect(await pages.page(show(9))).toBeNull();
  for (let n = 100; n < 100 + PAGES_MAX; n += 1) await pages.page(show(n));
  made = 0;
  await pages.page(show(1));
  expect(made).toBe(1);
});
