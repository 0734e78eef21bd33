// Rapid taps are one request (product.md EM6): counted per kind and sent four times a second, at most 50 each.
import { LIMITS, REACTION_KINDS, type ReactionKind } from '@insp/protocol';

export const REACTION_FLUSH_MS = 250;

export type ReactionBuffer = { add(kind: ReactionKind): void; stop(): void };

export function createReactionBuffer(deps: {
  after(delayMs: number, work: () => void): () => void;
  send(kind: ReactionKind, count: number): void;
}): ReactionBuffer {
  const counts = new Map<ReactionKind, number>();
  let cancel: (() => void) | null = null;

  const flush = () => {
    cancel = null;
    for (const kind of REACTION_KINDS) {
      const count = counts.get(kind) ?? 0;
      if (count > 0) deps.send(kind, count);
    }
    counts.clear();
  };

  return {
    add(kind) {
      counts.set(kind, Math.min((counts.get(kind) ?? 0) + 1, LIMITS.reactionsPerRequest));
      cancel ??= deps.after(REACTION_FLUSH_MS, flush);
    },
    stop() {
      cancel?.();
      cancel = null;
      counts.clear();
    },
  };
}
