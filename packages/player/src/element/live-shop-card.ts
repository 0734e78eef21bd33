// The card of the product on display. It sits above the input and under the chat lines, so it covers neither; a
// swipe up opens all products. While its options are open it does not change under the finger. Between highlights
// the lane stays as high as it is, with a glimpse of the line-up: nothing jumps when the host shows the next thing.

import type { HighlightId, Product, ProductId } from '@insp/protocol';
import { cardOf } from '../store/shelf-slice.ts';
import { createList, h, setHidden, setText } from './dom.ts';
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
  const label = h('span', { class: 'card-label' });
  const teaser = createTeaser(ctx);
  const node = h(
    'section',
    { class: 'card', part: 'card', 'aria-label': t('products') },
    h('div', { class: 'card-top' }, label, all),
    row.node,
    teaser.node,
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
      const { products, sheet } = state.shelf;
      setHidden(node, (card === null && products.length === 0) || sheet === 'products');
      shown = card && { productId: card.product.id, highlightId: card.highlight?.id ?? null };
      setText(label, card === null ? t('inThisShow') : card.highlight === null ? '' : t('onDisplay'));
      setText(allWords, t('allProducts'));
      setHidden(all, products.length < 2 && card !== null);
      setHidden(row.node, card === null);
      setHidden(teaser.node, card !== null);
      if (card === null) teaser.update(products);
      else row.update(state, card.product);
    },
  };
}

const TEASER_COUNT = 6;

function createTeaser({ ask }: ViewContext) {
  const node = h('div', { class: 'teaser', onclick: () => ask('open_sheet', { sheet: 'products' }) });
  const list = createList<Product>(
    node,
    (product) => product.id,
    () => {
      const picture = h('img', { class: 'product-picture', alt: '', loading: 'lazy', decoding: 'async' });
      return {
        node: h('span', { class: 'picture-box' }, picture),
        update({ imageUrl }) {
          if (imageUrl !== null && picture.src !== imageUrl) picture.src = imageUrl;
          setHidden(picture, imageUrl === null);
        },
      };
    },
  );
  return { node, update: (products: readonly Product[]) => list.update(products.slice(0, TEASER_COUNT)) };
}
