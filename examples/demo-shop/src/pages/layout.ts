import { GROUPS } from '../catalog/product.ts';
import type { Customer } from '../customers.ts';
import { type Html, html } from './html.ts';
import { wordmark } from './wordmark.ts';

/** All a page needs to know of its visitor and of Insp. */
export type PageContext = {
  nonce: string;
  bagCount: number;
  customer: Customer | undefined;
  inspUrl: string;
  showId: string;
  /** Consent was given or declined before; null = not asked yet. */
  isConsentKnown: boolean;
};

export const groupSlug = (group: string): string => group.toLowerCase().replaceAll(/[^a-z]+/g, '-');

const isId = (text: string) => /^shw_[0-9a-f]{32}$/.test(text);

/** In the order they apply: what all pages share, the pages, and last what changes on a narrow screen. */
const STYLES = ['base', 'top', 'list', 'product', 'checkout', 'foot', 'narrow'] as const;

/** True when the page carries the plug-in. */
export const hasShow = (context: PageContext): boolean => context.inspUrl !== '' && isId(context.showId);

export function page(context: PageContext, title: string, content: Html, options: { isQuiet?: boolean } = {}): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title === '' ? 'Marram: things for the house' : `${title} · Marram`}</title>
<meta name="description" content="Linen, stoneware and wood for everyday use, made by small workshops in Europe.">
<meta name="theme-color" content="#f7f3ec">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
${STYLES.map((name) => html`<link rel="stylesheet" href="/assets/${name}.css">`)}
<script type="module" src="/assets/shop.js"></script>
${hasShow(context) && inspSnippet(context)}
</head>
<body${options.isQuiet ? html` class="quiet"` : ''}>
<a class="skip" href="#main">Skip to content</a>
<header class="top">
  <a class="home" href="/">${wordmark}</a>
  <nav class="groups" aria-label="Departments">${GROUPS.map((group) => html`<a href="/#${groupSlug(group)}">${group}</a>`)}</nav>
  <div class="actions">
    ${hasShow(context) && html`<button type="button" class="live-link" data-open-show><span class="dot" aria-hidden="true"></span><span data-show-label>Live show</span></button>`}
    <a class="account" href="/sign-in">${context.customer ? context.customer.name.split(' ')[0] : 'Sign in'}</a>
    <a class="bag" href="/bag">Bag <span class="count" data-bag-count>${context.bagCount}</span></a>
  </div>
</header>
<main id="main">${content}</main>
<footer class="foot">
  <div>${wordmark}<p>Linen, stoneware and wood for everyday use.<br>Made by small workshops, kept for a long time.</p></div>
  <ul><li>Delivery in 2 to 4 days, ${'€4.90'}</li><li>Free from ${'€60'}</li><li>Thirty days to send it back</li></ul>
  <p class="note">Marram is an invented shop that comes with Insp. Nothing is charged and nothing is sent. No VAT is added.</p>
</footer>
${hasShow(context) && !context.isConsentKnown && consentNotice}
${hasShow(context) && html`<insp-show show="${context.showId}" mode="overlay" locale="en-IE" currency="EUR"></insp-show>`}
</body>
</html>`.text;
}

/** The three lines of the embed guide: queue, loader, and the shop's own integration (public/insp-integration.js). */
const inspSnippet = ({
  inspUrl,
  nonce,
}: PageContext): Html => html`<script nonce="${nonce}">window.insp=window.insp||function(){(insp.q=insp.q||[]).push(arguments)}</script>
<script async src="${inspUrl}/embed/v1.js"></script>
<script type="module" src="/assets/insp-integration.js"></script>`;

const consentNotice = html`<aside class="consent" data-consent aria-label="Privacy">
  <p>May we remember your chat name, and count visits to make the shows better? Shopping works either way.</p>
  <div><button type="button" data-consent-choice="none">Only what is needed</button><button type="button" class="solid" data-consent-choice="all">Yes, fine</button></div>
</aside>`;
