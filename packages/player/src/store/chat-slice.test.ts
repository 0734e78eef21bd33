import { type ChatMessage, type Push, type Welcome, wireError } from '@insp/protocol';
import { expect, test } from 'vitest';
import type { Action } from './action.ts';
import { MAX_CHAT_LINES } from './chat-slice.ts';
import { initialState, type PlayerState } from './player-state.ts';
import { reduce } from './reduce.ts';

const settings = {
  show: 'shw_1',
  mode: 'overlay',
  isAutoplay: false,
  fit: 'auto',
  corner: 'bottom-right',
  locale: 'en',
  currency: null,
  isDataLayerOn: false,
} as const;
const message = (seq: number, text = `m${seq}`, authorId = 'vwr_other'): ChatMessage => ({
  id: `msg_${seq}`,
  seq,
  author: { kind: 'viewer', id: authorId, name: 'N', isBuyer: false, isSimulated: false },
  text,
  postedAt: 0,
  platform: 'insp',
});
const pushed = (type: Push['type'], data: unknown): Action => ({
  type: 'pushed',
  push: { v: 1, type, ts: 0, data } as Push,
  isRecovered: false,
});
const welcome = (recentMessages: ChatMessage[], isRecovered = false): Action => ({
  type: 'pushed',
  isRecovered,
  push: {
    v: 1,
    type: 'welcome',
    ts: 0,
    data: {
      viewerId: 'vwr_me',
      displayName: 'Me',
      snapshot: {
        showState: 'live',
        highlights: [],
        products: [],
        recentMessages,
        pinnedMessage: null,
        slowModeSec: 0,
        watchingCount: 1,
        reactionCounts: {},
      },
    } as unknown as Welcome,
  } as Push,
});
const run = (actions: Action[], from: PlayerState = initialState(settings, 1_000)) => actions.reduce(reduce, from);
const texts = (state: PlayerState) => state.chat.lines.map((line) => `${line.message.text}:${line.status}`);

test('an own message is there at once and settles by its answer, in one line', () => {
  const sent = run([welcome([]), { type: 'chat_sent', key: 'k1', text: 'hi', atMs: 0 }]);
  expect(texts(sent)).toEqual(['hi:pending']);
  const settled = run(
    [{ type: 'chat_settled', key: 'k1', messageId: 'msg_1', seq: 1 }, pushed('chat_message_posted', message(1, 'hi', 'vwr_me'))],
    sent,
  );
  expect(texts(settled)).toEqual(['hi:settled']);
});

test('the push may come before the answer: still one line, in its place', () => {
  const state = run([
    welcome([]),
    { type: 'chat_sent', key: 'k1', text: 'hi', atMs: 0 },
    pushed('chat_message_posted', message(1, 'hi', 'vwr_me')),
    { type: 'chat_settled', key: 'k1', messageId: 'msg_1', seq: 1 },
  ]);
  expect(texts(state)).toEqual(['hi:settled']);
  expect(state.chat.lines[0]?.key).toBe('k1');
});

test('a refused message stays with its reason, can be sent again and be put away', () => {
  const error = wireError('INSP_CHAT_SLOW_MODE', { retryAfterMs: 4_000 });
  const refused = run([welcome([]), { type: 'chat_sent', key: 'k1', text: 'hi', atMs: 0 }, { type: 'chat_refused', key: 'k1', error }]);
  expect(refused.chat.lines[0]).toMatchObject({ status: 'refused', error });
  expect(refused.chat.mayWriteAtMs).toBe(5_000);
  expect(texts(run([{ type: 'chat_retried', key: 'k1' }], refused))).toEqual(['hi:pending']);
  expect(texts(run([{ type: 'chat_discarded', key: 'k1' }], refused))).toEqual([]);
});

test('in slow mode the countdown starts when the message is accepted, and ends when slow mode does', () => {
  const slow = run([
    welcome([]),
    pushed('slow_mode_changed', { intervalSec: 10 }),
    { type: 'chat_sent', key: 'k', text: 'x', atMs: 0 },
    { type: 'chat_settled', key: 'k', messageId: 'msg_9', seq: 9 },
  ]);
  expect(slow.chat.mayWriteAtMs).toBe(11_000);
  expect(run([pushed('slow_mode_changed', { intervalSec: 0 })], slow).chat.mayWriteAtMs).toBe(0);
});

test('removed and restored messages keep their place', () => {
  const state = run([welcome([message(1), message(2), message(3)]), pushed('chat_message_removed', { messageId: 'msg_2' })]);
  expect(texts(state)).toEqual(['m1:settled', 'm2:removed', 'm3:settled']);
  expect(texts(run([pushed('chat_message_restored', message(2))], state))).toEqual(['m1:settled', 'm2:settled', 'm3:settled']);
  expect(texts(run([welcome([message(1), message(3)]), pushed('chat_message_restored', message(2))]))).toEqual([
    'm1:settled',
    'm2:settled',
    'm3:settled',
  ]);
});

test('a removed pinned message is unpinned', () => {
  const state = run([pushed('chat_message_pinned', message(1)), pushed('chat_message_removed', { messageId: 'msg_1' })]);
  expect(state.chat.pinned).toBeNull();
});

test('the list holds its limit of lines, the newest ones', () => {
  const posts = Array.from({ length: MAX_CHAT_LINES + 1 }, (_, n) => pushed('chat_message_posted', message(n + 1)));
  const full = run([welcome([]), ...posts.slice(0, MAX_CHAT_LINES)]);
  expect(full.chat.lines).toHaveLength(MAX_CHAT_LINES);
  expect(full.chat.lines[0]?.message.seq).toBe(1);
  const over = run([posts.at(-1)!], full);
  expect(over.chat.lines).toHaveLength(MAX_CHAT_LINES);
  expect(over.chat.lines[0]?.message.seq).toBe(2);
});

test('after a recovered cut the lines go on; after a lost one the snapshot is the start, own open lines kept', () => {
  const before = run([welcome([message(1)]), { type: 'chat_sent', key: 'k', text: 'mine', atMs: 0 }]);
  expect(texts(run([welcome([message(5)], true)], before))).toEqual(['m1:settled', 'mine:pending']);
  expect(texts(run([welcome([message(5)])], before))).toEqual(['m5:settled', 'mine:pending']);
});

test('a repeated push adds nothing', () => {
  expect(run([welcome([message(1)]), pushed('chat_message_posted', message(1))]).chat.lines).toHaveLength(1);
});
