import type { HeldText, QuestionGroup } from './stream-types.ts';

/**
 * The card of a group. `cosineOf` = closeness of a text to the group's centre; the representative is the shortest of the
 * third of the texts (at least one) that lie nearest to it: real words of a viewer, never a paraphrase.
 */
export function describeGroup(id: number, texts: readonly HeldText[], cosineOf: (text: HeldText) => number): QuestionGroup {
  const authors = new Map<string, number>();
  let messageCount = 0;
  let firstAtMs = Number.POSITIVE_INFINITY;
  let lastAtMs = Number.NEGATIVE_INFINITY;
  for (const text of texts) {
    for (const [author, value] of text.authors) authors.set(author, Math.max(authors.get(author) ?? 0, value));
    messageCount += text.messageCount;
    firstAtMs = Math.min(firstAtMs, text.firstAtMs);
    lastAtMs = Math.max(lastAtMs, text.lastAtMs);
  }
  let valueMinor = 0;
  for (const value of authors.values()) valueMinor += value;
  return {
    id,
    askerCount: authors.size,
    textCount: texts.length,
    messageCount,
    firstAtMs,
    lastAtMs,
    valueMinor,
    representative: representativeOf(texts, cosineOf),
    textIds: texts.map((text) => text.id),
  };
}

function representativeOf(texts: readonly HeldText[], cosineOf: (text: HeldText) => number): string {
  const near = texts
    .map((text) => ({ original: text.original, id: text.id, cosine: cosineOf(text) }))
    .sort((a, b) => b.cosine - a.cosine || a.id - b.id)
    .slice(0, Math.ceil(texts.length / 3));
  let best = near[0]?.original ?? '';
  for (const { original } of near) if (original.length < best.length) best = original;
  return best;
}

/** By distinct askers, then age (oldest first), then value at stake. */
export function compareGroups(a: QuestionGroup, b: QuestionGroup): number {
  return b.askerCount - a.askerCount || a.firstAtMs - b.firstAtMs || b.valueMinor - a.valueMinor || a.id - b.id;
}
