// A position as the browser carries it: `timeline.lsn.second.mac`, all hex but the mac. It tells nothing secret, but it
// is signed, because a made-up position far ahead would send every read of its bearer to the primary.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WalPosition } from './wal-position.ts';

/** A replica in rotation is at most 2 s behind, so a position this old asks for nothing it does not have anyway. */
export const TOKEN_LIFE_SEC = 60;
/** Clocks of two processes may differ; a token from further ahead is not believed. */
const CLOCK_LENIENCY_SEC = 30;
/** 8 + 16 + 10 + 22 and three dots. */
export const TOKEN_MAX_LENGTH = 59;
const MAC_BYTES = 16;

const macOf = (text: string, key: Uint8Array) => createHmac('sha256', key).update(text).digest().subarray(0, MAC_BYTES);

export type NotedPosition = { readonly position: WalPosition; readonly notedAtMs: number };

export function signPosition({ position, notedAtMs }: NotedPosition, key: Uint8Array): string {
  const text = [position.timeline, position.lsn, Math.floor(notedAtMs / 1000)].map((part) => part.toString(16)).join('.');
  return `${text}.${macOf(text, key).toString('base64url')}`;
}

/** The position of a token of ours; null for any other text, and when its time is over. */
export function verifyPosition(token: string, key: Uint8Array, nowMs: number): NotedPosition | null {
  if (token.length > TOKEN_MAX_LENGTH) return null;
  const [, text, timeline, lsn, second, mac] = /^(([0-9a-f]{1,8})\.([0-9a-f]{1,16})\.([0-9a-f]{1,10}))\.([\w-]{22})$/.exec(token) ?? [];
  if (text === undefined || mac === undefined) return null;
  if (!timingSafeEqual(Buffer.from(mac, 'base64url'), macOf(text, key))) return null;
  const notedAtMs = Number(`0x${second}`) * 1000;
  const ageSec = (nowMs - notedAtMs) / 1000;
  if (ageSec > TOKEN_LIFE_SEC || ageSec < -CLOCK_LENIENCY_SEC) return null;
  return { position: { timeline: Number(`0x${timeline}`), lsn: BigInt(`0x${lsn}`) }, notedAtMs };
}
