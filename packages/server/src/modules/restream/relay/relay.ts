// One broadcast on its way to all its targets: the ring they share, and each target by itself. What one of them throws or
// waits for never reaches the ingest or another target.
import type { FlvTag } from '@insp/media';
import type { Clock } from '../../../kernel/clock.ts';
import type { Logger } from '../../../kernel/logger.ts';
import { createTagRing, type TagRing } from './tag-ring.ts';
import type { Target } from './target.ts';

export type Relay = {
  readonly ring: TagRing;
  readonly hasSource: boolean;
  add(targetId: string, target: Target): void;
  /** Takes the target out; its owner ends it. */
  remove(targetId: string): void;
  connected(): void;
  tag(tag: FlvTag): void;
  disconnected(): void;
};

export function createRelay({ clock, logger }: { clock: Clock; logger: Logger }): Relay {
  const ring = createTagRing();
  const targets = new Map<string, Target>();
  let hasSource = false;

  function each(call: (target: Target) => void): void {
    for (const [targetId, target] of targets) {
      try {
        call(target);
      } catch (error) {
        logger.error({ err: error, targetId }, 'a restream target failed');
      }
    }
  }

  return {
    ring,
    get hasSource() {
      return hasSource;
    },
    add(targetId, target) {
      targets.set(targetId, target);
      if (hasSource) target.sourceBegan();
    },
    remove: (targetId) => void targets.delete(targetId),
    connected() {
      ring.begin();
    },
    tag(tag) {
      const relayTag = ring.push(tag, clock.steadyMs());
      if (relayTag === null) return;
      // An encoder is there once its first key frame is.
      if (!hasSource && relayTag.role === 'key') {
        hasSource = true;
        each((target) => target.sourceBegan());
      }
      each((target) => target.push(relayTag));
    },
    disconnected() {
      hasSource = false;
      each((target) => target.sourceLost());
    },
  };
}
