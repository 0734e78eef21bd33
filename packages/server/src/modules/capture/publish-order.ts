// Facts reach the bus in commit order. Transactions of one process that depend on each other (same row lock) insert
// their facts in that order, but the answers to their COMMITs come over different connections and may arrive
// swapped. So each transaction takes a ticket right after its insert, and tickets are published first come, first
// served, once settled. Open tickets are bounded by the connections of the pool; a commit that hangs holds up the bus
// until its connection gives up or PUBLISH_WAITING_MAX others wait behind it, never other transactions.

export type Ticket = { settle(isCommitted: boolean): void };

/** Tickets that may wait behind an open one; with more, the open one is passed by, and told late when it settles. */
export const PUBLISH_WAITING_MAX = 10_000;

export function createPublishOrder<F>(
  publish: (facts: readonly F[]) => void,
  options: { waitingMax?: number; onPassedBy?: () => void } = {},
) {
  const waitingMax = options.waitingMax ?? PUBLISH_WAITING_MAX;
  type Waiting = { facts: readonly F[]; state: 'open' | 'committed' | 'rolled_back'; isPassedBy: boolean };
  const waiting: Waiting[] = [];

  function publishSettled(): void {
    while (waiting[0] && waiting[0].state !== 'open') {
      const head = waiting.shift();
      if (head?.state === 'committed') publish(head.facts);
    }
  }

  return {
    take(facts: readonly F[]): Ticket {
      const ticket: Waiting = { facts, state: 'open', isPassedBy: false };
      waiting.push(ticket);
      if (waiting.length > waitingMax) {
        const slowest = waiting.shift();
        if (slowest) slowest.isPassedBy = true;
        options.onPassedBy?.();
        publishSettled();
      }
      return {
        settle(isCommitted) {
          if (ticket.state !== 'open') return;
          ticket.state = isCommitted ? 'committed' : 'rolled_back';
          if (!ticket.isPassedBy) publishSettled();
          else if (isCommitted) publish(facts);
        },
      };
    },
  };
}
