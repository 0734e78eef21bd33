// Facts travel here inside one process: past tense, the owner publishes after commit, many listen. A listener
// that fails is logged and harms nobody else; a publisher never waits for its listeners.
import type { EventName, Fact, FactOf } from '@insp/protocol';
import type { Logger } from './logger.ts';

export type EventBus = {
  on<N extends EventName>(name: N, listen: (fact: FactOf<N>) => void | Promise<void>): () => void;
  publish(facts: readonly Fact[]): void;
};

export function createEventBus(logger: Logger): EventBus {
  const listeners = new Map<string, Set<(fact: never) => void | Promise<void>>>();
  return {
    on(name, listen) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listen as (fact: never) => void);
      return () => set.delete(listen as (fact: never) => void);
    },
    publish(facts) {
      for (const fact of facts) {
        for (const listen of listeners.get(fact.name) ?? []) {
          const failed = (cause: unknown) => logger.error({ err: cause, event: fact.name }, 'a listener failed');
          try {
            Promise.resolve(listen(fact as never)).catch(failed);
          } catch (cause) {
            failed(cause);
          }
        }
      }
    },
  };
}
