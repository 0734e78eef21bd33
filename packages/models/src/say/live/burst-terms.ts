// Words the chat suddenly uses: a fast and a slow running mean of each word's rate (exponential decay), compared as
// z = (fast - slow) / sqrt(variance of the fast mean under the slow rate). A word counts once per author and fast window,
// so one author cannot make a burst.
import { bytesToSnapshot, jsonToBytes } from '../group/json-bytes.ts';
import { normalizeChat } from '../text/normalize-chat.ts';
import { tokenize } from '../text/tokenize.ts';

export type BurstOptions = {
  readonly fastHalfLifeMs: number;
  readonly slowHalfLifeMs: number;
  readonly minZ: number;
  /** Distinct authors needed within the fast window. */
  readonly minAuthors: number;
  /** Words remembered; when there are more, the quarter not used for longest is forgotten. */
  readonly maxTerms: number;
};

export const DEFAULT_BURST: BurstOptions = { fastHalfLifeMs: 15_000, slowHalfLifeMs: 300_000, minZ: 4, minAuthors: 4, maxTerms: 20_000 };

export type BurstTerm = { readonly term: string; readonly z: number; readonly authorCount: number };

type Term = { fast: number; slow: number; atMs: number; authors: Map<string, number> };

/** Authors remembered per word. */
const MAX_AUTHORS = 256;
const SNAPSHOT_VERSION = 1;

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
    this.addNormalized(normalizeChat(text).text, author, occurredAtMs);
  }

  /** The same for a text already in normal form. */
  addNormalized(normalized: string, author: string, occurredAtMs: number): void {
    if (Number.isNaN(this.#startedAtMs)) this.#startedAtMs = occurredAtMs;
    const spanMs = 2 * this.options.fastHalfLifeMs;
    for (const term of new Set(tokenize(normalized))) {
      const known = this.#terms.get(term);
      if (known === undefined) {
        this.#terms.set(term, { fast: 1, slow: 1, atMs: occurredAtMs, authors: new Map([[author, occurredAtMs]]) });
        continue;
      }
      const last = known.authors.get(author);
      if (last !== undefined && occurredAtMs - last < spanMs) continue;
      this.#decay(known, occurredAtMs);
      known.fast += 1;
      known.slow += 1;
      known.authors.set(author, occurredAtMs);
      if (known.authors.size > MAX_AUTHORS) forgetOldest(known.authors, (at) => at, MAX_AUTHORS / 4);
    }
    const { maxTerms } = this.options;
    if (this.#terms.size > maxTerms) forgetOldest(this.#terms, ({ atMs }) => atMs, this.#terms.size - Math.ceil(0.75 * maxTerms));
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

  /** Everything needed to go on, as UTF-8 JSON with a version. Holds authors: personal data. */
  snapshot(): Uint8Array {
    const terms = [...this.#terms].map(([term, { fast, slow, atMs, authors }]) => [term, fast, slow, atMs, [...authors]]);
    return jsonToBytes({ version: SNAPSHOT_VERSION, startedAtMs: Number.isNaN(this.#startedAtMs) ? null : this.#startedAtMs, terms });
  }

  /** Goes on exactly where the snapshot was taken. Refuses bytes of another version. */
  static restore(bytes: Uint8Array, options: BurstOptions = DEFAULT_BURST): BurstTerms {
    const saved = bytesToSnapshot<{
      version: number;
      startedAtMs: number | null;
      terms: [string, number, number, number, [string, number][]][];
    }>(bytes, SNAPSHOT_VERSION, 'burst words');
    const bursts = new BurstTerms(options);
    bursts.#startedAtMs = saved.startedAtMs ?? Number.NaN;
    for (const [term, fast, slow, atMs, authors] of saved.terms) bursts.#terms.set(term, { fast, slow, atMs, authors: new Map(authors) });
    return bursts;
  }

  #decay(term: Term, nowMs: number): void {
    const elapsedMs = nowMs - term.atMs;
    if (!(elapsedMs > 0)) return;
    term.fast *= Math.exp((-Math.LN2 * elapsedMs) / this.options.fastHalfLifeMs);
    term.slow *= Math.exp((-Math.LN2 * elapsedMs) / this.options.slowHalfLifeMs);
    term.atMs = nowMs;
  }
}

/** Removes the `count` entries (at least one) of least time; of equally old ones those added first. */
function forgetOldest<K, V>(entries: Map<K, V>, timeOf: (value: V) => number, count: number): void {
  const byAge = [...entries].sort((a, b) => timeOf(a[1]) - timeOf(b[1]));
  for (const [key] of byAge.slice(0, Math.max(1, Math.floor(count)))) entries.delete(key);
}
