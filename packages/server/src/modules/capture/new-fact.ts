import type { EventName, EventPayload, Fact, FactOf } from '@insp/protocol';
import { eventDefinitions } from '@insp/protocol/schemas';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';

type FactFields<N extends EventName> = Pick<Fact, 'orgId' | 'actor'> & { payload: EventPayload<N> } & Partial<
    Omit<Fact, 'name' | 'payload' | 'orgId' | 'actor' | 'v'>
  >;
export type NewFact = <N extends EventName>(name: N, fields: FactFields<N>) => FactOf<N>;

/**
 * Gives a maker of facts, `newFact(ids, clock)(name, fields)`, that fills what is usual: a new id, the version, now, nobody and nothing named, amount 0,
 * weight 1. Example: `make('shows.highlight_started', { orgId, showId, productId, highlightId, actor, payload: {} })`.
 */
export function newFact(ids: Ids, clock: Pick<Clock, 'nowMs'>): NewFact {
  return <N extends EventName>(name: N, fields: FactFields<N>) => {
    const usual = {
      id: ids.create('evt'),
      v: eventDefinitions[name].v,
      showId: null,
      occurredAt: clock.nowMs(),
      isSimulated: false,
      viewerId: null,
      productId: null,
      highlightId: null,
      kind: null,
      amountMinor: 0,
      weight: 1,
    };
    return { ...usual, ...fields, name } as unknown as FactOf<N>;
  };
}
