// The whole integration of a shop with Insp, on the page. Read it top to bottom: five callbacks for the cart, who
// is signed in, what the shopper agreed to. Each callback only calls the shop's own JSON API; Insp never sees a
// cookie, a password or a card. The server side is three files: src/insp/feed.ts, src/insp/viewer-token.ts and
// src/webhooks/outbox-sender.ts.
import { changeBag, readBag, showBagCount } from '/assets/shop.js';

const insp = window.insp; // the queue of the snippet, or the loader itself: the calls are the same

insp('cart', {
  // Insp shows our price, stock and pictures, as they are this moment.
  async provideProducts({ items }) {
    const refs = items.map((item) => item.ref).join(',');
    const answer = await fetch(`/api/insp/products?refs=${encodeURIComponent(refs)}`);
    return answer.json();
  },

  // One requestId = one add, however often it arrives. showToken is stored with the line and goes back to Insp
  // in the order webhook: that is how a sale finds its show.
  addToCart: ({ requestId, sku, quantity, coupon, showToken }) =>
    changeBag('POST', '/api/cart/lines', { requestId, sku, quantity, coupon, showToken }),

  updateItem: ({ requestId, sku, quantity }) => changeBag('PATCH', `/api/cart/lines/${encodeURIComponent(sku)}`, { requestId, quantity }),

  async syncCart() {
    const cart = await readBag();
    showBagCount(cart);
    return cart;
  },

  checkout: async () => ({ url: new URL('/checkout', location.href).href }),
});

// A signed-in customer's token, made on our server. Asked for again whenever Insp needs a fresh one; null = anonymous.
insp('viewerToken', async () => {
  const answer = await fetch('/api/insp/viewer-token');
  return (await answer.json()).token;
});

// Things added outside the show appear in its bag at once.
document.addEventListener('shop:bag-changed', (event) => insp('cartChanged', event.detail));

// Consent: told on every page when known; nothing but the strictly needed before.
const PURPOSES = ['functional', 'performance', 'targeting'];
const allow = (isAllowed) => Object.fromEntries(PURPOSES.map((purpose) => [purpose, isAllowed]));
const stored = /(?:^|; )marram_consent=(all|none)/.exec(document.cookie)?.[1];
if (stored) insp('consent', allow(stored === 'all'));
for (const button of document.querySelectorAll('[data-consent-choice]')) {
  button.addEventListener('click', () => {
    const choice = button.dataset.consentChoice;
    // biome-ignore lint/suspicious/noDocumentCookie: cookieStore is missing in some browsers and on plain http
    document.cookie = `marram_consent=${choice}; path=/; max-age=15552000; samesite=lax`;
    insp('consent', allow(choice === 'all'));
    document.querySelector('[data-consent]')?.remove();
  });
}

// Our own buttons open the show and say if it is on air. They stand there from the first paint, so that nothing moves when
// the player arrives; a tap before that waits for it ('ready' also answers late).
for (const button of document.querySelectorAll('[data-open-show]'))
  button.addEventListener('click', () => window.insp('ready', (player) => player.open()));

const LINES = {
  scheduled: ['Soon from the studio', 'Next show'],
  waiting: ['We begin in a moment', 'Starting'],
  live: ['We are live from the studio', 'Live now'],
  paused: ['We are live from the studio', 'Live now'],
  encoder_lost: ['We are live from the studio', 'Live now'],
  ended: ['The show has ended', 'Show'],
};
document.addEventListener('insp:event', ({ detail }) => {
  const state = detail.name === 'show.state' ? detail.payload.to : detail.phase;
  const lines = LINES[state];
  if (!lines) return;
  for (const place of document.querySelectorAll('[data-show-title]')) place.textContent = lines[0];
  for (const place of document.querySelectorAll('[data-show-label]')) place.textContent = lines[1];
  for (const button of document.querySelectorAll('.live-link')) button.classList.toggle('on-air', lines[1] === 'Live now');
});
