// The chat lines. Collapsed on a phone: the last four, fading over the picture. Otherwise a list that follows the
// newest line until the reader scrolls up, touches or focuses it; then it holds still, and what is new waits
// behind a quiet "3 new". Text of other people goes in by textContent only.

import { isReplay } from '../store/picture-address.ts';
import type { ChatLine, PlayerState } from '../store/player-state.ts';
import { mayRetry, refusalKey } from '../store/refusal-words.ts';
import { linesNow, pinnedNow } from '../store/said-lines.ts';
import { createList, h, type Row, setAttribute, setHidden, setText } from './dom.ts';
import { icon } from './icons.ts';
import { iconButton, type View, type ViewContext } from './view.ts';

/** Nearer to the end than this is "at the end". */
const END_MARGIN_PX = 32;
const COLLAPSED_LINES = 4;

export function createChatView(ctx: ViewContext): View & { readonly log: HTMLElement } {
  const { t, ask } = ctx;
  const log = h('ol', { class: 'log', part: 'chat-log', 'aria-label': t('chatLog'), tabindex: '0' });
  const empty = h('p', { class: 'empty' }, t('noMessages'));
  const news = h('button', { type: 'button', class: 'pill news', onclick: () => release() });
  const collapse = iconButton(ctx, 'down', 'closeChat', 'collapse', () => ask('expand_chat', { isExpanded: false }));
  const pinnedText = h('span', { class: 'pinned-text' });
  const pinnedName = h('b');
  const pinned = h(
    'p',
    { class: 'pinned', part: 'pinned' },
    icon('pin'),
    h('span', { class: 'sr' }, `${t('pinned')}: `),
    h('span', { class: 'pinned-body' }, pinnedName, ' ', pinnedText),
  );
  const expand = h('button', {
    type: 'button',
    class: 'expand',
    'aria-label': t('openChat'),
    onclick: () => ask('expand_chat', { isExpanded: true }),
  });
  const node = h('section', { class: 'lines', part: 'chat', 'aria-label': t('chat') }, pinned, log, empty, expand, news, collapse);
  const list = createList<ChatLine>(
    log,
    (line) => line.key,
    () => createLineRow(ctx),
  );

  let shown: readonly ChatLine[] = [];
  let latest: readonly ChatLine[] = [];
  let isTouched = false;
  /** The reader is at the end and wants to see what comes. */
  let isFollowing = true;
  let isCollapsed = true;
  let isPast = false;

  const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < END_MARGIN_PX;
  const isHeld = () => !isCollapsed && (isTouched || !isFollowing);

  const draw = () => {
    if (isHeld()) {
      // Hold still: known lines may change (a removal applies at once), new ones wait.
      const now = new Map(latest.map((line) => [line.key, line]));
      shown = shown.map((line) => now.get(line.key) ?? line);
    } else {
      shown = isCollapsed ? latest.slice(-COLLAPSED_LINES) : latest;
    }
    list.update(shown);
    const lastShown = shown.at(-1);
    const waitingCount = lastShown === undefined ? 0 : latest.length - 1 - latest.findLastIndex((line) => line.key === lastShown.key);
    setHidden(news, !isHeld() || waitingCount === 0);
    setText(news, t('newMessages', { count: waitingCount }));
    // Nobody can say hello in a replay.
    setHidden(empty, latest.length > 0 || isCollapsed || isPast);
    if (!isHeld()) log.scrollTop = log.scrollHeight;
  };

  /** Lets go: shows all there is and goes to the end. */
  const release = () => {
    isTouched = false;
    isFollowing = true;
    shown = latest;
    list.update(shown);
    log.scrollTop = log.scrollHeight;
    draw();
  };

  log.addEventListener('pointerenter', (event) => {
    if (event.pointerType === 'mouse') isTouched = true;
  });
  log.addEventListener('pointerleave', () => {
    isTouched = false;
    draw();
  });
  log.addEventListener(
    'touchstart',
    () => {
      isTouched = true;
    },
    { passive: true },
  );
  log.addEventListener(
    'touchend',
    () => {
      isTouched = false;
    },
    { passive: true },
  );
  log.addEventListener(
    'scroll',
    () => {
      const wasFollowing = isFollowing;
      isFollowing = isAtEnd();
      if (isFollowing && !wasFollowing) draw();
    },
    { passive: true },
  );
  // A card that opens makes the list shorter; whoever was at the end stays there.
  new ResizeObserver(() => {
    if (!isHeld()) log.scrollTop = log.scrollHeight;
  }).observe(log);

  return {
    node,
    log,
    update(state, before) {
      const wasCollapsed = isCollapsed;
      isCollapsed = isChatCollapsed(node, state);
      setAttribute(node, 'data-collapsed', isCollapsed);
      setAttribute(log, 'tabindex', isCollapsed ? '-1' : '0');
      setAttribute(log, 'aria-hidden', isCollapsed ? 'true' : null);
      setHidden(expand, !isCollapsed);
      setHidden(collapse, isCollapsed || !canCollapse(node));
      isPast = isReplay(state.room);
      drawPinned(state);
      const own = state.chat.lines !== before?.chat.lines && state.chat.lines.at(-1)?.status === 'pending';
      latest = linesNow(state);
      if (own || wasCollapsed !== isCollapsed) release();
      else draw();
    },
  };

  function drawPinned(state: PlayerState) {
    const message = pinnedNow(state);
    setHidden(pinned, message === null);
    setText(pinnedName, message?.author.name ?? '');
    setText(pinnedText, message?.text ?? '');
  }
}

