// Calm notices: one sentence, the code in small print for whoever has to fix it, and a way to put it away.
import type { MessageKey } from '../i18n/messages.ts';
import type { Notice } from '../store/player-state.ts';
import { createList, h, setHidden, setText } from './dom.ts';
import { icon } from './icons.ts';
import type { View, ViewContext } from './view.ts';

export function createNoticesView(ctx: ViewContext): View {
  const node = h('div', { class: 'notices', part: 'notices' });
  const list = createList<Notice>(
    node,
    (notice) => `${notice.id}`,
    (notice) => {
      const text = h('span', { class: 'notice-text' });
      const code = h('small', { class: 'notice-code' });
      const close = h(
        'button',
        {
          type: 'button',
          class: 'icon-button small',
          'aria-label': ctx.t('close'),
          onclick: () => ctx.ask('dismiss_notice', { id: notice.id }),
        },
        icon('close'),
      );
      return {
        node: h('p', { class: 'notice', part: 'notice' }, h('span', { class: 'notice-words' }, text, code), close),
        update(now) {
          setText(text, ctx.t(now.text as MessageKey, now.values));
          setText(code, [now.code, now.detail].filter(Boolean).join(' · '));
          setHidden(code, now.code === null);
        },
      };
    },
  );
  return { node, update: ({ notices }) => list.update(notices) };
}
