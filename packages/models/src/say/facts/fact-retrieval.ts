// Finds the product facts that answer a question: the field asked for by its cue words first, then BM25 (Robertson &
// Zaragoza 2009; k1 1.2, b .75) fused with character trigrams, which forgive typos. A fact is cited by id and version.
// It abstains when the field asked for is not among the product's facts, when the question names a size or colour no fact
// knows of, and when too little of the question is covered: a similarity score alone is no confidence.
import { InputError } from '../../input-error.ts';
import { normalizeChat } from '../text/normalize-chat.ts';
import { tokenize } from '../text/tokenize.ts';
import { askedField, DEFAULT_CUES, type FieldCues, namedSlots } from './field-cues.ts';

/** One fact of a product, e.g. field 'price', text 'price 49.00 EUR'. */
export type ProductFact = {
  readonly id: string;
  readonly productId: string;
  readonly version: number;
  readonly field: string;
  readonly text: string;
};

export type FactAnswer =
  | {
      readonly kind: 'found';
      readonly facts: readonly { readonly fact: ProductFact; readonly score: number }[];
      readonly field: string | null;
    }
  | {
      readonly kind: 'abstained';
      readonly reason: 'no_facts' | 'field_missing' | 'slot_missing' | 'not_covered';
      readonly field: string | null;
    };

export type FactOptions = {
  readonly bm25Share: number;
  /** Least fused score, 0..1. */
  readonly minScore: number;
  readonly maxFacts: number;
  readonly cues: FieldCues;
  /** Fields whose answer must itself name the size or colour asked for: one stock figure says nothing of one size. */
  readonly perSlotFields: ReadonlySet<string>;
};

export const DEFAULT_FACTS: FactOptions = {
  bm25Share: 0.5,
  minScore: 0.25,
  maxFacts: 3,
  cues: DEFAULT_CUES,
  perSlotFields: new Set(['stock']),
};

const K1 = 1.2;
const B = 0.75;

type Indexed = {
  readonly fact: ProductFact;
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
  readonly trigrams: ReadonlySet<string>;
};

export class FactIndex {
  readonly options: FactOptions;
  readonly #facts = new Map<string, Indexed>();
  readonly #byProduct = new Map<string, Map<string, Indexed>>();
  readonly #textCounts = new Map<string, number>();
  #totalLength = 0;

  constructor(options: FactOptions = DEFAULT_FACTS) {
    this.options = options;
  }

  get size(): number {
    return this.#facts.size;
  }

  /** Adds a fact or replaces the one with its id; an older version than the one held is ignored. Refuses a version that is no number. */
  put(fact: ProductFact): void {
    if (!Number.isFinite(fact.version)) throw new InputError(`${fact.version} is not a version`, { column: 'version' });
    const held = this.#facts.get(fact.id);
    if (held !== undefined && held.fact.version > fact.version) return;
    this.remove(fact.id);
    const tokens = tokenize(normalizeChat(`${fact.field} ${fact.text}`).text);
    const counts = new Map<string, number>();
    for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
    for (const token of counts.keys()) this.#textCounts.set(token, (this.#textCounts.get(token) ?? 0) + 1);
    this.#totalLength += tokens.length;
    const indexed = { fact, counts, length: tokens.length, trigrams: trigramsOf(tokens) };
    this.#facts.set(fact.id, indexed);
    const ofProduct = this.#byProduct.get(fact.productId) ?? new Map<string, Indexed>();
    this.#byProduct.set(fact.productId, ofProduct.set(fact.id, indexed));
  }

  remove(id: string): void {
    const held = this.#facts.get(id);
    if (held === undefined) return;
    this.#facts.delete(id);
    this.#byProduct.get(held.fact.productId)?.delete(id);
    if (this.#byProduct.get(held.fact.productId)?.size === 0) this.#byProduct.delete(held.fact.productId);
    this.#totalLength -= held.length;
    for (const token of held.counts.keys()) {
      const left = (this.#textCounts.get(token) ?? 1) - 1;
      if (left === 0) this.#textCounts.delete(token);
      else this.#textCounts.set(token, left);
    }
  }

  /** Facts that answer the question, of one product (the one on display) or of all. Deterministic: ties by id. */
  find(question: string, productId: string | null = null): FactAnswer {
    const candidates = [...(productId === null ? this.#facts : (this.#byProduct.get(productId) ?? new Map<string, Indexed>())).values()];
    const normalized = normalizeChat(question).text;
    const field = askedField(normalized, this.options.cues);
    if (candidates.length === 0) return { kind: 'abstained', reason: 'no_facts', field };
    const exact = field === null ? candidates : candidates.filter(({ fact }) => fact.field === field);
    if (exact.length === 0) return { kind: 'abstained', reason: 'field_missing', field };
    const slots = namedSlots(normalized);
    const knowsAll = ({ counts }: Indexed) => slots.every((slot) => counts.has(slot));
    const naming = exact.filter(knowsAll);
    const mustName = field !== null && this.options.perSlotFields.has(field);
    if (naming.length === 0 && (mustName || !candidates.some(knowsAll))) return { kind: 'abstained', reason: 'slot_missing', field };
    const ranked = this.#rank(naming.length > 0 ? naming : exact, normalized);
    const facts = field === null ? ranked.filter(({ score }) => score >= this.options.minScore) : ranked;
    if (facts.length === 0) return { kind: 'abstained', reason: 'not_covered', field };
    return { kind: 'found', field, facts: facts.slice(0, this.options.maxFacts) };
  }

  /** Fused score in 0..1: share of the question's idf weight that BM25 finds, and share of its trigrams. */
  #rank(candidates: readonly Indexed[], normalized: string): { fact: ProductFact; score: number }[] {
    const tokens = tokenize(normalized);
    const asked = new Set(tokens);
    const trigrams = trigramsOf(tokens);
    const meanLength = this.#totalLength / Math.max(1, this.#facts.size);
    const greatest = [...asked].reduce((sum, token) => sum + this.#idf(token), 0) * (K1 + 1);
    return candidates
      .map(({ fact, counts, length, trigrams: own }) => {
        let bm25 = 0;
        for (const token of asked) {
          const count = counts.get(token) ?? 0;
          if (count > 0) bm25 += (this.#idf(token) * count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / meanLength));
        }
        let common = 0;
        for (const trigram of trigrams) if (own.has(trigram)) common += 1;
        const lexical = greatest > 0 ? bm25 / greatest : 0;
        const fuzzy = trigrams.size > 0 ? common / trigrams.size : 0;
        return { fact, score: Math.min(1, this.options.bm25Share * lexical + (1 - this.options.bm25Share) * fuzzy) };
      })
      .sort((a, b) => b.score - a.score || (a.fact.id < b.fact.id ? -1 : 1));
  }

  #idf(token: string): number {
    const df = this.#textCounts.get(token) ?? 0;
    return Math.log(1 + (this.#facts.size - df + 0.5) / (df + 0.5));
  }
}

function trigramsOf(tokens: readonly string[]): Set<string> {
  const trigrams = new Set<string>();
  for (const token of tokens) {
    const padded = ` ${token} `;
    if (padded.length === 3) trigrams.add(padded);
    for (let start = 0; start + 3 <= padded.length; start += 1) trigrams.add(padded.slice(start, start + 3));
  }
  return trigrams;
}
