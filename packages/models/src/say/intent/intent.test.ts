import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededUniform } from '../../math/seeded-random.ts';
import { classifyIntent, fitIntents } from './intent-classifier.ts';
import { bytesToIntentModel, intentModelToBytes } from './intent-model-bytes.ts';
import { svmScores, trainLinearSvm } from './linear-svm.ts';

const shops = {
  price: ['how much', 'what does it cost', 'price please'],
  shipping: ['do you ship', 'delivery time', 'when does it arrive'],
};
const things = ['the bag', 'the red hat', 'this lamp', 'that vase', 'the boots'];
const rows = Object.entries(shops).flatMap(([intent, asks]) =>
  asks.flatMap((ask) => things.map((thing) => ({ text: `${ask} ${thing}`, intent }))),
);

describe('linear SVM', () => {
  test('parts what a line can part', () => {
    const points = [0.9, 0.8, 0.2, 0.1].map((x) => ({ indices: Int32Array.of(0, 1), values: Float32Array.of(x, 1 - x) }));
    const model = trainLinearSvm(points, [1, 1, 0, 0], 2, 2, seededUniform(1), { cost: 10, maxPasses: 200, tolerance: 0.001 });
    for (const [i, point] of points.entries()) {
      const scores = svmScores(model, point);
      expect((scores[1] as number) > (scores[0] as number)).toBe(i < 2);
    }
  });
});

describe('intents', () => {
  const model = fitIntents(
    rows.map(({ text }) => text),
    rows.map(({ intent }) => intent),
  );
  test('known wordings on a new thing', () => {
    expect(classifyIntent(model, 'how much the green scarf').intent).toBe('price');
    expect(classifyIntent(model, 'do you ship the green scarf').intent).toBe('shipping');
  });
  test('what is like nothing known scores below what is known, and is refused', () => {
    expect(classifyIntent(model, 'qqq zzz xxx').accepted).toBe(false);
    expect(classifyIntent(model, '').accepted).toBe(false);
  });
  test('one intent, no texts, unequal lists are refused', () => {
    expect(() => fitIntents(['a', 'b', 'c', 'd', 'e'], ['x', 'x', 'x', 'x', 'x'])).toThrow('one intent only');
    expect(() => fitIntents([], [])).toThrow('too few');
    expect(() => fitIntents(['a'], [])).toThrow('1 texts, 0 labels');
  });
  test('bytes and back: the same verdict on any text; cut or foreign bytes are refused', () => {
    const bytes = intentModelToBytes(model);
    const restored = bytesToIntentModel(bytes);
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 40 }), fc.constantFrom(...rows.map(({ text }) => text))), (text) => {
        expect(classifyIntent(restored, text)).toEqual(classifyIntent(model, text));
      }),
    );
    for (const cut of [0, 3, 4, 40, bytes.length - 1]) expect(() => bytesToIntentModel(bytes.slice(0, cut))).toThrow('not an intent model');
    expect(() => bytesToIntentModel(Uint8Array.from([...bytes, 0]))).toThrow('not an intent model');
  });
});
