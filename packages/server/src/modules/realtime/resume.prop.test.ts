// The contract of events-and-store.md 7 under random interleavings, with the real client on the other end: a client
// either sees exactly the sequence or is told of the gap, and in the end every client shows what the shop's
// database holds. Cuts, half-open sockets, slow readers, history overflow, restarts of the server (new epochs),
// snapshots that are read while pushes land, and pushes that come later than the commit they tell of.
import { createRoomClient, createRoomStore, type RoomClient, type RoomStore } from '@insp/client';
import type { ChatMessage } from '@insp/protocol';
import { createFakeClock, createSeededRandom, createSocketNetwork, type SocketPair, settlePromises } from '@insp/test-kit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chatLine, emptySnapshot, SHOW, testSession } from '../../../test-support/room-fixture.ts';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { accepted } from '../../kernel/outcome.ts';
import { NORMAL_PACE, REALTIME_LIMITS } from './limits.ts';
import { redactMoney } from './redact-money.ts';
import { createRoomHub, type RoomHub } from './room-hub.ts';

const CLIENT_COUNT = 3;

type Action =
  | { kind: 'post' | 'remove' | 'restore'; publishLater: boolean }
  | { kind: 'publish_waiting' | 'restart' | 'flow' }
  | { kind: 'advance'; ms: number }
  | { kind: 'up' | 'down'; client: number; count: number }
  | { kind: 'cut' | 'cut_silently'; client: number }
  | { kind: 'burst'; count: number };

const client = fc.nat(CLIENT_COUNT - 1);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('post' as const, 'post' as const, 'remove' as const, 'restore' as const),
      publishLater: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('publish_waiting' as const) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.constantFrom(0, 10, 50, 300, 1_500, 20_000) }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constantFrom('up' as const, 'down' as const), client, count: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('cut' as const, 'cut' as const, 'cut_silently' as const), client }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('burst' as const), count: fc.integer({ min: 5, max: 15 }) }) },
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('flow' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
);

const reached = { recovered: 0, gaps: 0, tooSlow: 0, dead: 0, restarts: 0 };

/** What a client saw: pushes by the order they were published in, welcomes and gaps. */
type Seen = { kind: 'welcome'; epoch: string; offset: number; isRecovered: boolean } | { kind: 'gap' } | { kind: 'push'; offset: number };

