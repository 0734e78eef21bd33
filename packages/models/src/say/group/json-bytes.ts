// JSON as UTF-8 bytes. The two encoders are part of every JavaScript host (WHATWG Encoding), yet of no ECMAScript library
// this package is compiled against, so their shape is declared here.
import { InputError } from '../../input-error.ts';

declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (label: string, options: { readonly fatal: boolean }) => { decode(bytes: Uint8Array): string };

export function jsonToBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** Throws on bytes that are not UTF-8 or not JSON. */
export function bytesToJson(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

/** A snapshot of the given kind and version; refuses everything else. What lies inside is trusted: we wrote it. */
export function bytesToSnapshot<T extends { readonly version: number }>(bytes: Uint8Array, version: number, what: string): T {
  let saved: T | null;
  try {
    saved = bytesToJson(bytes) as T | null;
  } catch (cause) {
    const error = new InputError(`the bytes are not a snapshot of ${what}`);
    error.cause = cause;
    throw error;
  }
  if (saved?.version !== version) throw new InputError(`the snapshot of ${what} is of version ${saved?.version}, not ${version}`);
  return saved;
}
