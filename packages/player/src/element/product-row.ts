// One product: picture, name, price and the one button that says what comes next. Options open in place, any
// number of dimensions. The nodes stay while the product changes state, so focus stays where it is.
import { formatMoney, type Product } from '@insp/protocol';
import { buyStepOf, buyWordsOf } from '../store/buy-step.ts';
import { chosenVariant, optionGroups, optionNames, priceOf } from '../store/options.ts';
import type { PlayerState } from '../store/player-state.ts';
import { createList, h, setAttribute, setHidden, setText } from './dom.ts';
import { createOptionGroup, type GroupItem } from './product-options.ts';
import { safeUrl } from './safe-url.ts';
import type { ViewContext } from './view.ts';

/** A stock this low is worth a word; it is the shop's own figure, never made up. */
const LOW_STOCK_COUNT = 5;

export type ProductRow = {
  readonly node: HTMLElement;
  readonly button: HTMLButtonElement;
  update(state: PlayerState, product: Product): void;
};

export function createProductRow(ctx: ViewContext, openIn: 'card' | 'sheet'): ProductRow {
  const { t, ask } = ctx;
  let product: Product | null = null;
  const see = () => product && ask('see_product', { productId: product.id, highlightId: null });
  const picture = h('img', { class: 'product-picture', part: 'product-picture', alt: '', loading: 'lazy', decoding: 'async' });
  picture.addEventListener('error', () => setHidden(picture, true));
  picture.addEventListener('load', () => setHidden(picture, false));
  const name = h('span', { class: 'product-name', part: 'product-name' });
  const flag = h('span', { class: 'product-flag' });
  const price = h('span', { class: 'price', part: 'price' });
  const oldPrice = h('s', { class: 'old-price' });
  const oldWords = h('span', { class: 'sr' });
  const stock = h('span', { class: 'stock' });
  const facts = h(
    'button',
    {
      type: 'button',
      class: 'product-facts',
      onclick: () => {
        see();
        toggleOptions();
      },
    },
    h('span', { class: 'picture-box' }, picture),
    h('span', { class: 'product-words' }, name, h('span', { class: 'price-line' }, price, oldWords, oldPrice, flag, stock)),
  );
  const buttonWords = h('span');
  const button = h('button', { type: 'button', class: 'button primary buy', part: 'buy-button', onclick: () => act() }, buttonWords);
  const groups = h('div', { class: 'option-groups' });
  const viewLink = h(
    'a',
    {
      class: 'link',
      href: '#',
      onclick: (event: Event) => {
        event.preventDefault();
        if (product) ask('follow_link', { productId: product.id });
      },
    },
    t('viewProduct'),
  );
  const buyWide = h('button', {
    type: 'button',
    class: 'button primary wide',
    part: 'buy-button',
    onclick: () => product && ask('add_to_bag', { productId: product.id }),
  });
  const options = h('div', { class: 'options', part: 'options', hidden: true }, groups, buyWide);
  const words = h('p', { class: 'buy-words', role: 'status' });
  const foot = h('div', { class: 'product-foot', hidden: true }, words, viewLink);
  const node = h('article', { class: 'product', part: 'product' }, h('div', { class: 'product-head' }, facts, button), options, foot);
  const groupList = createList<GroupItem>(
    groups,
    (item) => item.group.name,
    () => createOptionGroup(ctx),
  );
  let now: PlayerState | null = null;

  function toggleOptions() {
    if (!product || !now) return;
    if (isOpen(now, product)) ask('close_options');
    else if (product.variants.length > 1) ask('open_options', { productId: product.id, openIn });
    else ask('follow_link', { productId: product.id });
  }

  const isOpen = (state: PlayerState, of: Product) => state.shelf.openProductId === of.id && state.shelf.openIn === openIn;

  function act() {
    if (!product || !now) return;
    const step = buyStepOf(now, product);
    if (step.kind === 'adding') return;
    see();
    if (step.kind === 'choose') ask('open_options', { productId: product.id, openIn });
    else if (step.kind === 'add') ask('add_to_bag', { productId: product.id });
    else if (step.kind === 'added') ask('checkout');
    else if (step.kind === 'link' || step.kind === 'sold_out') ask('follow_link', { productId: product.id });
  }

  return {
    node,
    button,
    update(state, shown) {
      now = state;
      if (product?.imageUrl !== shown.imageUrl || product?.id !== shown.id) {
        setHidden(picture, shown.imageUrl === null);
        if (shown.imageUrl !== null) picture.src = shown.imageUrl;
      }
      product = shown;
      const choices = state.shelf.choices[shown.id] ?? {};
      const step = buyStepOf(state, shown);
      const variant = chosenVariant(shown, choices);
      node.dataset.step = step.kind;
      setText(name, shown.title);
      drawPrice(shown, choices);
      const left = variant?.stockCount ?? (shown.variants.length === 1 ? (shown.variants[0]?.stockCount ?? null) : null);
      setText(
        stock,
        step.kind !== 'sold_out' && step.kind !== 'added' && left !== null && left > 0 && left <= LOW_STOCK_COUNT
          ? t('lowStock', { count: left })
          : '',
      );
      setText(flag, step.kind === 'added' ? t('added') : '');
      setHidden(flag, step.kind !== 'added');
      drawButton(step.kind, shown);
      const isOptionsOpen = isOpen(state, shown) && shown.variants.length > 1;
      // Options close when the article is in the bag; focus goes on to what comes next.
      const hadFocus = (node.getRootNode() as ShadowRoot).activeElement === buyWide;
      setHidden(options, !isOptionsOpen);
      setAttribute(facts, 'aria-expanded', shown.variants.length > 1 ? String(isOptionsOpen) : null);
      setHidden(button, isOptionsOpen && step.kind !== 'added');
      if (hadFocus && !isOptionsOpen) button.focus({ preventScroll: true });
      if (isOptionsOpen) drawOptions(shown, choices, step.kind);
      drawFoot(state, shown);
    },
  };

  function drawPrice(shown: Product, choices: Readonly<Record<string, string>>) {
    const { priceMinor, originalMinor, currency, isFrom } = priceOf(shown, choices);
    const text = formatMoney({ amountMinor: priceMinor, currency }, ctx.locale);
    setText(price, isFrom ? t('fromPrice', { price: text }) : text);
    const before = originalMinor === null ? '' : formatMoney({ amountMinor: originalMinor, currency }, ctx.locale);
    setText(oldPrice, before);
    setHidden(oldPrice, before === '');
    setText(oldWords, before === '' ? '' : t('oldPrice', { price: before }));
  }

  function drawButton(kind: ReturnType<typeof buyStepOf>['kind'], shown: Product) {
    const text = {
      sold_out: t('soldOut'),
      link: t('viewProduct'),
      choose: t('chooseOptions'),
      add: t('add'),
      adding: t('adding'),
      added: t('checkout'),
    }[kind];
    setText(buttonWords, text);
    const label =
      kind === 'add'
        ? t('addNamed', { product: shown.title })
        : kind === 'choose'
          ? t('chooseOptionsNamed', { product: shown.title })
          : `${text}: ${shown.title}`;
    setAttribute(button, 'aria-label', label);
    setAttribute(button, 'aria-disabled', kind === 'sold_out' || kind === 'adding' ? 'true' : null);
    setAttribute(button, 'aria-busy', kind === 'adding' ? 'true' : null);
  }

  function drawOptions(shown: Product, choices: Readonly<Record<string, string>>, kind: ReturnType<typeof buyStepOf>['kind']) {
    groupList.update(optionGroups(shown, choices).map((group) => ({ productId: shown.id, group })));
    const missing = optionNames(shown).find((option) => !(option in choices));
    const variant = chosenVariant(shown, choices);
    const amount = variant ? ` · ${formatMoney({ amountMinor: variant.priceMinor, currency: variant.currency }, ctx.locale)}` : '';
    const text = {
      sold_out: t('soldOut'),
      link: t('viewProduct'),
      choose: t('chooseFirst', { option: missing ?? '' }),
      add: t('addToBag') + amount,
      adding: t('adding'),
      added: t('added'),
    }[kind];
    setText(buyWide, text);
    setHidden(buyWide, kind === 'added');
    setAttribute(buyWide, 'aria-disabled', kind === 'add' ? null : 'true');
    setAttribute(buyWide, 'aria-busy', kind === 'adding' ? 'true' : null);
  }

  function drawFoot(state: PlayerState, shown: Product) {
    const said = buyWordsOf(state, shown);
    const text = said === null ? '' : (said.own ?? t(said.key, said.values));
    setText(words, text);
    setHidden(words, text === '');
    setHidden(viewLink, !(said?.offersLink ?? false));
    setHidden(foot, text === '');
    setAttribute(viewLink, 'href', safeUrl(shown.url, location.href));
  }
}
