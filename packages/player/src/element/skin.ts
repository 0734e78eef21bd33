// The visible side of one player: frame, stage, styles, and the views once there are words for them.

import type { PlayerState } from '../store/player-state.ts';
import { correctBrandContrast } from '../styles/brand-contrast.ts';
import { playerCss } from '../styles/player-css.ts';
import { createDocumentPip, type DocumentPip } from './document-pip.ts';
import { h } from './dom.ts';
import { trapFocus } from './focus.ts';
import { drawFrame } from './frame.ts';
import { listenToKeys } from './keys.ts';
import { createPictureView } from './live-shop-video.ts';
import { createUserInterface, type UserInterface } from './user-interface.ts';
import type { ViewContext } from './view.ts';

export type Skin = {
  readonly stage: HTMLElement;
  dress(words: { context: ViewContext; isRightToLeft: boolean; state: () => PlayerState; canChangeBag: () => boolean }): void;
  draw(state: PlayerState, before: PlayerState | null): void;
  say(text: string): void;
  focusMini(): void;
  headingOf(sheet: 'products' | 'bag'): HTMLElement | null;
  isWide(): boolean;
  readonly pip: DocumentPip;
  remove(): void;
};

let sheet: CSSStyleSheet | null = null;

export function createSkin(root: ShadowRoot, video: HTMLVideoElement, onPip: (isOpen: boolean) => void): Skin {
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(playerCss);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];

  const picture = createPictureView(video);
  const stage = h('div', { class: 'stage', part: 'player', tabindex: '-1' }, picture.node);
  const frame = h('div', { class: 'frame', part: 'frame', hidden: true }, stage);
  root.append(frame);
  const lessMotion = matchMedia('(prefers-reduced-motion: reduce)');
  const phone = matchMedia('(max-width: 600px), (max-height: 480px)');
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const pip = createDocumentPip({ page: window, root, frame, css: playerCss, onChange: onPip });
  let ui: UserInterface | null = null;
  let hasKeys = false;

  const isWide = () => getComputedStyle(stage).getPropertyValue('--is-wide').trim() === '1';
  const checkContrast = () => correctBrandContrast(root.host as HTMLElement, stage, console);
  scheme.addEventListener('change', checkContrast);

  return {
    stage,
    dress({ context, isRightToLeft, state, canChangeBag }) {
      ui?.remove();
      ui = createUserInterface({
        root,
        frame,
        stage,
        picture: picture.node,
        context,
        isRightToLeft,
        canChangeBag,
        prefersLessMotion: () => lessMotion.matches,
        isWide,
      });
      if (!hasKeys) {
        hasKeys = true;
        listenToKeys(stage, state, context.ask);
        trapFocus(stage, root, () => phone.matches && state().surface === 'open' && state().settings.mode !== 'inline');
      }
      checkContrast();
      ui.draw(state(), null);
    },
    draw(state, before) {
      picture.draw(state);
      if (ui === null) drawFrame(frame, stage, state);
      else ui.draw(state, before);
    },
    say: (text) => ui?.say(text),
    focusMini: () => stage.querySelector<HTMLElement>('.mini-restore')?.focus({ preventScroll: true }),
    headingOf: (name) => ui?.headingOf(name) ?? null,
    isWide,
    pip,
    remove() {
      pip.close();
      scheme.removeEventListener('change', checkContrast);
      ui?.remove();
      frame.remove();
    },
  };
}
