// The lives of all question groups of a show, by group id. Groups merge while the chat goes on, so lives merge too: what
// needs the host most wins, and an answer that covered one half only does not close the whole.
import { bytesToSnapshot, jsonToBytes } from '../group/json-bytes.ts';
import {
  nextQuestionLife,
  noteFactVersion,
  openQuestion,
  type QuestionEffect,
  type QuestionEvent,
  type QuestionLife,
  type QuestionState,
} from './question-life.ts';

/** Lives kept; when there are more, the one unchanged for longest is forgotten. */
const MAX_LIVES = 2_000;
const SNAPSHOT_VERSION = 1;

/** The first of two merging states in this list is the state of both. */
const NEEDIEST_FIRST: readonly QuestionState[] = ['reopened', 'drafted', 'open', 'answered_in_chat', 'answered_on_air'];

export class QuestionLives {
  readonly #lives = new Map<number, QuestionLife>();

  get size(): number {
    return this.#lives.size;
  }

  /** Life of a group; null = nothing was ever noted of it. */
  lifeOf(groupId: number): QuestionLife | null {
    return this.#lives.get(groupId) ?? null;
  }

  /** Moves a group's life by one event, from `open` when it had none. What to do about it comes back. */
  apply(groupId: number, event: QuestionEvent, nowMs: number, facts?: ReadonlyMap<string, number>): QuestionEffect {
    const { life, effect } = nextQuestionLife(this.#lives.get(groupId) ?? openQuestion(nowMs), event, nowMs, facts);
    this.#lives.set(groupId, life);
    if (this.#lives.size > MAX_LIVES) this.#forgetOldest();
    return effect;
  }

  /** A fact has a new version: every draft or answer that rested on an older one moves. Groups that did, with the effect. */
  noteFact(factId: string, version: number, nowMs: number): { readonly groupId: number; readonly effect: QuestionEffect }[] {
    const moved: { groupId: number; effect: QuestionEffect }[] = [];
    for (const [groupId, life] of this.#lives) {
      const next = noteFactVersion(life, factId, version, nowMs);
      if (next.life === life) continue;
      this.#lives.set(groupId, next.life);
      moved.push({ groupId, effect: next.effect });
    }
    return moved;
  }

  /** Brings lives to the ids their groups go by today (StreamGrouper.currentGroupId); call it after a repair. */
  follow(currentGroupId: (groupId: number) => number): void {
    for (const [groupId, life] of [...this.#lives]) {
      const today = currentGroupId(groupId);
      if (today === groupId) continue;
      this.#lives.delete(groupId);
      const other = this.#lives.get(today);
      this.#lives.set(today, other === undefined ? life : mergeLives(life, other));
    }
  }

  snapshot(): Uint8Array {
    const lives = [...this.#lives].map(([groupId, { state, changedAtMs, facts }]) => [groupId, state, changedAtMs, [...facts]]);
    return jsonToBytes({ version: SNAPSHOT_VERSION, lives });
  }

  /** Refuses bytes of another version. */
  static restore(bytes: Uint8Array): QuestionLives {
    const saved = bytesToSnapshot<{ version: number; lives: [number, QuestionState, number, [string, number][]][] }>(
      bytes,
      SNAPSHOT_VERSION,
      'question lives',
    );
    const lives = new QuestionLives();
    for (const [groupId, state, changedAtMs, facts] of saved.lives)
      lives.#lives.set(groupId, { state, changedAtMs, facts: new Map(facts) });
    return lives;
  }

  #forgetOldest(): void {
    let oldest: number | null = null;
    let leastMs = Number.POSITIVE_INFINITY;
    for (const [groupId, { changedAtMs }] of this.#lives) {
      if (changedAtMs >= leastMs) continue;
      leastMs = changedAtMs;
      oldest = groupId;
    }
    if (oldest !== null) this.#lives.delete(oldest);
  }
}

/** Two answers stand on the facts of both, each in the older version, so that a change of either reopens. */
export function mergeLives(a: QuestionLife, b: QuestionLife): QuestionLife {
  const needier = NEEDIEST_FIRST.indexOf(a.state) <= NEEDIEST_FIRST.indexOf(b.state) ? a : b;
  const other = needier === a ? b : a;
  if (!needier.state.startsWith('answered')) return needier;
  const facts = new Map(needier.facts);
  for (const [id, version] of other.facts) facts.set(id, Math.min(version, facts.get(id) ?? version));
  return { state: needier.state, changedAtMs: Math.max(a.changedAtMs, b.changedAtMs), facts };
}
