// Nothing moves under a finger (ui.md 1.2): while the list is hovered, focused or touched it stands still, and what
// comes in waits behind "3 new". A line removed meanwhile keeps its place, struck out, until the list moves again.
import type { ChatMessage } from '@insp/protocol';

export type ChatHold = { readonly lines: readonly ChatMessage[] } | null;
export type HeldLine = { readonly message: ChatMessage; readonly isGone: boolean };

/** Starts (or keeps) holding what is drawn now. */
export function holdLines(hold: ChatHold, drawn: readonly ChatMessage[]): ChatHold {
  return hold ?? { lines: drawn };
}

/** What to draw, and how many wait. */
export function drawnLines(hold: ChatHold, current: readonly ChatMessage[]): { lines: HeldLine[]; newCount: number } {
  if (!hold) return { lines: current.map((message) => ({ message, isGone: false })), newCount: 0 };
  const present = new Set(current.map(({ id }) => id));
  const heldIds = new Set(hold.lines.map(({ id }) => id));
  const lastSeq = hold.lines.at(-1)?.seq ?? 0;
  const firstSeq = current[0]?.seq ?? 0;
  return {
    // Lines older than the window are not "removed", they only scrolled out of what we keep.
    lines: hold.lines.map((message) => ({ message, isGone: !present.has(message.id) && message.seq >= firstSeq })),
    newCount: current.filter((message) => message.seq > lastSeq && !heldIds.has(message.id)).length,
  };
}

export const CHAT_FILTERS = ['all', 'questions', 'removed'] as const;
export type ChatFilter = (typeof CHAT_FILTERS)[number];

/** A shopper's line that asks. The clusters of Speak IQ are the server's; this only narrows the list. */
export function isQuestion(message: ChatMessage): boolean {
  return message.author.kind === 'viewer' && /[?？؟]/u.test(message.text);
}
