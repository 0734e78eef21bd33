// Chat lines: at most 200, in the order of the room, own ones at the end until the server gives them their place.
import type { ChatMessage, Push } from '@insp/protocol';
import type { Action } from './action.ts';
import type { ChatLine, ChatState, RoomState } from './player-state.ts';
import { isLookingBack, withMinute, withoutMessage } from './said-lines.ts';

/** product.md CH3: a light client. */
export const MAX_CHAT_LINES = 200;

type Me = RoomState;

export function reduceChat(chat: ChatState, action: Action, me: Me, nowMs: number): ChatState {
  switch (action.type) {
    case 'pushed':
      return reducePush(chat, action.push, me, action.isRecovered);
    case 'chat_sent':
      return { ...chat, lines: append(chat.lines, ownLine(action.key, action.text, me, action.atMs)), heldText: null };
    case 'chat_settled':
      return {
        ...settle(chat, action.key, action.messageId, action.seq),
        mayWriteAtMs: chat.slowModeSec > 0 ? nowMs + chat.slowModeSec * 1_000 : chat.mayWriteAtMs,
      };
    case 'chat_refused':
      return {
        ...chat,
        lines: chat.lines.map((line) => (line.key === action.key ? { ...line, status: 'refused', error: action.error } : line)),
        mayWriteAtMs: action.error.retryAfterMs ? Math.max(chat.mayWriteAtMs, nowMs + action.error.retryAfterMs) : chat.mayWriteAtMs,
      };
    case 'chat_retried':
      return { ...chat, lines: chat.lines.map((line) => (line.key === action.key ? { ...line, status: 'pending', error: null } : line)) };
    case 'chat_discarded':
      return { ...chat, lines: chat.lines.filter((line) => line.key !== action.key) };
    case 'chat_expanded':
      return chat.isExpanded === action.isExpanded ? chat : { ...chat, isExpanded: action.isExpanded };
    case 'minute_said':
      return { ...chat, said: withMinute(chat.said, action.minute, action.messages) };
    case 'said_forgotten':
      return chat.said.length === 0 ? chat : { ...chat, said: [] };
    case 'notice_asked':
      return { ...chat, heldText: action.text };
    case 'notice_accepted':
      return { ...chat, hasSeenNotice: true };
    case 'notice_declined':
      return { ...chat, heldText: null };
    case 'name_edit':
      return { ...chat, isEditingName: action.isEditing, nameError: null };
    case 'name_changed':
      return { ...chat, isEditingName: false, nameError: null };
    case 'name_refused':
      return { ...chat, nameError: action.error };
    default:
      return chat;
  }
}

function reducePush(chat: ChatState, push: Push, me: Me, isRecovered: boolean): ChatState {
  switch (push.type) {
    case 'welcome': {
      const { recentMessages, pinnedMessage, slowModeSec } = push.data.snapshot;
      const base = { ...chat, pinned: pinnedMessage, slowModeSec };
      // Recovered: what we missed follows as pushes. Lost: the snapshot is the new start, own open lines stay.
      if (isRecovered && chat.lines.length > 0) return base;
      const open = chat.lines.filter((line) => line.status === 'pending' || line.status === 'refused');
      const settled = recentMessages.map((message) => settledLine(message, me));
      return { ...base, lines: [...settled, ...open].slice(-MAX_CHAT_LINES) };
    }
    case 'chat_message_posted':
      return { ...chat, lines: insertPosted(chat.lines, push.data, me) };
    case 'chat_message_removed':
      return {
        ...chat,
        lines: chat.lines.map((line) => (line.message.id === push.data.messageId ? { ...line, status: 'removed' } : line)),
        said: withoutMessage(chat.said, push.data.messageId),
        pinned: chat.pinned?.id === push.data.messageId ? null : chat.pinned,
      };
    case 'chat_message_restored':
      return { ...chat, lines: restore(chat.lines, push.data, me) };
    case 'chat_message_pinned':
      return { ...chat, pinned: push.data };
    case 'chat_message_unpinned':
      return chat.pinned?.id === push.data.messageId ? { ...chat, pinned: null } : chat;
    case 'slow_mode_changed':
      return { ...chat, slowModeSec: push.data.intervalSec, mayWriteAtMs: push.data.intervalSec === 0 ? 0 : chat.mayWriteAtMs };
    default:
      return chat;
  }
}

function ownLine(key: string, text: string, me: Me, atMs: number): ChatLine {
  const author = { kind: 'viewer', id: me.viewerId ?? '', name: me.displayName, isBuyer: false, isSimulated: false } as const;
  const message: ChatMessage = { id: `msg_${key}`, seq: 1, author, text, postedAt: atMs, platform: 'insp' };
  return { key, message, status: 'pending', error: null, isOwn: true, isAhead: isLookingBack(me) };
}

function settledLine(message: ChatMessage, me: Me): ChatLine {
  return { key: message.id, message, status: 'settled', error: null, isOwn: message.author.id === me.viewerId, isAhead: false };
}

function append(lines: readonly ChatLine[], line: ChatLine): readonly ChatLine[] {
  return [...lines, line].slice(-MAX_CHAT_LINES);
}

/** The push of an own message may come before its answer; then it takes the place of the pending line. */
function insertPosted(lines: readonly ChatLine[], message: ChatMessage, me: Me): readonly ChatLine[] {
  if (lines.some((line) => line.message.id === message.id)) return lines;
  const line = settledLine(message, me);
  if (line.isOwn) {
    const pending = lines.findIndex((known) => known.status === 'pending' && known.message.text === message.text);
    if (pending !== -1)
      return lines.map((known, index) => (index === pending ? { ...line, key: known.key, isAhead: known.isAhead } : known));
  }
  return append(lines, line);
}

function settle(chat: ChatState, key: string, messageId: ChatMessage['id'], seq: number): ChatState {
  const line = chat.lines.find((known) => known.key === key);
  if (line?.status !== 'pending') return chat;
  const isThere = chat.lines.some((known) => known.message.id === messageId);
  const lines = isThere
    ? chat.lines.filter((known) => known !== line)
    : chat.lines.map((known) =>
        known === line ? { ...line, status: 'settled' as const, message: { ...line.message, id: messageId, seq } } : known,
      );
  return { ...chat, lines };
}

function restore(lines: readonly ChatLine[], message: ChatMessage, me: Me): readonly ChatLine[] {
  if (lines.some((line) => line.message.id === message.id)) {
    return lines.map((line) => (line.message.id === message.id ? { ...settledLine(message, me), key: line.key } : line));
  }
  const at = lines.findIndex((line) => line.status === 'settled' && line.message.seq > message.seq);
  const line = settledLine(message, me);
  return at === -1 ? append(lines, line) : [...lines.slice(0, at), line, ...lines.slice(at)].slice(-MAX_CHAT_LINES);
}
