import type { ChatMessage } from '@insp/protocol';
import { expect, test } from 'vitest';
import { createSaidReader } from './said-reader.ts';

const LIST = 'https://insp.example/replay/abc/index.m3u8';
const MINUTE_MS = 60_000;
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const body = (minute: number) => JSON.stringify({ minute, messages: [{ id: `msg_${minute}` }] });

function setUp(answer: (minute: number) => Response = (minute) => new Response(body(minute))) {
  const seen = { asked: [] as number[], told: new Map<number, readonly ChatMessage[]>(), forgotten: 0, nowMs: 100 * MINUTE_MS };
  const reader = createSaidReader({
    fetch: (async (address: string) => {
      const minute = Number(/^https:\/\/insp\.example\/replay\/abc\/chat-(\d+)\.json$/.exec(address)?.[1]);
      seen.asked.push(minute);
      return answer(minute);
    }) as unknown as typeof fetch,
    nowMs: () => seen.nowMs,
    isKnown: (minute) => seen.told.has(minute),
    onSaid: (minute, messages) => seen.told.set(minute, messages),
    onForget: () => {
      seen.forgotten += 1;
    },
  });
  return { seen, reader };
}

test('the minute of the picture, the one before, and near its end the next; each once', async () => {
  const { seen, reader } = setUp();
  reader.follow(LIST, 10 * MINUTE_MS + 1_000);
  await settled();
  reader.follow(LIST, 10 * MINUTE_MS + 30_000);
  expect(seen.asked).toEqual([10, 9]);
  reader.follow(LIST, 10 * MINUTE_MS + 45_000);
  await settled();
  reader.follow(LIST, 11 * MINUTE_MS);
  expect(seen.asked).toEqual([10, 9, 11]);
  expect([...seen.told.keys()]).toEqual([10, 9, 11]);
  // Let go since, and looked at again.
  seen.told.delete(9);
  reader.follow(LIST, 10 * MINUTE_MS);
  expect(seen.asked).toEqual([10, 9, 11, 9]);
});

test('nothing is read while the chat is live or the picture has no time', () => {
  const { seen, reader } = setUp();
  reader.follow(null, 10 * MINUTE_MS);
  reader.follow(LIST, null);
  expect(seen.asked).toEqual([]);
});

test('a minute that was not over is read again every five seconds, until it was', async () => {
  const { seen, reader } = setUp();
  const look = async (nowMs: number) => {
    seen.nowMs = nowMs;
    reader.follow(LIST, 10 * MINUTE_MS);
    await settled();
    return seen.asked.filter((minute) => minute === 10).length;
  };
  const end = 11 * MINUTE_MS;
  expect([
    await look(end - 8_000),
    await look(end - 4_000),
    await look(end - 2_000),
    await look(end + 4_000),
    await look(end + 60_000),
  ]).toEqual([1, 1, 2, 3, 3]);
});

test('no such minute is silence; a failure is tried three times, not at once; too much is refused', async () => {
  const { seen, reader } = setUp((minute) => {
    if (minute === 9) return new Response('', { status: 404 });
    return minute === 10 ? new Response('', { status: 503 }) : new Response('x'.repeat(600 * 1024));
  });
  for (let round = 0; round < 6; round += 1) {
    reader.follow(LIST, 10 * MINUTE_MS + 50_000);
    await settled();
    reader.follow(LIST, 10 * MINUTE_MS + 50_000);
    seen.nowMs += 6_000;
  }
  expect(seen.asked.filter((minute) => minute === 10)).toHaveLength(3);
  expect([seen.told.get(9), seen.told.has(10), seen.told.get(11)]).toEqual([[], false, []]);
});

test('what comes for a list that was left is not told', async () => {
  const { seen, reader } = setUp();
  reader.follow(LIST, 10 * MINUTE_MS);
  reader.follow(null, null);
  await settled();
  expect([seen.told.size, seen.forgotten]).toEqual([0, 2]);
});
