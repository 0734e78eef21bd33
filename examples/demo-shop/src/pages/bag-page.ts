import { randomUUID } from 'node:crypto';
import { describeOptions, findVariant, picturePath } from '../catalog/catalog.ts';
import { COUPONS } from '../store/carts.ts';
import { FREE_SHIPPING_FROM_MINOR, priceLines, shippingFor, sumMinor } from '../store/place-order.ts';
import type { CartLine, ShopCart, ShopOrder } from '../store/shop-state.ts';
import { euro, type Html, html } from './html.ts';

type Priced = Pick<CartLine, 'sku' | 'quantity'> & { amountMinor: number };

const lineView = (line: Priced, controls: Html | null): Html | null => {
  const found = findVariant(line.sku);
  if (!found) return null;
  const { product, variant } = found;
  return html`<li class="bag-line"><a href="/products/${product.id}?v=${variant.sku}"><img src="${picturePath(product, variant.picture)}" width="800" height="1000" alt=""></a><div class="about"><a href="/products/${product.id}?v=${variant.sku}">${product.name}</a><p>${describeOptions(variant)}</p>${controls ?? html`<p>Quantity ${line.quantity}</p>`}</div><p class="price">${euro(line.amountMinor)}</p></li>`;
};

function totals(lines: readonly Priced[], coupon: string | null): Html {
  const itemsMinor = sumMinor(lines);
  const shippingMinor = shippingFor(itemsMinor);
  return html`<dl class="totals">${coupon && html`<div><dt>Code ${coupon}</dt><dd>${COUPONS[coupon]} % off, taken off each line</dd></div>`}<div><dt>Items</dt><dd>${euro(itemsMinor)}</dd></div><div><dt>Delivery</dt><dd>${shippingMinor === 0 ? 'free' : euro(shippingMinor)}</dd></div><div class="sum"><dt>Total</dt><dd>${euro(itemsMinor + shippingMinor)}</dd></div></dl>`;
}

const stepper = (line: Priced): Html =>
  html`<form method="post" action="/bag/update" class="stepper"><input type="hidden" name="sku" value="${line.sku}"><button name="quantity" value="${line.quantity - 1}" aria-label="One less">−</button><span aria-label="Quantity">${line.quantity}</span><button name="quantity" value="${line.quantity + 1}" aria-label="One more">+</button><button name="quantity" value="0" class="remove">Remove</button></form>`;

export function bagPage(cart: ShopCart, notice: string): Html {
  const lines = priceLines(cart.lines, cart.coupon);
  if (lines.length === 0) return emptyBag;
  const missingMinor = FREE_SHIPPING_FROM_MINOR - sumMinor(lines);
  return html`<div class="narrow"><h1>Your bag</h1>${notice && html`<p class="notice" role="alert">${notice}</p>`}
<div class="columns"><ul class="bag-lines">${lines.map((line) => lineView(line, stepper(line)))}</ul>
<aside class="summary">${totals(lines, cart.coupon)}<a class="button solid wide" href="/checkout">To the checkout</a>${missingMinor > 0 && html`<p class="hint">${euro(missingMinor)} more and delivery is free.</p>`}<p class="hint">Things are set aside for you when you order, not while they are in the bag.</p></aside></div></div>`;
}

const emptyBag = html`<div class="narrow empty"><h1>Your bag is empty</h1><p>Nothing here yet. The wool socks are a good place to begin.</p><a class="button solid" href="/">Back to the shop</a></div>`;

export type CheckoutForm = { name: string; email: string; error: string };

export function checkoutPage(cart: ShopCart, form: CheckoutForm): Html {
  const lines = priceLines(cart.lines, cart.coupon);
  if (lines.length === 0) return emptyBag;
  const itemsMinor = sumMinor(lines);
  return html`<div class="narrow"><h1>Checkout</h1>
<div class="columns"><form method="post" action="/checkout" class="checkout" data-checkout>
  <input type="hidden" name="key" value="${randomUUID()}">
  ${form.error && html`<p class="notice error" role="alert">${form.error} <a href="/bag">Change your bag</a></p>`}
  <fieldset><legend>Who is it for?</legend>
    <label>Name<input name="name" value="${form.name}" autocomplete="name" required maxlength="60"></label>
    <label>E-mail<input name="email" type="email" value="${form.email}" autocomplete="email" required maxlength="200"></label>
  </fieldset>
  <fieldset><legend>Payment</legend><p class="hint">This shop is for trying things out: it asks for no card and charges nothing.</p></fieldset>
  <button class="button solid wide">Pay ${euro(itemsMinor + shippingFor(itemsMinor))}</button>
</form>
<aside class="summary"><ul class="bag-lines small">${lines.map((line) => lineView(line, null))}</ul>${totals(lines, cart.coupon)}</aside></div></div>`;
}

export function confirmationPage(order: ShopOrder): Html {
  return html`<div class="narrow thanks"><p class="eyebrow">Order ${order.orderRef}</p><h1>Thank you, ${order.buyer.name.split(' ')[0]}.</h1><p class="lead">Your things are set aside and will be packed tomorrow morning. A note would now go to ${order.buyer.email}.</p>
<div class="receipt"><ul class="bag-lines small">${order.lines.map((line) => lineView(line, null))}</ul>${totals(order.lines, order.coupon)}</div><a class="button" href="/">Back to the shop</a></div>`;
}
