// All products of the show; those on display first. Options open in place. Opened while something new comes on
// display, the list keeps its order until it is opened again: nothing moves under a finger.
import type { Product } from '@insp/protocol';
import type { PlayerState } from '../store/player-state.ts';
import { pictureMsOf, visibleHighlights } from '../store/shelf-slice.ts';
import { createList, h, type Row, setAttribute, setHidden, setText } from './dom.ts';
import { createProductRow } from './product-row.ts';
import { iconButton, type View, type ViewContext } from './view.ts';

type Item = { readonly product: Product; readonly state: PlayerState; readonly isOnDisplay: boolean };

export function createProductsView(ctx: ViewContext): View {
  const { t, ask } = ctx;
  const heading = h('h2', { class: 'sheet-heading', tabindex: '-1' }, t('products'));
  const count = h('span', { class: 'sheet-count', role: 'note' });
  const close = iconButton(ctx, 'close', 'close', 'sheet-close', () => ask('open_sheet', { sheet: 'none' }));
  const list = h('div', { class: 'sheet-list' });
  const empty = h('p', { class: 'empty' }, t('noProducts'));
  const node = h(
    'section',
    { class: 'sheet products', part: 'sheet products', 'aria-label': t('products') },
    h('div', { class: 'sheet-top' }, heading, count, close),
    list,
    empty,
  );
  const rows = createList<Item>(
    list,
    (item) => item.product.id,
    () => createItemRow(ctx),
  );
  let order: readonly string[] = [];

  return {
    node,
    update(state, before) {
      const isOpen = state.shelf.sheet === 'products';
      setHidden(node, !isOpen);
      if (!isOpen) return;
      const onDisplay = new Set(visibleHighlights(state.shelf.highlights, pictureMsOf(state)).map((highlight) => highlight.productId));
      if (before?.shelf.sheet !== 'products' || order.length !== state.shelf.products.length) {
        const first = state.shelf.products.filter((product) => onDisplay.has(product.id));
        order = [...first, ...state.shelf.products.filter((product) => !onDisplay.has(product.id))].map((product) => product.id);
      }
      const byId = new Map(state.shelf.products.map((product) => [product.id as string, product]));
      const items = order.map((id) => byId.get(id)).filter((product) => product !== undefined);
      rows.update(items.map((product) => ({ product, state, isOnDisplay: onDisplay.has(product.id) })));
      setText(count, String(items.length));
      setAttribute(count, 'aria-label', t('productCount', { count: items.length }));
      setHidden(count, items.length === 0);
      setHidden(empty, items.length > 0);
    },
  };
}

function createItemRow(ctx: ViewContext): Row<Item> {
  const row = createProductRow(ctx, 'sheet');
  const label = h('span', { class: 'row-label' }, ctx.t('onDisplay'));
  const node = h('div', { class: 'sheet-row' }, label, row.node);
  let shown: Item | null = null;
  ctx.watchImpression(node, () => shown && { productId: shown.product.id, highlightId: null });
  return {
    node,
    update(item) {
      shown = item;
      setHidden(label, !item.isOnDisplay);
      setAttribute(node, 'data-on-display', item.isOnDisplay);
      row.update(item.state, item.product);
    },
  };
}
