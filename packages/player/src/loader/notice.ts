// The one sentence a shopper sees when the player cannot start at all. The player chunk may not have come, so the
// words of every locale are here, and typed: a missing one does not compile.
import type { Problem } from './mount-contract.ts';

export const LOCALES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'pl', 'ja', 'ar'] as const;
export type Locale = (typeof LOCALES)[number];

/** The nearest locale we speak: `de-AT` -> `de`; English for the rest. */
export function nearestLocale(tag: string): Locale {
  const language = tag.toLowerCase().split(/[-_]/)[0];
  return LOCALES.find((locale) => locale === language) ?? 'en';
}

export const NOTICE_WORDS: Record<Locale, { unavailable: string; close: string }> = {
  en: { unavailable: 'The live show is not available here right now.', close: 'Close' },
  de: { unavailable: 'Die Live-Show ist hier gerade nicht verfügbar.', close: 'Schließen' },
  fr: { unavailable: 'Le live n’est pas disponible ici pour le moment.', close: 'Fermer' },
  es: { unavailable: 'El directo no está disponible aquí en este momento.', close: 'Cerrar' },
  it: { unavailable: 'La diretta non è disponibile qui al momento.', close: 'Chiudi' },
  nl: { unavailable: 'De liveshow is hier nu niet beschikbaar.', close: 'Sluiten' },
  pt: { unavailable: 'A live não está disponível aqui neste momento.', close: 'Fechar' },
  pl: { unavailable: 'Transmisja nie jest tu teraz dostępna.', close: 'Zamknij' },
  ja: { unavailable: 'ただいまライブをご覧いただけません。', close: '閉じる' },
  ar: { unavailable: 'البث المباشر غير متاح هنا حالياً.', close: 'إغلاق' },
};

/** Draws the notice; drawing again replaces it. */
export function showNotice(root: ShadowRoot, locale: string, problem: Problem): void {
  hideNotice(root);
  const words = NOTICE_WORDS[nearestLocale(locale)];
  const box = document.createElement('div');
  box.className = 'insp-notice';
  box.setAttribute('role', 'status');
  box.setAttribute('part', 'notice');
  if (nearestLocale(locale) === 'ar') box.dir = 'rtl';
  const text = document.createElement('p');
  text.textContent = words.unavailable;
  const code = document.createElement('small');
  code.textContent = problem.code;
  text.append(code);
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = '×';
  close.setAttribute('aria-label', words.close);
  close.addEventListener('click', () => box.remove());
  box.append(text, close);
  root.append(box);
}

export function hideNotice(root: ShadowRoot): void {
  root.querySelector('.insp-notice')?.remove();
}
