// The script a shop adds. It takes over the queued calls, defines `<insp-show>` and fetches the rest when needed.
// A classic async script: no global names but `insp`, nothing that can throw into the page.
import { takeOverQueue } from './command-queue.ts';
import { readDeepLink } from './deep-link.ts';
import { createPlayerLoader } from './load-player.ts';
import { watchPolicy } from './policy-watch.ts';
import { createProblemPrinter } from './problems.ts';
import { createResumeStore } from './resume-record.ts';
import { findEmbedFolder } from './script-home.ts';
import { createShopHub } from './shop-hub.ts';
import { defineShowElement } from './show-element.ts';

function start() {
  const embedFolder = findEmbedFolder(document as Parameters<typeof findEmbedFolder>[0]);
  if (embedFolder === null) {
    console.error('[insp] cannot tell where v1.js was loaded from; keep "/embed/v1.js" in the address of the script');
    return;
  }
  const hub = createShopHub(console);
  const isFirst = takeOverQueue(
    window as unknown as Parameters<typeof takeOverQueue>[0],
    __INSP_VERSION__,
    (name, args) => hub.run(name, args),
    (error) => console.error('[insp] a queued call threw', error),
  );
  if (!isFirst) return;

  const apiBaseUrl = new URL('..', embedFolder).href;
  const print = createProblemPrinter(console);
  const policy = watchPolicy(document as unknown as Parameters<typeof watchPolicy>[0], apiBaseUrl);
  policy.onBlocked((directive, blockedUri) =>
    print({ code: 'INSP_EMBED_BLOCKED_BY_CSP', detail: `${directive}: ${blockedUri}`, isFatal: false }),
  );
  const resumeStore = createResumeStore(() => sessionStorage);
  const deepLink = readDeepLink(location.search);

  defineShowElement({
    hub,
    apiBaseUrl,
    deepLink,
    resumeStore,
    policy,
    startedAtMs: Date.now(),
    print,
    loadPlayer: createPlayerLoader(
      // A browser remembers that an import failed, so each try has an address of its own.
      (attempt) => import(/* @vite-ignore */ new URL(__INSP_PLAYER_FILE__ + (attempt > 0 ? `?try=${attempt}` : ''), embedFolder).href),
      (delayMs) => new Promise((done) => setTimeout(done, delayMs)),
    ),
  });

  // A deep link or a running mini player brings its own element to pages that have none.
  const wantedShow = deepLink?.showId ?? resumeStore.read(Date.now())?.showId;
  if (wantedShow !== undefined) whenParsed(() => addElementFor(wantedShow));
}

function whenParsed(work: () => void) {
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', work, { once: true });
  else work();
}

function addElementFor(showId: string) {
  if (document.querySelector(`insp-show[show="${showId}"]`) !== null) return;
  const element = document.createElement('insp-show');
  element.setAttribute('show', showId);
  document.body.append(element);
}

start();
