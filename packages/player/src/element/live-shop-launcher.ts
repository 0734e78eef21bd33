// The floating button of mode="button": says that a show is on, or when it will be, and opens it.
import { ON_AIR_STATES } from '@insp/protocol';
import { countdownTo } from '../store/countdown.ts';
import { h, setAttribute, setHidden, setText } from './dom.ts';
import { icon } from './icons.ts';
import type { View, ViewContext } from './view.ts';

export function createLauncherView(ctx: ViewContext): View {
  const { t, ask } = ctx;
  const live = h('span', { class: 'live' }, t('live'));
  const title = h('span', { class: 'launcher-title' });
  const when = h('span', { class: 'launcher-when' });
  const node = h(
    'button',
    { type: 'button', class: 'launcher', part: 'launcher', hidden: true, onclick: () => ask('open', { by: 'shopper' }) },
    h('span', { class: 'launcher-mark' }, icon('play', true)),
    h('span', { class: 'launcher-words' }, h('span', { class: 'sr' }, `${t('openShow')}: `), title, when),
    live,
  );

  return {
    node,
    update({ settings, surface, session, show, room, corner, nowMs }) {
      const isOver = room.showState === 'ended' || room.showState === 'cancelled';
      setHidden(node, settings.mode !== 'button' || surface !== 'closed' || session !== 'ready' || isOver);
      if (node.hidden || !show) return;
      const isOnAir = ON_AIR_STATES.includes(room.showState);
      setAttribute(node, 'data-corner', corner);
      setHidden(live, !isOnAir);
      setText(title, show.title);
      const countdown = countdownTo(show.scheduledAtMs, nowMs);
      const words = {
        clock: () => `${t('startsIn')} ${countdown.kind === 'clock' ? countdown.text : ''}`,
        date: () =>
          t('startsAt', {
            when: new Intl.DateTimeFormat(ctx.locale, {
              weekday: 'short',
              day: 'numeric',
              month: 'short',
              hour: 'numeric',
              minute: '2-digit',
            }).format(show.scheduledAtMs ?? 0),
          }),
        soon: () => t('startsSoon'),
        unknown: () => '',
      }[countdown.kind]();
      setText(when, isOnAir ? show.brandName : words);
      setHidden(when, when.textContent === '');
    },
  };
}
