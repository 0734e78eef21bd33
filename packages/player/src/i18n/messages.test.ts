import { expect, test } from 'vitest';
import { LOCALES } from '../loader/notice.ts';
import { en } from './en.ts';
import { isRightToLeft, loadMessages, safeLocale } from './locales.ts';
import { createTranslate, type MessageKey, type Messages } from './messages.ts';

const keys = Object.keys(en) as MessageKey[];
const formsOf = (messages: Messages, key: MessageKey): string[] => {
  const message = messages[key];
  return typeof message === 'string' ? [message] : Object.values(message);
};
const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();

test.each(LOCALES)('%s has every message, with the same places as English and no more', async (locale) => {
  const messages = await loadMessages(locale);
  expect(Object.keys(messages).sort()).toEqual([...keys].sort());
  for (const key of keys) {
    const allowed = new Set(places(typeof en[key] === 'string' ? (en[key] as string) : (en[key] as { other: string }).other));
    for (const form of formsOf(messages, key)) {
      expect(form.trim(), `${locale}.${key}`).not.toBe('');
      for (const place of places(form)) expect(allowed.has(place), `${locale}.${key}: {${place}}`).toBe(true);
    }
    // A form may leave out a count it spells ("two viewers"), but not any other value.
    const needed = [...allowed].filter((place) => place !== 'count');
    for (const form of formsOf(messages, key)) expect(places(form)).toEqual(expect.arrayContaining(needed));
  }
});

test.each(LOCALES)('%s has a plural form for every whole number', async (locale) => {
  const messages = await loadMessages(locale);
  const rules = new Intl.PluralRules(locale);
  for (const key of keys) {
    const message = messages[key];
    if (typeof message === 'string') continue;
    for (let count = 0; count <= 120; count += 1) {
      const form = message[rules.select(count)] ?? message.other;
      // A form without the count must belong to one number alone.
      if (!form.includes('{count}')) expect(['zero', 'one', 'two'], `${locale}.${key} for ${count}`).toContain(rules.select(count));
    }
  }
});

test('values and plurals are put in as the locale writes them', async () => {
  const t = createTranslate(await loadMessages('de'), 'de-DE');
  expect(t('watching', { count: 1 })).toBe('1 schaut zu');
  expect(t('watching', { count: 12_345 })).toBe('12.345 schauen zu');
  expect(t('player', { title: '{count} & <b>' })).toBe('Live-Show: {count} & <b>');
  const pl = createTranslate(await loadMessages('pl'), 'pl');
  expect([1, 3, 5].map((count) => pl('productCount', { count }))).toEqual(['1 produkt', '3 produkty', '5 produktów']);
});

test('odd locale tags end in something that works', async () => {
  expect(safeLocale('de_AT')).toBe('de-AT');
  expect(safeLocale('not a locale')).toBe('en');
  expect(isRightToLeft('ar-EG')).toBe(true);
  expect((await loadMessages('xx')).add).toBe('Add');
});
