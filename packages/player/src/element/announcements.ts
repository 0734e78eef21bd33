// Feeds the announcer: highlights, going live, and what the shopper's own acts led to.
import { formatMoney } from '@insp/protocol';
import type { MessageKey, MessageValues, Translate } from '../i18n/messages.ts';
import { addAnnouncement, nextAnnouncement, silentAnnouncer } from '../store/announcer.ts';
import { buyWordsOf } from '../store/buy-step.ts';
import { priceOf } from '../store/options.ts';
import type { PlayerState } from '../store/player-state.ts';
import { cardOf } from '../store/shelf-slice.ts';

export function createAnnouncements(deps: {
  nowMs(): number;
  every(intervalMs: number, work: () => void): () => void;
  say(text: string): void;
  translate(): Translate;
  locale(): string;
}) {
  let announcer = silentAnnouncer;

  const speak = () => {
    const { state, text } = nextAnnouncement(announcer, deps.nowMs());
    announcer = state;
    if (text !== null) deps.say(text);
  };
  deps.every(1_000, speak);

  const add = (key: MessageKey, values: MessageValues, isOwnAct: boolean) => {
    announcer = addAnnouncement(announcer, { text: deps.translate()(key, values), isOwnAct });
    speak();
  };

  return {
    add,
    follow(state: PlayerState, before: PlayerState) {
      if (state.surface === 'closed') return;
      if (state.room.showState === 'live' && before.room.showState !== 'live' && before.session === 'ready') add('announceLive', {}, false);
      const card = cardOf(state);
      if (card?.highlight && card.highlight.id !== cardOf(before)?.highlight?.id) {
        const { priceMinor, currency } = priceOf(card.product, {});
        add(
          'announceHighlight',
          { product: card.product.title, price: formatMoney({ amountMinor: priceMinor, currency }, deps.locale()) },
          false,
        );
      }
      if (state.bag.requests !== before.bag.requests) {
        for (const product of state.shelf.products) {
          const words = buyWordsOf(state, product);
          if (words && buyWordsOf(before, product)?.key !== words.key) add(words.key, words.values, true);
        }
      }
    },
  };
}
