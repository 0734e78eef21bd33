import { picturePath, productsOf } from '../catalog/catalog.ts';
import { GROUPS, type ShopProduct } from '../catalog/product.ts';
import { euro, type Html, html } from './html.ts';
import { groupSlug, hasShow, type PageContext } from './layout.ts';

type Stock = ReadonlyMap<string, number>;

const GROUP_LINES: Readonly<Record<(typeof GROUPS)[number], string>> = {
  Textiles: 'Flax and wool, washed until they fall by themselves.',
  Table: 'Thrown, pressed and blown; no two quite alike.',
  Kitchen: 'Oak, beech and enamel for every day.',
  'Light & living': 'For the hour when the lamps go on.',
};

export const isSoldOut = (product: ShopProduct, stock: Stock): boolean => product.variants.every(({ sku }) => (stock.get(sku) ?? 0) <= 0);

export function priceLabel(product: ShopProduct): string {
  const prices = product.variants.map((variant) => variant.priceMinor);
  const lowest = Math.min(...prices);
  return Math.max(...prices) === lowest ? euro(lowest) : `from ${euro(lowest)}`;
}

export function productCard(product: ShopProduct, stock: Stock): Html {
  const [first] = product.variants;
  const swatches = Object.values(product.pictures);
  return html`<li class="card"><a href="/products/${product.id}">
  <span class="frame"><img src="${picturePath(product, first?.picture ?? 'main')}" width="800" height="1000" alt="" loading="lazy">${isSoldOut(product, stock) && html`<span class="tag">Sold out</span>`}${first?.originalPriceMinor && html`<span class="tag">Reduced</span>`}</span>
  <span class="line"><span class="name">${product.name}</span><span class="price">${first?.originalPriceMinor && html`<s>${euro(first.originalPriceMinor)}</s> `}${priceLabel(product)}</span></span>
  <span class="line sub"><span>${product.tagline}</span>${swatches.length > 1 && html`<span class="dots" role="img" aria-label="${swatches.length} colours">${swatches.map(({ colour }) => html`<svg viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="4.5" fill="${colour}"/></svg>`)}</span>`}</span>
</a></li>`;
}

export function listPage(context: PageContext, stock: Stock): Html {
  return html`<section class="hero">
  <div class="words"><h1>Things that stay.</h1><p>Linen, stoneware and wood from small workshops, chosen because they get better with use.</p><a class="button solid" href="#textiles">See the house</a></div>
  <div class="pictures"><a href="/products/stoneware-vase"><img src="/pictures/stoneware-vase/terracotta.svg" width="800" height="1000" alt="Stoneware vase in terracotta"></a><a href="/products/linen-throw"><img src="/pictures/linen-throw/sand.svg" width="800" height="1000" alt="Linen throw in sand"></a><a href="/products/stoneware-mug"><img src="/pictures/stoneware-mug/sea-green.svg" width="800" height="1000" alt="Stoneware mug in sea green"></a></div>
</section>
${hasShow(context) && html`<section class="show-banner" data-show-banner><div><h2 data-show-title>From the studio</h2><p data-show-line>We show the things in use and answer what you ask.</p></div><button type="button" class="button solid" data-open-show>Watch</button></section>`}
${GROUPS.map(
  (group) =>
    html`<section class="group" id="${groupSlug(group)}"><header><h2>${group}</h2><p>${GROUP_LINES[group]}</p></header><ul class="grid">${productsOf(group).map((product) => productCard(product, stock))}</ul></section>`,
)}`;
}
