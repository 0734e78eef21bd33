// The part of the look that must be there before the player chunk: the reserved box of an inline player, so that
// nothing on the page moves (layout shift 0), and the calm notice of a player that cannot start.

const BOX_CSS = `
:host { display: contents; }
:host([hidden]) { display: none !important; }
:host([mode='inline' i]) {
  display: block; position: relative; inline-size: 100%; aspect-ratio: 2 / 1; min-block-size: 420px;
  contain: layout style; background: var(--insp-stage, #101214); border-radius: var(--insp-radius, 12px); overflow: hidden;
}
@media (max-width: 760px) {
  :host([mode='inline' i]) { aspect-ratio: 9 / 16; max-block-size: min(86svh, 780px); }
}
.insp-notice {
  position: fixed; inset-inline-end: 16px; inset-block-end: 16px; z-index: 2147483000; max-inline-size: min(320px, calc(100vw - 32px));
  display: flex; gap: 12px; align-items: flex-start; padding: 12px 12px 12px 16px; box-sizing: border-box;
  font-family: var(--insp-font, inherit); font-size: 14px; line-height: 1.4; color: var(--insp-text, #16181c); background: var(--insp-surface, #fff);
  border-radius: var(--insp-radius, 12px); box-shadow: var(--insp-shadow, 0 8px 30px rgb(0 0 0 / 0.18));
}
:host([mode='inline' i]) .insp-notice { position: absolute; inset: 50% auto auto 50%; transform: translate(-50%, -50%); inline-size: max-content; }
.insp-notice p { margin: 0; }
.insp-notice small { display: block; margin-block-start: 4px; font-size: 12px; opacity: 0.75; overflow-wrap: anywhere; }
.insp-notice button {
  flex: none; inline-size: 24px; block-size: 24px; padding: 0; border: 0; border-radius: 12px; background: none; color: inherit;
  font: inherit; font-size: 18px; line-height: 1; cursor: pointer;
}
.insp-notice button:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
`;

let sheet: CSSStyleSheet | null = null;

/** One sheet for all players of the page; a constructed sheet is not subject to `style-src`. */
export function adoptBoxStyle(root: ShadowRoot): void {
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(BOX_CSS);
  }
  root.adoptedStyleSheets = [sheet];
}
