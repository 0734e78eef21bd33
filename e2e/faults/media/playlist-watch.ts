// Looks at a show's playlist again and again, as all players together do, and holds each look against those before.
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 40;

export type PlaylistLook = {
  readonly firstSequence: number;
  readonly segments: readonly { readonly uri: string; readonly discontinuity: number }[];
  /** Discontinuities since the beginning of the show. */
  readonly discontinuityCount: number;
  /** Something to play since the last of them: a segment, or a part to begin with. */
  readonly isNewestPlayable: boolean;
  readonly isEnded: boolean;
};

/** Reads what the rules below need of a media playlist. */
export function readPlaylist(text: string): PlaylistLook {
  const numberOf = (tag: string) => Number(new RegExp(`#EXT-X-${tag}:(\\d+)`).exec(text)?.[1] ?? 0);
  let discontinuity = numberOf('DISCONTINUITY-SEQUENCE');
  let isNewestPlayable = false;
  const segments: { uri: string; discontinuity: number }[] = [];
  for (const line of text.split('\n')) {
    if (line === '#EXT-X-DISCONTINUITY') {
      discontinuity += 1;
      isNewestPlayable = false;
    } else if (line.startsWith('#EXT-X-PART:') && line.includes('INDEPENDENT=YES')) isNewestPlayable = true;
    else if (line !== '' && !line.startsWith('#')) {
      segments.push({ uri: line, discontinuity });
      isNewestPlayable = true;
    }
  }
  return {
    firstSequence: numberOf('MEDIA-SEQUENCE'),
    ...{ segments, discontinuityCount: discontinuity, isNewestPlayable, isEnded: text.includes('#EXT-X-ENDLIST') },
  };
}

/** What is wrong with a look after all looks before it; `seen` grows by it. */
export function judgeLook(look: PlaylistLook, seen: Map<number, { uri: string; discontinuity: number }>): string[] {
  const faults: string[] = [];
  const newestBefore = Math.max(-1, ...seen.keys());
  if (look.isEnded) faults.push('the playlist was ended');
  if (newestBefore >= 0 && look.firstSequence > newestBefore + 1)
    faults.push(`a hole: ${newestBefore} is followed by ${look.firstSequence}`);
  const newest = look.firstSequence + look.segments.length - 1;
  if (newest < newestBefore) faults.push(`the sequence went back from ${newestBefore} to ${newest}`);
  for (const [index, segment] of look.segments.entries()) {
    const sequence = look.firstSequence + index;
    const before = seen.get(sequence);
    if (before && (before.uri !== segment.uri || before.discontinuity !== segment.discontinuity))
      faults.push(`segment ${sequence} was ${before.uri} (${before.discontinuity}) and is ${segment.uri} (${segment.discontinuity})`);
    const previous = seen.get(sequence - 1);
    if (!before && previous && segment.discontinuity - previous.discontinuity > 1)
      faults.push(`two discontinuities in one before ${sequence}`);
    seen.set(sequence, segment);
  }
  return faults;
}

export type PlaylistWatch = {
  readonly newest: PlaylistLook | null;
  readonly faults: readonly string[];
  readonly segmentCount: number;
  /** When something of discontinuity `count` could first be played; null so far. */
  playableAtMs(count: number): number | null;
  stop(): Promise<void>;
};

export function watchPlaylist(url: string): PlaylistWatch {
  const seen = new Map<number, { uri: string; discontinuity: number }>();
  const playable = new Map<number, number>();
  const faults: string[] = [];
  let newest: PlaylistLook | null = null;
  let isOver = false;
  const loop = (async () => {
    while (!isOver) {
      await sleep(LOOK_EVERY_MS);
      const answer = await fetch(url).catch((cause: Error) => cause);
      if (isOver) return;
      if (answer instanceof Error || !answer.ok) {
        if (newest) faults.push(`the playlist answered ${answer instanceof Error ? answer.message : answer.status}`);
        continue;
      }
      const look = readPlaylist(await answer.text());
      faults.push(...judgeLook(look, seen));
      newest = look;
      if (look.isNewestPlayable && !playable.has(look.discontinuityCount)) playable.set(look.discontinuityCount, Date.now());
    }
  })();
  return {
    get newest() {
      return newest;
    },
    faults,
    get segmentCount() {
      return seen.size;
    },
    playableAtMs: (count) => playable.get(count) ?? null,
    async stop() {
      isOver = true;
      await loop;
    },
  };
}
