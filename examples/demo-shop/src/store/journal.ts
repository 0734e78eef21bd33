// An append-only file of JSON lines. An append is acknowledged after fdatasync, never before, so what the shop
// promised survives kill -9 and power loss. Appends that arrive while a sync runs share the next one (group
// commit): 300 orders at once cost a handful of syncs, not 300.
//
// The only damage a crash can do is a torn last line. Reading drops it: nobody was ever told it was written.
// Damage anywhere else is not ours to guess at: opening refuses and names the line.
import { type FileHandle, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

export type Journal<E> = {
  /** Resolves when the entry is on disk. Rejects for good after the first failed write. */
  append(entry: E): Promise<void>;
  close(): Promise<void>;
};

/** Reads all whole entries of a journal file; a missing file is an empty journal. */
export async function readJournal<E>(path: string): Promise<{ entries: E[]; tornBytes: number }> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { entries: [], tornBytes: 0 };
    throw error;
  }
  const wholeBytes = bytes.lastIndexOf(10) + 1;
  const lines = bytes.subarray(0, wholeBytes).toString('utf8').split('\n').slice(0, -1);
  const entries = lines.map((line, index) => {
    try {
      return JSON.parse(line) as E;
    } catch (cause) {
      throw new Error(`The journal ${path} is damaged at line ${index + 1}; restore it from a copy.`, { cause });
    }
  });
  return { entries, tornBytes: bytes.length - wholeBytes };
}

/** Replaces the file by exactly `entries`: written beside it, synced, renamed over it, folder synced. */
export async function rewriteJournal<E>(path: string, entries: Iterable<E>): Promise<void> {
  const beside = `${path}.new`;
  const file = await open(beside, 'w');
  try {
    let text = '';
    for (const entry of entries) {
      text += `${JSON.stringify(entry)}\n`;
      if (text.length > 1024 * 1024) {
        await file.write(text);
        text = '';
      }
    }
    await file.write(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  const folder = await open(dirname(path), 'r');
  await folder.sync();
  await folder.close();
}

export async function openJournal<E>(path: string): Promise<Journal<E>> {
  const file: FileHandle = await open(path, 'a');
  let waiting: { line: string; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let flushing: Promise<void> | null = null;
  let broken: unknown = null;

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        if (broken) throw broken;
        await file.write(batch.map((item) => item.line).join(''));
        await file.datasync();
        for (const item of batch) item.resolve();
      } catch (error) {
        broken = error;
        for (const item of batch) item.reject(error);
      }
    }
    flushing = null;
  }

  return {
    append(entry) {
      return new Promise((resolve, reject) => {
        waiting.push({ line: `${JSON.stringify(entry)}\n`, resolve, reject });
        flushing ??= flush();
      });
    },
    async close() {
      await flushing;
      await file.close();
    },
  };
}
