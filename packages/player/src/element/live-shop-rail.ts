// What a thumb reaches: a heart, the other reactions, products, the bag, share, captions.
import { REACTION_KINDS, type ReactionKind } from '@insp/protocol';
import type { MessageKey } from '../i18n/messages.ts';
import { h, setAttribute, setHidden, setText } from './dom.ts';
import { type IconName, icon } from './icons.ts';
import { iconButton, type View, type ViewContext } from './view.ts';

const WORDS: Record<ReactionKind, MessageKey> = { heart: 'reactionHeart', fire: 'reactionFire', clap: 'reactionClap', wow: 'reactionWow' };
const ICONS: Record<ReactionKind, IconName> = { heart: 'heart', fire: 'fire', clap: 'clap', wow: 'wow' };
/** A press this long opens the other reactions. */
const LONG_PRESS_MS = 400;

export function createRailView(ctx: ViewContext): View {
  const { t, ask } = ctx;
  const compact = new Intl.NumberFormat(ctx.locale, { notation: 'compact', maximumFractionDigits: 1 });
  const reactions = createReactionButtons(ctx);
  const reactionCount = h('span', { class: 'rail-count' });
  reactionCount.setAttribute('aria-hidden', 'true');
  const bagCount = h('span', { class: 'badge', part: 'bag-count' });
  const productsButton = iconButton(ctx, 'grid', 'allProducts', 'products', () => ask('open_sheet', { sheet: 'products' }));
  const bagButton = iconButton(ctx, 'bag', 'bag', 'bag', () => ask('open_sheet', { sheet: 'bag' }));
  bagButton.append(bagCount);
  const shareButton = iconButton(ctx, 'share', 'share', 'share', () => ask('share'));
  const captionsButton = iconButton(ctx, 'captions', 'captions', 'captions', () => ask('toggle_captions'));
  const node = h('div', { class: 'rail', part: 'rail' }, reactions, reactionCount, productsButton, bagButton, captionsButton, shareButton);

  return {
    node,
    update(state, before) {
      const { room, bag, video, shelf, reactions: counts } = state;
      const isOpen =
        room.connection === 'open' &&
        (room.showState === 'live' || room.showState === 'paused' || room.showState === 'encoder_lost' || room.showState === 'waiting');
      setHidden(reactions, !isOpen);
      setHidden(reactionCount, !isOpen || counts.totalCount === 0);
      setText(reactionCount, compact.format(counts.totalCount));
      setHidden(productsButton, shelf.products.length === 0);
      setAttribute(productsButton, 'aria-expanded', String(shelf.sheet === 'products'));
      setAttribute(bagButton, 'aria-expanded', String(shelf.sheet === 'bag'));
      setHidden(bagCount, bag.count === 0);
      setText(bagCount, String(Math.min(bag.count, 99)));
      setAttribute(bagButton, 'aria-label', t('bagCount', { count: bag.count }));
      if (before !== null && bag.count > before.bag.count) bump(bagButton);
      setHidden(captionsButton, !video.hasCaptions);
      setAttribute(captionsButton, 'aria-pressed', String(video.areCaptionsOn));
    },
  };
}

function bump(node: HTMLElement) {
  node.classList.remove('bump');
  // Reading a size lets the animation start again.
  void node.offsetWidth;
  node.classList.add('bump');
}

/** The heart at once; the others by a long press, or by the arrow key up. */
function createReactionButtons(ctx: ViewContext): HTMLElement {
  const { t, ask } = ctx;
  const palette = h(
    'div',
    { class: 'palette', role: 'group', 'aria-label': t('moreReactions'), hidden: true },
    ...REACTION_KINDS.map((kind) =>
      h(
        'button',
        {
          type: 'button',
          class: `icon-button reaction ${kind}`,
          'aria-label': t(WORDS[kind]),
          title: t(WORDS[kind]),
          onclick: () => ask('react', { kind }),
        },
        icon(ICONS[kind], kind === 'heart'),
      ),
    ),
  );
  const heart = iconButton(ctx, 'heart', 'react', 'react', () => {
    if (wasLongPress) wasLongPress = false;
    else ask('react', { kind: 'heart' });
  });
  const more = h(
    'button',
    { type: 'button', class: 'more-reactions', 'aria-label': t('moreReactions'), 'aria-expanded': 'false' },
    icon('plus'),
  );
  let wasLongPress = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const show = (isShown: boolean) => {
    setHidden(palette, !isShown);
    setAttribute(more, 'aria-expanded', String(isShown));
  };
  heart.addEventListener('pointerdown', () => {
    wasLongPress = false;
    timer = setTimeout(() => {
      wasLongPress = true;
      show(true);
    }, LONG_PRESS_MS);
  });
  for (const type of ['pointerup', 'pointercancel', 'pointerleave']) heart.addEventListener(type, () => clearTimeout(timer));
  heart.addEventListener('contextmenu', (event) => event.preventDefault());
  more.addEventListener('click', () => {
    show(palette.hidden === true);
    if (!palette.hidden) (palette.firstElementChild as HTMLElement | null)?.focus();
  });
  const node = h('div', { class: 'reactions' }, palette, more, heart);
  node.addEventListener('focusout', (event) => {
    if (!node.contains(event.relatedTarget as Node | null)) show(false);
  });
  node.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || palette.hidden) return;
    event.stopPropagation();
    show(false);
    more.focus();
  });
  return node;
}
