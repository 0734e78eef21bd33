// The live room of one page: the client's room with own acts on top until they settle. Socket, clock and HTTP calls
// are arguments, so it runs in a test without any of them.
import type { Answer, ConnectionState, RoomClient, RoomStore } from '@insp/client';
import type { RequestType } from '@insp/protocol';
import { type RefusalParts, refusalFromWire, refusalOf } from '../api/api-error.ts';
import { type Act, overlay, type PendingAct, SETTLED_WAIT_MS, stillPending } from './acts.ts';
import { type RoomState, roomOf } from './room-state.ts';

export type RoomView = { readonly connection: ConnectionState; readonly room: RoomState | null };
export type ActResult = { readonly ok: true } | { readonly ok: false; readonly refusal: RefusalParts };

/** The acts that go by HTTP rather than by socket. */
export type HighlightCalls = { show(productId: string): Promise<unknown>; hide(highlightId: string): Promise<unknown> };

export type HostRoom = {
  subscribe(listen: () => void): () => void;
  view(): RoomView;
  /** Does an act: shown at once, settled by the server's push, taken back when refused. */
  perform(act: Act): Promise<ActResult>;
};

/** Between two drawings of what others did. */
export const DRAW_EVERY_MS = 80;

type Deps = {
  client: Pick<RoomClient, 'request' | 'clockOffsetMs'>;
  store: Pick<RoomStore, 'getState' | 'subscribe'>;
  highlights: HighlightCalls;
  nowMs: () => number;
  after: (delayMs: number, work: () => void) => () => void;
};

export function createHostRoom({ client, store, highlights, nowMs, after }: Deps): HostRoom {
  const listeners = new Set<() => void>();
  let pending: readonly PendingAct[] = [];
  let actCount = 0;
  let view: RoomView = { connection: store.getState().connection, room: null };

  function changed(): void {
    const state = store.getState();
    const room = roomOf(state, client.clockOffsetMs);
    if (room) pending = stillPending(room, pending, nowMs());
    view = { connection: state.connection, room: room && overlay(room, pending) };
    for (const listen of [...listeners]) listen();
  }
  // A busy room pushes faster than anybody reads: pushes are drawn together, own acts at once.
  let isDue = false;
  store.subscribe(() => {
    if (isDue) return;
    isDue = true;
    after(DRAW_EVERY_MS, () => {
      isDue = false;
      changed();
    });
  });

  return {
    subscribe(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    view: () => view,
    async perform(act) {
      actCount += 1;
      const key = `act${actCount}`;
      pending = [...pending, { key, act, startedAtMs: nowMs(), isSettled: false }];
      changed();
      const result = await send(client, highlights, act);
      pending = result.ok
        ? pending.map((one) => (one.key === key ? { ...one, startedAtMs: nowMs(), isSettled: true } : one))
        : pending.filter((one) => one.key !== key);
      changed();
      if (result.ok) after(SETTLED_WAIT_MS + 1, changed);
      return result;
    },
  };
}

/** Sends an act. The ids in it came from the server, so their kind needs no check here. */
async function send(client: Deps['client'], highlights: HighlightCalls, act: Act): Promise<ActResult> {
  const byMessage = { messageId: 'messageId' in act ? (act.messageId as `msg_${string}`) : 'msg_' } as const;
  const byViewer = { viewerId: 'viewerId' in act ? (act.viewerId as `vwr_${string}`) : 'vwr_' } as const;
  const byQuestion = { questionClusterId: 'questionClusterId' in act ? (act.questionClusterId as `qst_${string}`) : 'qst_' } as const;
  const cueId = 'cueId' in act ? (act.cueId as `cue_${string}`) : 'cue_';
  switch (act.kind) {
    case 'show_product':
      return fromHttp(highlights.show(act.productId));
    case 'hide_highlight':
      return fromHttp(highlights.hide(act.highlightId));
    case 'remove_message':
      return fromSocket(client.request('remove_chat_message', byMessage));
    case 'restore_message':
      return fromSocket(client.request('restore_chat_message', byMessage));
    case 'pin_message':
      return fromSocket(client.request('pin_chat_message', byMessage));
    case 'unpin_message':
      return fromSocket(client.request('unpin_chat_message', byMessage));
    case 'ban_viewer':
      return fromSocket(client.request('ban_viewer', byViewer));
    case 'unban_viewer':
      return fromSocket(client.request('unban_viewer', byViewer));
    case 'set_slow_mode':
      return fromSocket(client.request('set_slow_mode', { intervalSec: act.intervalSec }));
    case 'answer_question':
      return fromSocket(client.request('mark_question_answered', byQuestion));
    case 'reopen_question':
      return fromSocket(client.request('reopen_question', byQuestion));
    case 'keep_live':
      return fromSocket(client.request('keep_live', {}));
    case 'take_cue':
      return fromSocket(client.request('resolve_cue', { cueId, outcome: 'taken' }));
    case 'skip_cue':
      return fromSocket(client.request('resolve_cue', { cueId, outcome: 'skipped' }));
  }
}

async function fromSocket<T extends RequestType>(request: Promise<Answer<T>>): Promise<ActResult> {
  const answer = await request;
  return answer.ok ? { ok: true } : { ok: false, refusal: refusalFromWire(answer.error) };
}

async function fromHttp(call: Promise<unknown>): Promise<ActResult> {
  try {
    await call;
    return { ok: true };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error) };
  }
}
