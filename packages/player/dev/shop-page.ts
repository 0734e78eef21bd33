// A plausible shop page to put the player on.
import { SHOW_ID } from './canned-room.ts';

export function shopPage(url: URL): string {
  const query = url.searchParams;
  const attributes = ['mode', 'locale', 'currency', 'fit', 'corner', 'autoplay']
    .filter((name) => query.has(name))
    .map((name) => `${name}="${query.get(name)}"`)
    .join(' ');
  const isInline = query.get('mode') === 'inline';
  const element = query.has('none') ? '' : `<insp-show show="${query.get('show') ?? SHOW_ID}" ${attributes} ></insp-show>`;
  const answer = query.get('cart') ?? 'ok';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Nordvik</title>
<style>
:root { color-scheme: ${query.get('theme') === 'dark' ? 'dark' : 'light'}; }
body { margin: 0; font: 16px/1.5 "DejaVu Sans", "Liberation Sans", sans-serif; background: ${query.get('theme') === 'dark' ? '#14161a' : '#faf8f5'}; color: ${query.get('theme') === 'dark' ? '#eee' : '#23211e'}; }
header { display: flex; justify-content: space-between; padding: 24px 5vw; }
h1 { font: 400 28px/1 "DejaVu Serif", serif; margin: 0; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 24px; padding: 0 5vw 80px; }
.tile { aspect-ratio: 4/5; background: #e9e2d6; border-radius: 4px; }
.wide { grid-column: 1 / -1; }
insp-show[mode='inline'] { display: block; aspect-ratio: 2 / 1; }
@media (max-width: 760px) { insp-show[mode='inline'] { aspect-ratio: 9 / 16; } }
insp-show { ${query.has('brand') ? '--insp-accent: #2f5d50; --insp-radius: 4px;' : ''} ${query.has('bad') ? '--insp-accent: #ffe14d; --insp-on-accent: #ffffff;' : ''} }
</style>
<script>window.insp=window.insp||function(){(insp.q=insp.q||[]).push(arguments)}</script>
<script async src="/embed/v1.js"></script></head><body>
<header><h1>Nordvik</h1><nav>Home &nbsp; Bath &nbsp; Kitchen</nav></header>
<main>${isInline ? `<div class="wide">${element}</div>` : ''}${'<div class="tile"></div>'.repeat(12)}</main>
${isInline ? '' : element}
<script>
const cart = { lines: [], count: 0, total: 0, currency: 'EUR', coupons: [] };
window.log = []; window.errors = [];
document.addEventListener('insp:event', (e) => window.log.push(e.detail.name));
${
  answer === 'none'
    ? ''
    : `insp('cart', {
  addToCart: async (r) => { window.lastAdd = r; window.addCount = (window.addCount || 0) + 1;
    ${answer === 'slow' ? 'await new Promise((d) => setTimeout(d, 7000));' : 'await new Promise((d) => setTimeout(d, 120));'}
    ${answer === 'refuse' ? "return { ok: false, reason: 'not_enough_stock', available: 2 };" : ''}
    ${answer === 'throw' ? "throw new Error('boom');" : ''}
    const line = cart.lines.find((l) => l.sku === r.sku); if (line) line.quantity += 1; else cart.lines.push({ sku: r.sku, quantity: r.quantity, price: { current: 8900, currency: 'EUR' } });
    cart.count += r.quantity; cart.total += 8900 * r.quantity; return { ok: true, cart: structuredClone(cart) }; },
  updateItem: async (r) => { const line = cart.lines.find((l) => l.sku === r.sku); cart.count += r.quantity - line.quantity; cart.total += 8900 * (r.quantity - line.quantity); line.quantity = r.quantity; cart.lines = cart.lines.filter((l) => l.quantity > 0); return { ok: true, cart: structuredClone(cart) }; },
  checkout: async () => ({ handled: true }),
});`
}
insp('ready', (p) => { window.player = p; ${query.has('open') ? 'p.open();' : ''} });
</script></body></html>`;
}
