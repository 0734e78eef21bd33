// UTF-8 both ways. The two classes exist in every runtime we have, but in no library this package compiles against.
declare const TextDecoder: new (label: string, options: { fatal: boolean }) => { decode(bytes: Uint8Array): string };
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

const decoder = new TextDecoder('utf-8', { fatal: false });
const encoder = new TextEncoder();

/** Decodes UTF-8; malformed sequences become U+FFFD. */
export function textOfBytes(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Encodes as UTF-8. */
export function bytesOfText(text: string): Uint8Array {
  return encoder.encode(text);
}
