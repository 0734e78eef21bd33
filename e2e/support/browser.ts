// Chromium for tests and benches: headless, with a profile of its own that goes when it closes.
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

export type OwnBrowser = { readonly context: BrowserContext; close(): Promise<void> };

export async function startBrowser(options: BrowserContextOptions = {}): Promise<OwnBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'insp-chromium-'));
  const context = await chromium.launchPersistentContext(profile, { executablePath: chromiumPath(), args: ARGS, ...options });
  return {
    context,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

function chromiumPath(): string {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder.
      }
    }
  }
  throw new Error('there is no Chromium: sudo apt-get install chromium');
}

export type Picture = { readonly currentSec: number; readonly frameCount: number; readonly playbackRate: number };

/** The plug-in's picture as the shopper has it; null while there is no video element. */
export const lookAtPicture = (page: Page): Promise<Picture | null> =>
  page.evaluate(() => {
    const video = document.querySelector('insp-show')?.shadowRoot?.querySelector('video');
    if (!video) return null;
    return {
      currentSec: video.currentTime,
      frameCount: video.getVideoPlaybackQuality().totalVideoFrames,
      playbackRate: video.playbackRate,
    };
  });
