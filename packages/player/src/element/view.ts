// A view is a node and a way to bring it up to date. Views live as long as the words they are written in.
import type { HighlightId, ProductId } from '@insp/protocol';
import type { MessageKey, Translate } from '../i18n/messages.ts';
import type { PlayerState } from '../store/player-state.ts';
import type { Ask } from '../store/requests.ts';
import { h } from './dom.ts';
import { type IconName, icon } from './icons.ts';

export type View = { readonly node: HTMLElement; update(state: PlayerState, before: PlayerState | null): void };

export type ViewContext = {
  readonly t: Translate;
  readonly locale: string;
  readonly ask: Ask;
  /** Tells once a product has been half visible for a second. */
  watchImpression(node: Element, of: () => { productId: ProductId; highlightId: HighlightId | null } | null): () => void;
};

/** A round button with an icon and words for those who do not see it. */
export function iconButton(ctx: ViewContext, name: IconName, label: MessageKey, part: string, onClick: () => void): HTMLButtonElement {
  const words = ctx.t(label);
  return h(
    'button',
    { type: 'button', class: `icon-button ${part}`, part: `button ${part}-button`, 'aria-label': words, title: words, onclick: onClick },
    icon(name),
  );
}

/** Changes icon and words of an icon button, as when sound goes on and off. */
export function setIconButton(button: HTMLButtonElement, name: IconName, words: string): void {
  if (button.dataset.icon === name && button.title === words) return;
  button.dataset.icon = name;
  button.title = words;
  button.setAttribute('aria-label', words);
  button.replaceChildren(icon(name));
}
