// What a shopper's page knows of its own playback, noted inside the page, so that neither our questions nor their answers
// are in the figures: stalls from the media element's own events, layout shifts from the browser.
import type { Page } from 'playwright-core';

export type PageNotes = {
  /** Wall time of the first frame that was drawn after the picture had stood still or was not there. */
  movedAtMs: number | null;
  stallCount: number;
  stallMs: number;
  layoutShiftScore: number;
  layoutShiftCount: number;
};

/** Runs before anything of the page, on every page of the context. */
export async function takeNotes(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const notes = { movedAtMs: null as number | null, stallCount: 0, stallMs: 0, layoutShiftScore: 0, layoutShiftCount: 0 };
    const own = { notes, drawnAtMs: 0, video: null as HTMLVideoElement | null };
    Object.assign(window, { playbackNotes: own });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
        if (entry.hadRecentInput) continue;
        notes.layoutShiftCount += 1;
        notes.layoutShiftScore += entry.value;
      }
    }).observe({ type: 'layout-shift', buffered: true });

    let stalledAtMs: number | null = null;
    let drawnSec = -1;
    const watch = (video: HTMLVideoElement) => {
      own.video = video;
      video.addEventListener('waiting', () => {
        if (video.seeking || notes.movedAtMs === null) return;
        stalledAtMs ??= performance.now();
      });
      video.addEventListener('playing', () => {
        if (stalledAtMs === null) return;
        notes.stallCount += 1;
        notes.stallMs += performance.now() - stalledAtMs;
        stalledAtMs = null;
      });
      const onFrame = (_nowMs: number, { mediaTime }: { mediaTime: number }) => {
        // The second frame moves; the first may be a still.
        if (drawnSec >= 0 && mediaTime > drawnSec) notes.movedAtMs ??= Date.now();
        drawnSec = mediaTime;
        own.drawnAtMs = Date.now();
        video.requestVideoFrameCallback(onFrame);
      };
      video.requestVideoFrameCallback(onFrame);
    };
    const look = setInterval(() => {
      const video = document.querySelector('insp-show')?.shadowRoot?.querySelector('video');
      if (!video) return;
      clearInterval(look);
      watch(video);
    }, 20);
  });
}

type Own = { notes: PageNotes; drawnAtMs: number; video: HTMLVideoElement | null };

export const readNotes = (page: Page): Promise<PageNotes & { currentSec: number }> =>
  page.evaluate(() => {
    const { notes, video } = (window as unknown as { playbackNotes: Own }).playbackNotes;
    return { ...notes, currentSec: video?.currentTime ?? 0 };
  });

/** From here on anew: the next frame that moves is noted again. */
export const clearNotes = (page: Page): Promise<void> =>
  page.evaluate(() => {
    Object.assign((window as unknown as { playbackNotes: Own }).playbackNotes.notes, { movedAtMs: null, stallCount: 0, stallMs: 0 });
  });

/** Waits for a moving picture and answers when it moved, by the page's clock. */
export async function whenMoved(page: Page, patienceMs: number): Promise<number> {
  const handle = await page.waitForFunction(
    () => (window as unknown as { playbackNotes: { notes: { movedAtMs: number | null } } }).playbackNotes.notes.movedAtMs,
    undefined,
    { timeout: patienceMs, polling: 50 },
  );
  return (await handle.jsonValue()) as number;
}
