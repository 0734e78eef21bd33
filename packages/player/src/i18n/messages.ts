// The words of the player. English defines the keys; every other locale must have exactly the same ones, or the
// type check fails (product.md EM8). `{name}` places are filled by `createTranslate`; plurals are forms by the
// rules of the language (Intl.PluralRules), of which `other` is a must.
import type { en } from './en.ts';

export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };
type MessageOf<T> = T extends string ? string : PluralForms;
export type Messages = { readonly [K in keyof typeof en]: MessageOf<(typeof en)[K]> };
export type MessageKey = keyof Messages;
export type MessageValues = Readonly<Record<string, string | number>>;
export type Translate = (key: MessageKey, values?: MessageValues) => string;

/** Makes `t('newMessages', { count: 3 })`. A plural is chosen by `count`; numbers are written as the locale writes them. */
export function createTranslate(messages: Messages, locale: string): Translate {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (key, values = {}) => {
    const message = messages[key];
    const text = typeof message === 'string' ? message : (message[rules.select(Number(values.count ?? 0))] ?? message.other);
    return text.replace(/\{(\w+)\}/g, (place, name: string) => {
      const value = values[name];
      if (value === undefined) return place;
      return typeof value === 'number' ? numbers.format(value) : value;
    });
  };
}
