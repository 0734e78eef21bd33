import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HabitBook } from './habit-book.ts';
import { HABIT_EVENTS, HABIT_STAGES, HABIT_TABLE, HOST_MOVE_REASONS } from './habit-stage.ts';
import { DEFAULT_HABIT_RULES, moveNow, NEW_VIEWER, nextHabit, noteGreeted, type ViewerAct, type ViewerHabit } from './viewer-habit.ts';

const live = (acts: readonly ViewerAct[], from: ViewerHabit = NEW_VIEWER) =>
  acts.reduce((habit, act, i) => nextHabit(habit, act, i * 1_000), from);
const enter = (showSeq: number): ViewerAct => ({ kind: 'entered_show', showSeq });
const act = (kind: 'spoke' | 'touched_product' | 'ordered' | 'order_returned'): ViewerAct => ({ kind });

test('the table is total, an order never leads below convert, and a step back is one stage at most', () => {
  for (const stage of HABIT_STAGES) {
    for (const event of HABIT_EVENTS) {
      const { to, move } = HABIT_TABLE[stage][event];
      const step = HABIT_STAGES.indexOf(to) - HABIT_STAGES.indexOf(stage);
      expect(step, `${stage} x ${event}`).toBeGreaterThanOrEqual(-1);
      if (step < 0) expect(['lapsed', 'order_returned']).toContain(event);
      if (event.startsWith('ordered')) expect(HABIT_STAGES.indexOf(to)).toBeGreaterThanOrEqual(3);
      expect(HOST_MOVE_REASONS[move] === '').toBe(move === 'none');
    }
  }
});

describe('one viewer', () => {
  test('walks from interest to advance by first word, return, order, repeat order', () => {
    const stages: string[] = [];
    const moves: string[] = [];
    let habit = NEW_VIEWER;
    for (const [i, step] of [enter(1), act('spoke'), enter(2), act('ordered'), act('ordered')].entries()) {
      habit = nextHabit(habit, step, i);
      stages.push(habit.stage);
      moves.push(habit.move);
    }
    expect(stages).toEqual(['interest', 'hook', 'retain', 'convert', 'advance']);
    expect(moves).toEqual(['welcome', 'answer_first_word', 'welcome_back', 'thank_first_order', 'thank_repeat_order']);
  });
  test('three shows in a row are a streak; a missed one ends it; four missed are a lapse', () => {
    expect(live([enter(1), enter(2), enter(3)])).toMatchObject({ streakCount: 3, move: 'praise_streak' });
    expect(live([enter(1), enter(2), enter(4)])).toMatchObject({ streakCount: 1, move: 'welcome_back' });
    expect(live([enter(1), act('ordered'), enter(6)])).toMatchObject({ stage: 'retain', showCount: 2 });
    expect(live([enter(1), act('ordered'), enter(5)])).toMatchObject({ stage: 'convert' });
  });
  test('entering the same show again, or an earlier one late, changes nothing', () => {
    const habit = live([enter(3)]);
    expect(nextHabit(habit, enter(3), 99)).toBe(habit);
    expect(nextHabit(habit, enter(2), 99)).toBe(habit);
    expect(() => nextHabit(habit, enter(0.5), 0)).toThrow(RangeError);
  });
  test('a returned order steps back only when the habit of buying no longer stands', () => {
    const thrice = live([enter(1), act('ordered'), act('ordered'), act('ordered')]);
    expect(nextHabit(thrice, act('order_returned'), 9)).toMatchObject({ stage: 'advance', orderCount: 2, move: 'ask_what_was_wrong' });
    expect(live([act('order_returned'), act('order_returned')], thrice)).toMatchObject({ stage: 'convert', orderCount: 1 });
  });
  test('who was greeted cools down, but is thanked for an order', () => {
    const { coolDownMs } = DEFAULT_HABIT_RULES;
    const greeted = noteGreeted(live([enter(1)]), 10_000);
    expect(moveNow(greeted, 10_001)).toBe('none');
    const spoke = nextHabit(greeted, act('spoke'), 20_000);
    expect(moveNow(spoke, 20_000)).toBe('none');
    expect(moveNow(spoke, 10_000 + coolDownMs - 1)).toBe('none');
    expect(moveNow(spoke, 10_000 + coolDownMs)).toBe('answer_first_word');
    expect(moveNow(nextHabit(greeted, act('ordered'), 20_000), 20_000)).toBe('thank_first_order');
  });
});

describe('habits of the room', () => {
  test('suggests the worthiest of those present, once, and nobody who was just greeted', () => {
    const book = new HabitBook();
    for (const [i, viewer] of ['a', 'b', 'c'].entries()) book.take(viewer, enter(1), i);
    book.greeted('b', 5);
    const worth = new Map([
      ['a', 10],
      ['b', 99],
      ['c', 20],
    ]);
    const found = book.suggest(['a', 'a', 'b', 'c', 'absent'], 6, 10, (viewer) => worth.get(viewer) ?? 0);
    expect(found.map(({ viewer, move }) => `${viewer} ${move}`)).toEqual(['c welcome', 'a welcome']);
    expect(found[0]?.reason).not.toBe('');
    expect(book.suggest(['a', 'c'], 6, 1)).toHaveLength(1);
  });
  test('beyond the limit the viewer longest without an act leaves, and is counted', () => {
    const book = new HabitBook({}, 2);
    for (const viewer of ['a', 'b', 'a', 'c']) book.take(viewer, act('spoke'), 0);
    expect([book.viewerCount, book.forgottenCount]).toEqual([2, 1]);
    expect(book.habitOf('a').wordCount).toBe(2);
    expect(book.habitOf('b')).toBe(NEW_VIEWER);
    expect(book.forget('a')).toBe(true);
  });
  test('goes to bytes and back after any acts', () => {
    const anyAct = fc.oneof(
      fc.integer({ min: 1, max: 12 }).map(enter),
      fc.constantFrom('spoke' as const, 'touched_product' as const, 'ordered' as const, 'order_returned' as const).map(act),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), anyAct), { maxLength: 40 }), (acts) => {
        const book = new HabitBook();
        for (const [i, [viewer, step]] of acts.entries()) book.take(viewer, step, i);
        const back = HabitBook.fromBytes(book.toBytes());
        for (const viewer of ['a', 'b', 'c']) expect(back.habitOf(viewer)).toEqual(book.habitOf(viewer));
        for (const viewer of ['a', 'b', 'c']) {
          const { orderCount, stage, streakCount, showCount } = book.habitOf(viewer);
          expect(orderCount).toBeGreaterThanOrEqual(0);
          expect(streakCount).toBeLessThanOrEqual(showCount);
          if (orderCount >= 2 && showCount <= 1) expect(stage).toBe('advance');
        }
        expect(back.suggest(['a', 'b', 'c'], 50, 9)).toEqual(book.suggest(['a', 'b', 'c'], 50, 9));
      }),
    );
  });
});
