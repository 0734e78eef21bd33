import { expect, test } from 'vitest';
import { captureEvents } from './event-capture.ts';
import { createSeededRandom } from './seeded-random.ts';
import { createSocketPair, type SocketEvent } from './socket-pair.ts';

function openPair() {
  const pair = createSocketPair();
  const atClient = captureEvents<SocketEvent>();
  const atServer = captureEvents<string>();
  for (const type of ['open', 'message', 'close'] as const) pair.client.addEventListener(type, atClient.record);
  pair.attach({ receive: atServer.record, closed: () => atServer.record('closed'), ponged: () => atServer.record('pong') });
  pair.open();
  atClient.expectNext({ type: 'open' });
  const say = (text: string) => pair.server.send({ text, sizeBytes: text.length });
  return { pair, atClient, atServer, say };
}

test('frames move one by one, only when told to', () => {
  const { pair, atClient, atServer, say } = openPair();
  pair.client.send('a');
  say('1');
  say('2');
  atServer.expectNothingElse();
  expect(pair.server.bufferedBytes()).toBe(2);
  pair.flushDown(1);
  atClient.expectNext({ type: 'message', data: '1' });
  atClient.expectNothingElse();
  pair.flush();
  atClient.expectNext({ data: '2' });
  expect(atServer.expectNext(() => true)).toBe('a');
});

test('a cut loses what is on the wire and both sides learn of it', () => {
  const { pair, atClient, atServer, say } = openPair();
  pair.client.send('a');
  say('1');
  pair.cut();
  pair.flush();
  atClient.expectNext({ type: 'close', code: 1006 });
  atClient.expectNothingElse();
  expect(atServer.rest).toEqual(['closed']);
  expect(pair.isClosed).toBe(true);
});

test('a silent cut tells nobody and answers no ping', () => {
  const { pair, atClient, atServer, say } = openPair();
  pair.server.ping();
  expect(atServer.rest).toEqual(['pong']);
  atServer.clear();
  pair.cutSilently();
  pair.server.ping();
  say('1');
  pair.client.send('a');
  pair.flush();
  atClient.expectNothingElse();
  atServer.expectNothingElse();
});

test('closing from the server comes after what was sent before', () => {
  const { pair, atClient, say } = openPair();
  say('last words');
  pair.server.close(3010, 'too slow');
  pair.flush();
  atClient.expectNext({ data: 'last words' });
  atClient.expectNext({ type: 'close', code: 3010 });
});

test('an event capture fails on what is missing, different or too much', () => {
  const events = captureEvents<{ name: string; count: number }>();
  expect(() => events.expectNext({ name: 'a' })).toThrow('nothing was emitted');
  events.record({ name: 'a', count: 1 });
  events.record({ name: 'b', count: 2 });
  expect(() => events.expectNothingElse()).toThrow('2 more');
  events.expectNext({ name: 'a' });
  expect(() => events.expectNext({ name: 'c' })).toThrow();
  events.expectNothingElse();
});

test('seeded randomness replays', () => {
  const take = (seed: number) => {
    const random = createSeededRandom(seed);
    return [random.float(), random.int(10), random.pick(['a', 'b', 'c']), ...random.bytes(4)];
  };
  expect(take(7)).toEqual(take(7));
  expect(take(7)).not.toEqual(take(8));
});
