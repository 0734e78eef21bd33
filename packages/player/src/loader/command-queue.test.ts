import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PageWithInsp, takeOverQueue } from './command-queue.ts';

/** The snippet of product.md 3.1. */
function withStub(): PageWithInsp & { insp: NonNullable<PageWithInsp['insp']> } {
  const insp = ((...call: unknown[]) => {
    insp.q = insp.q ?? [];
    insp.q.push(call);
  }) as NonNullable<PageWithInsp['insp']>;
  return { insp };
}

const fail = (error: unknown) => {
  throw error;
};

test('calls before and after the script run in the order they were made, wherever the script comes in', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 30 }), fc.nat({ max: 30 }), (calls, loadedAfter) => {
      const page = withStub();
      const ran: unknown[] = [];
      const load = () => takeOverQueue(page, '1', (_name, args) => ran.push(args[0]), fail);
      for (const [index, call] of calls.entries()) {
        if (index === loadedAfter) load();
        page.insp('x', call);
      }
      if (loadedAfter >= calls.length) load();
      expect(ran).toEqual(calls);
    }),
  );
});

test('a call made by a callback waits for its turn behind the calls already queued', () => {
  const page = withStub();
  page.insp('first');
  page.insp('second');
  const ran: string[] = [];
  takeOverQueue(
    page,
    '1',
    (name) => {
      ran.push(name);
      if (name === 'first') page.insp?.('made by first');
    },
    fail,
  );
  expect(ran).toEqual(['first', 'second', 'made by first']);
});

test('a call that throws is reported and the rest still run', () => {
  const page = withStub();
  page.insp('bad');
  page.insp('good');
  const ran: string[] = [];
  const thrown: unknown[] = [];
  takeOverQueue(
    page,
    '1',
    (name) => {
      if (name === 'bad') throw new Error('bad');
      ran.push(name);
    },
    (error) => thrown.push(error),
  );
  expect(ran).toEqual(['good']);
  expect(thrown).toHaveLength(1);
});

test('a second copy of the script steps aside; a page without the snippet works too', () => {
  const page: PageWithInsp = {};
  const ran: string[] = [];
  expect(takeOverQueue(page, '1', (name) => ran.push(name), fail)).toBe(true);
  expect(takeOverQueue(page, '2', () => ran.push('never'), fail)).toBe(false);
  page.insp?.('ready');
  expect(ran).toEqual(['ready']);
});

test('`arguments` objects, as the snippet pushes them, are read like arrays', () => {
  const calls: [string, readonly unknown[]][] = [];
  const insp = Object.assign(() => {}, { q: [{ length: 2, 0: 'cart', 1: { a: 1 } }] as ArrayLike<unknown>[] });
  takeOverQueue({ insp }, '1', (name, args) => calls.push([name, args]), fail);
  expect(calls).toEqual([['cart', [{ a: 1 }]]]);
});
