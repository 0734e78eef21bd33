// Events that must not get in and must not hold up what travels with them: one of each, in the middle of a good batch
// and recorded in a good change. What a newer version or a hostile client would send.
import { randomBytes } from 'node:crypto';
import type { Fact } from '@insp/protocol';
import type { Capture } from '@insp/server/events';
import type { SeededRandom } from '@insp/test-kit';
import type { FactMaker, Unit } from './fact-maker.ts';
import type { JournalWriter } from './journal.ts';

/** `kind` of a fact the contract lets through and only the database refuses (a constraint the harness adds). */
export const KIND_THE_DATABASE_REFUSES = 'refused-by-the-database';

const GIANT = 'x'.repeat(10_000_000);

/** Each makes poison of a good engagement fact. */
const POISONS: Readonly<Record<string, (good: Fact) => unknown>> = {
  'nothing at all': () => null,
  'a text': () => 'fact',
  'an empty object': () => ({}),
  'NUL in a column': (good) => ({ ...good, kind: 'a\u0000b' }),
  'half a surrogate in a column': (good) => ({ ...good, kind: '\ud83d' }),
  'NUL in the payload': (good) => ({ ...good, name: 'cart.added', payload: { sku: 'a\u0000b', quantity: 1, requestId: 'r' } }),
  'half a surrogate in the payload': (good) => ({ ...good, name: 'cart.added', payload: { sku: '\udc00', quantity: 1, requestId: 'r' } }),
  'an unknown name': (good) => ({ ...good, name: 'player.exploded' }),
  'a name from the prototype': (good) => ({ ...good, name: '__proto__' }),
  'a version of the future': (good) => ({ ...good, v: 2 }),
  'weight zero': (good) => ({ ...good, weight: 0 }),
  'a weight beyond the limit': (good) => ({ ...good, weight: 1_000_001 }),
  'half a cent': (good) => ({ ...good, amountMinor: 0.5 }),
  'not a number': (good) => ({ ...good, amountMinor: Number.NaN }),
  'an amount beyond 2^53': (good) => ({ ...good, amountMinor: 2 ** 60 }),
  'an id of nobody': (good) => ({ ...good, id: 'evt_1' }),
  'a gigantic column': (good) => ({ ...good, kind: GIANT }),
  'a gigantic payload': (good) => ({ ...good, payload: { note: GIANT } }),
  'a payload too deep': (good) => ({ ...good, payload: JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`) }),
  'a BigInt': (good) => ({ ...good, amountMinor: 10n }),
  'a circle': (good) => {
    const payload: Record<string, unknown> = {};
    payload.self = payload;
    return { ...good, payload };
  },
  'what only the database refuses': (good) => ({ ...good, kind: KIND_THE_DATABASE_REFUSES }),
};

export type PoisonReport = { readonly sentCount: number; readonly problems: string[] };

export async function sendPoison(app: {
  capture: Capture;
  journal: JournalWriter;
  maker: FactMaker;
  random: SeededRandom;
  send(unit: Unit): Promise<void>;
}): Promise<PoisonReport> {
  const problems: string[] = [];
  for (const [what, poison] of Object.entries(POISONS)) {
    const good = app.maker.batch(20, 0);
    const bad = poison({ ...(good.facts[0] as Fact), id: freshId() });
    await acceptAmong(app, good, bad, what, problems).catch((cause: Error) => problems.push(`accept: ${what}: threw ${cause.stack}`));
    await commitWith(app, bad, what, problems);
  }
  for (const time of ['000000000000', 'ffffffffffff']) await acceptOfNoTime(app, time);
  // Large but within the contract: it is stored whole, and nothing waits behind it for long.
  const [template] = app.maker.batch(1, 0).facts as [Fact];
  const productIds = Array.from({ length: 20_000 }, () => `prd_${randomBytes(16).toString('hex')}`);
  const facts = [{ ...template, id: freshId(), name: 'shows.line_up_changed', payload: { productIds } } as unknown as Fact];
  const large: Unit = { kind: 'change', id: 'a-large-change', facts };
  app.journal.intend(large);
  await app.send(large);
  return { sentCount: Object.keys(POISONS).length * 2 + 3, problems };
}

/** A well-formed id whose time is the first or the last there is: refused or kept, but not half of each. */
async function acceptOfNoTime({ capture, journal, maker }: App, time: string): Promise<void> {
  const [good] = maker.batch(1, 0).facts as [Fact];
  const unit: Unit = { kind: 'batch', id: `of-no-time-${time}`, facts: [{ ...good, id: `evt_${time}${freshId().slice(16)}` }] };
  journal.intend(unit);
  const before = capture.stats();
  const { rejected } = capture.accept(unit.facts);
  await capture.flush();
  const after = capture.stats();
  const isKept = rejected.length === 0 && after.invalidCount === before.invalidCount && after.droppedCount === before.droppedCount;
  if (isKept) journal.acknowledge(unit);
}

const freshId = (): Fact['id'] => {
  const bytes = Buffer.from(randomBytes(16));
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return `evt_${bytes.toString('hex')}`;
};

type App = Parameters<typeof sendPoison>[0];

async function acceptAmong({ capture, journal }: App, good: Unit, bad: unknown, what: string, problems: string[]): Promise<void> {
  const middle = good.facts.length >> 1;
  journal.intend(good);
  const before = capture.stats();
  const { rejected } = capture.accept([...good.facts.slice(0, middle), bad as Fact, ...good.facts.slice(middle)]);
  await capture.flush();
  const after = capture.stats();
  const mayPass = (bad as { kind?: unknown } | null)?.kind === KIND_THE_DATABASE_REFUSES;
  if (rejected.length !== (mayPass ? 0 : 1)) problems.push(`accept: ${what}: ${rejected.length} facts were refused`);
  for (const { refusal } of rejected) {
    if (refusal.code !== 'INSP_CAPTURE_EVENT_INVALID') problems.push(`accept: ${what}: refused as ${refusal.code}`);
  }
  if (after.invalidCount !== before.invalidCount + 1) problems.push(`accept: ${what}: not counted once as invalid`);
  if (after.droppedCount !== before.droppedCount) problems.push(`accept: ${what}: good facts were dropped`);
  else journal.acknowledge(good);
}

async function commitWith({ capture, journal, maker }: App, bad: unknown, what: string, problems: string[]): Promise<void> {
  const good = { ...maker.change({ lateRatio: 0, doomedRatio: 0, commitDelayMaxMs: 0 }), isDoomed: true };
  journal.intend(good);
  const outcome = await capture
    .commit(async (tx, record) => {
      await tx.query(`INSERT INTO told_change (id, org_id, show_id, order_minor, commit_delay_ms) VALUES ($1, 'org-a', 'shw', 0, 0)`, [
        good.id,
      ]);
      for (const fact of good.facts) record(fact);
      record(bad as Fact);
    })
    .then(
      () => 'committed',
      () => 'refused',
    );
  if (outcome === 'committed') problems.push(`commit: ${what}: committed`);
}
