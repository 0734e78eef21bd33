// The habits of everybody in reach: what the Audience View keeps between acts. Bounded: beyond the limit the viewer longest
// without an act leaves first, and that is counted.
import { InputError } from '../../input-error.ts';
import { readSnapshot, writeSnapshot } from '../snapshot.ts';
import { HABIT_STAGES, HOST_MOVE_REASONS, type HostMove } from './habit-stage.ts';
import {
  DEFAULT_HABIT_RULES,
  type HabitRules,
  moveNow,
  NEW_VIEWER,
  nextHabit,
  noteGreeted,
  type ViewerAct,
  type ViewerHabit,
} from './viewer-habit.ts';

export type HostSuggestion = { readonly viewer: string; readonly move: HostMove; readonly reason: string; readonly sinceMs: number };

const KIND = 'insp/habits@1';
export const MAX_HABIT_VIEWERS = 100_000;

export class HabitBook {
  readonly #rules: HabitRules;
  readonly #limit: number;
  /** In order of the last act, oldest first. */
  readonly #habits = new Map<string, ViewerHabit>();
  #forgottenCount = 0;

  constructor(rules: Partial<HabitRules> = {}, maxViewers = MAX_HABIT_VIEWERS) {
    this.#rules = { ...DEFAULT_HABIT_RULES, ...rules };
    this.#limit = maxViewers;
  }

  get viewerCount(): number {
    return this.#habits.size;
  }

  get forgottenCount(): number {
    return this.#forgottenCount;
  }

  habitOf(viewer: string): ViewerHabit {
    return this.#habits.get(viewer) ?? NEW_VIEWER;
  }

  /** Takes one act of a viewer; answers the habit after it. */
  take(viewer: string, act: ViewerAct, nowMs: number): ViewerHabit {
    const habit = nextHabit(this.habitOf(viewer), act, nowMs, this.#rules);
    this.#habits.delete(viewer);
    this.#habits.set(viewer, habit);
    if (this.#habits.size > this.#limit) {
      const [oldest] = this.#habits.keys();
      this.#habits.delete(oldest as string);
      this.#forgottenCount += 1;
    }
    return habit;
  }

  /** The host greeted the viewer, or waved the suggestion away. */
  greeted(viewer: string, nowMs: number): void {
    const habit = this.#habits.get(viewer);
    if (habit !== undefined) this.#habits.set(viewer, noteGreeted(habit, nowMs));
  }

  /**
   * Open moves of those present, the worthiest first: by `worthOf` (0 when the caller has none), then the latest act. Nobody who cools down.
   */
  suggest(present: Iterable<string>, nowMs: number, limit: number, worthOf: (viewer: string) => number = () => 0): HostSuggestion[] {
    const open: (HostSuggestion & { value: number })[] = [];
    for (const viewer of new Set(present)) {
      const habit = this.#habits.get(viewer);
      const move = habit === undefined ? 'none' : moveNow(habit, nowMs, this.#rules);
      if (habit === undefined || move === 'none') continue;
      open.push({ viewer, move, reason: HOST_MOVE_REASONS[move], sinceMs: habit.moveSinceMs, value: worthOf(viewer) });
    }
    open.sort((a, b) => b.value - a.value || b.sinceMs - a.sinceMs || (a.viewer < b.viewer ? -1 : 1));
    return open.slice(0, limit).map(({ value: _, ...suggestion }) => suggestion);
  }

  /** Forgets a viewer who asks for it. */
  forget(viewer: string): boolean {
    return this.#habits.delete(viewer);
  }

  toBytes(): Uint8Array {
    return writeSnapshot(KIND, { rules: this.#rules, limit: this.#limit, habits: [...this.#habits], forgottenCount: this.#forgottenCount });
  }

  /** Refuses bytes of another kind and a stage unknown here. */
  static fromBytes(bytes: Uint8Array): HabitBook {
    const kept = readSnapshot(KIND, bytes) as { rules: HabitRules; limit: number; habits: [string, ViewerHabit][]; forgottenCount: number };
    const book = new HabitBook(kept.rules, kept.limit);
    for (const [viewer, habit] of kept.habits) {
      if (!HABIT_STAGES.includes(habit.stage)) throw new InputError(`the snapshot holds a stage ${habit.stage}`);
      book.#habits.set(viewer, habit);
    }
    book.#forgottenCount = kept.forgottenCount;
    return book;
  }
}
