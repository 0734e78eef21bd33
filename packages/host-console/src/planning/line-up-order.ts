// Changes of a line-up, as values: each returns the next list, or the same one when there is nothing to change.
import { LIMITS, type LineUpItem } from '@insp/protocol';

type Items = readonly LineUpItem[];

export function moveItem(items: Items, productId: string, toIndex: number): Items {
  const from = items.findIndex((item) => item.productId === productId);
  const to = Math.max(0, Math.min(items.length - 1, toIndex));
  const moved = items[from];
  if (!moved || from === to) return items;
  const rest = items.filter((item) => item !== moved);
  return [...rest.slice(0, to), moved, ...rest.slice(to)];
}

/** Adds at the end; a product is in a line-up once, and a line-up has a greatest length. */
export function addItem(items: Items, productId: string): Items {
  if (items.length >= LIMITS.productsPerShow || items.some((item) => item.productId === productId)) return items;
  return [...items, { productId: productId as LineUpItem['productId'], note: '' }];
}

export function removeItem(items: Items, productId: string): Items {
  const rest = items.filter((item) => item.productId !== productId);
  return rest.length === items.length ? items : rest;
}

export const NOTE_LENGTH = 300;

export function setNote(items: Items, productId: string, note: string): Items {
  const wanted = note.slice(0, NOTE_LENGTH);
  return items.some((item) => item.productId === productId && item.note !== wanted)
    ? items.map((item) => (item.productId === productId ? { ...item, note: wanted } : item))
    : items;
}
