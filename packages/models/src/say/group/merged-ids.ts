/** Ids remembered after their group was merged into another; the oldest is forgotten. */
const MAX_REMEMBERED = 4_096;

/** Which group an id means now: groups merge, and a card or an answer may still hold the old id. */
export class MergedIds {
  readonly #into: Map<number, number>;

  constructor(entries: Iterable<readonly [number, number]> = []) {
    this.#into = new Map(entries);
  }

  get entries(): readonly (readonly [number, number])[] {
    return [...this.#into];
  }

  /** After a regrouping: an old id no row carries any more leads to the id most of its rows carry now. */
  note(before: ArrayLike<number>, after: ArrayLike<number>): void {
    const alive = new Set(Array.from(after));
    const heirs = new Map<number, Map<number, number>>();
    for (let i = 0; i < before.length; i += 1) {
      const old = before[i] as number;
      if (alive.has(old)) continue;
      const counts = heirs.get(old) ?? new Map<number, number>();
      counts.set(after[i] as number, (counts.get(after[i] as number) ?? 0) + 1);
      heirs.set(old, counts);
    }
    for (const [old, counts] of heirs) {
      const [heir] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0] as [number, number];
      this.#into.set(old, heir);
      if (this.#into.size > MAX_REMEMBERED) this.#into.delete(this.#into.keys().next().value as number);
    }
  }

  /** Follows merges to the id that stands today. Ids are never given out twice, so the walk ends. */
  current(id: number): number {
    let now = id;
    for (let next = this.#into.get(now); next !== undefined; next = this.#into.get(now)) now = next;
    return now;
  }
}
