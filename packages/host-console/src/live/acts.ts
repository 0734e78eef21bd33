// Every act answers at once (ui.md 1.6): it lies over the room until the server's push shows the same, or until the
// server refuses and it is taken back with the reason. Pure: `overlay` draws, `isReflected` tells when to let go.
import type { Highlight, ProductId } from '@insp/protocol';
import type { RoomState } from './room-state.ts';

export type Act =
  | { readonly kind: 'remove_message'; readonly messageId: string }
  | { readonly kind: 'restore_message'; readonly messageId: string }
  | { readonly kind: 'pin_message'; readonly messageId: string }
  | { readonly kind: 'unpin_message'; readonly messageId: string }
  | { readonly kind: 'ban_viewer'; readonly viewerId: string; readonly viewerName: string }
  | { readonly kind: 'unban_viewer'; readonly viewerId: string }
  | { readonly kind: 'set_slow_mode'; readonly intervalSec: number }
  | { readonly kind: 'show_product'; readonly productId: string }
  | { readonly kind: 'hide_highlight'; readonly highlightId: string; readonly productId: string }
  | { readonly kind: 'answer_question'; readonly questionClusterId: string }
  | { readonly kind: 'reopen_question'; readonly questionClusterId: string }
  | { readonly kind: 'take_cue'; readonly cueId: string }
  | { readonly kind: 'skip_cue'; readonly cueId: string }
  | { readonly kind: 'keep_live' };

export type PendingAct = { readonly key: string; readonly act: Act; readonly startedAtMs: number; readonly isSettled: boolean };

/** A settled act waits this long for its push; after that the server's view wins without one. */
export const SETTLED_WAIT_MS = 4_000;

/** The room as the person should see it: the server's, with own acts on top, oldest first. */
export function overlay(room: RoomState, pending: readonly PendingAct[]): RoomState {
  return pending.reduce((seen, { act, startedAtMs }) => applyAct(seen, act, startedAtMs + room.clockOffsetMs), room);
}

/** Drops acts the room now shows by itself, and settled ones whose push did not come in time. */
export function stillPending(room: RoomState, pending: readonly PendingAct[], nowMs: number): readonly PendingAct[] {
  const kept = pending.filter(
    ({ act, isSettled, startedAtMs }) => !isSettled || !(isReflected(room, act) || nowMs - startedAtMs > SETTLED_WAIT_MS),
  );
  return kept.length === pending.length ? pending : kept;
}

/** Whether the server's own state already shows what the act wanted. */
export function isReflected(room: RoomState, act: Act): boolean {
  switch (act.kind) {
    case 'remove_message':
      return !room.messages.some(({ id }) => id === act.messageId);
    case 'restore_message':
      return !room.removedMessages.some(({ id }) => id === act.messageId);
    case 'pin_message':
      return room.pinnedMessage?.id === act.messageId;
    case 'unpin_message':
      return room.pinnedMessage?.id !== act.messageId;
    case 'ban_viewer':
      return room.bans.some(({ viewerId }) => viewerId === act.viewerId);
    case 'unban_viewer':
      return !room.bans.some(({ viewerId }) => viewerId === act.viewerId);
    case 'set_slow_mode':
      return room.slowModeSec === act.intervalSec;
    case 'show_product':
      return room.highlights.some(({ productId }) => productId === act.productId);
    case 'hide_highlight':
      return !room.highlights.some(({ id }) => id === act.highlightId);
    case 'answer_question':
      return questionState(room, act.questionClusterId) !== 'open';
    case 'reopen_question':
      return questionState(room, act.questionClusterId) !== 'answered';
    case 'keep_live':
      return room.autoEnd === null;
    case 'take_cue':
    case 'skip_cue':
      return !room.cues.some(({ id }) => id === act.cueId);
  }
}

/** The highlight id of a product that is on its way to the display; no server id yet. */
export const isProvisional = (highlight: Highlight): boolean => highlight.id.startsWith('hlt_pending');

function applyAct(room: RoomState, act: Act, startedAtMs: number): RoomState {
  if (isReflected(room, act)) return room;
  switch (act.kind) {
    case 'remove_message': {
      const message = room.messages.find(({ id }) => id === act.messageId);
      if (!message) return room;
      return {
        ...room,
        messages: room.messages.filter(({ id }) => id !== act.messageId),
        pinnedMessage: room.pinnedMessage?.id === act.messageId ? null : room.pinnedMessage,
        removedMessages: [
          ...room.removedMessages.filter(({ id }) => id !== act.messageId),
          { ...message, state: 'removed', removedBy: null, reason: null },
        ],
      };
    }
    case 'restore_message': {
      const removed = room.removedMessages.find(({ id }) => id === act.messageId);
      if (!removed) return room;
      const { state: _state, removedBy: _by, reason: _reason, ...message } = removed;
      return {
        ...room,
        removedMessages: room.removedMessages.filter(({ id }) => id !== act.messageId),
        messages: [...room.messages.filter(({ id }) => id !== act.messageId), message].toSorted((a, b) => a.seq - b.seq),
      };
    }
    case 'pin_message':
      return { ...room, pinnedMessage: room.messages.find(({ id }) => id === act.messageId) ?? room.pinnedMessage };
    case 'unpin_message':
      return { ...room, pinnedMessage: null };
    case 'ban_viewer':
      return {
        ...room,
        bans: [
          ...room.bans,
          {
            viewerId: act.viewerId as `vwr_${string}`,
            viewerName: act.viewerName,
            scope: 'show',
            reason: '',
            untilMs: null,
            bannedAt: startedAtMs,
            bannedBy: '',
          },
        ],
      };
    case 'unban_viewer':
      return { ...room, bans: room.bans.filter(({ viewerId }) => viewerId !== act.viewerId) };
    case 'set_slow_mode':
      return { ...room, slowModeSec: act.intervalSec };
    case 'show_product': {
      const productId = act.productId as ProductId;
      return {
        ...room,
        highlights: [...room.highlights, { id: `hlt_pending${productId}`, kind: 'product', productId, startedAt: startedAtMs }],
      };
    }
    case 'hide_highlight':
      return { ...room, highlights: room.highlights.filter(({ id }) => id !== act.highlightId) };
    case 'answer_question':
      return withQuestionState(room, act.questionClusterId, 'answered');
    case 'reopen_question':
      return withQuestionState(room, act.questionClusterId, 'open');
    case 'keep_live':
      return { ...room, autoEnd: null, cues: room.cues.filter((cue) => cue.act.kind !== 'keep_live') };
    case 'take_cue':
    case 'skip_cue':
      return { ...room, cues: room.cues.filter(({ id }) => id !== act.cueId) };
  }
}

function questionState(room: RoomState, id: string): 'open' | 'answered' | null {
  return room.questions?.clusters.find((cluster) => cluster.id === id)?.state ?? null;
}

function withQuestionState(room: RoomState, id: string, state: 'open' | 'answered'): RoomState {
  if (!room.questions) return room;
  const clusters = room.questions.clusters.map((cluster) => (cluster.id === id ? { ...cluster, state } : cluster));
  const openCount = Math.max(0, room.questions.openCount + (state === 'open' ? 1 : -1));
  return { ...room, questions: { ...room.questions, clusters, openCount } };
}
