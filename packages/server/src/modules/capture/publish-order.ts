// Facts reach the bus in commit order. Transactions of one process that depend on each other (same row lock) insert
// their facts in that order, but the answers to their COMMITs come over different connections and may arrive
// swapped. So each transaction takes a ticket right after its insert, and tickets are published first come, first
// served, once settled. Tickets are bounded by the connections of the pool; a commit that hangs holds up the bus
// until its connection gives up, never other transactions.

export type Ticket = { settle(isCommitted: boolean): void };

export function createPublishOrder<F>(publish: (facts: readonly F[]) => void) {
  const waiting: { facts: readonly F[]; state: 'open' | 'committed' | 'rolled_back' }[] = [];
  return {
    take(facts: readonly F[]): Ticket {
      const ticket: (typeof waiting)[number] = { facts, state: 'open' };
      waiting.push(ticket);
      return {
        settle(isCommitted) {
          if (ticket.state !== 'open') return;
          ticket.state = isCommitted ? 'committed' : 'rolled_back';
          while (waiting[0] && waiting[0].state !== 'open') {
            const head = waiting.shift();
            if (head?.state === 'committed') publish(head.facts);
          }
        },
      };
    },
  };
}
