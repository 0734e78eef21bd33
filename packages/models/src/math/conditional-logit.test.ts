import { expect, test } from 'vitest';
import { type Choice, fitConditionalLogit } from './conditional-logit.ts';
import { seededUniform } from './seeded-random.ts';

const TRUE_WEIGHTS = [1.2, -0.7, 0.3];

function simulateChoices(count: number, seed: number): Choice[] {
  const uniform = seededUniform(seed);
  return Array.from({ length: count }, () => {
    const features = Float64Array.from({ length: 10 * 3 }, () => uniform() * 2);
    const odds = Array.from({ length: 10 }, (_, row) =>
      Math.exp(TRUE_WEIGHTS.reduce((sum, w, j) => sum + w * (features[row * 3 + j] as number), 0)),
    );
    let left = uniform() * odds.reduce((a, b) => a + b, 0);
    let chosen = 0;
    while (chosen < 9 && left > (odds[chosen] as number)) {
      left -= odds[chosen] as number;
      chosen += 1;
    }
    return { features, chosen, weight: 1 };
  });
}

test('finds the weights the choices were made with', () => {
  const weights = fitConditionalLogit(simulateChoices(4_000, 7), new Float64Array(3), 0.1);
  for (const [j, weight] of TRUE_WEIGHTS.entries()) expect(weights[j]).toBeCloseTo(weight, 1);
});

test('by hand: one feature, two alternatives, three of four choose the first', () => {
  const features = Float64Array.from([1, 0]);
  const choices = [0, 0, 0, 1].map((chosen) => ({ features, chosen, weight: 1_000 }));
  // log odds of 3 : 1
  expect(fitConditionalLogit(choices, new Float64Array(1), 1e-6)[0]).toBeCloseTo(Math.log(3), 6);
});

test('without choices the prior stays; with few it is hardly moved; a weight of 2 is the choice twice', () => {
  const prior = Float64Array.from([0.5, 0, 0]);
  expect(fitConditionalLogit([], prior, 1)).toEqual(prior);
  const few = simulateChoices(3, 1);
  expect(Math.abs((fitConditionalLogit(few, prior, 1_000)[0] as number) - 0.5)).toBeLessThan(0.01);
  const twice = fitConditionalLogit([...few, ...few], prior, 1);
  for (const [j, w] of fitConditionalLogit(
    few.map((choice) => ({ ...choice, weight: 2 })),
    prior,
    1,
  ).entries())
    expect(w).toBeCloseTo(twice[j] as number, 9);
});

test('refuses a choice that is not among its alternatives, by row', () => {
  expect(() => fitConditionalLogit([{ features: Float64Array.from([1, 2]), chosen: 2, weight: 1 }], new Float64Array(1), 1)).toThrow(
    'row 1',
  );
  expect(() => fitConditionalLogit([], new Float64Array(1), 0)).toThrow('ridge');
});
