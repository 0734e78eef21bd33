// The chapters of a replay: asked for once there is a replay on screen. Without them the replay plays all the same.
import type { ReplayChapters } from '@insp/protocol';

export type ChaptersReader = { follow(address: string | null): void; stop(): void };

const RETRY_MS = 5_000;
const MAX_TRIES = 3;

export function createChaptersReader(deps: {
  fetch: typeof fetch;
  after(delayMs: number, work: () => void): () => void;
  onChapters(chapters: ReplayChapters['chapters']): void;
}): ChaptersReader {
  let wanted: string | null = null;
  let cancel = () => {};

  const read = async (address: string, tryCount: number) => {
    try {
      const answer = await deps.fetch(address);
      if (!answer.ok) throw new Error(String(answer.status));
      const { chapters } = (await answer.json()) as ReplayChapters;
      if (wanted === address) deps.onChapters(chapters);
    } catch {
      if (wanted === address && tryCount < MAX_TRIES) cancel = deps.after(RETRY_MS, () => void read(address, tryCount + 1));
    }
  };

  return {
    follow(address) {
      if (address === wanted) return;
      cancel();
      wanted = address;
      if (address !== null) void read(address, 1);
    },
    stop() {
      cancel();
      wanted = null;
    },
  };
}
