// Where recorded bytes are kept: files of this machine now, an object store later. Keys are paths with `/`; nothing is
// ever changed under a key, and a key is there whole or not at all, also after the power went.
import type { Readable } from 'node:stream';

export type StoredFile = { readonly key: string; readonly byteCount: number };

export type SegmentStore = {
  /** Resolves when the bytes would survive a loss of power. Rejects with what the store says; nothing is half there then. */
  put(key: string, bytes: Uint8Array | readonly Uint8Array[]): Promise<void>;
  /** The same for a file made elsewhere on this machine; it is gone from there afterwards. */
  putFile(key: string, path: string): Promise<void>;
  get(key: string): Promise<Uint8Array | null>;
  /** For large files: all of it or the bytes from `startByte` to `endByte`, both included. */
  open(key: string, range?: { startByte: number; endByte: number }): Promise<Readable | null>;
  size(key: string): Promise<number | null>;
  /** A key that is not there is no fault. */
  delete(key: string): Promise<void>;
  deleteUnder(prefix: string): Promise<void>;
  list(prefix: string): Promise<StoredFile[]>;
  /** Room that is left; Infinity where nobody knows. */
  freeBytes(): Promise<number>;
};
