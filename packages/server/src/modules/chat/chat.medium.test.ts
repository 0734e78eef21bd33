import { type ChatMessage, LIMITS, type PushType, type ShowId, type ShowState, type StoredEvent, type ViewerId } from '@insp/protocol';
import { banSchema, chatMessageSchema, moderatedMessageSchema, pushSchemas } from '@insp/protocol/schemas';
import { createFakeClock } from '@insp/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import { AppError } from '../../kernel/app-error.ts';
import { createEventBus } from '../../kernel/event-bus.ts';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { refused } from '../../kernel/outcome.ts';
import { systemRandom } from '../../kernel/random.ts';
import { type Capture, createCapture, newFact } from '../capture/index.ts';
import { chatSocketHandlers } from './chat.socket.ts';
import { type Chat, createChat } from './chat.ts';
import type { ArchivedMessage, ChatPorts, ChatSession } from './ports.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const clock = createFakeClock();
const ids = createIds(clock, systemRandom);
let showId: ShowId;
let showState: ShowState | null;
let capture: Capture;
let chat: Chat;
let pushes: { channel: string; type: PushType; data: never }[];
let renamed: unknown[];
let heard: ArchivedMessage[];
let failCommit: (() => Error | null) | null;
const scarf = ids.create('prd');
let buyers: Set<ViewerId>;
let chosen: Map<ViewerId, string>;
let present: Map<ViewerId, { displayName: string; role: ChatSession['role'] }>;

function newChat(more: Partial<Parameters<typeof createChat>[0]> = {}): Chat {
  const ports: ChatPorts = {
    room: {
      publish: (show, channel, type, data) => {
        pushSchemas[type].parse(data);
        if (show === showId) pushes.push({ channel, type, data: data as never });
      },
      publishLatest: (_show, channel, type, data) => void pushes.push({ channel, type, data: data as never }),
      renameViewer: (...args) => void renamed.push(args),
    },
    recorder: {
      async commit(work) {
        const result = await capture.commit(work);
        const failure = failCommit?.();
        if (failure) throw failure;
        return result;
      },
    },
    engagement: capture,
    showState: () => showState,
    featuredProductId: () => scarf,
    isBuyer: (_show, viewerId) => buyers.has(viewerId),
    staffNames: () => ['Anna', 'Northwind'],
    findInRoom: (_show, viewerId) => present.get(viewerId) ?? null,
    chosenNames: async () => chosen,
    chooseName: async (_org, viewerId, name) => void chosen.set(viewerId, name),
    reactionTotals: async () => ({ heart: 5 }),
  };
  const made = createChat({ database: db.database, ports, clock, ids, logger: silentLogger, newFact: newFact(ids, clock), ...more });
  made.onMessage((message) => void heard.push(message));
  return made;
}

beforeEach(() => {
  showId = ids.create('shw');
  showState = 'live';
  pushes = [];
  renamed = [];
  heard = [];
  failCommit = null;
  buyers = new Set();
  chosen = new Map();
  present = new Map();
  capture = createCapture({ database: db.database, bus: createEventBus(silentLogger), clock, logger: silentLogger });
  chat = newChat();
});

function shopper(displayName = 'Ben'): ChatSession {
  return {
    showId,
    orgId: 'org',
    viewerId: ids.create('vwr'),
    memberId: null,
    role: 'viewer',
    displayName,
    customerId: null,
    isSimulated: false,
  };
}
function staff(role: ChatSession['role'] = 'moderator'): ChatSession {
  return { ...shopper('Mo'), memberId: 'mem_mo', role };
}

let keyCount = 0;
function newKey(): string {
  keyCount += 1;
  return `key-${String(keyCount).padStart(8, '0')}`;
}
const say = (session: ChatSession, text: string, key = newKey()) => chat.post(session, { key, text });

async function said(session: ChatSession, text: string) {
  const outcome = await say(session, text);
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.value;
}

async function facts(): Promise<StoredEvent[]> {
  const events = [];
  for await (const event of capture.readShow(showId)) events.push(event);
  return events;
}
const factNames = async () => (await facts()).map(({ name }) => name);
const pushTypes = () => pushes.map(({ channel, type }) => `${channel}: ${type}`);
const texts = (messages: readonly ChatMessage[]) => messages.map(({ text }) => text);

