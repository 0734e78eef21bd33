// In the wide layout the panel beside the picture shows one thing at a time: chat, products or the bag. On narrow
// screens the same state is the bottom sheet, and these tabs are not drawn.
import type { MessageKey } from '../i18n/messages.ts';
import type { Sheet } from '../store/player-state.ts';
import { h, setAttribute, setHidden, setText } from './dom.ts';
import type { View, ViewContext } from './view.ts';

const TABS: readonly { sheet: Sheet; words: MessageKey }[] = [
  { sheet: 'products', words: 'products' },
  { sheet: 'none', words: 'chat' },
  { sheet: 'bag', words: 'bag' },
];

export function createTabsView({ t, ask }: ViewContext): View {
  const bagCount = h('span', { class: 'tab-count' });
  const buttons = TABS.map(({ sheet, words }) => {
    const count = sheet === 'bag' ? bagCount : null;
    const button = h('button', { type: 'button', class: 'tab', part: 'tab', onclick: () => ask('open_sheet', { sheet }) }, t(words), count);
    return { sheet, button };
  });
  const node = h('div', { class: 'tabs', part: 'tabs', role: 'group' }, ...buttons.map(({ button }) => button));
  return {
    node,
    update({ shelf, bag }) {
      for (const { sheet, button } of buttons) setAttribute(button, 'aria-pressed', String(shelf.sheet === sheet));
      setText(bagCount, String(bag.count));
      setHidden(bagCount, bag.count === 0);
    },
  };
}
