import type { ChatMessage, Push } from '@insp/protocol';
import { describe, expect, test } from 'vitest';
import { initialState, type PlayerState } from './player-state.ts';
import { reduce } from './reduce.ts';
import { linesNow, MAX_SAID_MINUTES, nextSaidMs, pinnedNow } from './said-lines.ts';

const SETTINGS = {
  ...({ show: 'shw_1', mode: 'overlay', isAutoplay: false, fit: 'auto', corner: 'bottom-right' } as const),
  ...{ locale: 'en', currency: null, isDataLayerOn: false },
};
const message = (seq: number, postedAt: number, authorId = 'vwr_other'): ChatMessage => ({
  id: `msg_${seq}`,
  seq,
  author: { kind: 'viewer', id: authorId, name: 'N', isBuyer: false, isSimulated: false },
  text: `m${seq}`,
  postedAt,
  platform: 'insp',
});
const pushed = (state: PlayerState, type: Push['type'], data: unknown) =>
  reduce(state, { type: 'pushed', push: { v: 1, type, ts: 0, data } as Push, isRecovered: false });
const replay = { playlistUrl: 'https://i/r/index.m3u8', durationMs: 60_000, chaptersUrl: '', storyboardUrl: null, posterUrl: null };
const at = (state: PlayerState, programMs: number | null): PlayerState => ({ ...state, video: { ...state.video, programMs } });
const texts = (state: PlayerState) => linesNow(state).map((line) => line.message.text);

const fresh = initialState(SETTINGS, 0);
const live: PlayerState = {
  ...fresh,
  room: { ...fresh.room, showState: 'live', viewerId: 'vwr_me', startOverUrl: 'https://i/r/start.m3u8' },
};
const back: PlayerState = { ...live, room: { ...live.room, isStartedOver: true } };
const past: PlayerState = { ...fresh, room: { ...fresh.room, showState: 'ended', replay, isReplayOpen: true } };
const withSaid = (state: PlayerState, ...messages: ChatMessage[]) => reduce(state, { type: 'minute_said', minute: 0, messages });

test('[RP8] who was there before anything was recorded may start over once they are told', () => {
  const early: PlayerState = { ...live, room: { ...live.room, startOverUrl: null } };
  const wish = { type: 'started_over', isStartedOver: true } as const;
  expect(reduce(early, wish).room.isStartedOver).toBe(false);
  const told = pushed(early, 'start_over_offered', { startOverUrl: 'https://i/r/start.m3u8' });
  expect(reduce(told, wish).room).toMatchObject({ isStartedOver: true, startOverUrl: 'https://i/r/start.m3u8' });
});

describe('[CH7] the chat follows the picture', () => {
  test('live, the room is what it is, whatever the picture', () => {
    expect(texts(at(pushed(live, 'chat_message_posted', message(1, 50_000)), 10_000))).toEqual(['m1']);
  });

  test('in a replay the lines are those said up to the frame on screen, in order, forwards and backwards', () => {
    const state = withSaid(past, message(2, 2_000), message(1, 1_000), message(3, 30_000));
    expect([900, 1_000, 2_500, 60_000, 1_500].map((ms) => texts(at(state, ms)).join(' '))).toEqual(['', 'm1', 'm1 m2', 'm1 m2 m3', 'm1']);
    expect(texts(at(state, null))).toEqual([]);
  });

  test('what the room told and what was read are one, each line once', () => {
    const state = withSaid(pushed(back, 'chat_message_posted', message(2, 2_000)), message(1, 1_000), message(2, 2_000));
    expect(texts(at(state, 5_000))).toEqual(['m1', 'm2']);
    expect(texts(at(state, 1_500))).toEqual(['m1']);
  });

  test('a line that is removed is gone at once, also from what was read before', () => {
    const state = pushed(withSaid(past, message(1, 1_000), message(2, 2_000)), 'chat_message_removed', { messageId: 'msg_1' });
    expect(texts(at(state, 5_000))).toEqual(['m2']);
    const told = pushed(pushed(back, 'chat_message_posted', message(1, 1_000)), 'chat_message_removed', { messageId: 'msg_1' });
    expect(texts(at(withSaid(told, message(1, 1_000)), 5_000))).toEqual([]);
  });

  test('what the shopper writes while looking back stays in sight, and is not said twice', () => {
    const sent = reduce(at(back, 5_000), { type: 'chat_sent', key: 'k1', text: 'mine', atMs: 90_000 });
    expect(texts(sent)).toEqual(['mine']);
    const settled = reduce(sent, { type: 'chat_settled', key: 'k1', messageId: 'msg_9', seq: 9 });
    expect(texts(settled)).toEqual(['mine']);
    const read = withSaid(settled, { ...message(9, 90_000, 'vwr_me'), text: 'mine' });
    expect([89_000, 90_000, 95_000].map((ms) => texts(at(read, ms)))).toEqual([['mine'], ['mine'], ['mine']]);
    // In the replay it has its moment like every other.
    const later = { ...read, room: past.room };
    expect([89_000, 90_000].map((ms) => texts(at(later, ms)))).toEqual([[], ['mine']]);
  });

  test('what the shopper wrote before looking back goes with the picture', () => {
    const sent = reduce(live, { type: 'chat_sent', key: 'k1', text: 'mine', atMs: 50_000 });
    const settled = reduce(sent, { type: 'chat_settled', key: 'k1', messageId: 'msg_9', seq: 9 });
    const looking = { ...settled, room: back.room };
    expect([49_000, 50_000].map((ms) => texts(at(looking, ms)))).toEqual([[], ['mine']]);
  });

  test('the picture is looked at again when it gets to the next line', () => {
    const state = withSaid(past, message(1, 1_000), message(2, 2_000));
    expect([0, 1_000, 2_000].map((ms) => nextSaidMs(state, ms))).toEqual([1_000, 2_000, null]);
    expect(nextSaidMs(withSaid(live, message(1, 1_000)), 0)).toBeNull();
  });

  test('a pinned line of later is not shown before', () => {
    const state = pushed(past, 'chat_message_pinned', message(4, 40_000));
    expect([pinnedNow(at(state, 30_000)), pinnedNow(at(state, 40_000))?.id]).toEqual([null, 'msg_4']);
    expect(pinnedNow(at(pushed(live, 'chat_message_pinned', message(4, 40_000)), 30_000))?.id).toBe('msg_4');
  });

  test('minutes are bounded: the furthest from the newest goes; all go when they are of no use', () => {
    let state = past;
    for (let minute = 0; minute < 20; minute += 1) state = reduce(state, { type: 'minute_said', minute, messages: [] });
    expect(state.chat.said.map(({ minute }) => minute)).toEqual(
      Array.from({ length: MAX_SAID_MINUTES }, (_, n) => 20 - MAX_SAID_MINUTES + n),
    );
    expect(reduce(state, { type: 'said_forgotten' }).chat.said).toEqual([]);
  });
});