async function archived(): Promise<ArchivedMessage[]> {
  const all = [];
  for await (const message of chat.archive(showId)) all.push(message);
  return all;
}

describe('under pressure', () => {
  test('[C13] viewers are shown ten lines a second, staff and archive get all, and an author gets the own line', async () => {
    chat = newChat({ pace: () => ({ chatLinesPerSec: 10, reactionsEveryMs: 1_000 }) });
    const posts = await Promise.all(Array.from({ length: 60 }, (_, n) => say(shopper(`Viewer ${n}`), `line ${n}`)));
    expect(posts.every(({ ok }) => ok)).toBe(true);
    const channels = pushTypes();
    expect(channels.filter((type) => type === 'viewers: chat_message_posted')).toHaveLength(10);
    expect(channels.filter((type) => type === 'staff: chat_message_posted')).toHaveLength(50);
    expect([(await archived()).length, heard.length, (await factNames()).length]).toEqual([60, 60, 60]);
    const own = posts.map((post, n) => (post.ok ? [n, post.value.message?.text] : []));
    expect(own.filter(([, text]) => text === undefined)).toHaveLength(10);
    for (const [n, text] of own) if (text !== undefined) expect(text).toBe(`line ${n}`);
    const buyer = shopper('Kim');
    buyers.add(buyer.viewerId);
    await said(buyer, 'I bought it');
    await said(staff(), 'thank you');
    expect(pushTypes().slice(-2)).toEqual(['viewers: chat_message_posted', 'viewers: chat_message_posted']);
  });

  test('[C14] when the rest of the disk is for money nobody posts, and moderation goes on', async () => {
    const line = await said(shopper(), 'before');
    chat = newChat({ admit: () => refused('INSP_CAPTURE_DISK_FULL', { retryAfterMs: 30_000 }) });
    expect(await say(shopper(), 'after')).toMatchObject({ ok: false, code: 'INSP_CAPTURE_DISK_FULL' });
    expect(await chat.remove(staff(), { messageId: line.messageId, reason: '' })).toMatchObject({ ok: true });
    expect((await archived()).map(({ message }) => message.state)).toEqual(['removed']);
  });
});

