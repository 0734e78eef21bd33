// The pure parts of chat: names, slow mode and rate, the room in memory, reactions.
import { type Fact, LIMITS, type ViewerId } from '@insp/protocol';
import { createFakeClock, createSeededRandom } from '@insp/test-kit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createIds } from '../../kernel/ids.ts';
import { newFact } from '../capture/index.ts';
import { validateFact } from '../capture/validate-fact.ts';
import { activeBan, type ChatRoom, noteBan, noteRemoved, noteUnban, noteVisible, RECENT_SHOWN, snapshotOf } from './chat-room.ts';
import { checkDisplayName, isImitation } from './display-name.ts';
import { codePointLength, normalizeText } from './message-text.ts';
import type { ArchivedMessage, ChatSession } from './ports.ts';
import { createPostingRules } from './posting-rules.ts';
import { BROADCAST_EVERY_MS, createReactions, FACTS_EVERY_MS, REACTIONS_BURST, REACTIONS_PER_SEC } from './reactions.ts';

const hex = (n: number) => n.toString(16).padStart(32, '0');
const viewer = (n: number): ViewerId => `vwr_${hex(n)}`;
const clock = createFakeClock();

function emptyRoom(): ChatRoom {
  return {
    showId: `shw_${hex(1)}`,
    orgId: 'org',
    rules: createPostingRules(),
    lastToldSeq: 0,
    recent: [],
    removed: [],
    pinned: null,
    slowModeSec: 0,
    bans: new Map(),
    reactionTotals: new Map(),
    posts: new Map(),
    usedAtMs: 0,
  };
}

const session = (n: number, role: ChatSession['role'] = 'viewer'): ChatSession => ({
  showId: `shw_${hex(1)}`,
  orgId: 'org',
  viewerId: viewer(n),
  memberId: role === 'viewer' ? null : 'mem',
  role,
  displayName: `Viewer ${n}`,
  customerId: null,
  isSimulated: false,
});

const message = (seq: number): ArchivedMessage => ({
  message: {
    id: `msg_${hex(seq)}`,
    seq,
    author: { kind: 'viewer', id: viewer(1), name: 'Ann', isBuyer: false, isSimulated: false },
    text: `no ${seq}`,
    postedAt: seq,
    platform: 'insp',
    state: 'visible',
    removedBy: null,
    reason: null,
  },
  showId: `shw_${hex(1)}`,
  orgId: 'org',
  viewerId: viewer(1),
  customerId: null,
  featuredProductId: null,
});

describe('display names', () => {
  test('one to twenty visible characters, exactly', () => {
    expect(checkDisplayName('A', [])).toMatchObject({ ok: true, value: 'A' });
    expect(checkDisplayName('\u{1f525}'.repeat(LIMITS.displayNameLength), [])).toMatchObject({ ok: true });
    for (const name of ['', '  ', '\u200b', '...', 'x'.repeat(LIMITS.displayNameLength + 1)]) {
      expect(checkDisplayName(name, [])).toMatchObject({ ok: false, code: 'INSP_CHAT_NAME_INVALID' });
    }
  });

  test.each([
    'Host',
    'h0st',
    'the host',
    'ＭＯＤ',
    'Mоderаtor',
    'Insp',
    'Official Shop',
    'ANNA',
    'Аnnа',
    'A n n a',
    'a.n.n.a',
    'Ánna',
    'anna\u200b',
  ])('%s reads like staff', (name) => {
    expect(checkDisplayName(name, ['Anna'])).toMatchObject({ ok: false, code: 'INSP_CHAT_NAME_INVALID' });
  });

  test.each(['Annabel', 'Hanna', 'Modesty', 'Hosta', 'Иван', '小明', 'José', 'Ghost'])('%s is a name like any other', (name) => {
    expect(checkDisplayName(name, ['Anna'])).toMatchObject({ ok: true });
  });

  test('what is accepted is normal, short and no imitation', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        fc.array(fc.string({ maxLength: 10 }), { maxLength: 3 }),
        (raw, staff) => {
          const verdict = checkDisplayName(raw, staff);
          if (!verdict.ok) return;
          expect(normalizeText(verdict.value)).toBe(verdict.value);
          expect(codePointLength(verdict.value)).toBeLessThanOrEqual(LIMITS.displayNameLength);
          expect(isImitation(verdict.value, staff)).toBe(false);
        },
      ),
    );
  });
});

