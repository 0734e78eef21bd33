// The attributes of `<insp-show>` as one typed value. Unknown words fall back to the default: a typo changes the
// look, never breaks the page.
import { CORNERS, type Corner } from './resume-record.ts';

export const MODES = ['overlay', 'inline', 'button'] as const;
export type Mode = (typeof MODES)[number];
export const FITS = ['auto', 'cover', 'contain'] as const;
export type Fit = (typeof FITS)[number];

export type Settings = {
  readonly show: string;
  readonly mode: Mode;
  readonly isAutoplay: boolean;
  readonly fit: Fit;
  readonly corner: Corner;
  readonly locale: string;
  /** Null = as the shop's products say. */
  readonly currency: string | null;
  readonly isDataLayerOn: boolean;
};

export const SETTING_ATTRIBUTES = ['show', 'mode', 'autoplay', 'fit', 'corner', 'locale', 'currency', 'data-layer'];

type Attributes = { getAttribute(name: string): string | null; hasAttribute(name: string): boolean };

const oneOf = <T extends string>(values: readonly T[], text: string | null, fallback: T): T =>
  values.find((value) => value === text?.trim().toLowerCase()) ?? fallback;

export function readSettings(element: Attributes, pageLocale: string): Settings {
  const currency = element.getAttribute('currency')?.trim().toUpperCase() ?? '';
  return {
    show: element.getAttribute('show')?.trim() ?? '',
    mode: oneOf(MODES, element.getAttribute('mode'), 'overlay'),
    isAutoplay: element.hasAttribute('autoplay') && element.getAttribute('autoplay') !== 'false',
    fit: oneOf(FITS, element.getAttribute('fit'), 'auto'),
    corner: oneOf(CORNERS, element.getAttribute('corner'), 'bottom-right'),
    locale: element.getAttribute('locale')?.trim() || pageLocale || 'en',
    currency: /^[A-Z]{3}$/.test(currency) ? currency : null,
    isDataLayerOn: element.hasAttribute('data-layer'),
  };
}
