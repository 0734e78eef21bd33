import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CPU_COSTS, createCpuBudget, ladderCost } from './cpu-budget.ts';
import { LADDER_LIMITS, type LadderSource, ladderSteps, leftOutOf, planLadder } from './plan-ladder.ts';

const source = (widthPx: number, heightPx: number, framesPerSec = 30, bitrateBitsPerSec: number | null = null): LadderSource => ({
  widthPx,
  heightPx,
  framesPerSec,
  bitrateBitsPerSec,
});
const shown = (of: LadderSource, sidesPx?: readonly number[]) =>
  planLadder(of, sidesPx).map(
    (rung) => `${rung.name} ${rung.widthPx}x${rung.heightPx} ${Math.round(rung.framesPerSec)} fps ${rung.bitrateBitsPerSec / 1_000}k`,
  );
const stepNames = (of: LadderSource, sidesPx?: readonly number[]) =>
  ladderSteps(of, sidesPx).map((rungs) => rungs.map((rung) => rung.name).join(' '));

describe('[TR1] the ladder', () => {
  test.each([
    ['1080p', source(1920, 1080), ['v720 1280x720 30 fps 2800k', 'v480 854x480 30 fps 1200k', 'v360 640x360 30 fps 600k']],
    ['portrait', source(1080, 1920), ['v720 720x1280 30 fps 2800k', 'v480 480x854 30 fps 1200k', 'v360 360x640 30 fps 600k']],
    ['60 fps', source(1920, 1080, 60), ['v720 1280x720 60 fps 4000k', 'v480 854x480 30 fps 1200k', 'v360 640x360 30 fps 600k']],
    ['square', source(1080, 1080), ['v720 720x720 30 fps 2800k', 'v480 480x480 30 fps 1200k', 'v360 360x360 30 fps 600k']],
    ['720p', source(1280, 720), ['v480 854x480 30 fps 1200k', 'v360 640x360 30 fps 600k']],
    ['540p', source(960, 540), ['v360 640x360 30 fps 600k']],
    [
      'just large enough for 720',
      source(1508, 848),
      ['v720 1280x720 30 fps 2800k', 'v480 854x480 30 fps 1200k', 'v360 640x360 30 fps 600k'],
    ],
    ['not quite', source(1506, 847), ['v480 854x480 30 fps 1200k', 'v360 640x360 30 fps 600k']],
    ['360p', source(640, 360), []],
    ['720p of few bits', source(1280, 720, 30, 1_500_000), ['v480 854x480 30 fps 975k', 'v360 640x360 30 fps 600k']],
    ['1080p of few bits', source(1920, 1080, 30, 1_500_000), ['v480 854x480 30 fps 975k', 'v360 640x360 30 fps 600k']],
  ])('of %s', (_what, of, rungs) => {
    expect(shown(of)).toEqual(rungs);
  });

  test('other sides can be asked for, in any order', () => {
    expect(shown(source(1920, 1080), [240, 540, 540])).toEqual(['v540 960x540 30 fps 1540k', 'v240 426x240 30 fps 302k']);
  });

  test('no rung reaches the source, sides are even, and bits fall', () => {
    let fullCount = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 16, max: 4_000 }),
        fc.integer({ min: 16, max: 4_000 }),
        fc.integer({ min: 1, max: 120 }),
        fc.option(fc.integer({ min: 50_000, max: 20_000_000 })),
        (widthPx, heightPx, framesPerSec, bitrate) => {
          const of = source(widthPx, heightPx, framesPerSec, bitrate);
          const rungs = planLadder(of);
          if (rungs.length === 3) fullCount += 1;
          let above = bitrate ?? Number.POSITIVE_INFINITY;
          for (const rung of rungs) {
            expect(Math.min(rung.widthPx, rung.heightPx)).toBeLessThan(Math.min(widthPx, heightPx));
            expect(Math.max(rung.widthPx, rung.heightPx)).toBeLessThanOrEqual(Math.max(widthPx, heightPx));
            expect([rung.widthPx % 2, rung.heightPx % 2]).toEqual([0, 0]);
            expect(rung.heightPx > rung.widthPx).toBe(rung.heightPx !== rung.widthPx && heightPx > widthPx);
            expect(rung.bitrateBitsPerSec).toBeLessThan(above);
            above = rung.bitrateBitsPerSec;
          }
        },
      ),
    );
    expect(fullCount).toBeGreaterThan(10);
  });
});

