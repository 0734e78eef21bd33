// Speak IQ, the plain rule: questions whose content words are equal (and that are about the same product) become
// one, counted by distinct askers: one author a thousand times is one voice. State in, state out, no clock.
import type { Product, ProductId, QuestionCluster, QuestionClusterId, Questions, ViewerId } from '@insp/protocol';
import { matchFacts } from './product-facts.ts';
import { contentWords, isQuestion, normalizeQuestion } from './question-text.ts';

export const QUESTION_LIMITS = { clustersPerShow: 500, askersPerCluster: 10_000, wordingsPerCluster: 50, clustersShown: 20 } as const;

export type AskedQuestion = { viewerId: ViewerId; text: string; askedAt: number; featuredProductId: ProductId | null };

type Cluster = {
  id: QuestionClusterId;
  key: string;
  words: string[];
  productId: ProductId | null;
  askers: Set<string>;
  messageCount: number;
  /** Normalized wording -> how often, and the first original of it. */
  wordings: Map<string, { count: number; original: string }>;
  firstAskedAt: number;
  lastAskedAt: number;
  answeredAt: number | null;
};

export type QuestionBoard = {
  /** Takes one chat line; returns the cluster it joined, or null when it asks nothing. */
  ask(question: AskedQuestion): QuestionClusterId | null;
  /** Marks answered (or open again); null when there is no such cluster or nothing changes. */
  setAnswered(
    id: QuestionClusterId,
    answeredAt: number | null,
  ): { key: string; openMs: number; askerCount: number; productId: ProductId | null } | null;
  /** Applies answers that were stored before a restart. */
  restoreAnswered(key: string, answeredAt: number): void;
  view(now: number): Questions;
  /** Drops one viewer's voice (erasure). */
  forget(viewerId: ViewerId): void;
};

export type QuestionBoardDeps = { createId: () => QuestionClusterId; products: () => readonly Product[]; locale: string };

export function createQuestionBoard(deps: QuestionBoardDeps): QuestionBoard {
  const clusters = new Map<string, Cluster>();
  const answeredKeys = new Map<string, number>();

  function evictOne(): void {
    const candidates = [...clusters.values()].sort(
      (a, b) =>
        Number(a.answeredAt === null) - Number(b.answeredAt === null) || a.askers.size - b.askers.size || a.lastAskedAt - b.lastAskedAt,
    );
    const victim = candidates[0];
    if (victim) clusters.delete(victim.key);
  }

  return {
    ask({ viewerId, text, askedAt, featuredProductId }) {
      if (!isQuestion(text)) return null;
      const { productId, words } = subjectOf(contentWords(text), deps.products(), featuredProductId);
      const key = `${productId ?? ''}|${words.join(' ')}`;
      let cluster = clusters.get(key);
      if (!cluster) {
        if (clusters.size >= QUESTION_LIMITS.clustersPerShow) evictOne();
        cluster = {
          id: deps.createId(),
          key,
          words,
          productId,
          askers: new Set(),
          messageCount: 0,
          wordings: new Map(),
          firstAskedAt: askedAt,
          lastAskedAt: askedAt,
          answeredAt: answeredKeys.get(key) ?? null,
        };
        clusters.set(key, cluster);
      }
      if (cluster.askers.size < QUESTION_LIMITS.askersPerCluster) cluster.askers.add(viewerId);
      cluster.messageCount += 1;
      cluster.lastAskedAt = Math.max(cluster.lastAskedAt, askedAt);
      const wording = normalizeQuestion(text);
      const known = cluster.wordings.get(wording);
      if (known) known.count += 1;
      else if (cluster.wordings.size < QUESTION_LIMITS.wordingsPerCluster) cluster.wordings.set(wording, { count: 1, original: text });
      return cluster.id;
    },

    setAnswered(id, answeredAt) {
      const cluster = [...clusters.values()].find((candidate) => candidate.id === id);
      if (!cluster || (cluster.answeredAt === null) === (answeredAt === null)) return null;
      cluster.answeredAt = answeredAt;
      if (answeredAt === null) answeredKeys.delete(cluster.key);
      else answeredKeys.set(cluster.key, answeredAt);
      return {
        key: cluster.key,
        openMs: (answeredAt ?? cluster.firstAskedAt) - cluster.firstAskedAt,
        askerCount: cluster.askers.size,
        productId: cluster.productId,
      };
    },

    restoreAnswered(key, answeredAt) {
      answeredKeys.set(key, answeredAt);
      const cluster = clusters.get(key);
      if (cluster) cluster.answeredAt = answeredAt;
    },

    view(now) {
      const products = new Map(deps.products().map((product) => [product.id, product]));
      const all = [...clusters.values()];
      const open = all.filter((cluster) => cluster.answeredAt === null);
      const rank = (a: Cluster, b: Cluster) => b.askers.size - a.askers.size || b.lastAskedAt - a.lastAskedAt;
      const answered = all.filter((cluster) => cluster.answeredAt !== null).sort((a, b) => (b.answeredAt ?? 0) - (a.answeredAt ?? 0));
      const shown = [...open.sort(rank).slice(0, QUESTION_LIMITS.clustersShown), ...answered.slice(0, 5)];
      return { clusters: shown.map((cluster) => draw(cluster, products, deps.locale)), openCount: open.length, updatedAt: now };
    },

    forget(viewerId) {
      for (const cluster of clusters.values()) {
        if (cluster.askers.delete(viewerId) && cluster.askers.size === 0) clusters.delete(cluster.key);
      }
    },
  };
}

/** The product a question is about: one named in it (its name then leaves the words), else the one on display. */
function subjectOf(
  words: string[],
  products: readonly Product[],
  featured: ProductId | null,
): { productId: ProductId | null; words: string[] } {
  let best: { id: ProductId; named: Set<string> } | null = null;
  for (const product of products) {
    const title = new Set(contentWords(product.title));
    const named = new Set(words.filter((word) => title.has(word)));
    if (named.size > (best?.named.size ?? 0)) best = { id: product.id, named };
  }
  if (!best) return { productId: featured, words };
  const rest = words.filter((word) => !best.named.has(word));
  return { productId: best.id, words: rest.length > 0 ? rest : words };
}

function draw(cluster: Cluster, products: Map<ProductId, Product>, locale: string): QuestionCluster {
  const wordings = [...cluster.wordings.values()].sort((a, b) => b.count - a.count);
  const product = cluster.productId ? products.get(cluster.productId) : undefined;
  const match = product ? matchFacts(cluster.words, product, locale) : { factNames: [], answer: '' };
  const askers = cluster.askers.size;
  const others = cluster.wordings.size - 1;
  return {
    id: cluster.id,
    text: wordings[0]?.original ?? '',
    askerCount: askers,
    messageCount: cluster.messageCount,
    productId: cluster.productId,
    suggestedAnswer: match.answer,
    factNames: match.factNames,
    state: cluster.answeredAt === null ? 'open' : 'answered',
    firstAskedAt: cluster.firstAskedAt,
    lastAskedAt: cluster.lastAskedAt,
    reason: `${askers === 1 ? 'one person asks' : `${askers} people ask`}${others > 0 ? `, ${others + 1} wordings with the same words` : ''}`,
  };
}
