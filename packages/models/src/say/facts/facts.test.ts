import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FactIndex, type ProductFact } from './fact-retrieval.ts';

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
  test('the field is found in other languages and through one slip of the finger', () => {
    for (const question of [
      'cuanto cuesta',
      '¿Precio?',
      'was kostet das',
      'combien',
      'quanto custa',
      'いくらですか',
      '얼마예요',
      'prcie pls',
      'the prise',
    ])
      expect(shop().find(question, 'bag'), question).toMatchObject({ kind: 'found', field: 'price' });
    expect(shop().find('shiping to norway', 'bag')).toMatchObject({ reason: 'field_missing', field: 'shipping' });
  });
  test('a size or colour no fact knows of is not answered with something else', () => {
    const index = shop();
    index.put({ id: 'bag-stock', productId: 'bag', version: 1, field: 'stock', text: '12 in stock' });
    index.put({ id: 'bag-colours', productId: 'bag', version: 1, field: 'colour', text: 'black, brown' });
    expect(index.find('how many are in stock', 'bag')).toMatchObject({ kind: 'found', field: 'stock' });
    expect(index.find('is it available in green', 'bag')).toMatchObject({ kind: 'abstained', reason: 'slot_missing' });
    expect(index.find('is the black one in stock', 'bag')).toMatchObject({ kind: 'abstained', reason: 'slot_missing' });
    expect(index.find('how much is the brown one', 'bag')).toMatchObject({ kind: 'found', facts: [{ fact: { id: 'bag-price' } }] });
    index.put({ id: 'bag-stock-black', productId: 'bag', version: 1, field: 'stock', text: 'black 3 in stock' });
    expect(index.find('is the black one in stock', 'bag')).toMatchObject({ facts: [{ fact: { id: 'bag-stock-black' } }] });
  });
  test('putting and removing in any order leaves the same answers as the facts that remain', () => {
    const change = fc.record({ id: fc.nat(5), product: fc.nat(1), version: fc.nat(4), words: fc.nat(3), remove: fc.boolean() });
    const words = ['red wool', 'blue silk strap', 'gold ring box', 'wool strap'];
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const index = new FactIndex();
        const held = new Map<string, ProductFact>();
        for (const { id, product, version, words: w, remove } of changes) {
          const fact = { id: `f${id}`, productId: `p${product}`, version, field: 'feature', text: words[w] as string };
          if (remove) {
            index.remove(fact.id);
            held.delete(fact.id);
          } else {
            index.put(fact);
            if ((held.get(fact.id)?.version ?? -1) <= version) held.set(fact.id, fact);
          }
        }
        const fresh = new FactIndex();
        for (const fact of held.values()) fresh.put(fact);
        for (const product of [null, 'p0', 'p1']) expect(index.find('wool strap', product)).toEqual(fresh.find('wool strap', product));
      }),
    );
  });
});