describe('[TR5] what is given up, in order', () => {
  test('480, then 720, then all; of a 60 fps source half the frames of 720 first', () => {
    expect(stepNames(source(1920, 1080))).toEqual(['v720 v480 v360', 'v720 v360', 'v360', '']);
    expect(stepNames(source(1920, 1080, 60))).toEqual(['v720 v480 v360', 'v720 v480 v360', 'v720 v360', 'v360', '']);
    expect(ladderSteps(source(1920, 1080, 60))[1]?.[0]).toMatchObject({ isHalfRate: true, framesPerSec: 30, bitrateBitsPerSec: 2_800_000 });
    expect(stepNames(source(1280, 720))).toEqual(['v480 v360', 'v360', '']);
    expect(stepNames(source(640, 360))).toEqual(['']);
    expect(stepNames(source(1920, 1080), [720, 540, 360, 240])).toEqual(['v720 v540 v360 v240', 'v720 v540 v240', 'v720 v240', 'v240', '']);
  });

  test('each step costs less than the one before, and the last nothing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 2_000 }),
        fc.integer({ min: 100, max: 2_000 }),
        fc.constantFrom(24, 30, 50, 60),
        (widthPx, heightPx, framesPerSec) => {
          const of = source(widthPx, heightPx, framesPerSec);
          const costs = ladderSteps(of).map((rungs) => ladderCost(of, rungs));
          expect(costs.at(-1)).toBe(0);
          for (const [index, cost] of costs.entries()) if (index > 0) expect(cost).toBeLessThan(costs[index - 1] ?? 0);
        },
      ),
    );
  });
});

test('[TR5] what is given up has words a host knows', () => {
  const full = planLadder({ widthPx: 1920, heightPx: 1080, framesPerSec: 60, bitrateBitsPerSec: null });
  const words = ladderSteps({ widthPx: 1920, heightPx: 1080, framesPerSec: 60, bitrateBitsPerSec: null }).map((made) =>
    leftOutOf(full, made),
  );
  expect(words).toEqual([[], ['720p at 60 fps'], ['720p at 60 fps', '480p'], ['720p', '480p'], ['720p', '480p', '360p']]);
});

describe('[TR6] one CPU budget for all broadcasts', () => {
  const hd = source(1920, 1080);
  const steps = ladderSteps(hd);

  test('two cores carry one full ladder of 1080p30; the next broadcast gets what is left, then none', () => {
    const budget = createCpuBudget(2 * CPU_COSTS.shareOfCores);
    expect(budget.take('one', hd, steps)).toBe(0);
    expect(budget.take('two', hd, steps)).toBe(steps.length - 1);
    budget.release('one');
    expect(budget.take('two', hd, steps)).toBe(0);
    budget.release('two');
    expect(budget.freeCores).toBeCloseTo(0.8, 9);
  });

  test('who asks again pays for the new only, and never gets more than asked', () => {
    const budget = createCpuBudget(1);
    expect(budget.take('one', hd, steps)).toBe(0);
    expect(budget.take('one', hd, steps, 2)).toBe(2);
    expect(budget.take('one', hd, steps, 1)).toBe(1);
    expect(budget.take('two', hd, steps)).toBe(2);
  });

  test('is never overdrawn', () => {
    const broadcasts = fc.record({
      holder: fc.constantFrom('a', 'b', 'c', 'd'),
      isLeaving: fc.boolean(),
      from: fc.nat(3),
      size: fc.constantFrom(360, 720, 1080),
    });
    fc.assert(
      fc.property(fc.array(broadcasts), fc.double({ min: 0, max: 3, noNaN: true }), (list, cores) => {
        const budget = createCpuBudget(cores);
        for (const { holder, isLeaving, from, size } of list) {
          const of = source((size * 16) / 9, size);
          if (isLeaving) budget.release(holder);
          else budget.take(holder, of, ladderSteps(of), from);
          expect(budget.freeCores).toBeGreaterThanOrEqual(-1e-9);
        }
      }),
    );
  });

  test('an explicit ladder asks no budget', () => {
    const budget = createCpuBudget(Number.POSITIVE_INFINITY);
    for (const holder of ['a', 'b', 'c']) expect(budget.take(holder, hd, steps)).toBe(0);
    expect(LADDER_LIMITS.sidesPx).toEqual([720, 480, 360]);
  });
});