describe('slow mode and rate', () => {
  const arbTries = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 0, max: 4_000 })), { maxLength: 60 });

  test('two posts of one viewer are never nearer than the interval, and the wait told is exact', () => {
    let refusedCount = 0;
    fc.assert(
      fc.property(arbTries, fc.integer({ min: 1, max: 30 }), (tries, slowModeSec) => {
        const rules = createPostingRules(1_000, 1_000);
        const lastMs = new Map<number, number>();
        let nowMs = 1_000_000;
        for (const [who, passMs] of tries) {
          nowMs += passMs;
          const turn = rules.take(viewer(who), nowMs, slowModeSec);
          const dueMs = (lastMs.get(who) ?? -1e9) + slowModeSec * 1_000;
          expect(turn.ok).toBe(nowMs >= dueMs);
          if (turn.ok) lastMs.set(who, nowMs);
          else {
            refusedCount += 1;
            expect(turn).toMatchObject({ code: 'INSP_CHAT_SLOW_MODE', retryAfterMs: dueMs - nowMs });
          }
        }
      }),
    );
    expect(refusedCount).toBeGreaterThan(0);
  });

  test('within any window no more pass than burst plus flow, and the wait told suffices', () => {
    let refusedCount = 0;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 80 }), (gapsMs) => {
        const rules = createPostingRules();
        const passedMs: number[] = [];
        let nowMs = 1_000_000;
        for (const gapMs of gapsMs) {
          nowMs += gapMs;
          const turn = rules.take(viewer(1), nowMs, 0);
          if (turn.ok) passedMs.push(nowMs);
          else {
            refusedCount += 1;
            expect(turn.code).toBe('INSP_CHAT_RATE_LIMITED');
            nowMs += turn.retryAfterMs ?? 0;
            expect(rules.take(viewer(1), nowMs, 0).ok).toBe(true);
            passedMs.push(nowMs);
          }
        }
        for (const [from, fromMs] of passedMs.entries()) {
          for (let to = from; to < passedMs.length; to += 1) {
            const allowed = LIMITS.chatMessagesBurst + (((passedMs[to] as number) - fromMs) / 1_000) * LIMITS.chatMessagesPerSec;
            expect(to - from + 1).toBeLessThanOrEqual(allowed + 1e-6);
          }
        }
      }),
    );
    expect(refusedCount).toBeGreaterThan(0);
  });

  test('the burst is exact', () => {
    const rules = createPostingRules();
    const verdicts = Array.from({ length: LIMITS.chatMessagesBurst + 1 }, () => rules.take(viewer(1), 5_000, 0).ok);
    expect(verdicts).toEqual([...Array(LIMITS.chatMessagesBurst).fill(true), false]);
    expect(rules.take(viewer(2), 5_000, 0).ok).toBe(true);
  });

  test('a turn taken back does not count for slow mode', () => {
    const rules = createPostingRules();
    const turn = rules.take(viewer(1), 10_000, 60);
    if (turn.ok) turn.value.takeBack();
    expect(rules.take(viewer(1), 10_001, 60).ok).toBe(true);
  });

  test('a clock set back locks nobody out for longer than the interval', () => {
    const rules = createPostingRules();
    rules.take(viewer(1), 10_000_000, 30);
    expect(rules.take(viewer(1), 1_000_000, 30)).toMatchObject({ ok: false, retryAfterMs: 30_000 });
  });

  test('posts of before a restart count', () => {
    const rules = createPostingRules();
    rules.remember(viewer(1), 9_000);
    expect(rules.take(viewer(1), 10_000, 30)).toMatchObject({ ok: false, retryAfterMs: 29_000 });
  });
});

describe('the room in memory', () => {
  test('shows the last hundred in order, whatever was removed and restored', () => {
    let restoredCount = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = createSeededRandom(seed);
        const room = emptyRoom();
        const visible = new Set<number>();
        const removed = new Set<number>();
        for (let step = 0, seq = 0; step < 150; step += 1) {
          const what = random.int(5);
          if (what === 0 && visible.size > 0) {
            const gone = random.pick([...visible]);
            visible.delete(gone);
            removed.add(gone);
            noteRemoved(room, message(gone));
          } else if (what === 1 && removed.size > 0) {
            const back = random.pick([...removed]);
            removed.delete(back);
            visible.add(back);
            noteVisible(room, message(back));
            restoredCount += 1;
          } else {
            seq += 1;
            visible.add(seq);
            noteVisible(room, message(seq));
          }
        }
        const expected = [...visible].sort((a, b) => a - b).slice(-RECENT_SHOWN);
        expect(snapshotOf(room, 0).recentMessages.map(({ seq }) => seq)).toEqual(expected);
        expect(new Set(snapshotOf(room, 0).removedMessages.map(({ seq }) => seq))).toEqual(removed);
      }),
      { numRuns: 30 },
    );
    expect(restoredCount).toBeGreaterThan(0);
  });

  test('a removed message is no longer pinned, and its staff fields never reach the viewers', () => {
    const room = emptyRoom();
    noteVisible(room, message(1));
    room.pinned = message(1);
    expect(Object.keys(snapshotOf(room, 0).pinnedMessage ?? {})).toEqual(['id', 'seq', 'author', 'text', 'postedAt', 'platform']);
    noteRemoved(room, message(1));
    expect(snapshotOf(room, 0)).toMatchObject({ pinnedMessage: null, recentMessages: [] });
  });

  test('a ban ends at its time, to the millisecond; both scopes count', () => {
    const room = emptyRoom();
    const ban = { viewerId: viewer(1), viewerName: 'Ann', reason: '', bannedAt: 0, bannedBy: 'Mo' };
    noteBan(room, { ...ban, scope: 'show', untilMs: 1_000 });
    expect(activeBan(room, viewer(1), 999)).toMatchObject({ untilMs: 1_000 });
    expect(snapshotOf(room, 999).bans).toHaveLength(1);
    expect(activeBan(room, viewer(1), 1_000)).toBeNull();
    noteBan(room, { ...ban, scope: 'organization', untilMs: null });
    expect(activeBan(room, viewer(1), 1e15)).toMatchObject({ scope: 'organization' });
    expect(activeBan(room, viewer(2), 0)).toBeNull();
    noteUnban(room, viewer(1));
    expect(activeBan(room, viewer(1), 0)).toBeNull();
  });
});

