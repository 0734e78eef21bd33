// Words the chat suddenly uses: a fast and a slow running mean of each word's rate (exponential decay), compared as
// z = (fast - slow) / sqrt(variance of the fast mean under the slow rate). A word counts once per author and fast window,
// so one author cannot make a burst.
import { normalizeChat } from '../text/normalize-chat.ts';
import { tokenize } from '../text/tokenize.ts';

export type BurstOptions = {
  readonly fastHalfLifeMs: number;
  readonly slowHalfLifeMs: number;
  readonly minZ: number;
  /** Distinct authors needed within the fast window. */
  readonly minAuthors: number;
  readonly maxTerms: number;
};

export const DEFAULT_BURST: BurstOptions = { fastHalfLifeMs: 15_000, slowHalfLifeMs: 300_000, minZ: 4, minAuthors: 4, maxTerms: 20_000 };

export type BurstTerm = { readonly term: string; readonly z: number; readonly authorCount: number };

type Term = { fast: number; slow: number; atMs: number; authors: Map<string, number> };

/** Authors remembered per word. */
const MAX_AUTHORS = 256;

export class BurstTerms {
  readonly options: BurstOptions;
  readonly #terms = new Map<string, Term>();
  #startedAtMs = Number.NaN;

  constructor(options: BurstOptions = DEFAULT_BURST) {
    this.options = options;
  }

  get termCount(): number {
    return this.#terms.size;
  }

  /** Takes one message; times may go back a little (they are then taken as now). */
  add(text: string, author: string, occurredAtMs: number): void {
    if (Number.isNaN(this.#startedAtMs)) this.#startedAtMs = occurredAtMs;
    for (const term of new Set(tokenize(normalizeChat(text).text))) {
      const known = this.#terms.get(term) ?? { fast: 0, slow: 0, atMs: occurredAtMs, authors: new Map<string, number>() };
      const last = known.authors.get(author);
      if (last !== undefined && occurredAtMs - last < 2 * this.options.fastHalfLifeMs) continue;
      this.#decay(known, occurredAtMs);
      known.fast += 1;
      known.slow += 1;
      known.authors.delete(author);
      known.authors.set(author, occurredAtMs);
      if (known.authors.size > MAX_AUTHORS) known.authors.delete(known.authors.keys().next().value as string);
      // Re-inserting keeps the map in order of last use, so the first is the one to forget.
      this.#terms.delete(term);
      this.#terms.set(term, known);
      if (this.#terms.size > this.options.maxTerms) this.#terms.delete(this.#terms.keys().next().value as string);
    }
  }

  /** The strongest bursts now, by falling z. */
  top(count: number, nowMs: number): BurstTerm[] {
    const { fastHalfLifeMs, slowHalfLifeMs, minZ, minAuthors } = this.options;
    const fastSpan = fastHalfLifeMs / Math.LN2;
    // Before the slow mean has seen its span, its decayed sum covers only the time since the start.
    const slowSpan = Math.max(fastSpan, (slowHalfLifeMs / Math.LN2) * (1 - 2 ** (-(nowMs - this.#startedAtMs) / slowHalfLifeMs)));
    const bursts: BurstTerm[] = [];
    for (const [term, known] of this.#terms) {
      this.#decay(known, nowMs);
      const expected = Math.max(0.5, ((known.slow - known.fast) * fastSpan) / Math.max(fastSpan, slowSpan - fastSpan));
      const z = (known.fast - expected) / Math.sqrt(expected);
      if (z < minZ) continue;
      let authorCount = 0;
      for (const at of known.authors.values()) if (nowMs - at <= 2 * fastHalfLifeMs) authorCount += 1;
      if (authorCount >= minAuthors) bursts.push({ term, z, authorCount });
    }
    return bursts.sort((a, b) => b.z - a.z || (a.term < b.term ? -1 : 1)).slice(0, count);
  }

  #decay(term: Term, nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - term.atMs);
    term.fast *= 2 ** (-elapsedMs / this.options.fastHalfLifeMs);
    term.slow *= 2 ** (-elapsedMs / this.options.slowHalfLifeMs);
    term.atMs = Math.max(term.atMs, nowMs);
  }
}
