// All views together under one stage, in reading order, and the drawing of them. Made anew when the words change;
// the picture node is handed in and stays.
import type { PlayerState } from '../store/player-state.ts';
import { h, setAttribute } from './dom.ts';
import { keepFocus } from './focus.ts';
import { drawFrame } from './frame.ts';
import { icon } from './icons.ts';
import { createCardView } from './live-shop-card.ts';
import { createBagView } from './live-shop-cart.ts';
import { createChatView } from './live-shop-chat.ts';
import { createComposerView } from './live-shop-composer.ts';
import { createHeaderView } from './live-shop-header.ts';
import { createLauncherView } from './live-shop-launcher.ts';
import { createMiniView } from './live-shop-mini.ts';
import { createNoticesView } from './live-shop-notices.ts';
import { createProductsView } from './live-shop-products.ts';
import { createRailView } from './live-shop-rail.ts';
import { createReplayView } from './live-shop-replay.ts';
import { createTabsView } from './live-shop-tabs.ts';
import { createSceneView } from './live-shop-video.ts';
import { createParticlesView } from './particles.ts';
import type { View, ViewContext } from './view.ts';

export type UserInterface = {
  draw(state: PlayerState, before: PlayerState | null): void;
  say(text: string): void;
  /** The node a sheet hands focus to. */
  headingOf(sheet: 'products' | 'bag'): HTMLElement | null;
  remove(): void;
};

export function createUserInterface(deps: {
  root: ShadowRoot;
  frame: HTMLElement;
  stage: HTMLElement;
  picture: HTMLElement;
  context: ViewContext;
  isRightToLeft: boolean;
  canChangeBag(): boolean;
  prefersLessMotion(): boolean;
  isWide(): boolean;
}): UserInterface {
  const { root, frame, stage, picture, context } = deps;
  const particles = createParticlesView(Math.random, deps.prefersLessMotion);
  const launcher = createLauncherView(context);
  const staged: View[] = [
    createHeaderView(context),
    createSceneView(context),
    createTabsView(context),
    createChatView(context),
    createRailView(context),
    createCardView(context),
    createComposerView(context),
    createReplayView(context),
    createProductsView(context),
    createBagView(context, deps.canChangeBag),
    particles,
    createMiniView(context, frame),
    createNoticesView(context),
  ];
  const views = [...staged, launcher];
  const boot = h('p', { class: 'boot' }, context.t('connecting'));
  const live = h('div', { class: 'sr', role: 'status', 'aria-live': 'polite' });
  const elsewhere = h(
    'button',
    { type: 'button', class: 'elsewhere', hidden: true, onclick: () => context.ask('restore') },
    icon('restore'),
    h('span', {}, context.t('playsInMini')),
    h('span', { class: 'link' }, context.t('restore')),
  );
  // The picture is put in once and never moved: a media element that leaves the document stops.
  if (picture.parentNode !== stage) stage.prepend(picture);
  stage.append(...staged.map((view) => view.node), boot, live);
  stage.dir = deps.isRightToLeft ? 'rtl' : 'ltr';
  launcher.node.dir = stage.dir;
  root.append(elsewhere, launcher.node);
  /** On narrow screens a sheet covers these; what is covered takes no focus. */
  const covered = stage.querySelectorAll<HTMLElement>('.lines, .rail, .card, .composer');

  return {
    draw(state, before) {
      keepFocus(root, stage, () => {
        drawFrame(frame, stage, state);
        setAttribute(stage, 'aria-label', context.t('player', { title: state.show?.title ?? '' }));
        elsewhere.hidden = state.settings.mode !== 'inline' || !(state.surface === 'mini' || state.video.pip === 'window');
        for (const view of views) view.update(state, before);
        const isCovered = state.shelf.sheet !== 'none' && !deps.isWide();
        for (const node of covered) node.inert = isCovered;
      });
    },
    say(text) {
      live.textContent = text;
    },
    headingOf: (sheet) => stage.querySelector<HTMLElement>(`.sheet.${sheet} .sheet-heading`),
    remove() {
      for (const view of views) view.node.remove();
      elsewhere.remove();
      boot.remove();
      live.remove();
    },
  };
}
