import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededUniform } from '../../math/seeded-random.ts';
import { NearDuplicates } from './near-duplicates.ts';
import { LINK_TOKEN, normalizeChat } from './normalize-chat.ts';
import { symmetricEigen } from './symmetric-eigen.ts';
import { TfIdf } from './tf-idf.ts';
import { tokenize } from './tokenize.ts';
import { truncatedSvd } from './truncated-svd.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 200 });

describe('normal form of chat', () => {
  test('letter runs, mark rows, full-width forms, accents, zero-width characters', () => {
    expect(normalizeChat('SOOOOO cute!!!').text).toBe('soo cute!');
    expect(normalizeChat('ＳＩＺＥ　Ｍ？？').text).toBe('size m?');
    expect(normalizeChat('多少钱？？？').text).toBe('多少钱?');
    expect(normalizeChat('哈哈哈哈哈').text).toBe('哈哈');
    expect(normalizeChat('¿cuánto CUESTA?').text).toBe('¿cuanto cuesta?');
    expect(normalizeChat('l\u200bi\u200bn\u200bk').text).toBe('link');
    expect(normalizeChat('😂😂😂😂').text).toBe('😂');
    expect(normalizeChat('it costs 1000').text).toBe('it costs 1000');
    expect(normalizeChat('Größe, Œuvre, ŁÓDŹ').text).toBe('grosse, oeuvre, lodz');
    expect(normalizeChat('كَمْ الســـعر').text).toBe('كم السعر');
    expect(normalizeChat('ㅋㅋㅋㅋㅋ 얼마예요').text).toBe('ᄏᄏ 얼마예요');
    expect(normalizeChat('ｻｲｽﾞはありますか？').text).toBe('サイズはありますか?');
    expect(normalizeChat('👍🏽👍🏿').text).toBe('👍');
  });
  test('links become one token', () => {
    const { text, hasLink } = normalizeChat('看这里 https://shop.example/a?b=1 好看');
    expect(hasLink).toBe(true);
    expect(text).toBe(`看这里 ${LINK_TOKEN} 好看`);
  });
  test('a message of 1 MB is cut, said so, and quick', () => {
    const { text, truncated } = normalizeChat('ab '.repeat(350_000));
    expect(truncated).toBe(true);
    expect(text.length).toBeLessThanOrEqual(2_000);
  });
  test('any string, lone surrogates included: no throw, and twice is once', () => {
    fc.assert(
      fc.property(anyText, (raw) => {
        const once = normalizeChat(raw).text;
        expect(once.isWellFormed()).toBe(true);
        expect(normalizeChat(once).text).toBe(once);
      }),
    );
  });
});

describe('tokens', () => {
  test('words, and pairs of characters where a script has no spaces', () => {
    expect(tokenize("don't ship xl")).toEqual(['dont', 'ship', 'xl']);
    expect(tokenize('多少钱')).toEqual(['多少', '少钱']);
    expect(tokenize('m码还有')).toEqual(['m', '码还', '还有']);
    expect(tokenize('码')).toEqual(['码']);
    expect(tokenize('😂 ok')).toEqual(['😂', 'ok']);
  });
});

describe('near duplicates', () => {
  const remember = (duplicates: NearDuplicates, text: string, id: number) => duplicates.add(text, id, duplicates.find(text).signature);
  test('equal and nearly equal texts are found; figures and lone letters must match', () => {
    const duplicates = new NearDuplicates();
    remember(duplicates, 'do you ship the large red winter jacket to norway this week please', 1);
    remember(duplicates, 'can i have the long wool winter coat in size m for under 100 dollars', 2);
    expect(duplicates.find('do you ship the large red winter jacket to norway this week please').id).toBe(1);
    expect(duplicates.find('do you ship the large red winter jacket to norway this week please.').id).toBe(1);
    expect(duplicates.find('can i have the long wool winter coat in size l for under 100 dollars').id).toBeNull();
    expect(duplicates.find('can i have the long wool winter coat in size m for under 200 dollars').id).toBeNull();
    expect(duplicates.find('hello').id).toBeNull();
  });
  test('a removed text is forgotten', () => {
    const duplicates = new NearDuplicates();
    remember(duplicates, 'how much is the blue vase on the left', 1);
    duplicates.remove('how much is the blue vase on the left', 1);
    expect(duplicates.find('how much is the blue vase on the left').id).toBeNull();
  });
});

describe('linear algebra', () => {
  test('eigenvalues of a known matrix', () => {
    const { values } = symmetricEigen(Float64Array.from([2, 1, 1, 2]), 2);
    expect(values[0]).toBeCloseTo(3, 12);
    expect(values[1]).toBeCloseTo(1, 12);
  });
  test('the SVD of a diagonal matrix is its diagonal, and right vectors are orthonormal', () => {
    const rows = [5, 3, 2, 1].map((value, i) => ({ indices: Int32Array.of(i), values: Float32Array.of(value) }));
    const { rank, singularValues, right } = truncatedSvd(rows, 4, seededUniform(3), { rank: 3, oversample: 1, iterations: 6 });
    expect(rank).toBe(3);
    for (const [d, value] of [5, 3, 2].entries()) expect(singularValues[d]).toBeCloseTo(value, 4);
    for (let a = 0; a < 3; a += 1) {
      for (let b = 0; b <= a; b += 1) {
        const product = [0, 1, 2, 3].reduce((sum, f) => sum + (right[f * 3 + a] as number) * (right[f * 3 + b] as number), 0);
        expect(product).toBeCloseTo(a === b ? 1 : 0, 4);
      }
    }
  });
});

describe('TF-IDF', () => {
  test('unit length, empty for unknown words, coverage of what is known', () => {
    const tfIdf = TfIdf.fit(['red bag', 'blue bag'], { maxWords: 1, chars: [0, 0], minTexts: 1, maxTextsRatio: 1, wordShare: 0.5 });
    const { vector, coverage } = tfIdf.transformNormalized('red hat');
    expect(vector.values).toHaveLength(1);
    expect(vector.values[0]).toBeCloseTo(1, 6);
    expect(coverage).toBe(0.5);
    expect(tfIdf.transform('zzz').indices).toHaveLength(0);
  });
  test('no texts are refused', () => {
    expect(() => TfIdf.fit([])).toThrow('there are no texts');
  });
});
