// What the journals say: every fact that was ever sent, whether it was acknowledged, and with which others it stands
// or falls. The truth the database is held against, made without asking the database.

import type { Fact } from '@insp/protocol';
import { eventDefinitions } from '@insp/protocol/schemas';
import type { Unit } from './fact-maker.ts';
import { createJournalReader } from './journal.ts';

export type BookedFact = {
  readonly type: number;
  readonly orgId: string;
  readonly showId: string | null;
  readonly amountMinor: number;
  readonly weight: number;
  readonly unitId: string;
};

export type Books = {
  readonly facts: ReadonlyMap<string, BookedFact>;
  readonly units: ReadonlyMap<string, { readonly unit: Pick<Unit, 'kind' | 'isDoomed'>; readonly factIds: readonly string[] }>;
  readonly ackedUnitIds: ReadonlySet<string>;
  /** Reads what the app has written since. */
  catchUp(lastIncarnation: number): void;
  /** Books what somebody else than the app put into the log. */
  addStored(id: string, fact: Omit<BookedFact, 'unitId'>): void;
};

export function createBooks(folder: string): Books {
  const reader = createJournalReader(folder);
  const facts = new Map<string, BookedFact>();
  const units = new Map<string, { unit: Pick<Unit, 'kind' | 'isDoomed'>; factIds: string[] }>();
  const ackedUnitIds = new Set<string>();

  function book(unit: Unit): void {
    units.set(unit.id, { unit: { kind: unit.kind, isDoomed: unit.isDoomed }, factIds: unit.facts.map(({ id }) => id) });
    for (const fact of unit.facts) facts.set(fact.id, toBooked(fact, unit.id));
  }

  return {
    ...{ facts, units, ackedUnitIds },
    catchUp(lastIncarnation) {
      reader.readNew(lastIncarnation, (line) => {
        if ('intent' in line) book(line.intent);
        else ackedUnitIds.add(line.ack);
      });
    },
    addStored(id, fact) {
      const unitId = `stored-${id}`;
      facts.set(id, { ...fact, unitId });
      units.set(unitId, { unit: { kind: 'batch' }, factIds: [id] });
      ackedUnitIds.add(unitId);
    },
  };
}

function toBooked(fact: Fact, unitId: string): BookedFact {
  const { orgId, showId, amountMinor, weight } = fact;
  return { type: eventDefinitions[fact.name].code, orgId, showId, amountMinor, weight, unitId };
}
