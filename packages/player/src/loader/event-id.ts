import type { EventId } from '@insp/protocol';

/** A fresh `evt_` id: UUIDv7, so that ids made later sort later. `crypto.randomUUID` is missing on plain http pages. */
export function newEventId(nowMs: number): EventId {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const time = nowMs.toString(16).padStart(12, '0').slice(-12);
  for (let i = 0; i < 6; i += 1) bytes[i] = Number.parseInt(time.slice(i * 2, i * 2 + 2), 16);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return `evt_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