describe('posting', () => {
  test('a message is archived, told to the room, heard by listeners and logged without its text', async () => {
    const ben = { ...shopper(), customerId: 'cus_1' };
    buyers.add(ben.viewerId);
    const posted = await said(ben, '  does it come\u202e in red? <b>');
    const expected = {
      id: posted.messageId,
      seq: 1,
      author: { kind: 'viewer', id: ben.viewerId, name: 'Ben', isBuyer: true, isSimulated: false },
      text: 'does it come in red? <b>',
      postedAt: clock.nowMs(),
      platform: 'insp',
    };
    expect(pushes).toEqual([{ channel: 'viewers', type: 'chat_message_posted', data: expected }]);
    expect(heard).toMatchObject([
      { message: expected, viewerId: ben.viewerId, customerId: 'cus_1', featuredProductId: scarf, orgId: 'org' },
    ]);
    expect(await archived()).toEqual(heard);
    const log = await facts();
    expect(log).toMatchObject([
      {
        name: 'chat.message_posted',
        viewerId: ben.viewerId,
        productId: scarf,
        kind: 'viewer',
        payload: { messageId: posted.messageId, seq: 1, authorKind: 'viewer', length: 24 },
      },
    ]);
    expect(JSON.stringify(log)).not.toContain('in red');
    expect((await chat.snapshot(showId, 'org')).recentMessages).toEqual([expected]);
    expect(chatMessageSchema.parse(expected)).toEqual(expected);
  });

  test.each([
    ['nothing', '', 'INSP_CHAT_EMPTY'],
    ['nothing to see', '\u200b \u2800', 'INSP_CHAT_EMPTY'],
    ['one too many', 'x'.repeat(LIMITS.chatTextLength + 1), 'INSP_CHAT_TOO_LONG'],
  ])('%s is refused', async (_, text, code) => {
    expect(await say(shopper(), text)).toMatchObject({ ok: false, code });
    expect(pushes).toEqual([]);
  });

  test('the longest message passes', async () => {
    expect(await say(shopper(), 'x'.repeat(LIMITS.chatTextLength))).toMatchObject({ ok: true });
  });

  test('a key that cannot be stored is refused', async () => {
    expect(await say(shopper(), 'hi', 'key\u0000key\u0000')).toMatchObject({ ok: false, code: 'INSP_REALTIME_FRAME_MALFORMED' });
  });

  test('a retry returns the same message: at once, at the same time, after a restart, and when the viewer may write no more', async () => {
    const ben = shopper();
    const [first, together] = await Promise.all([say(ben, 'hello', 'same-key-1'), say(ben, 'hello', 'same-key-1')]);
    expect(first).toMatchObject({ ok: true, value: { seq: 1 } });
    expect(together).toEqual(first);
    for (let times = 1; times < LIMITS.chatMessagesBurst; times += 1) await said(ben, 'more');
    expect(await say(ben, 'too much')).toMatchObject({ code: 'INSP_CHAT_RATE_LIMITED' });
    expect(await say(ben, 'hello', 'same-key-1')).toEqual(first);
    chat = newChat();
    expect(await say(ben, 'hello again', 'same-key-1')).toEqual(first);
    expect(await say(shopper('Cleo'), 'hello', 'same-key-1')).toMatchObject({ ok: true, value: { seq: LIMITS.chatMessagesBurst + 1 } });
    expect(texts((await archived()).map(({ message }) => message)).filter((text) => text.startsWith('hello'))).toEqual(['hello', 'hello']);
  });

  test('the sixth in a second is too fast, and the wait told is right', async () => {
    const ben = shopper();
    for (let times = 0; times < LIMITS.chatMessagesBurst; times += 1) expect(await say(ben, 'hi')).toMatchObject({ ok: true });
    expect(await say(ben, 'hi')).toEqual({ ok: false, code: 'INSP_CHAT_RATE_LIMITED', retryAfterMs: 1_000 });
    expect(await say(staff(), 'hi')).toMatchObject({ ok: true });
    clock.advance(1_000);
    expect(await say(ben, 'hi')).toMatchObject({ ok: true });
  });

  test('nothing posts unless the room is open, and a refusal costs no turn', async () => {
    const ben = shopper();
    await chat.setSlowMode(staff(), 60);
    for (const state of ['draft', 'scheduled', 'ended', 'cancelled', null] as const) {
      showState = state;
      expect(await say(ben, 'hi')).toMatchObject({ ok: false, code: 'INSP_REALTIME_ROOM_CLOSED' });
    }
    showState = 'waiting';
    clock.advance(5_000);
    expect(await say(ben, 'hi')).toMatchObject({ ok: true });
  });

  test('staff write as staff; an analyst does not write', async () => {
    await said(staff('host'), 'welcome');
    expect(heard[0]?.message.author).toMatchObject({ kind: 'staff', id: 'mem_mo', name: 'Mo' });
    expect((await facts())[0]).toMatchObject({ viewerId: null, kind: 'staff', actor: { kind: 'member', id: 'mem_mo' } });
    expect(await say(staff('analyst'), 'hi')).toMatchObject({ ok: false, code: 'INSP_REALTIME_FORBIDDEN' });
  });

  test('five hundred at once: all stored, told in order, no hole, in few transactions', async () => {
    const outcomes = await Promise.all(Array.from({ length: 500 }, (_, at) => say(shopper(), `no ${at}`)));
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    const all = await archived();
    expect(all.map(({ message }) => message.seq)).toEqual(Array.from({ length: 500 }, (_, at) => at + 1));
    expect(pushes.map(({ data }) => (data as ChatMessage).seq)).toEqual(all.map(({ message }) => message.seq));
    expect((await facts()).length).toBe(500);
    const [{ n }] = (await db.database.query('SELECT COUNT(DISTINCT xid) AS n FROM ev WHERE show_id = $1', [showId])) as [{ n: number }];
    expect(n).toBeLessThan(20);
  });

  test('two processes on one show share one order without holes', async () => {
    const other = newChat();
    await Promise.all([
      ...Array.from({ length: 40 }, () => say(shopper(), 'here')),
      ...Array.from({ length: 40 }, () => other.post(shopper(), { key: newKey(), text: 'there' })),
    ]);
    expect((await archived()).map(({ message }) => message.seq)).toEqual(Array.from({ length: 80 }, (_, at) => at + 1));
  });

  test('a COMMIT whose answer got lost: the retry finds its message and the room hears of it, in order', async () => {
    const [ben, cleo] = [shopper(), shopper('Cleo')];
    failCommit = () => new AppError('INSP_STORE_UNAVAILABLE');
    expect(await say(ben, 'lost answer', 'retry-me-1')).toMatchObject({ ok: false, code: 'INSP_STORE_UNAVAILABLE' });
    expect(pushes).toEqual([]);
    failCommit = null;
    expect(await say(cleo, 'next')).toMatchObject({ ok: true, value: { seq: 2 } });
    expect(texts(pushes.map(({ data }) => data))).toEqual(['lost answer', 'next']);
    expect(await say(ben, 'lost answer', 'retry-me-1')).toMatchObject({ ok: true, value: { seq: 1 } });
    expect(pushes).toHaveLength(2);
    expect(await archived()).toHaveLength(2);
  });

  test('after a restart the room is as it was', async () => {
    await said(shopper(), 'one');
    const removed = await said(shopper(), 'two');
    const pinned = await said(shopper('Cleo'), 'three');
    const mo = staff();
    await chat.remove(mo, { messageId: removed.messageId, reason: 'spam' });
    await chat.pin(mo, pinned.messageId);
    await chat.setSlowMode(mo, 30);
    const banned = shopper('Rude');
    await said(banned, 'four');
    await chat.ban(mo, { viewerId: banned.viewerId, scope: 'show', reason: '', untilMs: null });
    const before = await chat.snapshot(showId, 'org');
    chat = newChat();
    expect(await chat.snapshot(showId, 'org')).toEqual(before);
    expect(before).toMatchObject({
      recentMessages: [{ text: 'one' }, { text: 'three' }, { text: 'four' }],
      pinnedMessage: { text: 'three' },
      slowModeSec: 30,
      reactionCounts: { heart: 5 },
      removedMessages: [{ text: 'two', state: 'removed', removedBy: 'Mo', reason: 'spam' }],
      bans: [{ viewerName: 'Rude' }],
    });
    expect(await say({ ...shopper(), viewerId: banned.viewerId }, 'hi')).toMatchObject({ code: 'INSP_CHAT_BANNED' });
  });
});

