// Figures in a text, as values: "49.00", "49" and "４９" are one figure; "1,299" is read both ways, as shops write both.
import { normalizeChat } from '../text/normalize-chat.ts';

const FIGURE = /\d+(?:[.,' ]\d{3})*(?:[.,]\d+)?|\d+/gu;

/** Every figure of a text, each with all values it can mean; fractions and signs are read as written digits only. */
export function figuresOf(text: string): readonly (readonly number[])[] {
  const plain = normalizeChat(text, text.length).text;
  return [...plain.matchAll(FIGURE)].map(([written]) => readingsOf(written));
}

function readingsOf(written: string): number[] {
  const compact = written.replace(/[' ]/gu, '');
  // Either mark may part thousands or decimals: take each as the decimal mark in turn, then none.
  const readings = new Set<number>();
  for (const decimal of ['.', ',', null]) {
    const parted = decimal === null ? [compact] : compact.split(decimal);
    if (parted.length > 2) continue;
    const whole = (parted[0] as string).replace(/[.,]/gu, '');
    const fraction = parted[1];
    if (fraction !== undefined && /[.,]/u.test(fraction)) continue;
    readings.add(Number(fraction === undefined ? whole : `${whole}.${fraction}`));
  }
  return [...readings];
}

/** The figures of `text`, as written, that no text of `sources` holds. Empty = every figure is covered. */
export function uncoveredFigures(text: string, sources: readonly string[]): string[] {
  const known = new Set(sources.flatMap((source) => figuresOf(source).flat()));
  const plain = normalizeChat(text, text.length).text;
  return [...plain.matchAll(FIGURE)]
    .map(([written]) => written)
    .filter((written) => !readingsOf(written).some((value) => known.has(value)));
}
