import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type productId, sampleProduct, viewerId } from './fixtures.ts';
import { createQuestionBoard, QUESTION_LIMITS } from './question-board.ts';
import { isQuestion, normalizeQuestion } from './question-text.ts';

const throwBlanket = sampleProduct(1, 'Linen throw');
const mug = sampleProduct(2, 'Stoneware mug');

function board() {
  let n = 0;
  return createQuestionBoard({
    createId: () => `qst_${(++n).toString(16).padStart(32, '0')}`,
    products: () => [throwBlanket, mug],
    locale: 'en-GB',
  });
}
const ask = (text: string, viewer = 1, featuredProductId: ReturnType<typeof productId> | null = throwBlanket.id, askedAt = 1_000) => ({
  viewerId: viewerId(viewer),
  text,
  askedAt,
  featuredProductId,
});

describe('isQuestion', () => {
  test.each([
    'does it come in red',
    'In red?',
    'gibt es das in rot',
    '有红色吗',
    'how much is the mug',
    '这个多少钱',
    'can you show the back',
  ])('%s asks', (text) => {
    expect(isQuestion(text)).toBe(true);
  });
  test.each(['love it', 'wow so pretty', '???', 'red is my colour', '❤️❤️', 'hello everyone'])('%s does not', (text) => {
    expect(isQuestion(text)).toBe(false);
  });
});

describe('[CP5] equal questions become one', () => {
  test('wordings with the same content words merge and count distinct askers', () => {
    const questions = board();
    questions.ask(ask('Does it come in red?', 1));
    questions.ask(ask('is this available in RED???', 2));
    questions.ask(ask('do you have it in red', 3));
    questions.ask(ask('Does it come in red?', 1));
    const [cluster, ...rest] = questions.view(2_000).clusters;
    expect(rest).toEqual([]);
    expect(cluster).toMatchObject({ text: 'Does it come in red?', askerCount: 3, messageCount: 4, productId: throwBlanket.id });
    expect(cluster?.suggestedAnswer).toContain('Colour: sand, red');
    expect(cluster?.reason).toBe('3 people ask, 3 wordings with the same words');
  });

  test('one author a thousand times is one voice', () => {
    const questions = board();
    for (let n = 0; n < 1_000; n += 1) questions.ask(ask('in red?', 7));
    expect(questions.view(0).clusters[0]).toMatchObject({ askerCount: 1, messageCount: 1_000 });
  });

  test('a product named in the question wins over the one on display', () => {
    const questions = board();
    questions.ask(ask('is the mug dishwasher safe?'));
    expect(questions.view(0).clusters[0]).toMatchObject({ productId: mug.id });
  });

  test('the same words about another product are another question', () => {
    const questions = board();
    questions.ask(ask('how do I wash it?', 1, throwBlanket.id));
    questions.ask(ask('how do I wash it?', 2, mug.id));
    expect(questions.view(0).clusters).toHaveLength(2);
  });

  test('facts are quoted with their names, and nothing is made up', () => {
    const questions = board();
    questions.ask(ask('what fabric is it?'));
    questions.ask(ask('who designed it?'));
    const answers = questions.view(0).clusters.map((cluster) => cluster.suggestedAnswer);
    expect(answers).toContain('Material: 100 % European linen');
    expect(answers).toContain('');
  });
});

test('answered leaves the open list, stays answered for new askers, and can be opened again', () => {
  const questions = board();
  const id = questions.ask(ask('in red?', 1));
  expect(questions.setAnswered(id!, 5_000)).toMatchObject({ openMs: 4_000, askerCount: 1 });
  expect(questions.setAnswered(id!, 6_000)).toBeNull();
  questions.ask(ask('red?', 2));
  expect(questions.view(0)).toMatchObject({ openCount: 0 });
  expect(questions.setAnswered(id!, null)).not.toBeNull();
  expect(questions.view(0)).toMatchObject({ openCount: 1 });
});

test('an answer stored before a restart holds for the rebuilt board', () => {
  const before = board();
  const id = before.ask(ask('in red?', 1));
  const { key } = before.setAnswered(id!, 5_000)!;
  const after = board();
  after.restoreAnswered(key, 5_000);
  after.ask(ask('Red?', 1));
  expect(after.view(0)).toMatchObject({ openCount: 0 });
});

test('the board is bounded, and what most people ask survives', () => {
  const questions = board();
  for (let viewer = 1; viewer <= 3; viewer += 1) questions.ask(ask('in red?', viewer));
  for (let n = 0; n < QUESTION_LIMITS.clustersPerShow * 2; n += 1) questions.ask(ask(`what about w${n}x?`, 1, null, 2_000 + n));
  const view = questions.view(0);
  expect(view.openCount).toBeLessThanOrEqual(QUESTION_LIMITS.clustersPerShow);
  expect(view.clusters[0]).toMatchObject({ text: 'in red?', askerCount: 3 });
});

test('a viewer who is forgotten takes the voice along', () => {
  const questions = board();
  questions.ask(ask('in red?', 1));
  questions.forget(viewerId(1));
  expect(questions.view(0).clusters).toEqual([]);
});

test('normalizing is idempotent and never throws, whatever people type', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const once = normalizeQuestion(text);
      expect(normalizeQuestion(once)).toBe(once);
      board().ask(ask(text));
    }),
  );
});

test('order and repetition of lines do not change clusters or asker counts', () => {
  const line = fc.record({
    viewer: fc.integer({ min: 1, max: 5 }),
    text: fc.constantFrom('in red?', 'Is it available in red', 'how big is it?', 'what size is it', 'wash?', 'nice'),
  });
  let merged = 0;
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), fc.nat(), (lines, seed) => {
      const summarize = (all: typeof lines) => {
        const questions = board();
        for (const { viewer, text } of all) questions.ask(ask(text, viewer));
        return questions
          .view(0)
          .clusters.map((cluster) => `${cluster.askerCount}`)
          .sort();
      };
      const shuffled = lines.toSorted(
        (a, b) => ((a.text.length * 31 + a.viewer * seed) % 7) - ((b.text.length * 31 + b.viewer * seed) % 7),
      );
      expect(summarize(shuffled)).toEqual(summarize(lines));
      expect(summarize([...lines, ...lines])).toEqual(summarize(lines));
      if (summarize(lines).some((count) => Number(count) > 1)) merged += 1;
    }),
  );
  expect(merged).toBeGreaterThan(0);
});
