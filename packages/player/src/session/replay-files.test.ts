import { expect, test } from 'vitest';
import type { StoryboardTile } from '../video/storyboard.ts';
import { createChaptersFollower, createStoryboardFollower, readText } from './replay-files.ts';

const BOARD = 'WEBVTT\n\n00:00.000 --> 00:10.000\nsheet.jpg#xywh=0,0,160,90\n';
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

function setUp(answers: (() => Response)[]) {
  const asked: string[] = [];
  const timers: (() => void)[] = [];
  const told: (readonly StoryboardTile[])[] = [];
  const deps = {
    fetch: (async (address: string) => {
      asked.push(address);
      return (answers[asked.length - 1] ?? answers.at(-1))?.();
    }) as unknown as typeof fetch,
    after: (_delayMs: number, work: () => void) => {
      timers.push(work);
      return () => void timers.splice(timers.indexOf(work), 1);
    },
  };
  return { asked, timers, told, deps, board: createStoryboardFollower({ ...deps, onStoryboard: (tiles) => told.push(tiles) }) };
}

test('a file is asked for once, and again when the replay was cut anew', async () => {
  const { asked, told, board } = setUp([() => new Response(BOARD)]);
  board.follow('https://insp.example/r/storyboard.vtt', '60000');
  board.follow('https://insp.example/r/storyboard.vtt', '60000');
  await settled();
  expect(asked).toHaveLength(1);
  expect(told.at(-1)).toHaveLength(1);
  board.follow('https://insp.example/r/storyboard.vtt', '30000');
  expect(told.at(-1)).toEqual([]);
  await settled();
  expect([asked.length, told.at(-1)?.length]).toEqual([2, 1]);
  board.follow(null, '30000');
  expect(told.at(-1)).toEqual([]);
});

test('a refused answer is asked for again, three times in all', async () => {
  const { asked, timers, told, board } = setUp([() => new Response('', { status: 503 })]);
  board.follow('https://insp.example/r/storyboard.vtt', '');
  for (let round = 0; round < 5; round += 1) {
    await settled();
    timers.shift()?.();
  }
  expect([asked.length, told]).toEqual([3, []]);
});

test('what comes after another replay was opened is not told', async () => {
  const { told, board } = setUp([() => new Response(BOARD)]);
  board.follow('https://insp.example/r/storyboard.vtt', '');
  board.stop();
  await settled();
  expect(told).toEqual([]);
});

test('chapters are JSON; what is none is tried again like a failure', async () => {
  const { deps, timers } = setUp([() => new Response('<html>'), () => new Response('{"durationMs":1,"chapters":[]}')]);
  const told: unknown[] = [];
  createChaptersFollower({ ...deps, onChapters: (chapters) => told.push(chapters) }).follow('https://insp.example/r/chapters.json', '');
  await settled();
  timers.shift()?.();
  await settled();
  expect(told).toEqual([[]]);
});

test('a huge or endless file is refused: by its length, or while it comes', async () => {
  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1_000)),
    cancel() {
      isCancelled = true;
    },
  });
  expect(await readText(new Response(endless), 10_000)).toBeNull();
  expect(isCancelled).toBe(true);
  expect(await readText(new Response('x', { headers: { 'content-length': '10001' } }), 10_000)).toBeNull();
  expect(await readText(new Response('x'.repeat(10_000)), 10_000)).toHaveLength(10_000);
  expect(await readText(new Response(new TextEncoder().encode('ä€')), 10)).toBe('ä€');
});
