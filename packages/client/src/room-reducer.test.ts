import type { Push } from '@insp/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chatLine, push, welcome } from '../test-support/client-fixture.ts';
import { reduceRoom } from './room-reducer.ts';
import { featuredProduct, initialRoomState, MAX_MESSAGES, type RoomEvent, type RoomState } from './room-state.ts';

const play = (events: (RoomEvent | Push)[], from: RoomState = initialRoomState): RoomState =>
  events.reduce<RoomState>((state, event) => reduceRoom(state, 'v' in event ? { type: 'push', push: event } : event), from);
const seqs = (state: RoomState) => state.messages.map(({ seq }) => seq);
const posted = (seq: number, author?: number, text?: string) => push('chat_message_posted', chatLine(seq, author, text), seq);
const welcomed = (messages: number[] = []) => push('welcome', welcome({ messages: messages.map((seq) => chatLine(seq)) }));

describe('messages', () => {
  test('stand by seq, once each, however they come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 60 }), (order) => {
        const state = play([welcomed(), ...order.map((seq) => posted(seq))]);
        expect(seqs(state)).toEqual([...new Set(order)].sort((a, b) => a - b));
      }),
    );
  });

  test('are the last two hundred', () => {
    const state = play([welcomed(), ...Array.from({ length: MAX_MESSAGES + 50 }, (_, index) => posted(index + 1))]);
    expect(state.messages).toHaveLength(MAX_MESSAGES);
    expect(seqs(state).at(0)).toBe(51);
  });

  test('removed leave, also from the pin, and come back to their place', () => {
    const pinned = push('chat_message_pinned', chatLine(2));
    const removed = push('chat_message_removed', { messageId: chatLine(2).id });
    const state = play([welcomed(), posted(1), posted(2), posted(3), pinned, removed]);
    expect(seqs(state)).toEqual([1, 3]);
    expect(state.pinnedMessage).toBeNull();
    expect(seqs(play([push('chat_message_restored', chatLine(2))], state))).toEqual([1, 2, 3]);
  });

  test('restored from before the window stay out of it', () => {
    const full = play([welcomed(), ...Array.from({ length: MAX_MESSAGES }, (_, index) => posted(index + 100))]);
    expect(play([push('chat_message_restored', chatLine(5))], full)).toBe(full);
  });

  test('a recovered welcome keeps them, another replaces them', () => {
    const before = play([welcomed([1, 2]), posted(3)]);
    const again = welcomed([7, 8]);
    expect(seqs(reduceRoom(before, { type: 'push', push: again, recoveredChannels: ['viewers'] }))).toEqual([1, 2, 3]);
    expect(seqs(reduceRoom(before, { type: 'push', push: again, recoveredChannels: [] }))).toEqual([7, 8]);
  });
});

describe('own lines', () => {
  const sending = { type: 'message_sending', key: 'k1', text: 'hello', atMs: 1 } as const;

  test('are pending until the room shows them, answer first', () => {
    const waiting = play([welcomed(), sending, { type: 'message_accepted', key: 'k1', messageId: chatLine(1).id }]);
    expect(waiting.pendingMessages).toMatchObject([{ key: 'k1', state: 'sending', messageId: chatLine(1).id }]);
    expect(play([posted(1, 1, 'hello')], waiting).pendingMessages).toEqual([]);
  });

  test('are settled by the push when it comes before the answer', () => {
    const shown = play([welcomed(), sending, posted(1, 1, 'hello')]);
    expect(shown.pendingMessages).toEqual([]);
    expect(play([{ type: 'message_accepted', key: 'k1', messageId: chatLine(1).id }], shown).pendingMessages).toEqual([]);
  });

  test('with the words of somebody else stay pending', () => {
    expect(play([welcomed(), sending, posted(1, 2, 'hello')]).pendingMessages).toHaveLength(1);
  });

  test('that came with the snapshot after a cut are settled', () => {
    const state = play([welcomed(), sending, { type: 'message_accepted', key: 'k1', messageId: chatLine(4).id }, welcomed([4])]);
    expect(state.pendingMessages).toEqual([]);
  });

  test('refused keep their error until dismissed', () => {
    const error = { code: 'INSP_CHAT_SLOW_MODE', title: '', fix: '' } as const;
    const state = play([welcomed(), sending, { type: 'message_refused', key: 'k1', error }]);
    expect(state.pendingMessages).toMatchObject([{ state: 'refused', error, text: 'hello' }]);
    expect(play([{ type: 'message_dismissed', key: 'k1' }], state).pendingMessages).toEqual([]);
  });
});