describe('slow mode', () => {
  test('holds viewers apart, not staff, and ends when it is taken off', async () => {
    const [ben, mo] = [shopper(), staff()];
    await said(ben, 'before it was on');
    expect(await chat.setSlowMode(mo, 30)).toMatchObject({ ok: true });
    expect(await chat.setSlowMode(mo, 30)).toMatchObject({ ok: true });
    expect(pushTypes().filter((type) => type.includes('slow'))).toHaveLength(1);
    expect(await say(ben, 'hi')).toEqual({ ok: false, code: 'INSP_CHAT_SLOW_MODE', retryAfterMs: 30_000 });
    clock.advance(29_999);
    expect(await say(ben, 'hi')).toMatchObject({ code: 'INSP_CHAT_SLOW_MODE', retryAfterMs: 1 });
    await said(mo, 'one');
    await said(mo, 'two');
    clock.advance(1);
    await said(ben, 'now');
    await chat.setSlowMode(mo, 0);
    await said(ben, 'and now');
    expect((await factNames()).filter((name) => name === 'chat.slow_mode_changed')).toHaveLength(2);
  });
});

describe('moderation', () => {
  test('remove and restore: room, staff, archive and log agree; doing it twice changes nothing', async () => {
    const { messageId } = await said(shopper(), 'buy fake bags');
    const mo = staff();
    pushes = [];
    await chat.remove(mo, { messageId, reason: ' spam\u0000 ' });
    expect(await chat.remove(mo, { messageId, reason: 'again' })).toMatchObject({ ok: true });
    expect(pushes).toMatchObject([
      { channel: 'viewers', type: 'chat_message_removed', data: { messageId } },
      { channel: 'staff', type: 'message_moderated', data: { id: messageId, state: 'removed', removedBy: 'Mo', reason: 'spam' } },
    ]);
    expect((await chat.snapshot(showId, 'org')).recentMessages).toEqual([]);
    expect(await archived()).toMatchObject([{ message: { state: 'removed' } }]);
    await chat.restore(mo, messageId);
    await chat.restore(mo, messageId);
    expect(texts((await chat.snapshot(showId, 'org')).recentMessages)).toEqual(['buy fake bags']);
    expect(moderatedMessageSchema.parse(pushes.at(-1)?.data)).toMatchObject({ state: 'visible', removedBy: null, reason: null });
    expect(pushTypes().slice(2)).toEqual(['viewers: chat_message_restored', 'staff: message_moderated']);
    expect(await factNames()).toEqual(['chat.message_posted', 'chat.message_removed', 'chat.message_restored']);
  });

  test('[C15] what was said between two times is read again: no removed line, no other show, of a crowd ten lines a second', async () => {
    const first = await said(shopper(), 'first');
    const removed = await said(shopper(), 'removed');
    const fromMs = clock.nowMs();
    const texts = async (startMs: number, endMs: number) => (await chat.saidBetween(showId, startMs, endMs)).map(({ text }) => text);
    await chat.remove(staff(), { messageId: removed.messageId, reason: '' });
    expect(await texts(fromMs, fromMs + 1)).toEqual(['first']);
    expect(await texts(fromMs - 5_000, fromMs)).toEqual([]);
    expect(await texts(fromMs + 1, fromMs + 5_000)).toEqual([]);
    expect(await chat.saidBetween(ids.create('shw'), 0, fromMs + 1)).toEqual([]);
    const [line] = await chat.saidBetween(showId, fromMs, fromMs + 1);
    expect(chatMessageSchema.parse(line)).toMatchObject({ id: first.messageId, seq: 1 });
    await chat.restore(staff(), removed.messageId);
    expect(await texts(fromMs, fromMs + 1)).toEqual(['first', 'removed']);

    clock.advance(60_000 - (clock.nowMs() % 1_000));
    const crowdMs = clock.nowMs();
    for (let index = 0; index < 14; index += 1) await said(shopper(), `viewer ${index}`);
    const buyer = shopper();
    buyers.add(buyer.viewerId);
    await said(buyer, 'buyer');
    await said(staff('host'), 'host');
    expect(await texts(crowdMs, crowdMs + 1_000)).toEqual([...Array.from({ length: 8 }, (_, index) => `viewer ${index}`), 'buyer', 'host']);
  });

  test('one message is pinned; the next takes its place; removal takes it down', async () => {
    const [first, second] = [await said(shopper(), 'first'), await said(shopper(), 'second')];
    const mo = staff();
    await chat.pin(mo, first.messageId);
    await chat.pin(mo, first.messageId);
    await chat.pin(mo, second.messageId);
    expect((await chat.snapshot(showId, 'org')).pinnedMessage).toMatchObject({ text: 'second' });
    expect(await chat.unpin(mo, first.messageId)).toMatchObject({ ok: true });
    await chat.unpin(mo, second.messageId);
    expect((await chat.snapshot(showId, 'org')).pinnedMessage).toBeNull();
    await chat.pin(mo, second.messageId);
    await chat.remove(mo, { messageId: second.messageId, reason: '' });
    expect((await chat.snapshot(showId, 'org')).pinnedMessage).toBeNull();
    expect(await chat.pin(mo, second.messageId)).toMatchObject({ ok: false, code: 'INSP_CHAT_MESSAGE_NOT_FOUND' });
    expect((await factNames()).slice(2)).toEqual([
      'chat.message_pinned',
      'chat.message_unpinned',
      'chat.message_pinned',
      'chat.message_unpinned',
      'chat.message_pinned',
      'chat.message_removed',
      'chat.message_unpinned',
    ]);
  });

  test('a message of nowhere, or of another show, is not found by any act', async () => {
    const elsewhere = await said(shopper(), 'other show');
    showId = ids.create('shw');
    const mo = staff();
    for (const messageId of [ids.create('msg'), elsewhere.messageId]) {
      const outcomes = [
        await chat.remove(mo, { messageId, reason: '' }),
        await chat.restore(mo, messageId),
        await chat.pin(mo, messageId),
        await chat.unpin(mo, messageId),
      ];
      expect(outcomes.map((outcome) => !outcome.ok && outcome.code)).toEqual(Array(4).fill('INSP_CHAT_MESSAGE_NOT_FOUND'));
    }
    expect(await facts()).toEqual([]);
  });

  test('a ban stops writing, reacting and renaming; earlier messages stay; lifting it undoes it', async () => {
    const rude = shopper('Rude');
    await said(rude, 'earlier');
    const mo = staff();
    await chat.ban(mo, { viewerId: rude.viewerId, scope: 'show', reason: 'insults', untilMs: null });
    expect(banSchema.parse(pushes.at(-1)?.data)).toMatchObject({ viewerName: 'Rude', scope: 'show', reason: 'insults', bannedBy: 'Mo' });
    expect(await say(rude, 'hi')).toEqual({ ok: false, code: 'INSP_CHAT_BANNED' });
    expect(await chat.react(rude, { kind: 'heart', count: 1 })).toMatchObject({ code: 'INSP_CHAT_BANNED' });
    expect(await chat.setDisplayName(rude, 'Nice')).toMatchObject({ code: 'INSP_CHAT_BANNED' });
    expect(texts((await chat.snapshot(showId, 'org')).recentMessages)).toEqual(['earlier']);
    await chat.unban(mo, rude.viewerId);
    await chat.unban(mo, rude.viewerId);
    expect(await say(rude, 'sorry')).toMatchObject({ ok: true });
    expect((await factNames()).slice(1, 3)).toEqual(['chat.viewer_banned', 'chat.viewer_unbanned']);
    expect(pushTypes().filter((type) => type.includes('banned'))).toEqual(['staff: viewer_banned', 'staff: viewer_unbanned']);
  });

  test('a timed ban runs out by itself and says how long', async () => {
    const rude = shopper('Rude');
    await said(rude, 'earlier');
    await chat.ban(staff(), { viewerId: rude.viewerId, scope: 'show', reason: '', untilMs: clock.nowMs() + 10_000 });
    expect(await say(rude, 'hi')).toEqual({ ok: false, code: 'INSP_CHAT_BANNED', retryAfterMs: 10_000 });
    clock.advance(10_000);
    expect(await say(rude, 'hi')).toMatchObject({ ok: true });
    const late = await chat.ban(staff(), { viewerId: rude.viewerId, scope: 'show', reason: '', untilMs: clock.nowMs() });
    expect(late).toMatchObject({ ok: false, code: 'INSP_REALTIME_FRAME_MALFORMED' });
  });

  test('a ban of the organization holds in its other shows, a ban of the show does not', async () => {
    const rude = shopper('Rude');
    await said(rude, 'earlier');
    const here = showId;
    const there = ids.create('shw');
    await chat.snapshot(there, 'org');
    const mo = staff();
    await chat.ban(mo, { viewerId: rude.viewerId, scope: 'show', reason: '', untilMs: null });
    expect(await say({ ...rude, showId: there }, 'hi')).toMatchObject({ ok: true });
    await chat.ban(mo, { viewerId: rude.viewerId, scope: 'organization', reason: '', untilMs: null });
    expect(await say({ ...rude, showId: there }, 'hi')).toMatchObject({ code: 'INSP_CHAT_BANNED' });
    expect(await say({ ...rude, showId: ids.create('shw') }, 'hi')).toMatchObject({ code: 'INSP_CHAT_BANNED' });
    expect(await say({ ...rude, showId: ids.create('shw'), orgId: 'other' }, 'hi')).toMatchObject({ ok: true });
    await chat.unban({ ...mo, showId: here }, rude.viewerId);
    expect(await say(rude, 'hi')).toMatchObject({ ok: true });
    expect(await say({ ...rude, showId: there }, 'hi')).toMatchObject({ ok: true });
  });

  test('who is in the room can be banned without having written; strangers and staff cannot', async () => {
    const lurker = shopper('Lurker');
    present.set(lurker.viewerId, { displayName: 'Lurker', role: 'viewer' });
    const host = staff('host');
    present.set(host.viewerId, { displayName: 'Anna', role: 'host' });
    const ban = (viewerId: ViewerId) => chat.ban(staff(), { viewerId, scope: 'show', reason: '', untilMs: null });
    expect(await ban(lurker.viewerId)).toMatchObject({ ok: true });
    expect(await ban(ids.create('vwr'))).toMatchObject({ ok: false, code: 'INSP_CHAT_VIEWER_NOT_FOUND' });
    expect(await ban(host.viewerId)).toMatchObject({ ok: false, code: 'INSP_REALTIME_FORBIDDEN' });
  });

  test('acts at the same time are told in the order they were done', async () => {
    const posted = [];
    for (let at = 0; at < 10; at += 1) posted.push(await said(shopper(), `no ${at}`));
    const mo = staff();
    pushes = [];
    await Promise.all(
      posted.flatMap(({ messageId }) => [chat.remove(mo, { messageId, reason: '' }), chat.restore(mo, messageId), chat.pin(mo, messageId)]),
    );
    const told = pushes.filter(({ type }) => type === 'chat_message_pinned').map(({ data }) => (data as ChatMessage).id);
    expect(told).toEqual(posted.map(({ messageId }) => messageId));
    expect((await chat.snapshot(showId, 'org')).recentMessages).toHaveLength(10);
  });
});

