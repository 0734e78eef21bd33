import { expect, test } from 'vitest';
import { euro, html } from './html.ts';

test('values are escaped, markup of the same tag is not', () => {
  expect(html`<p title="${'"><script>'}">${html`<b>${"it's & <ok>"}</b>`}</p>`.text).toBe(
    '<p title="&quot;&gt;&lt;script&gt;"><b>it&#39;s &amp; &lt;ok&gt;</b></p>',
  );
});

test('nothing is drawn for null, undefined and false; lists are joined', () => {
  expect(html`${null}${undefined}${false}${[html`<i></i>`, 0, 'a']}`.text).toBe('<i></i>0a');
});

test('prices drop empty cents', () => {
  expect([8_900, 490, 119_050].map(euro)).toEqual(['€89', '€4.90', '€1,190.50']);
});
