// Server-rendered HTML: a tagged template that escapes every value. Only `Html` values (results of the same tag)
// go in as they are, so a name typed at checkout can never become markup.

export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = Html | string | number | null | undefined | false | readonly Value[];

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] as string);

function render(value: Value): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(render).join('');
  return escapeHtml(String(value));
}

export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(parts.reduce((text, part, index) => text + render(values[index - 1]) + part));
}

const price = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });

/** `8900` -> `€89`; `2450` -> `€24.50`. */
export const euro = (amountMinor: number): string => price.format(amountMinor / 100).replace(/\.00$/, '');