describe('names', () => {
  test('a chosen name is on the next message, in the room and after a restart', async () => {
    const ben = shopper('Guest 4821');
    expect(await chat.setDisplayName(ben, ' Ben\u200b ')).toEqual({ ok: true, value: { name: 'Ben' } });
    expect(renamed).toEqual([[showId, ben.viewerId, 'Ben']]);
    await said(ben, 'hi');
    chat = newChat();
    await said(ben, 'hi again');
    expect(heard.map(({ message }) => message.author.name)).toEqual(['Ben', 'Ben']);
  });

  test('no name of the team, by choice or by way of the shop', async () => {
    expect(await chat.setDisplayName(shopper(), 'Аnna')).toMatchObject({ ok: false, code: 'INSP_CHAT_NAME_INVALID' });
    await said(shopper('N0rthwind'), 'trust me');
    expect(heard[0]?.message.author.name).toBe('Guest');
    expect(await chat.setDisplayName(staff(), 'Zoe')).toMatchObject({ ok: false, code: 'INSP_REALTIME_FORBIDDEN' });
  });

  test('names change at most a few times at once', async () => {
    const ben = shopper();
    for (const name of ['A1', 'A2', 'A3']) expect(await chat.setDisplayName(ben, name)).toMatchObject({ ok: true });
    expect(await chat.setDisplayName(ben, 'A4')).toMatchObject({ ok: false, code: 'INSP_CHAT_RATE_LIMITED', retryAfterMs: 5_000 });
  });
});

