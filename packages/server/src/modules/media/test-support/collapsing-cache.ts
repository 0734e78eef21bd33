// A cache as it stands before an origin, small and in this process: it joins equal requests that are under way, keeps
// answers as long as Cache-Control says, and knows no parameter of a playlist's address but the three of HLS.
import type { Clock } from '../../../kernel/clock.ts';

export type CachedAnswer = { readonly status: number; readonly cacheControl: string; readonly text: string };

export function createCollapsingCache(options: { clock: Clock; fetchFromOrigin: (url: string) => Promise<CachedAnswer> }) {
  const { clock, fetchFromOrigin } = options;
  const kept = new Map<string, { answer: Promise<CachedAnswer>; untilMs: number }>();
  let originRequestCount = 0;

  function keyOf(url: string): string {
    const { pathname, searchParams } = new URL(url, 'http://cache');
    return [pathname, ...['_HLS_msn', '_HLS_part', '_HLS_skip'].map((name) => searchParams.get(name) ?? '')].join(' ');
  }

  return {
    get originRequestCount() {
      return originRequestCount;
    },
    get(url: string): Promise<CachedAnswer> {
      const key = keyOf(url);
      const known = kept.get(key);
      if (known && clock.nowMs() < known.untilMs) return known.answer;
      originRequestCount += 1;
      const fetched = fetchFromOrigin(url).then((answer) => {
        entry.untilMs = clock.nowMs() + freshForMs(answer.cacheControl);
        return answer;
      });
      const entry = { answer: fetched, untilMs: Number.POSITIVE_INFINITY };
      kept.set(key, entry);
      return fetched;
    },
  };
}

/** RFC 9111, 4.2.1: for a shared cache `s-maxage` comes before `max-age`. */
function freshForMs(cacheControl: string): number {
  const seconds = /s-maxage=(\d+)/.exec(cacheControl)?.[1] ?? /max-age=(\d+)/.exec(cacheControl)?.[1] ?? 0;
  return Number(seconds) * 1000;
}
