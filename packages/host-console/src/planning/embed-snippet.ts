// The code a shop pastes (product.md 3.1). Only ids and the settings of the organization are put in.
export type EmbedSnippet = { readonly host: string; readonly showId: string; readonly locale: string; readonly currency: string };

export function embedSnippet({ host, showId, locale, currency }: EmbedSnippet): string {
  return [
    '<script>window.insp=window.insp||function(){(insp.q=insp.q||[]).push(arguments)}</script>',
    `<script async src="${attribute(host)}/embed/v1.js"></script>`,
    `<insp-show show="${attribute(showId)}" mode="overlay" locale="${attribute(locale)}" currency="${attribute(currency)}"></insp-show>`,
    "<script>insp('cart',{addToCart:async r=>({ok:true,cart:await add(r)})});insp('ready',p=>p.open())</script>",
  ].join('\n');
}

const attribute = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
