// The secret of an encoder: `live_` and 256 random bits. Kept as HMAC-SHA256 under a key of this installation, so that
// a stolen table opens no stream; shown once, then only its last four characters.
import { createHmac } from 'node:crypto';
import type { Random } from '../../kernel/random.ts';

const FORMAT = /^live_[A-Za-z0-9_-]{43}$/;

export function createStreamKey(random: Random): string {
  return `live_${Buffer.from(random.bytes(32)).toString('base64url')}`;
}

/** Tells whether the text could be a key at all; spares the look-up for everything else. */
export const isStreamKey = (text: string) => FORMAT.test(text);

export function hashStreamKey(streamKey: string, secret: Uint8Array): string {
  return createHmac('sha256', secret).update(streamKey).digest('hex');
}
