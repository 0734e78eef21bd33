// The chat as it was when the picture was (CH7). Live, the lines are the room's. Whoever looks back, in a replay or in a show
// watched from its beginning, has the lines said up to the frame on screen.
import type { ChatMessage } from '@insp/protocol';
import { MAX_CHAT_LINES } from './chat-slice.ts';
import { isReplay } from './picture-address.ts';
import type { ChatLine, ChatState, PlayerState, RoomState } from './player-state.ts';

/** Minutes kept at once: those around the picture, and some the shopper may come back to. */
export const MAX_SAID_MINUTES = 8;

export const isLookingBack = (room: RoomState): boolean => isReplay(room) || (room.isStartedOver && room.startOverUrl !== null);

/** Takes in what was said in a minute; the minute furthest from it goes when there are too many. */
export function withMinute(said: ChatState['said'], minute: number, messages: readonly ChatMessage[]): ChatState['said'] {
  const minutes = [...said.filter((known) => known.minute !== minute), { minute, messages }];
  if (minutes.length <= MAX_SAID_MINUTES) return minutes;
  const furthest = minutes.reduce((far, each) => (Math.abs(each.minute - minute) > Math.abs(far.minute - minute) ? each : far));
  return minutes.filter((each) => each !== furthest);
}

export const withoutMessage = (said: ChatState['said'], messageId: ChatMessage['id']): ChatState['said'] =>
  said.map((each) =>
    each.messages.some(({ id }) => id === messageId) ? { ...each, messages: each.messages.filter(({ id }) => id !== messageId) } : each,
  );

type Seen = Pick<PlayerState, 'chat' | 'room' | 'video'>;

/** The lines to be shown now, oldest first. What the shopper writes while looking back stays at the end. */
export function linesNow({ chat, room, video }: Seen): readonly ChatLine[] {
  if (!isLookingBack(room)) return chat.lines;
  const atMs = video.programMs ?? Number.NEGATIVE_INFINITY;
  const open = chat.lines.filter((line) => isUnsent(line) || (line.isAhead && !isReplay(room) && line.message.postedAt > atMs));
  const byId = new Map<string, ChatLine>();
  const take = (line: ChatLine) => {
    if (line.message.postedAt <= atMs && !open.includes(line)) byId.set(line.message.id, line);
  };
  for (const { messages } of chat.said) for (const message of messages) take(saidLine(message, room));
  // What the room has told is newer: a line may have been removed since.
  for (const line of chat.lines) take(line);
  const said = [...byId.values()].filter(({ status }) => status !== 'removed').sort((a, b) => a.message.seq - b.message.seq);
  return [...said, ...open].slice(-MAX_CHAT_LINES);
}

const isUnsent = ({ status }: ChatLine): boolean => status === 'pending' || status === 'refused';

const saidLine = (message: ChatMessage, { viewerId }: RoomState): ChatLine => ({
  key: message.id,
  message,
  status: 'settled',
  error: null,
  isOwn: message.author.id === viewerId,
  isAhead: false,
});

/** When the next line was said after that time; null live, and when none is known. */
export function nextSaidMs({ chat, room }: Pick<PlayerState, 'chat' | 'room'>, programMs: number): number | null {
  if (!isLookingBack(room)) return null;
  const times = chat.said.flatMap(({ messages }) => messages.map(({ postedAt }) => postedAt));
  const nextMs = times.reduce((next, postedAt) => (postedAt > programMs ? Math.min(next, postedAt) : next), Number.POSITIVE_INFINITY);
  return Number.isFinite(nextMs) ? nextMs : null;
}

/** The pinned line, unless it was written after the moment of the picture. */
export function pinnedNow({ chat, room, video }: Seen): ChatMessage | null {
  const isLater = isLookingBack(room) && (chat.pinned?.postedAt ?? 0) > (video.programMs ?? 0);
  return isLater ? null : chat.pinned;
}
