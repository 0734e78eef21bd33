import { initialRoomState, type RoomState, reduceRoom } from '@insp/client';
import { wireError } from '@insp/protocol';
import { expect, test } from 'vitest';
import { ApiError } from '../api/api-error.ts';
import { createHostRoom } from './host-room.ts';
import { message, product, productId } from './test-room.ts';

/** A room on a table: the test pushes, answers and lets time pass by hand. */
function setUp() {
  let state: RoomState = { ...initialRoomState, showState: 'live', products: [product(1)], messages: [message(1), message(2)] };
  const listeners: (() => void)[] = [];
  const timers: (() => void)[] = [];
  const answers: ((answer: unknown) => void)[] = [];
  const requests: unknown[] = [];
  const highlightCalls: { resolve: (value: unknown) => void; reject: (error: unknown) => void }[] = [];
  const subscribe = (listen: () => void) => {
    listeners.push(listen);
    return () => {};
  };
  const host = createHostRoom({
    client: {
      clockOffsetMs: 0,
      request: ((type: string, data: unknown) => {
        requests.push([type, data]);
        return new Promise((resolve) => answers.push(resolve));
      }) as never,
    },
    store: { getState: () => state, subscribe },
    highlights: {
      show: () => new Promise((resolve, reject) => highlightCalls.push({ resolve, reject })),
      hide: () => Promise.resolve(),
    },
    nowMs: () => 0,
    after: (_delayMs, work) => {
      timers.push(work);
      return () => {};
    },
  });
  const pushQuietly = (type: string, data: unknown) => {
    state = reduceRoom(state, { type: 'push', push: { v: 1, type, ts: 0, data } as never });
    for (const listen of listeners) listen();
  };
  const passTime = () => {
    for (const work of timers.splice(0)) work();
  };
  const push = (type: string, data: unknown) => {
    pushQuietly(type, data);
    passTime();
  };
  return { host, push, pushQuietly, passTime, answers, requests, highlightCalls };
}

const shown = (host: ReturnType<typeof setUp>['host']) => host.view().room?.messages.map(({ seq }) => seq);

test('a removal shows at once and stays when the server agrees', async () => {
  const { host, push, answers, requests } = setUp();
  const result = host.perform({ kind: 'remove_message', messageId: message(2).id });
  expect(shown(host)).toEqual([1]);
  expect(requests).toEqual([['remove_chat_message', { messageId: message(2).id }]]);
  answers[0]?.({ ok: true, data: {} });
  expect(await result).toEqual({ ok: true });
  push('chat_message_removed', { messageId: message(2).id });
  expect(shown(host)).toEqual([1]);
});

test('a refused removal is taken back, with the reason', async () => {
  const { host, answers } = setUp();
  const result = host.perform({ kind: 'remove_message', messageId: message(2).id });
  answers[0]?.({ ok: false, error: wireError('INSP_REALTIME_FORBIDDEN') });
  expect(await result).toMatchObject({ ok: false, refusal: { code: 'INSP_REALTIME_FORBIDDEN', fix: expect.any(String) } });
  expect(shown(host)).toEqual([1, 2]);
});

test('a product is on display before the server answers, and off again when it refuses', async () => {
  const { host, highlightCalls } = setUp();
  const result = host.perform({ kind: 'show_product', productId: productId(1) });
  expect(host.view().room?.highlights).toMatchObject([{ productId: productId(1) }]);
  highlightCalls[0]?.reject(
    new ApiError({ code: 'INSP_SHOWS_TOO_MANY_HIGHLIGHTS', status: 409, title: 'Three highlights are on display' }),
  );
  expect(await result).toMatchObject({ ok: false, refusal: { title: 'Three highlights are on display' } });
  expect(host.view().room?.highlights).toEqual([]);
});

test('the real highlight takes the place of the expected one', async () => {
  const { host, push, highlightCalls } = setUp();
  const result = host.perform({ kind: 'show_product', productId: productId(1) });
  push('highlight_started', { id: 'hlt_1', kind: 'product', productId: productId(1), startedAt: 1 });
  highlightCalls[0]?.resolve({});
  await result;
  expect(host.view().room?.highlights.map(({ id }) => id)).toEqual(['hlt_1']);
});

test('pushes are drawn together, not one by one', () => {
  const { host, pushQuietly, passTime } = setUp();
  let drawnCount = 0;
  host.subscribe(() => {
    drawnCount += 1;
  });
  for (let seq = 3; seq < 50; seq += 1) pushQuietly('chat_message_posted', message(seq));
  expect(drawnCount).toBe(0);
  passTime();
  expect([drawnCount, shown(host)?.length]).toEqual([1, 49]);
});
