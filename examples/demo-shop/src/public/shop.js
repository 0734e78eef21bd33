// The shop's own behaviour, on top of pages that work without it: choosing a variant and adding to the bag happen
// in place. Nothing here knows of Insp; that is insp-integration.js.

/** The bag as the server sees it: `{ lines, count, total, currency, coupons }`. */
export async function readBag() {
  const answer = await fetch('/api/cart');
  return answer.json();
}

/** One add, update or removal. A request id makes a repeat harmless: the server adds once. */
export async function changeBag(method, path, body) {
  const answer = await fetch(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const result = await answer.json();
  if (result.ok) showBagCount(result.cart);
  return result;
}

export function showBagCount(cart) {
  for (const place of document.querySelectorAll('[data-bag-count]')) place.textContent = String(cart.count);
}

/** crypto.randomUUID exists only on https and localhost; a shop may be tried out on a plain http address. */
export const newRequestId = () =>
  crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

async function chooseVariant(link) {
  const answer = await fetch(link.href);
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-product]');
  const now = document.querySelector('[data-product]');
  if (!next || !now) return location.assign(link.href);
  const chosen = [...now.querySelectorAll('[data-variant-link]')].indexOf(link);
  now.replaceWith(next);
  history.replaceState(null, '', link.href);
  next.querySelectorAll('[data-variant-link]')[chosen]?.focus();
}

async function addFromPage(form) {
  const notice = form.querySelector('[data-notice]');
  const button = form.querySelector('button');
  const fields = new FormData(form);
  button.disabled = true;
  const result = await changeBag('POST', '/api/cart/lines', {
    sku: fields.get('sku'),
    quantity: Number(fields.get('quantity')),
    requestId: newRequestId(),
  }).catch(() => ({ ok: false, message: 'The shop cannot be reached just now. Please try again.' }));
  button.disabled = false;
  notice.replaceChildren();
  if (result.ok) {
    const link = Object.assign(document.createElement('a'), { href: '/bag', textContent: 'See your bag' });
    notice.append('In your bag. ', link);
    document.dispatchEvent(new CustomEvent('shop:bag-changed', { detail: result.cart }));
  } else notice.append(result.message);
}

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('[data-variant-link]');
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  chooseVariant(link).catch(() => location.assign(link.href));
});

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.matches('[data-add-form]')) {
    event.preventDefault();
    void addFromPage(form);
  } else if (form.matches('[data-checkout]')) {
    // A second tap on "Pay" sends nothing. (The server would recognise the key anyway.)
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
  }
});
