// The invariants of events-and-store (12), held against one snapshot of the database while nobody writes:
//   acked is a subset of stored; nothing is stored twice, half, changed, or after a rollback; counts equal distinct ids,
//   weighted; money equals the journal to the cent, per show and per organization; every table equals its recompute.
import { measuresOf, renderSelect } from '@insp/dataflow';
import { eventDefinitions } from '@insp/protocol/schemas';
import { AGGREGATES, type Database, type Sql } from '@insp/server/events';
import type { BookedFact, Books } from './books.ts';

export const VIOLATIONS = {
  lost: 'acknowledged and not stored',
  'stored twice': 'an id has more than one row',
  invented: 'stored, and nobody sent it',
  altered: 'stored with another amount, weight, type or place than was sent',
  torn: 'some facts of a change are stored and some are not',
  'rolled back and stored': 'the change was given up and its facts stayed',
  'money differs': 'a sum of money is not that of the journal',
  'count differs': 'a count is not that of the journal',
  'table differs': 'a table is not its definition run over the log',
  stalled: 'the figures did not catch up with the log',
  'went down': 'a figure that can only grow was seen to shrink',
  'died by itself': 'a process ended that nobody killed',
  surprise: 'something failed in a way no fault explains',
  silent: 'a fault that must be said was not said',
  'not reached': 'the round did not bring about what it is there for',
} as const;
export type ViolationKind = keyof typeof VIOLATIONS;
export type Violation = { readonly kind: ViolationKind; readonly detail: string };

export type Audit = {
  readonly storedCount: number;
  /** Distinct facts the database has said yes to. */
  readonly ackedCount: number;
  /** Units cut off before their answer, and how many of them are stored all the same. */
  readonly unsureCount: number;
  readonly unsureStoredCount: number;
  readonly violations: Violation[];
};

const MAX_SHOWN = 3;
const MAX_SHOWN_CHARS = 240;
const { 'orders.order_placed': PLACED, 'orders.line_sold': SOLD, 'orders.line_refunded': REFUNDED } = eventDefinitions;

export async function audit(database: Database, books: Books): Promise<Audit> {
  return database.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const stored = await tx.query<StoredRow>('SELECT id, type, org_id, show_id, amount_minor, weight FROM ev');
    const ids = new Set(stored.map(({ id }) => id));
    const violations = [
      ...checkRows(stored, books),
      ...checkUnits(ids, books),
      ...(await checkFigures(tx, ids, books)),
      ...(await checkTables(tx)),
    ];
    const acked = new Set<string>();
    const unsure: boolean[] = [];
    for (const [unitId, { unit, factIds }] of books.units) {
      if (books.ackedUnitIds.has(unitId)) for (const id of factIds) acked.add(id);
      else if (!unit.isDoomed) unsure.push(factIds.some((id) => ids.has(id)));
    }
    return {
      storedCount: ids.size,
      ackedCount: acked.size,
      unsureCount: unsure.length,
      unsureStoredCount: unsure.filter(Boolean).length,
      violations,
    };
  });
}

type StoredRow = { id: string; type: number; org_id: string; show_id: string | null; amount_minor: number; weight: number };

function checkRows(stored: readonly StoredRow[], books: Books): Violation[] {
  const found = createFindings();
  const seen = new Set<string>();
  for (const row of stored) {
    if (seen.has(row.id)) found.add('stored twice', row.id);
    seen.add(row.id);
    const sent = books.facts.get(row.id);
    if (sent === undefined) {
      found.add('invented', JSON.stringify(row));
      continue;
    }
    const isSame =
      row.type === sent.type &&
      row.org_id === sent.orgId &&
      row.show_id === sent.showId &&
      row.amount_minor === sent.amountMinor &&
      row.weight === sent.weight;
    if (!isSame) found.add('altered', `${JSON.stringify(row)} was sent as ${JSON.stringify(sent)}`);
  }
  return found.list();
}

function checkUnits(storedIds: ReadonlySet<string>, books: Books): Violation[] {
  const found = createFindings();
  for (const [unitId, { unit, factIds }] of books.units) {
    const storedCount = factIds.filter((id) => storedIds.has(id)).length;
    if (unit.isDoomed && storedCount > 0) found.add('rolled back and stored', unitId);
    if (books.ackedUnitIds.has(unitId) && storedCount < factIds.length) {
      found.add('lost', `${factIds.length - storedCount} of ${factIds.length} facts of ${unit.kind} ${unitId}`);
    } else if (unit.kind === 'change' && storedCount > 0 && storedCount < factIds.length) {
      found.add('torn', `${storedCount} of ${factIds.length} facts of change ${unitId}`);
    }
  }
  return found.list();
}

type Sums = { n: number; gmv: number; refunded: number; placed: number; orders: number; units: number };
const nothing = (): Sums => ({ n: 0, gmv: 0, refunded: 0, placed: 0, orders: 0, units: 0 });

