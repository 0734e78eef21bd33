// One viewer's habit from raw acts: counts tell which event of the table an act is (a word is the first or one more, an order
// the first or a repeat), the table says where it leads. Plain data in, plain data out; time is passed in.

import type { HabitEvent } from './habit-stage.ts';
import { HABIT_TABLE, type HabitStage, type HostMove } from './habit-stage.ts';

/** What a viewer does. `showSeq` numbers the merchant's shows 1, 2, 3, ... in order of time. */
export type ViewerAct =
  | { readonly kind: 'entered_show'; readonly showSeq: number }
  | { readonly kind: 'spoke' }
  | { readonly kind: 'touched_product' }
  | { readonly kind: 'ordered' }
  | { readonly kind: 'order_returned' };

export type ViewerHabit = {
  readonly stage: HabitStage;
  readonly showCount: number;
  readonly lastShowSeq: number;
  /** Shows in a row, the present one included. */
  readonly streakCount: number;
  readonly wordCount: number;
  readonly orderCount: number;
  /** The move that is open, `none` when there is none or the host made it. */
  readonly move: HostMove;
  readonly moveSinceMs: number;
  readonly greetedAtMs: number | null;
};

export type HabitRules = {
  /** Shows in a row that make a streak; each one further counts again. */
  streakCount: number;
  /** Shows missed in a row that count as a lapse. */
  lapseAfterShowCount: number;
  /** After a greeting the viewer is left in peace so long, thanks for an order excepted. */
  coolDownMs: number;
};

export const DEFAULT_HABIT_RULES: HabitRules = { streakCount: 3, lapseAfterShowCount: 4, coolDownMs: 15 * 60_000 };

export const NEW_VIEWER: ViewerHabit = {
  stage: 'interest',
  showCount: 0,
  lastShowSeq: 0,
  streakCount: 0,
  wordCount: 0,
  orderCount: 0,
  move: 'none',
  moveSinceMs: 0,
  greetedAtMs: null,
};

/** An order is worth a word whenever it comes. */
const ALWAYS_WELCOME: ReadonlySet<HostMove> = new Set(['thank_first_order', 'thank_repeat_order']);

/**
 * Takes one act. Entering a show already entered, or an earlier one (a late event), changes nothing. A move waits until the host
 * makes it or a newer one replaces it.
 */
export function nextHabit(habit: ViewerHabit, act: ViewerAct, nowMs: number, rules: HabitRules = DEFAULT_HABIT_RULES): ViewerHabit {
  switch (act.kind) {
    case 'entered_show':
      return enterShow(habit, act.showSeq, nowMs, rules);
    case 'spoke':
      return apply({ ...habit, wordCount: habit.wordCount + 1 }, habit.wordCount === 0 ? 'said_first_word' : 'spoke_again', nowMs);
    case 'touched_product':
      return apply(habit, 'touched_product', nowMs);
    case 'ordered':
      return apply({ ...habit, orderCount: habit.orderCount + 1 }, habit.orderCount === 0 ? 'ordered_first' : 'ordered_again', nowMs);
    case 'order_returned': {
      const orderCount = Math.max(0, habit.orderCount - 1);
      // With two orders left the habit of buying stands.
      if (orderCount >= 2) return { ...habit, orderCount, move: 'ask_what_was_wrong', moveSinceMs: nowMs };
      return apply({ ...habit, orderCount }, 'order_returned', nowMs);
    }
  }
}

function enterShow(habit: ViewerHabit, showSeq: number, nowMs: number, rules: HabitRules): ViewerHabit {
  if (!Number.isInteger(showSeq) || showSeq < 1) throw new RangeError(`show ${showSeq} is not a whole number >= 1`);
  if (showSeq <= habit.lastShowSeq) return habit;
  if (habit.showCount === 0) {
    return apply({ ...habit, showCount: 1, lastShowSeq: showSeq, streakCount: 1 }, 'entered_first_show', nowMs);
  }
  const missedCount = showSeq - habit.lastShowSeq - 1;
  const stayed = missedCount >= rules.lapseAfterShowCount ? apply(habit, 'lapsed', nowMs) : habit;
  const streakCount = missedCount === 0 ? habit.streakCount + 1 : 1;
  const entered = { ...stayed, showCount: habit.showCount + 1, lastShowSeq: showSeq, streakCount };
  return apply(entered, streakCount >= rules.streakCount ? 'reached_streak' : 'returned', nowMs);
}

function apply(habit: ViewerHabit, event: HabitEvent, nowMs: number): ViewerHabit {
  const { to, move } = HABIT_TABLE[habit.stage][event];
  return move === 'none' ? { ...habit, stage: to } : { ...habit, stage: to, move, moveSinceMs: nowMs };
}

/** The move open now: `none` while the viewer cools down, except thanks for an order. */
export function moveNow(habit: ViewerHabit, nowMs: number, rules: HabitRules = DEFAULT_HABIT_RULES): HostMove {
  const isCooling = habit.greetedAtMs !== null && nowMs - habit.greetedAtMs < rules.coolDownMs;
  return isCooling && !ALWAYS_WELCOME.has(habit.move) ? 'none' : habit.move;
}

/** The host made the move (or waved it away): it is closed and the viewer cools down. */
export const noteGreeted = (habit: ViewerHabit, nowMs: number): ViewerHabit => ({ ...habit, move: 'none', greetedAtMs: nowMs });
