import { expect, test } from 'vitest';
import { embedSnippet } from './embed-snippet.ts';

const snippet = embedSnippet({ host: 'https://live.example', showId: 'shw_1', locale: 'de-DE', currency: 'EUR' });

test('names host, show, language and currency, in four lines', () => {
  expect(snippet).toContain('src="https://live.example/embed/v1.js"');
  expect(snippet).toContain('<insp-show show="shw_1" mode="overlay" locale="de-DE" currency="EUR"></insp-show>');
  expect(snippet.split('\n')).toHaveLength(4);
});
test('a setting cannot break out of its attribute', () => {
  expect(embedSnippet({ host: 'h', showId: 's', locale: '"><script>', currency: 'EUR' })).toContain('locale="&quot;>&lt;script>"');
});