describe('the rest of the room', () => {
  const highlight = (n: number, startedAt: number) => ({ id: `hlt_${n}`, kind: 'product', productId: `prd_${n}`, startedAt }) as const;

  test('the featured product is that of the newest highlight', () => {
    const products = [{ id: 'prd_1' }, { id: 'prd_2' }] as never;
    const state = play([
      welcomed(),
      push('products_changed', { products }),
      push('highlight_started', highlight(2, 20)),
      push('highlight_started', highlight(1, 10)),
    ]);
    expect(featuredProduct(state)?.id).toBe('prd_2');
    const ended = play([push('highlight_ended', { highlightId: 'hlt_2', productId: 'prd_2' })], state);
    expect(featuredProduct(ended)?.id).toBe('prd_1');
    expect(featuredProduct(initialRoomState)).toBeNull();
  });

  test('a state change without a playlist keeps the one known', () => {
    const change = (to: 'live' | 'paused', playlistUrl: string | null) =>
      push('show_state_changed', { from: 'waiting', to, reason: '', graceEndsAt: null, playlistUrl });
    expect(play([welcomed(), change('live', 'https://x/a.m3u8'), change('paused', null)])).toMatchObject({
      showState: 'paused',
      playlistUrl: 'https://x/a.m3u8',
    });
  });

  test('staff panels are filled for staff and stay null for shoppers', () => {
    const ban = { viewerId: 'vwr_1', viewerName: 'A', scope: 'show', reason: '', untilMs: null, bannedAt: 1, bannedBy: 'm' } as const;
    const pushes = [
      push('viewer_banned', ban),
      push('viewer_banned', ban),
      push('message_moderated', { ...chatLine(1), state: 'removed', removedBy: 'm', reason: '' }),
    ];
    const staff = {
      removedMessages: [],
      bans: [],
      kpis: null,
      audience: null,
      questions: null,
      sellOrder: null,
      cues: [],
      health: null,
      pressure: null,
      restream: null,
    };
    const base = welcome();
    const staffWelcome = push('welcome', { ...base, role: 'owner', snapshot: { ...base.snapshot, staff } });
    expect(play([staffWelcome, ...pushes]).staff).toMatchObject({ bans: [ban], removedMessages: [{ seq: 1 }] });
    expect(play([staffWelcome, ...pushes, push('viewer_unbanned', { viewerId: 'vwr_1' })]).staff?.bans).toEqual([]);
    expect(play([welcomed(), ...pushes]).staff).toBeNull();
  });

  test('a push this build does not know changes nothing, whatever its name', () => {
    const state = play([welcomed()]);
    for (const type of ['poll_started', '__proto__', 'constructor', 'toString'])
      expect(reduceRoom(state, { type: 'push', push: { v: 1, type, ts: 1, data: {} } as never })).toBe(state);
  });

  test('applying a push twice is applying it once', () => {
    const pushes = [
      posted(4),
      push('chat_message_removed', { messageId: chatLine(2).id }),
      push('chat_message_pinned', chatLine(4)),
      push('highlight_started', highlight(1, 1)),
      push('highlight_ended', { highlightId: 'hlt_1', productId: 'prd_1' }),
      push('slow_mode_changed', { intervalSec: 5 }),
    ];
    for (const one of pushes) expect(play([welcomed([1, 2, 3]), one, one])).toEqual(play([welcomed([1, 2, 3]), one]));
  });
});
