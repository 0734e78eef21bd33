// Somebody who looks at the screen all the time: reads the live figures of every show over and over, through all
// faults, and notes when one that can only grow has shrunk. Sold is not refunded, so money shown here only grows too.
import { type Aggregates, createAggregates, openDatabase, type StoredKpis, silentLogger, systemClock } from '@insp/server/events';
import { createFindings, type Violation } from './audit.ts';
import { SHOWS } from './fact-maker.ts';

const LOOK_EVERY_MS = 100;

type Growing = Readonly<Record<string, number>>;

/** Every figure of a show that can only grow, by a readable name. */
function growing({ totals, minutes, products, highlights }: StoredKpis): Growing {
  const figures: Record<string, number> = {};
  const take = (place: string, row: object) => {
    for (const [name, value] of Object.entries(row)) {
      if (typeof value === 'number' && (name.endsWith('Count') || name.endsWith('Minor') || name === 'watchingMax'))
        figures[`${place} ${name}`] = value;
    }
  };
  take('total', totals);
  for (const row of minutes) take(`minute ${row.minute}`, row);
  for (const row of products) take(row.productId, row);
  for (const row of highlights) take(row.highlightId, row);
  return figures;
}

export type KpiWatch = { readonly lookCount: number; takeViolations(): Violation[]; stop(): Promise<void> };

export function watchKpis(url: string): KpiWatch {
  const database = openDatabase({ url: `${url}?application_name=faults-screen`, maxConnections: 2, onError() {} });
  const screen: Aggregates = createAggregates({ database, clock: systemClock, logger: silentLogger, onAppended: () => () => {} });
  const last = new Map<string, Growing>();
  let found = createFindings();
  let lookCount = 0;
  let isWatching = true;

  async function look(): Promise<void> {
    for (const { id } of SHOWS) {
      const now = growing(await screen.liveKpis(id));
      const before = last.get(id) ?? {};
      for (const [name, value] of Object.entries(before)) {
        if ((now[name] ?? 0) < value) found.add('went down', `${id} ${name}: ${value}, then ${now[name] ?? 'gone'}`);
      }
      last.set(id, now);
      lookCount += 1;
    }
  }

  const watching = (async () => {
    while (isWatching) {
      // The database may be away: nothing is seen then.
      await look().catch(() => {});
      await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    }
  })();

  return {
    get lookCount() {
      return lookCount;
    },
    takeViolations() {
      const violations = found.list();
      found = createFindings();
      return violations;
    },
    async stop() {
      isWatching = false;
      await watching;
      await database.close().catch(() => {});
    },
  };
}
