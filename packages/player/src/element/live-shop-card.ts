// The card of the product on display. It sits above the input and under the chat lines, so it covers neither; a
// swipe up opens all products. While its options are open it does not change under the finger.

import type { HighlightId, ProductId } from '@insp/protocol';
import { cardOf } from '../store/shelf-slice.ts';
import { h, setHidden, setText } from './dom.ts';
import { icon } from './icons.ts';
import { createProductRow } from './product-row.ts';
import type { View, ViewContext } from './view.ts';

const SWIPE_PX = 40;

export function createCardView(ctx: ViewContext): View {
  const { t, ask } = ctx;
  const row = createProductRow(ctx, 'card');
  const allWords = h('span');
  const all = h(
    'button',
    { type: 'button', class: 'card-all', part: 'all-products', onclick: () => ask('open_sheet', { sheet: 'products' }) },
    allWords,
    icon('down'),
  );
  const label = h('span', { class: 'card-label' }, t('onDisplay'));
  const node = h(
    'section',
    { class: 'card', part: 'card', 'aria-label': t('onDisplay') },
    h('div', { class: 'card-top' }, label, all),
    row.node,
  );
  let shown: { productId: ProductId; highlightId: HighlightId | null } | null = null;
  ctx.watchImpression(node, () => shown);

  let startY: number | null = null;
  node.addEventListener('pointerdown', (event) => {
    startY = event.pointerType === 'mouse' ? null : event.clientY;
  });
  node.addEventListener('pointerup', (event) => {
    if (startY !== null && startY - event.clientY > SWIPE_PX) ask('open_sheet', { sheet: 'products' });
    startY = null;
  });

  return {
    node,
    update(state) {
      const card = cardOf(state);
      setHidden(node, card === null || state.shelf.sheet === 'products');
      shown = card && { productId: card.product.id, highlightId: card.highlight?.id ?? null };
      if (card === null) return;
      setHidden(label, card.highlight === null);
      setText(allWords, t('allProducts'));
      setHidden(all, state.shelf.products.length < 2);
      row.update(state, card.product);
    },
  };
}
