// Focus is never lost (product.md 3.9): an overlay takes it and gives it back, a sheet takes it and gives it back,
// and when the focused node goes away the player itself holds it. On a phone the overlay covers all, so Tab stays
// inside; on a desktop the shop stays usable and Tab may leave.

const FOCUSABLE = 'button:not([disabled]), a[href], input:not([disabled]), select, [tabindex="0"]';

export function isVisible(node: Element): boolean {
  return typeof node.checkVisibility === 'function'
    ? node.checkVisibility({ visibilityProperty: true })
    : (node as HTMLElement).offsetParent !== null;
}

/** Runs a drawing and puts focus on the stage if the drawing took away the node that had it. */
export function keepFocus(root: ShadowRoot, stage: HTMLElement, draw: () => void): void {
  const focused = root.activeElement;
  draw();
  if (focused === null || root.activeElement === focused) return;
  if (root.activeElement === null && (!focused.isConnected || !isVisible(focused)) && isVisible(stage))
    stage.focus({ preventScroll: true });
}

/** Keeps Tab inside while `isTrapped()`. */
export function trapFocus(stage: HTMLElement, root: ShadowRoot, isTrapped: () => boolean): void {
  stage.addEventListener('keydown', (event) => {
    if (event.key !== 'Tab' || !isTrapped()) return;
    const nodes = [...stage.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((node) => node.tabIndex >= 0 && isVisible(node));
    const first = nodes[0];
    const last = nodes.at(-1);
    if (!first || !last) return;
    const isAtEnd = event.shiftKey ? root.activeElement === first || root.activeElement === stage : root.activeElement === last;
    if (!isAtEnd) return;
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  });
}

/** Remembers who had focus when something opened, and gives it back when that closes. */
export function createFocusReturn(page: Document, root: ShadowRoot) {
  let opener: HTMLElement | null = null;
  return {
    remember() {
      opener = (root.activeElement ?? page.activeElement) as HTMLElement | null;
    },
    giveBack(fallback: HTMLElement | null) {
      const target = opener?.isConnected && opener !== page.body && isVisible(opener) ? opener : fallback;
      opener = null;
      target?.focus({ preventScroll: true });
    },
  };
}
