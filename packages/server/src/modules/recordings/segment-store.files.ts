// The segment store on local files: written under a temporary name, fsynced, renamed, the folder fsynced.
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { SegmentStore, StoredFile } from './segment-store.ts';

/** What a crash leaves of a file that was being written; never listed, and cleared away by `list`. */
const UNFINISHED = '.unfinished';

export function createFileStore(folder: string): SegmentStore {
  const root = resolve(folder);
  const made = new Set<string>();

  /** Keys come from our own code; a path out of the folder would be a fault of ours. */
  function pathOf(key: string): string {
    const path = resolve(root, key);
    if (!path.startsWith(root + sep)) throw new RangeError(`key ${key} is no place in the store`);
    return path;
  }

  async function makeFolder(path: string): Promise<void> {
    if (made.has(path)) return;
    await mkdir(path, { recursive: true });
    if (made.size > 10_000) made.clear();
    made.add(path);
  }

  async function syncFolder(path: string): Promise<void> {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  async function finish(unfinished: string, path: string): Promise<void> {
    await rename(unfinished, path);
    await syncFolder(dirname(path));
  }

  return {
    async put(key, bytes) {
      const path = pathOf(key);
      const unfinished = `${path}${UNFINISHED}`;
      try {
        await makeFolder(dirname(path));
        const handle = await open(unfinished, 'w');
        try {
          await handle.writeFile(bytes);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await finish(unfinished, path);
      } catch (cause) {
        // The folder may be gone under us: look again the next time.
        made.delete(dirname(path));
        await rm(unfinished, { force: true }).catch(() => {});
        throw cause;
      }
    },
    async putFile(key, from) {
      const path = pathOf(key);
      await makeFolder(dirname(path));
      const handle = await open(from, 'r+');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
      await finish(from, path);
    },
    get: (key) => readFile(pathOf(key)).catch(absent),
    async open(key, range) {
      const path = pathOf(key);
      if ((await stat(path).catch(absent)) === null) return null;
      return createReadStream(path, range === undefined ? {} : { start: range.startByte, end: range.endByte });
    },
    size: async (key) => (await stat(pathOf(key)).catch(absent))?.size ?? null,
    delete: (key) => rm(pathOf(key), { force: true }),
    async deleteUnder(prefix) {
      made.clear();
      await rm(pathOf(prefix), { recursive: true, force: true });
    },
    async list(prefix) {
      const found: StoredFile[] = [];
      const walk = async (path: string): Promise<void> => {
        const entries = await readdir(path, { withFileTypes: true }).catch(absent);
        for (const entry of entries ?? []) {
          const inside = join(path, entry.name);
          if (entry.isDirectory()) await walk(inside);
          else if (entry.name.endsWith(UNFINISHED)) await rm(inside, { force: true });
          else found.push({ key: relative(root, inside).split(sep).join('/'), byteCount: (await stat(inside)).size });
        }
      };
      await walk(pathOf(prefix));
      return found;
    },
    async freeBytes() {
      await makeFolder(root);
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },
  };
}

function absent(cause: NodeJS.ErrnoException): null {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return null;
  throw cause;
}
