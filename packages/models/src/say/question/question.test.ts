import { describe, expect, test } from 'vitest';
import { calibrationError } from '../../metrics/calibration-error.ts';
import { questionCorpus } from './question-corpus.ts';
import {
  bytesToQuestionModel,
  fitQuestions,
  hasQuestionMark,
  outOfFamilyChances,
  questionChance,
  questionModelToBytes,
} from './question-detector.ts';

const corpus = questionCorpus();
const model = fitQuestions(corpus);

describe('question corpus', () => {
  test('about a thousand distinct lines, both labels in English and Chinese', () => {
    expect(corpus.length).toBeGreaterThan(1_000);
    expect(new Set(corpus.map(({ text }) => text)).size).toBe(corpus.length);
    for (const language of ['en', 'zh']) {
      for (const label of [0, 1])
        expect(corpus.filter((line) => line.language === language && line.label === label).length).toBeGreaterThan(100);
    }
  });
});

describe('question detector', () => {
  test('asks without a mark, in both languages', () => {
    for (const text of ['size m pls', 'how much is the lamp', '有没有大码', '多少钱', 'link please'])
      expect(questionChance(model, text)).toBeGreaterThan(0.5);
  });
  test('in other languages too, on wordings that are not in the corpus', () => {
    const asks = [
      'cuanto vale la falda',
      'hay en talla xs',
      'wieviel kostet der ring',
      'habt ihr noch den mantel',
      'combien pour la bague',
      'vous avez encore la robe',
      'quanto fica com frete',
      'voces tem na cor azul',
      '这款裙子有没有小码',
      '怎么下单',
    ];
    const tells = [
      'que bonita la falda',
      'der mantel ist wunderschön',
      'la robe est magnifique',
      'comprei a saia',
      '裙子真好看',
      '已经下单啦',
    ];
    const wrong = [
      ...asks.filter((text) => questionChance(model, text) < 0.5),
      ...tells.filter((text) => questionChance(model, text) > 0.5),
    ];
    expect(wrong.length).toBeLessThanOrEqual(1);
  });
  test('does not ask, with a mark or without', () => {
    for (const text of ['really???', 'love it', '哈哈哈哈', '已拍', 'thank you so much', '😂😂', ''])
      expect(questionChance(model, text)).toBeLessThan(0.5);
  });
  test('on families never seen it beats the question-mark rule and is calibrated', () => {
    const chances = outOfFamilyChances(corpus);
    const labels = corpus.map(({ label }) => label);
    const f1 = (guess: (i: number) => boolean) => {
      const hits = labels.filter((label, i) => label === 1 && guess(i)).length;
      return (2 * hits) / (labels.filter((_, i) => guess(i)).length + labels.filter((label) => label === 1).length);
    };
    const detector = f1((i) => (chances[i] as number) >= 0.5);
    const rule = f1((i) => hasQuestionMark(corpus[i]?.text as string));
    expect(detector).toBeGreaterThan(rule + 0.1);
    expect(calibrationError(labels, chances)).toBeLessThan(0.06);
  });
  test('bytes and back give the same chances; other bytes are refused', () => {
    const restored = bytesToQuestionModel(questionModelToBytes(model));
    for (const { text } of corpus.slice(0, 50)) expect(questionChance(restored, text)).toBe(questionChance(model, text));
    expect(() => bytesToQuestionModel(new Uint8Array(30))).toThrow('not a question model');
  });
  test('one label only is refused', () => {
    expect(() => fitQuestions(corpus.filter(({ label }) => label === 1))).toThrow('both labels');
  });
});
