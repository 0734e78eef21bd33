// Locales come one by one: English is in the player, the others are small files fetched when asked for. A locale
// that does not arrive leaves English on screen.
import { type Locale, nearestLocale } from '../loader/notice.ts';
import { en } from './en.ts';
import type { Messages } from './messages.ts';

const LOADERS: Record<Exclude<Locale, 'en'>, () => Promise<{ messages: Messages }>> = {
  de: () => import('./de.ts'),
  fr: () => import('./fr.ts'),
  es: () => import('./es.ts'),
  it: () => import('./it.ts'),
  nl: () => import('./nl.ts'),
  pt: () => import('./pt.ts'),
  pl: () => import('./pl.ts'),
  ja: () => import('./ja.ts'),
  ar: () => import('./ar.ts'),
};

/** A locale tag that `Intl` takes, falling back to English; shops write all kinds of things. */
export function safeLocale(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag.replaceAll('_', '-'))[0] ?? 'en';
  } catch {
    return 'en';
  }
}

export async function loadMessages(tag: string): Promise<Messages> {
  const locale = nearestLocale(tag);
  if (locale === 'en') return en;
  try {
    return (await LOADERS[locale]()).messages;
  } catch {
    return en;
  }
}

export function isRightToLeft(tag: string): boolean {
  return nearestLocale(tag) === 'ar';
}
