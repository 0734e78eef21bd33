import { describe, expect, test } from 'vitest';
import { FactIndex } from './fact-retrieval.ts';

function shop(): FactIndex {
  const index = new FactIndex();
  const put = (id: string, productId: string, field: string, text: string) => index.put({ id, productId, version: 1, field, text });
  put('bag-price', 'bag', 'price', '49.00 EUR');
  put('bag-material', 'bag', 'material', 'full grain leather, cotton lining');
  put('bag-strap', 'bag', 'feature', 'removable shoulder strap, inner zip pocket');
  put('lamp-power', 'lamp', 'feature', 'bulb 9 watt, dimmable, E27 socket');
  put('lamp-price', 'lamp', 'price', '29.00 EUR');
  return index;
}

describe('product facts', () => {
  test('the field asked for comes first, in both languages', () => {
    expect(shop().find('how much is it', 'bag')).toMatchObject({ kind: 'found', field: 'price', facts: [{ fact: { id: 'bag-price' } }] });
    expect(shop().find('多少钱', 'lamp')).toMatchObject({ kind: 'found', facts: [{ fact: { id: 'lamp-price' } }] });
  });
  test('free words, and words with typos', () => {
    expect(shop().find('is the strap removable', 'bag')).toMatchObject({ kind: 'found', facts: [{ fact: { id: 'bag-strap' } }] });
    expect(shop().find('dimable bulb', 'lamp')).toMatchObject({ kind: 'found', facts: [{ fact: { id: 'lamp-power' } }] });
  });
  test('it abstains: field missing, nothing covered, no facts', () => {
    expect(shop().find('do you ship to norway', 'bag')).toEqual({ kind: 'abstained', reason: 'field_missing', field: 'shipping' });
    expect(shop().find('who won the match yesterday', 'bag')).toMatchObject({ kind: 'abstained', reason: 'not_covered' });
    expect(shop().find('how much', 'hat')).toMatchObject({ kind: 'abstained', reason: 'no_facts' });
  });
  test('a newer version replaces, an older one is ignored, a removed one is gone', () => {
    const index = shop();
    index.put({ id: 'bag-price', productId: 'bag', version: 3, field: 'price', text: '39.00 EUR' });
    index.put({ id: 'bag-price', productId: 'bag', version: 2, field: 'price', text: '99.00 EUR' });
    expect(index.find('price', 'bag')).toMatchObject({ facts: [{ fact: { version: 3, text: '39.00 EUR' } }] });
    index.remove('bag-price');
    expect(index.find('price', 'bag')).toMatchObject({ kind: 'abstained', reason: 'field_missing' });
  });
});
