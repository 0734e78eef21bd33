// Secrets rest sealed: AES-256-GCM (NIST SP 800-38D), a fresh 96-bit nonce each, bound to the
// organization and the name, so a row copied to another place does not open. Layout: nonce, tag, ciphertext.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from './random.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export type Seal = { close(text: string, boundTo: string): Buffer; open(sealed: Buffer, boundTo: string): string };

/** `key` has 32 bytes. `open` throws on anything that was changed or moved. */
export function createSeal(key: Buffer, random: Random): Seal {
  return {
    close(text, boundTo) {
      const nonce = random.bytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(boundTo));
      const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
    },
    open(sealed, boundTo) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(boundTo))
        .setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    },
  };
}
