// Playlists as they are sent: written once for each version, compressed once. A list of four hours is a megabyte of text
// and a twentieth of that compressed.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);
const WORTH_COMPRESSING_BYTES = 1_024;

export type SentText = { readonly plain: Buffer; readonly gzipped: Buffer | null };

export type WriteText = () => string | null | Promise<string | null>;

export type TextCache = {
  /** The text of a name in a version; null when there is none after all. */
  get(name: string, version: string, write: WriteText): Promise<SentText | null>;
};

export function createTextCache(keptCount: number): TextCache {
  const kept = new Map<string, { version: string; text: Promise<SentText | null> }>();

  async function make(write: WriteText): Promise<SentText | null> {
    const text = await write();
    if (text === null) return null;
    const plain = Buffer.from(text);
    return { plain, gzipped: plain.length < WORTH_COMPRESSING_BYTES ? null : await compress(plain, { level: 5 }) };
  }

  return {
    get(name, version, write) {
      const known = kept.get(name);
      if (known?.version === version) return known.text;
      const text = make(write);
      kept.delete(name);
      kept.set(name, { version, text });
      text.catch(() => kept.get(name)?.text === text && kept.delete(name));
      const oldest = kept.keys().next().value;
      if (kept.size > keptCount && oldest !== undefined) kept.delete(oldest);
      return text;
    },
  };
}
