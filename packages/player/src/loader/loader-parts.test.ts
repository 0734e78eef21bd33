import { expect, test } from 'vitest';
import { createPlayerLoader } from './load-player.ts';
import type { PlayerModule, Problem } from './mount-contract.ts';
import { nearestLocale } from './notice.ts';
import { watchPolicy } from './policy-watch.ts';
import { bareErrorEvent, createProblemPrinter, problemText } from './problems.ts';
import { findEmbedFolder } from './script-home.ts';
import { readSettings } from './settings.ts';

test('the script finds its own folder, by itself or by its address', () => {
  const none = { querySelector: () => null };
  expect(findEmbedFolder({ ...none, currentScript: { src: 'https://insp.example/embed/v1.js?x' } })).toBe('https://insp.example/embed/');
  expect(findEmbedFolder({ currentScript: null, querySelector: () => ({ src: 'https://h/a/embed/v1.js' }) })).toBe('https://h/a/embed/');
  expect(findEmbedFolder({ ...none, currentScript: null })).toBeNull();
  expect(findEmbedFolder({ ...none, currentScript: { src: 'not an address' } })).toBeNull();
});

const attributes = (given: Record<string, string>) => ({
  getAttribute: (name: string) => given[name] ?? null,
  hasAttribute: (name: string) => name in given,
});

test('attributes are read; unknown words fall back', () => {
  expect(
    readSettings(
      attributes({ show: ' shw_1 ', mode: 'INLINE', autoplay: '', fit: 'cover', corner: 'top-left', locale: 'de-DE', currency: 'eur' }),
      'en',
    ),
  ).toEqual({
    show: 'shw_1',
    mode: 'inline',
    isAutoplay: true,
    fit: 'cover',
    corner: 'top-left',
    locale: 'de-DE',
    currency: 'EUR',
    isDataLayerOn: false,
  });
  expect(readSettings(attributes({ mode: 'modal', autoplay: 'false', currency: 'euro' }), '')).toMatchObject({
    mode: 'overlay',
    isAutoplay: false,
    currency: null,
    locale: 'en',
    corner: 'bottom-right',
  });
});

test('a locale falls to its language, then to English', () => {
  expect(nearestLocale('pt-BR')).toBe('pt');
  expect(nearestLocale('ar_EG')).toBe('ar');
  expect(nearestLocale('xx')).toBe('en');
});

test('the chunk is tried three times, then the error is told; a later call starts over', async () => {
  const attempts: number[] = [];
  let isUp = false;
  const load = createPlayerLoader(
    async (attempt) => {
      attempts.push(attempt);
      if (!isUp) throw new Error('lift');
      return {} as PlayerModule;
    },
    async () => {},
  );
  await expect(load()).rejects.toThrow('lift');
  expect(attempts).toEqual([0, 1, 2]);
  isUp = true;
  const first = load();
  expect(load()).toBe(first);
  await first;
  expect(attempts).toEqual([0, 1, 2, 0]);
});

test('only violations that concern Insp are remembered, sockets included', () => {
  let tell: (event: { blockedURI: string; effectiveDirective: string }) => void = () => {};
  const watch = watchPolicy(
    {
      addEventListener: (_type, listener) => {
        tell = listener;
      },
    },
    'https://insp.example/',
  );
  const heard: string[] = [];
  watch.onBlocked((directive) => heard.push(directive));
  tell({ blockedURI: 'https://ads.example/x', effectiveDirective: 'script-src' });
  tell({ blockedURI: 'inline', effectiveDirective: 'style-src' });
  tell({ blockedURI: 'wss://insp.example/v1/rooms/x/socket', effectiveDirective: 'connect-src' });
  expect(watch.blockedDirectives()).toEqual(['connect-src']);
  expect(heard).toEqual(['connect-src']);
});

const problem: Problem = { code: 'INSP_EMBED_HANDLER_MISSING', detail: 'addToCart', isFatal: false };

test('a problem is printed once, with code, text, what exactly, and the fix', () => {
  const lines: unknown[] = [];
  const print = createProblemPrinter({ error: (...words: unknown[]) => lines.push(words[0]) });
  print(problem);
  print(problem);
  print({ ...problem, detail: 'checkout' });
  expect(lines).toEqual([problemText(problem), problemText({ ...problem, detail: 'checkout' })]);
  expect(lines[0]).toBe(
    "[insp] INSP_EMBED_HANDLER_MISSING: The shop has no handler for this (addToCart). Register it with insp('cart', { ... }).",
  );
});

test('the console is not flooded by a page in a loop', () => {
  let lineCount = 0;
  const print = createProblemPrinter({
    error: () => {
      lineCount += 1;
    },
  });
  for (let i = 0; i < 200; i += 1) print({ ...problem, detail: `${i}` });
  expect(lineCount).toBe(50);
});

test('a player without state still says what is wrong as an event', () => {
  const event = bareErrorEvent({ code: 'INSP_EMBED_SHOW_ID_INVALID', isFatal: true }, 'shw_x', 5);
  expect(event).toMatchObject({
    v: 1,
    name: 'player.error',
    showId: 'shw_x',
    payload: { code: 'INSP_EMBED_SHOW_ID_INVALID', fatal: true },
  });
  expect(event.id).toMatch(/^evt_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
});
