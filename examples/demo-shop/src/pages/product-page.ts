import { picturePath, productsOf } from '../catalog/catalog.ts';
import type { ShopProduct, ShopVariant } from '../catalog/product.ts';
import { euro, type Html, html } from './html.ts';
import { groupSlug } from './layout.ts';
import { productCard } from './list-page.ts';

type Stock = ReadonlyMap<string, number>;

/** Below this many units the page says how many are left. It is the true number, or nothing. */
const TELL_STOCK_BELOW = 15;

/** The variant that differs from `variant` only in one option, or the nearest that has it. */
function variantWith(product: ShopProduct, variant: ShopVariant, name: string, value: string): ShopVariant | undefined {
  const wanted: Record<string, string> = { ...variant.options, [name]: value };
  const exact = product.variants.find((other) => product.optionNames.every((option) => other.options[option] === wanted[option]));
  return exact ?? product.variants.find((other) => other.options[name] === value);
}

function stockLine(stockCount: number): Html {
  if (stockCount <= 0) return html`<p class="stock out">Sold out in this version</p>`;
  if (stockCount < TELL_STOCK_BELOW) return html`<p class="stock few">${stockCount} left</p>`;
  return html`<p class="stock">In stock, at your door in 2 to 4 days</p>`;
}

function optionChooser(product: ShopProduct, variant: ShopVariant, name: string, stock: Stock): Html {
  const values = [...new Set(product.variants.map((other) => other.options[name] as string))];
  return html`<div class="option"><p><span>${name}</span> ${variant.options[name]}</p><div class="choices">${values.map((value) => {
    const target = variantWith(product, variant, name, value);
    if (!target) return null;
    const isChosen = variant.options[name] === value;
    const isOut = (stock.get(target.sku) ?? 0) <= 0;
    const picture = product.pictures[target.picture];
    const isColour = Object.keys(product.pictures).length > 1 && name === product.optionNames[0];
    return html`<a href="?v=${target.sku}" data-variant-link${isChosen ? html` aria-current="true"` : ''} class="${isColour ? 'swatch' : 'pill'}${isOut ? ' out' : ''}">${isColour && html`<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="11" fill="${picture?.colour ?? '#ccc'}"/></svg>`}<span>${value}</span>${isOut && html`<span class="hidden">, sold out</span>`}</a>`;
  })}</div></div>`;
}

export function productPage(product: ShopProduct, variant: ShopVariant, stock: Stock, notice: string): Html {
  const stockCount = Math.max(0, stock.get(variant.sku) ?? 0);
  const others = productsOf(product.group)
    .filter((other) => other.id !== product.id)
    .slice(0, 4);
  return html`<div class="crumbs"><a href="/">Shop</a> <span aria-hidden="true">/</span> <a href="/#${groupSlug(product.group)}">${product.group}</a></div>
<article class="product" data-product>
  <div class="gallery"><img src="${picturePath(product, variant.picture)}" width="800" height="1000" alt="${product.name}${variant.options.Colour ? `, ${variant.options.Colour.toLowerCase()}` : ''}"><img src="${picturePath(product, variant.picture, 'detail')}" width="800" height="1000" alt="Detail"></div>
  <div class="buy">
    <h1>${product.name}</h1><p class="tagline">${product.tagline}</p>
    <p class="price">${variant.originalPriceMinor && html`<s>${euro(variant.originalPriceMinor)}</s> `}${euro(variant.priceMinor)}</p>
    ${product.optionNames.map((name) => optionChooser(product, variant, name, stock))}
    <form method="post" action="/bag" data-add-form><input type="hidden" name="sku" value="${variant.sku}"><input type="hidden" name="quantity" value="1">${stockLine(stockCount)}<button class="button solid wide" ${stockCount <= 0 ? html`disabled` : ''}>${stockCount <= 0 ? 'Sold out' : 'Add to bag'}</button><p class="notice" role="status" data-notice>${notice}</p></form>
  </div>
  <div class="story">
    <p class="text">${product.description}</p>
    <dl class="facts">${product.facts.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
  </div>
</article>
<section class="group more"><header><h2>Goes with it</h2></header><ul class="grid">${others.map((other) => productCard(other, stock))}</ul></section>`;
}
