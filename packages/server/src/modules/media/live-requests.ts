// Requests for what a show will have in a moment: they wait here until the window changes (blocking reload and hinted
// parts, RFC 8216bis 6.2.5.2 and 6.2.6). All that ask for the same thing are one group and get the same answer, so a
// change costs by kinds of requests, not by viewers.
import type { Directives, LiveAnswer, LiveWindow } from '@insp/media';
import type { Clock } from '../../kernel/clock.ts';

export const LIVE_REQUEST_LIMITS = {
  /** Of one show, on this server. Behind a cache that joins equal requests there are a few dozen. */
  waitingCount: 10_000,
  /** 6.2.5.2: longer than this the server says that it cannot. */
  targetDurations: 3,
  sweepMs: 250,
} as const;

export type RequestAnswer =
  | Exclude<LiveAnswer, { kind: 'wait' }>
  | { readonly kind: 'too_late' }
  | { readonly kind: 'too_many' }
  /** The server stops. */
  | { readonly kind: 'stopped' };

type Waiting = { readonly onAnswer: (answer: RequestAnswer) => void; readonly deadlineMs: number };
type Group = { readonly name: string; readonly directives: Directives; readonly waiting: Set<Waiting> };

export type LiveRequests = {
  /** Answers at once, or later; the return value withdraws the request. */
  ask(name: string, directives: Directives, onAnswer: (answer: RequestAnswer) => void): () => void;
  /** The window changed. */
  changed(): void;
  /** Sends everybody away. */
  stop(): void;
  readonly waitingCount: number;
};

export function createLiveRequests({ window, clock }: { window: LiveWindow; clock: Clock }): LiveRequests {
  const groups = new Map<string, Group>();
  let waitingCount = 0;
  let stopSweeping: (() => void) | null = null;

  function remove(key: string, group: Group, waiting: Waiting): boolean {
    if (!group.waiting.delete(waiting)) return false;
    waitingCount -= 1;
    if (group.waiting.size === 0) groups.delete(key);
    if (waitingCount === 0) {
      stopSweeping?.();
      stopSweeping = null;
    }
    return true;
  }

  function settle(key: string, group: Group, answer: RequestAnswer, isDue = (_waiting: Waiting) => true): void {
    for (const waiting of [...group.waiting]) if (isDue(waiting) && remove(key, group, waiting)) waiting.onAnswer(answer);
  }

  function sweep(): void {
    const nowMs = clock.steadyMs();
    for (const [key, group] of groups) settle(key, group, { kind: 'too_late' }, ({ deadlineMs }) => deadlineMs <= nowMs);
  }

  return {
    ask(name, directives, onAnswer) {
      const answer = window.request(name, directives);
      const isFull = waitingCount >= LIVE_REQUEST_LIMITS.waitingCount;
      if (answer.kind !== 'wait' || isFull) {
        onAnswer(answer.kind === 'wait' ? { kind: 'too_many' } : answer);
        return () => {};
      }
      const key = `${name} ${directives.mediaSequence} ${directives.partIndex} ${directives.skip}`;
      const group = groups.get(key) ?? { name, directives, waiting: new Set() };
      groups.set(key, group);
      const patienceMs = answer.targetDurationSec * LIVE_REQUEST_LIMITS.targetDurations * 1000;
      const waiting = { onAnswer, deadlineMs: clock.steadyMs() + patienceMs };
      group.waiting.add(waiting);
      waitingCount += 1;
      stopSweeping ??= clock.every(LIVE_REQUEST_LIMITS.sweepMs, sweep);
      return () => remove(key, group, waiting);
    },
    changed() {
      for (const [key, group] of [...groups]) {
        const answer = window.request(group.name, group.directives);
        if (answer.kind !== 'wait') settle(key, group, answer);
      }
    },
    stop() {
      for (const [key, group] of [...groups]) settle(key, group, { kind: 'stopped' });
    },
    get waitingCount() {
      return waitingCount;
    },
  };
}