async function run(seed: number, actions: readonly Action[]): Promise<void> {
  const clock = createFakeClock();
  const random = createSeededRandom(seed);
  // The shop's database: what a snapshot reads.
  const visible = new Map<number, ChatMessage>();
  let lastSeq = 0;
  let waiting: Array<(hub: RoomHub) => void> = [];
  let pairs: SocketPair[] = [];

  const makeHub = () =>
    createRoomHub({
      clock,
      ids: createIds(clock, random),
      logger: silentLogger,
      random,
      pace: () => NORMAL_PACE,
      limits: { ...REALTIME_LIMITS, historyMaxCount: 12, slowBufferBytes: 3_000, tooSlowBufferBytes: 6_000 },
      verifySession: async (token) => accepted(testSession(Number(token))),
      handlers: {},
      async snapshot({ role }) {
        await new Promise<void>((done) => clock.after(random.pick([0, 5, 40, 400]), done));
        const recentMessages = [...visible.values()].sort((a, b) => a.seq - b.seq);
        await new Promise<void>((done) => clock.after(random.pick([0, 20]), done));
        return emptySnapshot(role, { recentMessages });
      },
      redact: redactMoney,
      capture: { accept: () => {} },
    });
  let hub = makeHub();
  await hub.start();

  const clients: Array<{ client: RoomClient; store: RoomStore; seen: Seen[]; network: ReturnType<typeof createSocketNetwork> }> = [];
  for (let number = 1; number <= CLIENT_COUNT; number += 1) {
    const network = createSocketNetwork((pair) => {
      pairs.push(pair);
      // The handshake takes a moment.
      clock.after(5, () => {
        pair.attach(hub.accept(pair.server, SHOW));
        pair.open();
      });
    });
    const session = async () => ({ token: String(number), socketUrl: 'ws://x', expiresAt: clock.nowMs() + 900_000_000 });
    const room = createRoomClient({ session, WebSocket: network.WebSocket, clock, random });
    const seen: Seen[] = [];
    room.on('welcome', ({ positions }) => {
      const viewers = positions.find(({ channel }) => channel === 'viewers');
      if (viewers) seen.push({ kind: 'welcome', epoch: viewers.epoch, offset: viewers.offset, isRecovered: viewers.recovered });
    });
    room.on('gap', () => seen.push({ kind: 'gap' }));
    room.on('push', ({ channel, offset }) => {
      if (channel === 'viewers' && offset !== undefined) seen.push({ kind: 'push', offset });
    });
    clients.push({ client: room, store: createRoomStore({ client: room, clock, random }), seen, network });
    room.start();
  }

  function tell(publish: (hub: RoomHub) => void, isLater: boolean): void {
    waiting.push(publish);
    if (!isLater) publishWaiting();
  }
  function publishWaiting(): void {
    for (const publish of waiting.splice(0)) publish(hub);
  }
  function post(isLater: boolean): void {
    lastSeq += 1;
    const message = chatLine(lastSeq);
    visible.set(message.seq, message);
    tell((target) => target.publish(SHOW, 'viewers', 'chat_message_posted', message), isLater);
  }

  async function act(step: Action): Promise<void> {
    switch (step.kind) {
      case 'post':
        post(step.publishLater);
        break;
      case 'burst':
        for (let n = 0; n < step.count; n += 1) post(false);
        break;
      case 'remove': {
        const message = [...visible.values()][random.int(Math.max(1, visible.size))];
        if (!message) break;
        visible.delete(message.seq);
        tell((target) => target.publish(SHOW, 'viewers', 'chat_message_removed', { messageId: message.id }), step.publishLater);
        break;
      }
      case 'restore': {
        const seq = 1 + random.int(Math.max(1, lastSeq));
        if (seq > lastSeq || visible.has(seq)) break;
        const message = chatLine(seq);
        visible.set(seq, message);
        tell((target) => target.publish(SHOW, 'viewers', 'chat_message_restored', message), step.publishLater);
        break;
      }
      case 'publish_waiting':
        publishWaiting();
        break;
      case 'advance':
        await clock.advanceAsync(step.ms);
        break;
      case 'flow':
        for (let turn = 0; turn < 4; turn += 1) {
          for (const pair of pairs) pair.flush();
          await clock.advanceAsync(150);
        }
        break;
      case 'up':
        clients[step.client]?.network.pairs.at(-1)?.flushUp(step.count);
        break;
      case 'down':
        clients[step.client]?.network.pairs.at(-1)?.flushDown(step.count);
        break;
      case 'cut':
        clients[step.client]?.network.pairs.at(-1)?.cut();
        break;
      case 'cut_silently':
        clients[step.client]?.network.pairs.at(-1)?.cutSilently();
        break;
      case 'restart': {
        reached.restarts += 1;
        const { tooSlowCount, deadCount } = hub.stats();
        reached.tooSlow += tooSlowCount;
        reached.dead += deadCount;
        await hub.stop();
        // What was committed and not yet told is told by nobody: the new process reads it from the database.
        waiting = [];
        hub = makeHub();
        await hub.start();
        break;
      }
    }
    await settlePromises();
  }

  for (const step of actions) await act(step);

  // All is well again: everything flows until nothing moves.
  for (let sec = 0; sec < 100; sec += 1) {
    publishWaiting();
    for (const pair of pairs) pair.flush();
    await clock.advanceAsync(1_000);
    pairs = pairs.filter((pair) => !pair.isClosed);
  }

  const expected = [...visible.values()].sort((a, b) => a.seq - b.seq);
  for (const { client: room, store, seen } of clients) {
    expect(room.state.kind).toBe('open');
    expect(store.getState().messages).toEqual(expected);
    checkNoSilentHole(seen);
    room.stop();
  }
  const { tooSlowCount, deadCount } = hub.stats();
  reached.tooSlow += tooSlowCount;
  reached.dead += deadCount;
  await hub.stop();
}

function checkNoSilentHole(seen: readonly Seen[]): void {
  let position = null as { epoch: string; offset: number } | null;
  let gapIsDue = false;
  for (const item of seen) {
    if (item.kind === 'welcome') {
      expect(gapIsDue).toBe(false);
      if (item.isRecovered) {
        reached.recovered += 1;
        expect(position).toEqual({ epoch: item.epoch, offset: item.offset });
      } else {
        gapIsDue = position !== null;
        position = { epoch: item.epoch, offset: item.offset };
      }
    } else if (item.kind === 'gap') {
      reached.gaps += 1;
      expect(gapIsDue).toBe(true);
      gapIsDue = false;
    } else {
      if (!position) throw new Error('a push before the first welcome');
      expect(item.offset).toBe(position.offset + 1);
      position = { epoch: position.epoch, offset: item.offset };
    }
  }
}

test('[R3] [R5] [R8] a client has exactly the sequence or was told of the gap, whatever happens to its socket', async () => {
  await fc.assert(fc.asyncProperty(fc.integer(), fc.array(action, { minLength: 10, maxLength: 80, size: 'max' }), run), {
    numRuns: 400,
    endOnFailure: false,
  });
  // The search must have been where it hurts.
  for (const [what, count] of Object.entries(reached)) expect(count, `never reached: ${what}`).toBeGreaterThan(0);
}, 120_000);
