import { describe, expect, test } from 'vitest';
import { type Act, isReflected, overlay, type PendingAct, SETTLED_WAIT_MS, stillPending } from './acts.ts';
import { cue, message, productId, room as testRoom } from './test-room.ts';

const question = {
  id: 'qst_1',
  text: 'in red?',
  askerCount: 3,
  messageCount: 3,
  productId: null,
  suggestedAnswer: '',
  factNames: [],
  state: 'open',
  firstAskedAt: 0,
  lastAskedAt: 0,
  reason: '',
} as const;
const room = testRoom(
  {
    removedMessages: [{ ...message(7), state: 'removed', removedBy: 'Lea', reason: '' }],
    bans: [{ viewerId: 'vwr_7', viewerName: 'V', scope: 'show', reason: '', untilMs: null, bannedAt: 0, bannedBy: '' }],
    questions: { clusters: [question, { ...question, id: 'qst_2', state: 'answered' }], openCount: 1, updatedAt: 0 },
    cues: [cue(1, 'say', 1), cue(2, 'sell', 1)],
  },
  {
    messages: [message(1), message(2), message(3)],
    highlights: [{ id: 'hlt_1', kind: 'product', productId: productId(1), startedAt: 5 }],
  },
);
const pinned = { ...room, pinnedMessage: message(3) };
const pending = (act: Act, more: Partial<PendingAct> = {}): PendingAct => ({ key: 'k', act, startedAtMs: 0, isSettled: false, ...more });

const acts: { act: Act; base?: typeof room }[] = [
  { act: { kind: 'remove_message', messageId: message(2).id } },
  { act: { kind: 'restore_message', messageId: message(7).id } },
  { act: { kind: 'pin_message', messageId: message(2).id } },
  { act: { kind: 'unpin_message', messageId: message(3).id }, base: pinned },
  { act: { kind: 'ban_viewer', viewerId: 'vwr_9', viewerName: 'X' } },
  { act: { kind: 'unban_viewer', viewerId: 'vwr_7' } },
  { act: { kind: 'set_slow_mode', intervalSec: 5 } },
  { act: { kind: 'show_product', productId: productId(2) } },
  { act: { kind: 'hide_highlight', highlightId: 'hlt_1', productId: productId(1) } },
  { act: { kind: 'answer_question', questionClusterId: 'qst_1' } },
  { act: { kind: 'reopen_question', questionClusterId: 'qst_2' } },
  { act: { kind: 'take_cue', cueId: cue(1, 'say', 1).id } },
  { act: { kind: 'skip_cue', cueId: cue(2, 'sell', 1).id } },
];

describe.each(acts)('$act.kind', ({ act, base = room }) => {
  test('shows at once what it wants', () => {
    expect(isReflected(base, act)).toBe(false);
    expect(isReflected(overlay(base, [pending(act)]), act)).toBe(true);
  });
  test('does nothing twice', () => {
    const once = overlay(base, [pending(act)]);
    expect(overlay(once, [pending(act)])).toBe(once);
  });
});

test('a refused act leaves no trace', () => expect(overlay(room, [])).toBe(room));

test('a removed line goes to the removed list at once, and its pin goes with it', () => {
  const seen = overlay(pinned, [pending({ kind: 'remove_message', messageId: message(3).id })]);
  expect([seen.pinnedMessage, seen.messages.length, seen.removedMessages.at(-1)?.id]).toEqual([null, 2, message(3).id]);
});

describe('letting go', () => {
  const act: Act = { kind: 'remove_message', messageId: message(2).id };
  test('not before the server answered, even when the push is there', () => {
    const after = { ...room, messages: [message(1), message(3)] };
    expect(stillPending(after, [pending(act)], 1)).toHaveLength(1);
  });
  test('when answered and pushed', () => {
    const after = { ...room, messages: [message(1), message(3)] };
    expect(stillPending(after, [pending(act, { isSettled: true })], 1)).toEqual([]);
  });
  test('when answered but no push comes in time', () => {
    const settled = [pending(act, { isSettled: true })];
    expect(stillPending(room, settled, SETTLED_WAIT_MS)).toBe(settled);
    expect(stillPending(room, settled, SETTLED_WAIT_MS + 1)).toEqual([]);
  });
});
