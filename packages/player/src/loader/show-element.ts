// `<insp-show>`: an own element with a shadow root, no frame. It reserves its box, names what is wrong before any
// player exists, and mounts the player chunk. Moving the element in the page keeps the player; removing it ends it.
//
//   attributes  show, mode (overlay | inline | button), autoplay, fit (auto | cover | contain),
//               corner (bottom-right ...), locale, currency, data-layer
//   events      insp:ready { player }, insp:event EmbedEvent (both bubble and cross shadow roots)
//   parts       notice, and those of the player (README)
import { type EmbedEvent, isId } from '@insp/protocol';
import { adoptBoxStyle } from './box-style.ts';
import type { DeepLink } from './deep-link.ts';
import type { MountedPlayer, PlayerModule, Problem } from './mount-contract.ts';
import { hideNotice, showNotice } from './notice.ts';
import type { PolicyWatch } from './policy-watch.ts';
import { bareErrorEvent } from './problems.ts';
import type { ResumeStore } from './resume-record.ts';
import { readSettings, SETTING_ATTRIBUTES } from './settings.ts';
import type { ShopHub } from './shop-hub.ts';

export type ShowElementDeps = {
  readonly hub: ShopHub;
  readonly apiBaseUrl: string;
  readonly deepLink: DeepLink | null;
  readonly resumeStore: ResumeStore;
  readonly policy: PolicyWatch;
  readonly startedAtMs: number;
  loadPlayer(): Promise<PlayerModule>;
  print(problem: Problem): void;
};

/** An inline player this far below the fold waits before it loads its chunk. */
const PRELOAD_MARGIN_PX = 800;

export function defineShowElement(deps: ShowElementDeps): void {
  class InspShowElement extends HTMLElement {
    static observedAttributes = SETTING_ATTRIBUTES;
    #player: MountedPlayer | null = null;
    #mountedShow: string | null = null;
    #stopWaiting: (() => void) | null = null;
    #forgetPlayer: (() => void) | null = null;

    connectedCallback() {
      if (this.shadowRoot === null) adoptBoxStyle(this.attachShadow({ mode: 'open' }));
      if (this.#mountedShow === null) this.#start();
    }

    disconnectedCallback() {
      // An element that is moved is disconnected and connected again within one task.
      queueMicrotask(() => {
        if (!this.isConnected) this.#stop();
      });
    }

    attributeChangedCallback(name: string, before: string | null, after: string | null) {
      if (before === after || !this.isConnected || this.shadowRoot === null) return;
      if (name === 'show') {
        this.#stop();
        this.#start();
      } else {
        this.#player?.changeSettings(this.#settings());
      }
    }

    #settings() {
      return readSettings(this, document.documentElement.lang || navigator.language);
    }

    #start() {
      const settings = this.#settings();
      this.#mountedShow = settings.show;
      if (!isId('shw', settings.show)) {
        return this.#report({ code: 'INSP_EMBED_SHOW_ID_INVALID', detail: `show="${settings.show}"`, isFatal: true });
      }
      const isWanted = deps.deepLink?.showId === settings.show || deps.resumeStore.read(Date.now())?.showId === settings.show;
      if (settings.mode !== 'inline' || isWanted) return this.#mount();
      const watcher = new IntersectionObserver(
        (entries) => {
          if (!entries.some((entry) => entry.isIntersecting)) return;
          watcher.disconnect();
          this.#mount();
        },
        { rootMargin: `${PRELOAD_MARGIN_PX}px` },
      );
      watcher.observe(this);
      this.#stopWaiting = () => watcher.disconnect();
    }

    #mount() {
      const show = this.#mountedShow;
      deps.loadPlayer().then(
        (module) => {
          if (this.#mountedShow === show && this.isConnected) this.#mountWith(module);
        },
        (cause) => {
          const directives = deps.policy.blockedDirectives();
          if (directives.length > 0)
            this.#report({ code: 'INSP_EMBED_BLOCKED_BY_CSP', detail: directives.join(', '), isFatal: true, cause });
          else this.#report({ code: 'INSP_EMBED_UNREACHABLE', detail: deps.apiBaseUrl, isFatal: true, cause });
        },
      );
    }

    #mountWith(module: PlayerModule) {
      const settings = this.#settings();
      const resume = deps.resumeStore.read(Date.now());
      const player = module.mountPlayer({
        host: this,
        root: this.shadowRoot!,
        hub: deps.hub,
        resumeStore: deps.resumeStore,
        apiBaseUrl: deps.apiBaseUrl,
        settings,
        deepLink: deps.deepLink?.showId === settings.show ? deps.deepLink : null,
        resume: resume?.showId === settings.show ? resume : null,
        startedAtMs: deps.startedAtMs,
        report: (problem) => this.#report(problem),
        emit: (event) => this.#emit(event),
        wasBlockedByPolicy: () => deps.policy.blockedDirectives().length > 0,
      });
      this.#player = player;
      this.#forgetPlayer = deps.hub.addPlayer(player.handle);
      this.dispatchEvent(new CustomEvent('insp:ready', { bubbles: true, composed: true, detail: { player: player.handle } }));
    }

    /** Prints a problem; a fatal one without a player is also drawn and told by the element itself. */
    #report(problem: Problem) {
      deps.print(problem);
      if (this.#player !== null || !problem.isFatal) return;
      showNotice(this.shadowRoot!, this.#settings().locale, problem);
      this.#emit(bareErrorEvent(problem, this.#mountedShow ?? '', Date.now()));
    }

    #emit(event: EmbedEvent) {
      this.dispatchEvent(new CustomEvent('insp:event', { bubbles: true, composed: true, detail: event }));
      deps.hub.tell(event);
      if (this.hasAttribute('data-layer')) {
        const page = window as unknown as { dataLayer?: unknown[] };
        page.dataLayer ??= [];
        page.dataLayer.push({ event: `insp.${event.name}`, insp: event });
      }
    }

    #stop() {
      this.#stopWaiting?.();
      this.#forgetPlayer?.();
      this.#player?.unmount();
      if (this.shadowRoot !== null) hideNotice(this.shadowRoot);
      this.#stopWaiting = this.#forgetPlayer = this.#player = this.#mountedShow = null;
    }
  }

  if (customElements.get('insp-show') === undefined) customElements.define('insp-show', InspShowElement);
}
