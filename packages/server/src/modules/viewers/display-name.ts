// Names as they stand in the chat: from the shop, or made up so that a room of strangers can tell each other apart.
import { createHash } from 'node:crypto';
import { LIMITS, type ViewerId } from '@insp/protocol';

const LOWEST = 1_000;
const HIGHEST = 9_999;

/** A friendly name for somebody without one, e.g. `Guest 4821`: always the same for the same viewer. */
export function createGuestName(viewerId: ViewerId): string {
  const number = createHash('sha256').update(viewerId).digest().readUInt32BE(0);
  return `Guest ${LOWEST + (number % (HIGHEST - LOWEST + 1))}`;
}

/**
 * A name from outside, fit to show: normalized, without control, invisible and direction-turning characters, at most 20
 * code points. Null when nothing readable is left.
 */
export function cleanDisplayName(text: string): string | null {
  const readable = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\uFFFD]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  const cut = [...readable].slice(0, LIMITS.displayNameLength).join('').trim();
  return /[\p{L}\p{N}\p{S}]/u.test(cut) ? cut : null;
}
