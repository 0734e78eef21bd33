/**
 * Keeps the best `capacity` of a stream of numbered candidates: a binary heap over preallocated arrays with the worst on top.
 * Better = higher score, then higher second key, then offered earlier, so the outcome does not depend on how candidates are numbered.
 */
export class TopSelector {
  readonly capacity: number;
  readonly #ids: Int32Array;
  readonly #scores: Float64Array;
  readonly #seconds: Float64Array;
  readonly #turns: Int32Array;
  #size = 0;
  #turn = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#ids = new Int32Array(capacity);
    this.#scores = new Float64Array(capacity);
    this.#seconds = new Float64Array(capacity);
    this.#turns = new Int32Array(capacity);
  }

  clear(): void {
    this.#size = 0;
    this.#turn = 0;
  }

  offer(id: number, score: number, second = 0): void {
    const turn = this.#turn;
    this.#turn += 1;
    if (this.#size < this.capacity) {
      this.#size += 1;
      this.#rise(this.#size - 1, id, score, second, turn);
      return;
    }
    if (this.capacity === 0 || !this.#beats(score, second, turn, 0)) return;
    this.#sink(this.#size, id, score, second, turn);
  }

  /** Empties the selector into `out`, best first; returns how many. `outScores` gets the scores. */
  drain(out: Int32Array, outScores: Float64Array | null = null): number {
    const count = this.#size;
    for (let place = count - 1; place >= 0; place -= 1) {
      out[place] = this.#ids[0] as number;
      if (outScores !== null) outScores[place] = this.#scores[0] as number;
      this.#size -= 1;
      const end = this.#size;
      this.#sink(end, this.#ids[end] as number, this.#scores[end] as number, this.#seconds[end] as number, this.#turns[end] as number);
    }
    this.clear();
    return count;
  }

  #beats(score: number, second: number, turn: number, at: number): boolean {
    const other = this.#scores[at] as number;
    if (score !== other) return score > other;
    const otherSecond = this.#seconds[at] as number;
    return second !== otherSecond ? second > otherSecond : turn < (this.#turns[at] as number);
  }

  #put(at: number, id: number, score: number, second: number, turn: number): void {
    this.#ids[at] = id;
    this.#scores[at] = score;
    this.#seconds[at] = second;
    this.#turns[at] = turn;
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#ids[from] as number, this.#scores[from] as number, this.#seconds[from] as number, this.#turns[from] as number);
  }

  #rise(from: number, id: number, score: number, second: number, turn: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#beats(score, second, turn, parent)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, id, score, second, turn);
  }

  /** Places an entry at the top of a heap of `size` and lets it sink. */
  #sink(size: number, id: number, score: number, second: number, turn: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      const right = child + 1;
      if (right < size && this.#isWorse(right, child)) child = right;
      if (!this.#beats(score, second, turn, child)) break;
      this.#move(child, at);
      at = child;
    }
    if (size > 0) this.#put(at, id, score, second, turn);
  }

  #isWorse(a: number, b: number): boolean {
    return this.#beats(this.#scores[b] as number, this.#seconds[b] as number, this.#turns[b] as number, a);
  }
}
