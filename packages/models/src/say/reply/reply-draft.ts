// A reply as a draft: words, the facts it rests on by id and version, and the check that decides at send time whether it may
// go. A draft is judged against facts read in that moment, never against the ones it was written from.
import { InputError } from '../../input-error.ts';
import type { FactAnswer, ProductFact } from '../facts/fact-retrieval.ts';
import { normalizeChat } from '../text/normalize-chat.ts';
import { uncoveredFigures } from './figures.ts';
import { checkScarcity, type UrgencyProof } from './scarcity-guard.ts';

export type CitedFact = { readonly id: string; readonly version: number };

export type ReplyDraft = {
  readonly id: string;
  readonly questionGroupId: number;
  readonly text: string;
  /** At least one; sorted by id. */
  readonly cites: readonly CitedFact[];
  readonly draftedAtMs: number;
};

/** What the shop says now. `fact` reads the ledger itself (not a replica); null = there is no such fact any more. */
export type ShopNow = { readonly fact: (id: string) => ProductFact | null; readonly proofs: readonly UrgencyProof[] };

export type SendBlock = 'fact_gone' | 'fact_changed' | 'figure_without_fact' | 'urgency_without_proof' | 'too_old';
export type SendVerdict =
  | { readonly kind: 'send'; readonly text: string; readonly cites: readonly CitedFact[]; readonly proofIds: readonly string[] }
  | { readonly kind: 'blocked'; readonly reason: SendBlock; readonly detail: string };

/** Drafts older than this are not sent: the question has moved on. */
export const MAX_DRAFT_AGE_MS = 600_000;

/**
 * A draft from found facts: their texts as the shop wrote them, or the words `phrase` makes of them. Null when retrieval
 * abstained or `phrase` gives nothing: no facts, no draft. Refuses a draft id that is empty.
 */
export function draftReply(
  given: { readonly id: string; readonly questionGroupId: number; readonly nowMs: number },
  answer: FactAnswer,
  phrase: (facts: readonly ProductFact[], field: string | null) => string = (facts) => facts.map(({ text }) => text).join(' \u00b7 '),
): ReplyDraft | null {
  if (given.id === '') throw new InputError('a draft needs an id', { column: 'id' });
  if (answer.kind === 'abstained') return null;
  const facts = answer.facts.map(({ fact }) => fact);
  const text = phrase(facts, answer.field).trim();
  if (text === '' || facts.length === 0) return null;
  const cites = facts.map(({ id, version }) => ({ id, version })).sort((a, b) => (a.id < b.id ? -1 : 1));
  return { id: given.id, questionGroupId: given.questionGroupId, text, cites, draftedAtMs: given.nowMs };
}

/**
 * May the draft go out now? Every cited fact must stand in the cited version, every figure of the text must stand in one of
 * them, every claim of urgency needs its proof. Pure; the caller sends on `send` and on nothing else.
 */
export function checkDraft(draft: ReplyDraft, shop: ShopNow, nowMs: number): SendVerdict {
  if (nowMs - draft.draftedAtMs > MAX_DRAFT_AGE_MS) return blocked('too_old', `${nowMs - draft.draftedAtMs} ms`);
  const sources: string[] = [];
  for (const { id, version } of draft.cites) {
    const fact = shop.fact(id);
    if (fact === null) return blocked('fact_gone', id);
    if (fact.version !== version) return blocked('fact_changed', `${id}: version ${fact.version}, drafted on ${version}`);
    sources.push(fact.text);
  }
  const scarcity = checkScarcity(draft.text, shop.proofs, nowMs);
  if (scarcity.kind === 'blocked') return blocked('urgency_without_proof', scarcity.claims.map(({ words }) => words).join(', '));
  // A proven claim brings its own figure: "ends in 2 minutes".
  const uncovered = uncoveredFigures(draft.text, [...sources, ...scarcity.proven.map(({ claim }) => claim.words)]);
  if (uncovered.length > 0) return blocked('figure_without_fact', uncovered.join(', '));
  return { kind: 'send', text: draft.text, cites: draft.cites, proofIds: scarcity.proven.map(({ proofId }) => proofId) };
}

function blocked(reason: SendBlock, detail: string): SendVerdict {
  return { kind: 'blocked', reason, detail };
}

/** Key of a cached reply: the same question on the same facts in the same versions, and nothing else, hits it. */
export function replyCacheKey(question: string, cites: readonly CitedFact[]): string {
  return JSON.stringify([normalizeChat(question).text, ...cites.map(({ id, version }) => [id, version]).sort()]);
}