describe('reactions', () => {
  function setUp(broadcastEveryMs?: () => number) {
    const facts: Fact[] = [];
    const pushes: { counts: Record<string, number>; totals: Record<string, number> }[] = [];
    const reactions = createReactions({
      clock,
      ...(broadcastEveryMs ? { broadcastEveryMs } : {}),
      newFact: newFact(createIds(clock, createSeededRandom(1)), clock),
      ports: {
        engagement: { accept: (more) => void facts.push(...more) },
        room: { publish() {}, renameViewer() {}, publishLatest: (_show, _channel, _type, data) => void pushes.push(data as never) },
      },
    });
    return { facts, pushes, reactions, room: emptyRoom() };
  }

  test('the room gets sums four times a second, the log one fact per viewer, kind and second', () => {
    const { facts, pushes, reactions, room } = setUp();
    reactions.start();
    for (let tap = 0; tap < 3; tap += 1) reactions.react(room, session(1), 'heart', 2);
    reactions.react(room, session(2), 'heart', 1);
    reactions.react(room, session(1), 'fire', 1);
    clock.advance(BROADCAST_EVERY_MS);
    expect(pushes).toEqual([{ counts: { heart: 7, fire: 1 }, totals: { heart: 7, fire: 1 } }]);
    clock.advance(BROADCAST_EVERY_MS);
    expect(pushes).toHaveLength(1);
    reactions.react(room, session(3), 'heart', 1);
    clock.advance(FACTS_EVERY_MS - 2 * BROADCAST_EVERY_MS);
    expect(pushes.at(-1)).toEqual({ counts: { heart: 1 }, totals: { heart: 8, fire: 1 } });
    expect(facts.map(({ viewerId, kind, weight }) => [viewerId, kind, weight])).toEqual([
      [viewer(1), 'heart', 6],
      [viewer(2), 'heart', 1],
      [viewer(1), 'fire', 1],
      [viewer(3), 'heart', 1],
    ]);
    for (const fact of facts) expect(validateFact(fact)).toMatchObject({ ok: true });
    reactions.stop();
    expect(clock.timerCount).toBe(0);
  });

  test('under pressure the room gets its sums once a second, and none is lost', () => {
    const { pushes, reactions, room } = setUp(() => 1_000);
    reactions.start();
    for (let tick = 0; tick < 8; tick += 1) {
      reactions.react(room, session(1), 'heart', 1);
      clock.advance(BROADCAST_EVERY_MS);
    }
    expect(pushes.map(({ counts }) => counts.heart)).toEqual([4, 4]);
    reactions.stop();
  });

  test('a viewer has a burst, then a flow; what is over it is not counted', () => {
    const { reactions, room } = setUp();
    expect(reactions.react(room, session(1), 'heart', 50)).toMatchObject({ ok: true });
    expect(REACTIONS_BURST).toBe(50);
    expect(reactions.react(room, session(1), 'heart', 1)).toMatchObject({
      ok: false,
      code: 'INSP_CHAT_RATE_LIMITED',
      retryAfterMs: 1_000 / REACTIONS_PER_SEC,
    });
    clock.advance(300);
    expect(reactions.react(room, session(1), 'heart', 50)).toMatchObject({ ok: true });
    expect(room.reactionTotals.get('heart')).toBe(53);
  });

  test('who is banned reacts no more; staff count as no viewer', () => {
    const { facts, reactions, room } = setUp();
    noteBan(room, { viewerId: viewer(1), viewerName: 'Ann', reason: '', bannedAt: 0, bannedBy: 'Mo', scope: 'show', untilMs: null });
    expect(reactions.react(room, session(1), 'heart', 1)).toMatchObject({ ok: false, code: 'INSP_CHAT_BANNED' });
    reactions.react(room, session(2, 'host'), 'heart', 1);
    reactions.stop();
    expect(facts).toMatchObject([{ viewerId: null, actor: { kind: 'member', id: 'mem' }, weight: 1 }]);
  });
});
