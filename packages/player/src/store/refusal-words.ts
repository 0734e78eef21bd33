// A refusal of the room in the shopper's words.
import type { ErrorCode } from '@insp/protocol';
import type { MessageKey } from '../i18n/messages.ts';

const WORDS: Partial<Record<ErrorCode, MessageKey>> = {
  INSP_CHAT_EMPTY: 'refusedEmpty',
  INSP_CHAT_TOO_LONG: 'refusedTooLong',
  INSP_CHAT_SLOW_MODE: 'refusedSlow',
  INSP_CHAT_RATE_LIMITED: 'refusedFast',
  INSP_REALTIME_TOO_FAST: 'refusedFast',
  INSP_CHAT_BANNED: 'refusedBanned',
  INSP_CHAT_NAME_INVALID: 'refusedName',
  INSP_REALTIME_ROOM_CLOSED: 'refusedClosed',
  INSP_REALTIME_NO_ANSWER: 'refusedOffline',
  INSP_REALTIME_QUEUE_FULL: 'refusedOffline',
  INSP_EMBED_UNREACHABLE: 'refusedOffline',
};

export function refusalKey(code: ErrorCode): MessageKey {
  return WORDS[code] ?? 'refusedOther';
}

/** Sending the same text again can help. */
export function mayRetry(code: ErrorCode): boolean {
  return !['INSP_CHAT_EMPTY', 'INSP_CHAT_TOO_LONG', 'INSP_CHAT_BANNED', 'INSP_REALTIME_ROOM_CLOSED'].includes(code);
}