describe('reactions and the socket', () => {
  test('reactions reach the log with what is waiting at stop; a closed room takes none', async () => {
    await chat.start();
    const ben = shopper();
    expect(await chat.react(ben, { kind: 'heart', count: 3 })).toMatchObject({ ok: true });
    expect((await chat.snapshot(showId, 'org')).reactionCounts).toEqual({ heart: 8 });
    await chat.stop();
    await capture.flush();
    expect(await facts()).toMatchObject([{ name: 'chat.reactions_sent', weight: 3, kind: 'heart', viewerId: ben.viewerId }]);
    expect(pushes.at(-1)).toMatchObject({ type: 'reactions_counted', data: { counts: { heart: 3 }, totals: { heart: 8 } } });
    showState = 'ended';
    clock.advance(250);
    expect(await chat.react(ben, { kind: 'heart', count: 1 })).toMatchObject({ ok: false, code: 'INSP_REALTIME_ROOM_CLOSED' });
  });

  test('moderation asks for its permission, a viewer may do the rest; a lost database is an answer', async () => {
    const handlers = chatSocketHandlers(chat);
    const open = Object.entries(handlers).filter(([, { permission }]) => permission === null);
    expect(open.map(([type]) => type)).toEqual(['send_chat_message', 'set_display_name', 'send_reaction']);
    const { messageId } = await said(shopper(), 'hi');
    failCommit = () => new AppError('INSP_STORE_UNAVAILABLE');
    expect(await handlers.pin_chat_message.handle(staff(), { messageId })).toMatchObject({ ok: false, code: 'INSP_STORE_UNAVAILABLE' });
    failCommit = () => Object.assign(new Error('terminating connection'), { code: '57P01' });
    expect(await handlers.pin_chat_message.handle(staff(), { messageId })).toMatchObject({ ok: false, code: 'INSP_STORE_UNAVAILABLE' });
    failCommit = () => new TypeError('a bug');
    await expect(handlers.unpin_chat_message.handle(staff(), { messageId })).rejects.toThrow('a bug');
  });
});