/** The layout (container query) says whether there is room for all; it speaks through a custom property. */
const canCollapse = (node: HTMLElement) => getComputedStyle(node).getPropertyValue('--can-collapse').trim() === '1';
const isChatCollapsed = (node: HTMLElement, { chat }: PlayerState) => !chat.isExpanded && canCollapse(node);

function createLineRow(ctx: ViewContext): Row<ChatLine> {
  const { t, ask } = ctx;
  const name = h('b', { class: 'name', dir: 'auto' });
  const marks = h('span', { class: 'marks' });
  const text = h('span', { class: 'text', dir: 'auto' });
  const status = h('span', { class: 'status' });
  let key = '';
  const retry = h('button', { type: 'button', class: 'link', onclick: () => ask('retry_chat', { key }) }, t('retry'));
  const discard = h('button', { type: 'button', class: 'link', onclick: () => ask('discard_chat', { key }) }, t('discard'));
  const trouble = h('span', { class: 'trouble' }, status, ' ', retry, ' ', discard);
  const node = h('li', { class: 'line' }, name, marks, ' ', text, trouble);

  return {
    node,
    update(line) {
      key = line.key;
      const { author } = line.message;
      node.dataset.status = line.status;
      node.dataset.author = line.isOwn ? 'own' : author.kind;
      setText(name, author.name);
      drawMarks(marks, line, ctx);
      setText(text, line.status === 'removed' ? t('messageRemoved') : line.message.text);
      setHidden(trouble, line.status !== 'refused');
      if (line.error) setText(status, t(refusalKey(line.error.code)));
      setHidden(retry, line.error === null || !mayRetry(line.error.code));
    },
  };
}

function drawMarks(marks: HTMLElement, { message, status }: ChatLine, { t }: ViewContext) {
  const { kind, isBuyer, isSimulated } = message.author;
  const wanted = [
    kind === 'staff' ? 'staff' : '',
    isBuyer ? 'buyer' : '',
    isSimulated ? 'sim' : '',
    status === 'pending' ? 'pending' : '',
  ].join(' ');
  if (marks.dataset.marks === wanted) return;
  marks.dataset.marks = wanted;
  marks.replaceChildren();
  if (kind === 'staff') marks.append(h('span', { class: 'mark staff' }, t('staff')));
  if (isBuyer) marks.append(h('span', { class: 'mark buyer', title: t('buyer') }, icon('bag'), h('span', { class: 'sr' }, t('buyer'))));
  if (isSimulated) marks.append(h('span', { class: 'mark sim' }, t('simulated')));
  if (status === 'pending') marks.append(h('span', { class: 'sr' }, t('sending')));
}
