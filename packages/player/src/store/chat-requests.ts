// Chat as requests: the line is there at once, then settled or refused with its reason. The first message waits
// until the shopper has read that it is public.
import type { Action } from './action.ts';
import type { Emit } from './embed-events.ts';
import type { PlayerState } from './player-state.ts';
import type { RequestMap } from './requests.ts';
import type { RoomMediator } from './room-mediator.ts';

type ChatRequests = Pick<
  RequestMap,
  'expand_chat' | 'send_chat' | 'retry_chat' | 'discard_chat' | 'accept_notice' | 'decline_notice' | 'edit_name' | 'save_name'
>;

export function createChatRequests(deps: {
  state(): PlayerState;
  dispatch(action: Action): void;
  room: RoomMediator;
  newKey(): string;
  nowMs(): number;
  emit: Emit;
}): ChatRequests {
  const { state, dispatch, room } = deps;

  const deliver = async (key: string, text: string) => {
    const answer = await room.request('send_chat_message', { key, text });
    if (answer.ok) {
      dispatch({ type: 'chat_settled', key, messageId: answer.data.messageId, seq: answer.data.seq });
      deps.emit('chat.message', { messageId: answer.data.messageId, length: [...text].length });
    } else {
      dispatch({ type: 'chat_refused', key, error: answer.error });
    }
  };

  const send = (text: string) => {
    const key = deps.newKey();
    dispatch({ type: 'chat_sent', key, text, atMs: deps.nowMs() });
    void deliver(key, text);
  };

  const rename = async (name: string) => {
    const wanted = name.trim();
    if (wanted === state().room.displayName) return true;
    const answer = await room.request('set_display_name', { name: wanted });
    dispatch(answer.ok ? { type: 'name_changed', name: answer.data.name } : { type: 'name_refused', error: answer.error });
    return answer.ok;
  };

  return {
    expand_chat: ({ isExpanded }) => dispatch({ type: 'chat_expanded', isExpanded }),
    send_chat({ text }) {
      if (state().chat.hasSeenNotice) send(text);
      else dispatch({ type: 'notice_asked', text });
    },
    retry_chat({ key }) {
      const line = state().chat.lines.find((known) => known.key === key);
      if (line?.status !== 'refused') return;
      dispatch({ type: 'chat_retried', key });
      // The same key: if the first try did arrive, the room knows it and answers with that message.
      void deliver(key, line.message.text);
    },
    discard_chat: ({ key }) => dispatch({ type: 'chat_discarded', key }),
    accept_notice({ name }) {
      const text = state().chat.heldText;
      dispatch({ type: 'notice_accepted' });
      void rename(name).then((isNamed) => {
        // A refused name is put right first; the message goes out under the present one when that is closed.
        if (!isNamed) dispatch({ type: 'name_edit', isEditing: true });
        if (text !== null) send(text);
      });
    },
    decline_notice: () => dispatch({ type: 'notice_declined' }),
    edit_name: ({ isEditing }) => dispatch({ type: 'name_edit', isEditing }),
    save_name({ name }) {
      void rename(name).then((isNamed) => {
        if (isNamed) dispatch({ type: 'name_edit', isEditing: false });
      });
    },
  };
}
