// Drawing by hand, in small pieces: make a node, set a text, keep a list in step. Text goes in as text only.

type Child = Node | string | null;
type Props = Readonly<Record<string, string | boolean | null | ((event: never) => void)>>;

/** `h('button', { class: 'x', type: 'button', onclick: work }, 'text')`; null and false leave an attribute out. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') node.addEventListener(name.slice(2), value as (event: Event) => void);
    else setAttribute(node, name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

export function setAttribute(node: Element, name: string, value: string | boolean | null): void {
  if (value === null || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
    return;
  }
  const text = value === true ? '' : value;
  if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}

export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function setHidden(node: HTMLElement, isHidden: boolean): void {
  if (node.hidden !== isHidden) node.hidden = isHidden;
}

export type Row<T> = { readonly node: HTMLElement; update(item: T): void };

/** Keeps the children of `parent` in step with `items`, by key: rows that stay are moved only if the order changed. */
export function createList<T>(parent: HTMLElement, keyOf: (item: T) => string, make: (item: T) => Row<T>) {
  let rows = new Map<string, Row<T>>();
  return {
    update(items: readonly T[]) {
      const next = new Map<string, Row<T>>();
      let place: ChildNode | null = parent.firstChild;
      for (const item of items) {
        const key = keyOf(item);
        const row = rows.get(key) ?? make(item);
        row.update(item);
        next.set(key, row);
        while (place !== null && place !== row.node && !items.some((other) => rows.get(keyOf(other))?.node === place)) {
          const gone: ChildNode = place;
          place = place.nextSibling;
          gone.remove();
        }
        if (place === row.node) place = place.nextSibling;
        else parent.insertBefore(row.node, place);
      }
      while (place !== null) {
        const gone: ChildNode = place;
        place = place.nextSibling;
        gone.remove();
      }
      rows = next;
    },
    get size() {
      return rows.size;
    },
    row: (key: string) => rows.get(key) ?? null,
  };
}
