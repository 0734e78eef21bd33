// Brand colours are the shop's, readability is ours: every pair is measured as WCAG 2.2 says (1.4.3) and, where it
// falls short of 4.5 : 1, the text colour is replaced by black or white, whichever is further away.

export type Rgb = readonly [red: number, green: number, blue: number];
export const MIN_CONTRAST_RATIO = 4.5;

const linear = (channel: number) => {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};

/** Relative luminance, 0 (black) to 1 (white). */
export function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** 1 (none) to 21 (black on white). */
export function contrastRatio(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** The text colour to use on `background`: the given one if it can be read, else black or white. One of the two always can. */
export function readableOn(background: Rgb, text: Rgb): { text: Rgb; wasCorrected: boolean } {
  if (contrastRatio(background, text) >= MIN_CONTRAST_RATIO) return { text, wasCorrected: false };
  const black: Rgb = [0, 0, 0];
  const white: Rgb = [255, 255, 255];
  return { text: contrastRatio(background, black) >= contrastRatio(background, white) ? black : white, wasCorrected: true };
}

/** Reads what `getComputedStyle` gives for a colour: `rgb(1, 2, 3)` or `rgb(1 2 3 / 0.5)`. Null for anything else. */
export function parseRgb(text: string): Rgb | null {
  const match = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : null;
}

export function rgbText([red, green, blue]: Rgb): string {
  return `rgb(${Math.round(red)} ${Math.round(green)} ${Math.round(blue)})`;
}
