// The bag as the shop last told it, and the way to checkout. Without a told cart there is a count and that way.
import { type Cart, formatMoney } from '@insp/protocol';
import type { PlayerState } from '../store/player-state.ts';
import { createList, h, type Row, setAttribute, setHidden, setText } from './dom.ts';
import { icon } from './icons.ts';
import { iconButton, type View, type ViewContext } from './view.ts';

type Line = { readonly line: Cart['lines'][number]; readonly name: string; readonly isBusy: boolean; readonly canChange: boolean };

export function createBagView(ctx: ViewContext, canChange: () => boolean): View {
  const { t, ask } = ctx;
  const heading = h('h2', { class: 'sheet-heading', tabindex: '-1' }, t('bag'));
  const close = iconButton(ctx, 'close', 'close', 'sheet-close', () => ask('open_sheet', { sheet: 'none' }));
  const list = h('div', { class: 'sheet-list' });
  const empty = h('p', { class: 'empty' });
  const total = h('strong', { class: 'total-amount' });
  const totalLine = h('p', { class: 'total' }, h('span', {}, t('total')), total);
  const checkout = h(
    'button',
    { type: 'button', class: 'button primary wide', part: 'checkout-button', onclick: () => ask('checkout') },
    t('checkout'),
  );
  const foot = h('div', { class: 'sheet-foot' }, totalLine, checkout);
  const node = h(
    'section',
    { class: 'sheet bag', part: 'sheet bag', 'aria-label': t('bag') },
    h('div', { class: 'sheet-top' }, heading, close),
    list,
    empty,
    foot,
  );
  const rows = createList<Line>(
    list,
    (item) => item.line.sku,
    () => createLineRow(ctx),
  );

  return {
    node,
    update(state) {
      const isOpen = state.shelf.sheet === 'bag';
      setHidden(node, !isOpen);
      if (!isOpen) return;
      const { cart, count, isCheckingOut } = state.bag;
      rows.update(
        (cart?.lines ?? []).map((line) => ({
          line,
          name: nameOf(state, line),
          isBusy: isChanging(state, line.sku),
          canChange: canChange(),
        })),
      );
      setText(empty, count === 0 ? t('bagEmpty') : t('bagUnknown', { count }));
      setHidden(empty, (cart?.lines.length ?? 0) > 0);
      setHidden(totalLine, cart === null || cart.currency === '');
      if (cart !== null && cart.currency !== '')
        setText(total, formatMoney({ amountMinor: cart.total, currency: cart.currency }, ctx.locale));
      setHidden(foot, count === 0);
      setAttribute(checkout, 'aria-busy', isCheckingOut ? 'true' : null);
      setAttribute(checkout, 'aria-disabled', isCheckingOut ? 'true' : null);
    },
  };
}

function nameOf(state: PlayerState, line: Cart['lines'][number]): string {
  if (line.name) return line.name;
  const product = state.shelf.products.find((known) => known.variants.some((variant) => variant.sku === line.sku));
  return product?.title ?? line.sku;
}

function isChanging(state: PlayerState, sku: string): boolean {
  return state.bag.requests.some((request) => request.sku === sku && request.kind === 'update' && request.stage === 'asking');
}

function createLineRow(ctx: ViewContext): Row<Line> {
  const { t, ask } = ctx;
  let item: Line | null = null;
  const change = (by: number) => {
    if (item && !item.isBusy) ask('change_quantity', { sku: item.line.sku, quantity: Math.max(0, item.line.quantity + by) });
  };
  const name = h('span', { class: 'product-name' });
  const price = h('span', { class: 'price' });
  const quantity = h('span', { class: 'quantity' });
  const less = h('button', { type: 'button', class: 'icon-button small', onclick: () => change(-1) }, icon('minus'));
  const more = h('button', { type: 'button', class: 'icon-button small', onclick: () => change(1) }, icon('plus'));
  const node = h(
    'div',
    { class: 'bag-line' },
    h('span', { class: 'product-words' }, name, price),
    h('span', { class: 'stepper', role: 'group' }, less, quantity, more),
  );
  return {
    node,
    update(next) {
      item = next;
      setText(name, next.name);
      setText(price, formatMoney({ amountMinor: next.line.price.current, currency: next.line.price.currency }, ctx.locale));
      setText(quantity, `${next.line.quantity}`);
      setAttribute(quantity, 'aria-label', `${t('quantity')}: ${next.line.quantity}`);
      setAttribute(less, 'aria-label', t('less', { product: next.name }));
      setAttribute(more, 'aria-label', t('more', { product: next.name }));
      setHidden(less, !next.canChange);
      setHidden(more, !next.canChange);
      setAttribute(node, 'aria-busy', next.isBusy ? 'true' : null);
    },
  };
}
