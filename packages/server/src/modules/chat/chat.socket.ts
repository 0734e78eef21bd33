// Chat's rows of the room hub's handler table.
import { AppError } from '../../kernel/app-error.ts';
import { type Outcome, refused } from '../../kernel/outcome.ts';
import type { Chat } from './chat.ts';
import type { ChatHandler } from './ports.ts';

type ChatRequestType =
  | 'send_chat_message'
  | 'set_display_name'
  | 'send_reaction'
  | 'remove_chat_message'
  | 'restore_chat_message'
  | 'pin_chat_message'
  | 'unpin_chat_message'
  | 'ban_viewer'
  | 'unban_viewer'
  | 'set_slow_mode';

export function chatSocketHandlers(chat: Chat): { [T in ChatRequestType]: ChatHandler<T> } {
  return {
    send_chat_message: { permission: null, handle: (session, data) => answer(chat.post(session, data)) },
    set_display_name: { permission: null, handle: (session, { name }) => answer(chat.setDisplayName(session, name)) },
    send_reaction: { permission: null, handle: (session, data) => answer(chat.react(session, data)) },
    remove_chat_message: { permission: 'chat.moderate', handle: (session, data) => answer(chat.remove(session, data)) },
    restore_chat_message: { permission: 'chat.moderate', handle: (session, { messageId }) => answer(chat.restore(session, messageId)) },
    pin_chat_message: { permission: 'chat.moderate', handle: (session, { messageId }) => answer(chat.pin(session, messageId)) },
    unpin_chat_message: { permission: 'chat.moderate', handle: (session, { messageId }) => answer(chat.unpin(session, messageId)) },
    ban_viewer: { permission: 'chat.moderate', handle: (session, data) => answer(chat.ban(session, data)) },
    unban_viewer: { permission: 'chat.moderate', handle: (session, { viewerId }) => answer(chat.unban(session, viewerId)) },
    set_slow_mode: { permission: 'chat.moderate', handle: (session, { intervalSec }) => answer(chat.setSlowMode(session, intervalSec)) },
  };
}

/** SQLSTATE classes and socket errors that pass when the database is back: connection, read-only, resources, shutdown. */
const AWAY_CODES = /^(08|25|53|57)...$|^E(CONN|PIPE|TIMEDOUT|HOST)/;
const AWAY_MESSAGES = /^Connection terminated|timeout exceeded when trying to connect/;

function isStoreAway(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if (cause instanceof AppError) return cause.code === 'INSP_STORE_UNAVAILABLE';
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return AWAY_CODES.test(code) || AWAY_MESSAGES.test(cause.message);
}

/** A database that cannot be reached is an answer to the client; anything else thrown is a bug and goes on. */
async function answer<T>(work: Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work;
  } catch (cause) {
    if (isStoreAway(cause)) return refused('INSP_STORE_UNAVAILABLE', { retryAfterMs: 1_000 });
    throw cause;
  }
}
