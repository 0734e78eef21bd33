// Acts with their words and their way back: done at once, undone for ten seconds, and when refused, why.
import type { ProductId } from '@insp/protocol';
import { useMemo, useRef } from 'react';
import { ApiError } from '../api/api-error.ts';
import { hideNotice, tellDone, tellRefused, UNDO_MS } from '../ui/notices.tsx';
import type { Act } from './acts.ts';
import type { ActResult, HostRoom } from './host-room.ts';
import type { RoomState } from './room-state.ts';

/** One notice for acts: a new one takes the place of the last. */
const NOTICE_ID = 'act';

export type Acts = {
  /** Performs an act and tells about it, with undo where there is a way back. */
  act(act: Act): Promise<ActResult>;
  /** Takes back the last act, if it is not older than ten seconds. */
  undoLast(): void;
};

export function useActs(store: HostRoom): Acts {
  const last = useRef<{ undo: () => void; untilMs: number } | null>(null);
  return useMemo(() => {
    async function act(wanted: Act): Promise<ActResult> {
      const before = store.view().room;
      const words = before ? wordsOf(wanted, before) : { done: '', stays: 'Nothing was changed' };
      const result = await store.perform(wanted);
      if (!result.ok) {
        tellRefused(words.stays, new ApiError(result.refusal));
        return result;
      }
      const undo = before ? undoOf(wanted, before, store) : null;
      const takeBack = undo
        ? () => {
            last.current = null;
            hideNotice(NOTICE_ID);
            void store.perform(undo()).then((undone) => {
              if (!undone.ok) tellRefused('That cannot be undone', new ApiError(undone.refusal));
            });
          }
        : undefined;
      last.current = takeBack ? { undo: takeBack, untilMs: Date.now() + UNDO_MS } : null;
      if (words.done) tellDone(words.done, takeBack, NOTICE_ID);
      return result;
    }
    return {
      act,
      undoLast() {
        if (last.current && last.current.untilMs > Date.now()) last.current.undo();
      },
    };
  }, [store]);
}

function wordsOf(act: Act, room: RoomState): { done: string; stays: string } {
  const title = (productId: string) => room.products.get(productId as ProductId)?.title ?? 'The product';
  switch (act.kind) {
    case 'remove_message':
      return { done: 'Message removed', stays: 'The message stays' };
    case 'restore_message':
      return { done: 'Message is back', stays: 'The message stays removed' };
    case 'pin_message':
      return { done: 'Message pinned', stays: 'The message is not pinned' };
    case 'unpin_message':
      return { done: 'Pin taken off', stays: 'The message stays pinned' };
    case 'ban_viewer':
      return { done: `${act.viewerName} is banned from this show`, stays: `${act.viewerName} is not banned` };
    case 'unban_viewer':
      return { done: 'Ban lifted', stays: 'The ban stays' };
    case 'set_slow_mode':
      return {
        done: act.intervalSec === 0 ? 'Slow mode is off' : `Slow mode: one message in ${act.intervalSec} s`,
        stays: 'Slow mode was not changed',
      };
    case 'show_product':
      return { done: `${title(act.productId)} is on display`, stays: `${title(act.productId)} is not on display` };
    case 'hide_highlight':
      return { done: `${title(act.productId)} is hidden`, stays: `${title(act.productId)} stays on display` };
    case 'answer_question':
      return { done: 'Question marked answered', stays: 'The question stays open' };
    case 'reopen_question':
      return { done: 'Question is open again', stays: 'The question stays answered' };
    case 'take_cue':
      return { done: 'Cue taken', stays: 'The cue was not taken' };
    case 'keep_live':
      return { done: 'The show goes on', stays: 'The show could not be kept' };
    case 'skip_cue':
      return { done: '', stays: 'The cue was not skipped' };
  }
}

/** The act that takes an act back; made when undo is asked for, because only then the new highlight has an id. */
function undoOf(act: Act, before: RoomState, store: HostRoom): (() => Act) | null {
  switch (act.kind) {
    case 'remove_message':
      return () => ({ kind: 'restore_message', messageId: act.messageId });
    case 'restore_message':
      return () => ({ kind: 'remove_message', messageId: act.messageId });
    case 'pin_message': {
      const earlier = before.pinnedMessage;
      return () => (earlier ? { kind: 'pin_message', messageId: earlier.id } : { kind: 'unpin_message', messageId: act.messageId });
    }
    case 'unpin_message':
      return () => ({ kind: 'pin_message', messageId: act.messageId });
    case 'ban_viewer':
      return () => ({ kind: 'unban_viewer', viewerId: act.viewerId });
    case 'unban_viewer': {
      const ban = before.bans.find(({ viewerId }) => viewerId === act.viewerId);
      return () => ({ kind: 'ban_viewer', viewerId: act.viewerId, viewerName: ban?.viewerName ?? 'The viewer' });
    }
    case 'set_slow_mode': {
      const intervalSec = before.slowModeSec;
      return () => ({ kind: 'set_slow_mode', intervalSec });
    }
    case 'show_product':
      return () => hideOf(store, act.productId);
    case 'hide_highlight':
      return () => ({ kind: 'show_product', productId: act.productId });
    case 'answer_question':
      return () => ({ kind: 'reopen_question', questionClusterId: act.questionClusterId });
    case 'reopen_question':
      return () => ({ kind: 'answer_question', questionClusterId: act.questionClusterId });
    case 'take_cue': {
      const taken = before.cues.find(({ id }) => id === act.cueId)?.act;
      if (taken?.kind === 'mark_answered') return () => ({ kind: 'reopen_question', questionClusterId: taken.questionClusterId });
      if (taken?.kind === 'start_highlight') return () => hideOf(store, taken.productId);
      return null;
    }
    case 'skip_cue':
    case 'keep_live':
      return null;
  }
}

function hideOf(store: HostRoom, productId: string): Act {
  const highlight = store.view().room?.highlights.find((one) => one.productId === productId);
  return { kind: 'hide_highlight', highlightId: highlight?.id ?? '', productId };
}
