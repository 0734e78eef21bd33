// The files beside a replay: its chapters, its small pictures. Each is asked for once there is a replay on screen, and
// again when the replay was cut anew. Without them the replay plays all the same.
import type { ReplayChapters } from '@insp/protocol';
import { MAX_STORYBOARD_BYTES, readStoryboard, type StoryboardTile } from '../video/storyboard.ts';

export type FileFollower = {
  /** Asks for the file at this address; another version of it is another file. Null: none is wanted. */
  follow(address: string | null, version: string): void;
  stop(): void;
};

export type FollowerDeps = { fetch: typeof fetch; after(delayMs: number, work: () => void): () => void };

const RETRY_MS = 5_000;
const MAX_TRIES = 3;
const MAX_CHAPTERS_BYTES = 1024 * 1024;

export const createChaptersFollower = (deps: FollowerDeps & { onChapters(chapters: ReplayChapters['chapters']): void }): FileFollower =>
  createFollower(deps, MAX_CHAPTERS_BYTES, (text) => deps.onChapters(text === null ? [] : (JSON.parse(text) as ReplayChapters).chapters));

export const createStoryboardFollower = (deps: FollowerDeps & { onStoryboard(tiles: readonly StoryboardTile[]): void }): FileFollower =>
  createFollower(deps, MAX_STORYBOARD_BYTES, (text, address) =>
    deps.onStoryboard((text === null ? null : readStoryboard(text, address)) ?? []),
  );

/** `onText` gets null when there is no file any more, or a new one is on its way. */
function createFollower(
  { fetch, after }: FollowerDeps,
  maxBytes: number,
  onText: (text: string | null, address: string) => void,
): FileFollower {
  let wanted: string | null = null;
  let cancel = () => {};

  const read = async (address: string, mine: string, tryCount: number) => {
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(String(answer.status));
      const text = await readText(answer, maxBytes);
      if (wanted === mine) onText(text, address);
    } catch {
      if (wanted === mine && tryCount < MAX_TRIES) cancel = after(RETRY_MS, () => void read(address, mine, tryCount + 1));
    }
  };

  return {
    follow(address, version) {
      const next = address === null ? null : `${version} ${address}`;
      if (next === wanted) return;
      cancel();
      if (wanted !== null) onText(null, '');
      wanted = next;
      if (address !== null && next !== null) void read(address, next, 1);
    },
    stop() {
      cancel();
      wanted = null;
    },
  };
}

/** The text of an answer; null when it is longer than it may be, and then the rest is not even loaded. */
export async function readText(answer: Response, maxBytes: number): Promise<string | null> {
  if (Number(answer.headers.get('content-length') ?? 0) > maxBytes) {
    await answer.body?.cancel();
    return null;
  }
  const reader = answer.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  let byteCount = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    byteCount += value.byteLength;
    if (byteCount > maxBytes) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}