/** Figures from the journal alone: of each distinct id that is stored, what was sent. */
function sumJournal(storedIds: ReadonlySet<string>, books: Books, keyOf: (fact: BookedFact) => string | null): Map<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const id of storedIds) {
    const fact = books.facts.get(id);
    const key = fact === undefined ? null : keyOf(fact);
    if (fact === undefined || key === null) continue;
    const sum = sums.get(key) ?? nothing();
    sums.set(key, sum);
    sum.n += fact.weight;
    if (fact.type === SOLD.code) {
      sum.gmv += fact.amountMinor;
      sum.units += fact.weight;
    }
    if (fact.type === REFUNDED.code) sum.refunded += fact.amountMinor;
    if (fact.type === PLACED.code) {
      sum.placed += fact.amountMinor;
      sum.orders += fact.weight;
    }
  }
  return sums;
}

async function checkFigures(sql: Sql, storedIds: ReadonlySet<string>, books: Books): Promise<Violation[]> {
  const found = createFindings();
  const bySide = {
    show: {
      journal: sumJournal(storedIds, books, ({ showId }) => showId),
      figures: await sql.query<Figures>(`SELECT show_id AS key, ${FIGURES} FROM agg_show GROUP BY show_id`),
      changes: await sql.query<Told>('SELECT show_id AS key, SUM(order_minor)::bigint AS told FROM told_change GROUP BY show_id'),
    },
    organization: {
      journal: sumJournal(storedIds, books, ({ orgId, showId }) => (showId === null ? null : orgId)),
      figures: await sql.query<Figures>(`SELECT org_id AS key, ${FIGURES} FROM agg_show GROUP BY org_id`),
      changes: await sql.query<Told>('SELECT org_id AS key, SUM(order_minor)::bigint AS told FROM told_change GROUP BY org_id'),
    },
  };
  for (const [what, { journal, figures, changes }] of Object.entries(bySide)) {
    for (const key of new Set([...journal.keys(), ...figures.map((row) => row.key)])) {
      const truth = journal.get(key) ?? nothing();
      const shown = figures.find((row) => row.key === key) ?? { ...nothing(), key };
      const told = changes.find((row) => row.key === key)?.told ?? 0;
      const compare = (kind: ViolationKind, name: string, is: number, shouldBe: number) => {
        if (is !== shouldBe) found.add(kind, `${what} ${key}: ${name} is ${is}, the journal says ${shouldBe}`);
      };
      compare('money differs', 'GMV', shown.gmv, truth.gmv);
      compare('money differs', 'refunds', shown.refunded, truth.refunded);
      compare('money differs', 'the sum of the orders in their own table', told, truth.placed);
      compare('count differs', 'n', shown.n, truth.n);
      compare('count differs', 'orders', shown.orders, truth.orders);
      compare('count differs', 'units', shown.units, truth.units);
    }
  }
  return found.list();
}

type Figures = { key: string; n: number; gmv: number; refunded: number; orders: number; units: number };
type Told = { key: string; told: number };
const FIGURES = `SUM(n)::bigint AS n, SUM(gmv_minor)::bigint AS gmv, SUM(refunded_minor)::bigint AS refunded,
  SUM(order_count)::bigint AS orders, SUM(unit_count)::bigint AS units`;

/** Both ways: what a table has too much, and what it lacks. */
async function checkTables(sql: Sql): Promise<Violation[]> {
  const found = createFindings();
  for (const definition of AGGREGATES) {
    const columns = [...definition.keys, ...measuresOf(definition).map(([name]) => name)].join(', ');
    const table = `SELECT ${columns} FROM ${definition.name}`;
    const fresh = renderSelect(definition, 'ev');
    const differences = await sql.query<{ what: string }>(
      `(SELECT 'too much' AS what, x.* FROM (${table} EXCEPT (${fresh})) x)
       UNION ALL (SELECT 'missing' AS what, y.* FROM ((${fresh}) EXCEPT ${table}) y)`,
    );
    for (const { what, ...row } of differences) found.add('table differs', `${definition.name}: ${what} ${JSON.stringify(row)}`);
  }
  return found.list();
}

/** Collects findings; beyond a few of a kind only their number is kept. */
export function createFindings() {
  const details = new Map<ViolationKind, string[]>();
  return {
    add(kind: ViolationKind, detail: string): void {
      details.set(kind, [...(details.get(kind) ?? []), detail]);
    },
    list: (): Violation[] =>
      [...details].flatMap(([kind, all]) => {
        const shown = all.slice(0, MAX_SHOWN).map((detail): Violation => ({ kind, detail: detail.slice(0, MAX_SHOWN_CHARS) }));
        const restCount = all.length - shown.length;
        return restCount > 0 ? [...shown, { kind, detail: `and ${restCount} more` }] : shown;
      }),
  };
}
