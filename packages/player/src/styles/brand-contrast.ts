// Measures the brand tokens as the page resolves them and puts right what cannot be read, with a hint in the
// console for the shop developer.
import { contrastRatio, parseRgb, type Rgb, readableOn, rgbText } from './contrast.ts';

type Pair = { background: string; text: string; corrected: string };
const PAIRS: readonly Pair[] = [
  { background: '--insp-accent', text: '--insp-on-accent', corrected: '--_on-accent-fixed' },
  { background: '--insp-surface', text: '--insp-text', corrected: '--_text-fixed' },
];

/** `probe` is an element inside the player; its `background` and `color` are used to resolve the tokens. */
export function correctBrandContrast(frame: HTMLElement, probe: HTMLElement, log: Pick<typeof console, 'warn'>): void {
  for (const { background, text, corrected } of PAIRS) {
    const name = background.slice('--insp-'.length);
    const back = resolve(probe, `var(--_${name})`);
    const front = resolve(probe, name === 'accent' ? 'var(--_on-accent)' : 'var(--_text)');
    if (back === null || front === null) continue;
    const { text: readable, wasCorrected } = readableOn(back, front);
    if (!wasCorrected) {
      frame.style.removeProperty(corrected);
      continue;
    }
    frame.style.setProperty(corrected, rgbText(readable));
    const ratio = contrastRatio(back, front).toFixed(1);
    log.warn(`[insp] ${text} on ${background} has a contrast of ${ratio} : 1 and cannot be read; ${rgbText(readable)} is used instead`);
  }
}

function resolve(probe: HTMLElement, value: string): Rgb | null {
  probe.style.color = value;
  const resolved = parseRgb(getComputedStyle(probe).color);
  probe.style.removeProperty('color');
  return resolved;
}
