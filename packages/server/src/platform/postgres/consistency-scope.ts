// Carries positions to where reads happen, by AsyncLocalStorage: the edges open scopes, `database` notes commits in them
// and asks for the demand, and no module in between knows.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Consistency } from '../../kernel/consistency.ts';
import { type NotedPosition, signPosition, TOKEN_LIFE_SEC, verifyPosition } from './consistency-token.ts';
import { covers, laterOf, UNKNOWN_POSITION, type WalPosition } from './wal-position.ts';

type Scope = { noted: NotedPosition | null; hasCommitted: boolean };

export type ConsistencyScopes = Consistency & {
  /** What a read at this place must see; null = whatever a replica in rotation has. */
  demand(): WalPosition | null;
  /** Whether somebody would take a position now: outside of scopes none is asked for. */
  isOpen(): boolean;
  noteCommit(position: WalPosition): void;
};

export function createConsistencyScopes(deps: {
  key: Uint8Array;
  nowMs: () => number;
  /** Where the primary is now. */
  readPrimaryPosition: () => Promise<WalPosition>;
}): ConsistencyScopes {
  const { key, nowMs } = deps;
  const storage = new AsyncLocalStorage<Scope>();
  const positionOf = (scope: Scope | undefined): WalPosition | null => {
    const noted = scope?.noted ?? null;
    return noted === null || nowMs() - noted.notedAtMs > TOKEN_LIFE_SEC * 1000 ? null : noted.position;
  };
  /** When the primary does not answer, its state is unknown, and reads that must be fresh go there and say so. */
  const primaryNow = () => deps.readPrimaryPosition().catch(() => UNKNOWN_POSITION);
  const runAt = <T>(position: WalPosition, work: () => Promise<T>) =>
    storage.run({ noted: { position, notedAtMs: nowMs() }, hasCommitted: false }, work);

  return {
    open(token) {
      const scope: Scope = { noted: token === undefined ? null : verifyPosition(token, key, nowMs()), hasCommitted: false };
      return {
        run: (work) => storage.run(scope, work),
        token: () => (scope.hasCommitted && scope.noted !== null ? signPosition(scope.noted, key) : null),
      };
    },
    freshly: async (work) => runAt(await primaryNow(), work),
    keep(load) {
      const position = primaryNow();
      return {
        value: position.then((at) => runAt(at, load)),
        async isEnough() {
          const demand = positionOf(storage.getStore());
          return demand === null || covers(await position, demand);
        },
      };
    },
    demand: () => positionOf(storage.getStore()),
    isOpen: () => storage.getStore() !== undefined,
    noteCommit(position) {
      const scope = storage.getStore();
      if (scope === undefined) return;
      const before = positionOf(scope);
      scope.noted = { position: before === null ? position : laterOf(before, position), notedAtMs: nowMs() };
      scope.hasCommitted = true;
    },
  };
}
