// One scenario's world: a database of its own, an app, processors and somebody watching the figures. Gives the faults
// their verbs, knows who was killed on purpose, and at the end of a round holds everything against the journals.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, migrate, openDatabase } from '@insp/server/events';
import { createSeededRandom, type SeededRandom } from '@insp/test-kit';
import { type Part, startPart } from './asks.ts';
import { type Audit, audit, type Violation, type ViolationKind } from './audit.ts';
import { type Books, createBooks } from './books.ts';
import { watchKpis } from './kpi-watch.ts';
import type { AppConfig, AppStats, Load } from './load.ts';
import type { ProcessorConfig } from './processor-process.ts';
import type { Rig } from './rig.ts';
import { engineSabotageOf, type Sabotage } from './sabotages.ts';

const APP = 'faults-app';
const PROCESSOR = 'faults-processor';
const CATCH_UP_PATIENCE_MS = 30_000;
/** A sabotaged engine may never catch up; what it did wrong shows soon. */
const SABOTAGE_PATIENCE_MS = 6_000;
/** Tables may catch up one after the other. */
const STEADY_PATIENCE_MS = 10_000;
const AIM_PATIENCE_MS = 1_500;

/** A change of the app's own, in the transaction of its facts; and a COMMIT that takes as long as it is told to. */
const OWN_TABLES = `
  CREATE TABLE told_change (id text PRIMARY KEY, org_id text, show_id text, order_minor bigint NOT NULL, commit_delay_ms integer NOT NULL);
  CREATE FUNCTION slow_commit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_sleep(NEW.commit_delay_ms / 1000.0); RETURN NULL; END $$;
  CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON told_change DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.commit_delay_ms > 0) EXECUTE FUNCTION slow_commit();
  CREATE TABLE sabotage_cursor (xid xid8 NOT NULL, seq bigint NOT NULL);
  INSERT INTO sabotage_cursor VALUES ('0', 0);`;

export type Victim = 'app' | 'processor' | 'postmaster' | 'backend' | 'immediate' | 'everything';

export type Outcome = { audit: Audit; violations: Violation[]; caughtUpMs: number; app: AppStats | null };

export type Stage = Awaited<ReturnType<typeof openStage>>;

export async function openStage(options: { rig: Rig; name: string; seed: number; processorCount?: number; sabotage: Sabotage | null }) {
  const { rig, sabotage } = options;
  const random: SeededRandom = createSeededRandom(options.seed);
  const folder = join(rig.folder, options.name);
  await mkdir(folder);
  const url = await rig.databaseUrl(`faults_${options.name.replaceAll('-', '_')}`);
  const database: Database = openDatabase({ url: `${url}?application_name=faults-orchestrator`, maxConnections: 4, onError() {} });
  await migrate(database);
  await database.query(OWN_TABLES);
  // A sabotaged database is to lose events, not its tables.
  await database.query('CHECKPOINT');
  const books: Books = createBooks(folder);
  const watch = watchKpis(url);
  const killed = new Set<Part>();
  const parts: Part[] = [];
  const surprisesRead = new Map<Part, number>();
  let incarnation = -1;
  let looksBefore = 0;

  function begin(file: string, config: object): Part {
    const part = startPart(new URL(file, import.meta.url), config);
    parts.push(part);
    return part;
  }
  function startApp(): Part {
    incarnation += 1;
    const isEarlyAck = sabotage === 'early-ack';
    return begin('./app-process.ts', {
      ...{ url: `${url}?application_name=${APP}`, folder, incarnation, seed: options.seed, isEarlyAck },
    } satisfies AppConfig);
  }
  const startProcessor = (): Part =>
    begin('./processor-process.ts', {
      ...{ url: `${url}?application_name=${PROCESSOR}`, sabotage: engineSabotageOf(sabotage) },
    } satisfies ProcessorConfig);

  let app = startApp();
  const processors = Array.from({ length: options.processorCount ?? 1 }, startProcessor);

  function kill(part: Part): void {
    killed.add(part);
    part.child.kill('SIGKILL');
  }

  async function restartProcessor(index = 0): Promise<void> {
    kill(processors[index] as Part);
    await processors[index]?.ended;
    processors[index] = startProcessor();
  }

  /** A connection of that process that runs a statement right now; null when there is none for a while. */
  async function findBusyBackend(application: string): Promise<number | null> {
    const endMs = performance.now() + AIM_PATIENCE_MS;
    while (performance.now() < endMs) {
      const [row] = await database.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND state = 'active' LIMIT 1`,
        [application],
      );
      if (row) return row.pid;
    }
    return null;
  }

  async function untilCaughtUp(): Promise<Violation[]> {
    const patienceMs = sabotage === null ? CATCH_UP_PATIENCE_MS : SABOTAGE_PATIENCE_MS;
    const endMs = performance.now() + patienceMs;
    for (;;) {
      const { counted, logged } = await readProgress();
      if (counted >= logged) return [];
      if (performance.now() > endMs)
        return [{ kind: 'stalled', detail: `${counted} of ${logged} counted after ${patienceMs} ms of quiet` }];
      await sleep(25);
    }
  }

  async function readProgress(): Promise<{ counted: number; logged: number }> {
    const [row] = await database.query<{ counted: number; logged: number }>(
      `SELECT (SELECT COALESCE(SUM(n), 0)::bigint FROM agg_show) AS counted,
        (SELECT COALESCE(SUM(weight), 0)::bigint FROM ev WHERE show_id IS NOT NULL) AS logged`,
    );
    return row ?? { counted: 0, logged: 0 };
  }

  /** Differences of figures may pass while the last table catches up; nothing else may. Behind the log they say nothing new. */
  async function auditUntilSteady(isStalled: boolean): Promise<Audit> {
    const mayPass: ReadonlySet<ViolationKind> = new Set(['table differs', 'count differs', 'money differs']);
    const endMs = performance.now() + (sabotage === null ? STEADY_PATIENCE_MS : 0);
    for (;;) {
      const result = await audit(database, books);
      const lasting = result.violations.filter(({ kind }) => !mayPass.has(kind));
      if (isStalled && sabotage === null) return { ...result, violations: lasting };
      if (lasting.length === result.violations.length || performance.now() > endMs) return result;
      await sleep(250);
    }
  }

  function takeSurprises(): Violation[] {
    return parts.flatMap((part) => {
      const fresh = part.told.slice(surprisesRead.get(part) ?? 0);
      surprisesRead.set(part, part.told.length);
      const found = fresh.flatMap((told): Violation[] => ('surprise' in told ? [{ kind: 'surprise', detail: told.surprise }] : []));
      if (part.isGone && !killed.has(part)) {
        killed.add(part);
        found.push({
          kind: 'died by itself',
          detail: `${part.child.spawnargs.at(-2)} with ${part.child.exitCode ?? part.child.signalCode}`,
        });
      }
      return found;
    });
  }

  return {
    ...{ database, books, random, url, processors, readProgress, findBusyBackend },
    get app() {
      return app;
    },
    run: (load: Load) => app.ask('run', load),
    pause: () => app.ask<AppStats>('pause'),
    /** A new app in the place of a dead one; it sends the last units of its forerunner again. */
    async restartApp(replayCount: number): Promise<void> {
      await app.ended;
      app = startApp();
      if (replayCount > 0) await app.ask('replay', { incarnation: incarnation - 1, count: replayCount });
    },
    replayOwn: (count: number) => app.ask<number>('replay', { incarnation, count }),
    killApp: () => kill(app),
    restartProcessor,
    killProcessor: (index = 0) => kill(processors[index] as Part),
    /** kill -9 of one server process: of the app or of the processor, in the middle of a statement if there is one. */
    async killBackend(): Promise<void> {
      const pid = await findBusyBackend(random.pick([APP, PROCESSOR]));
      if (pid !== null) process.kill(pid, 'SIGKILL');
    },
    untilProcessorIsBusy: () => findBusyBackend(PROCESSOR),
    killPostmaster: (signal: 'SIGKILL' | 'SIGQUIT') => process.kill(rig.postmasterPid, signal),
    untilDatabaseAnswers: () => rig.untilAnswers(url),
    warnings: () => processors.flatMap(({ told }) => told.flatMap((one) => ('level' in one && one.level !== 'info' ? [one.message] : []))),

    /** Lets the app come to rest, waits for the figures and holds everything against the journals. */
    async settle(): Promise<Outcome> {
      // Its end may reach us late.
      if (killed.has(app)) await app.ended;
      const stats = app.isGone ? null : await app.ask<AppStats>('pause');
      const startedMs = performance.now();
      const stalled = await untilCaughtUp();
      const caughtUpMs = Math.round(performance.now() - startedMs);
      books.catchUp(incarnation);
      if (sabotage === 'one-cent')
        await database.query('UPDATE agg_show SET gmv_minor = gmv_minor + 1 WHERE ctid = (SELECT min(ctid) FROM agg_show)');
      const result = await auditUntilSteady(stalled.length > 0);
      // The next round is to find what it is there for, not this again.
      if (stalled.length > 0 && sabotage === null) await Promise.all(processors.map((_, index) => restartProcessor(index)));
      const isWatched = watch.lookCount > looksBefore;
      looksBefore = watch.lookCount;
      const unwatched: Violation[] = isWatched ? [] : [{ kind: 'not reached', detail: 'nobody could look at the figures in this round' }];
      const violations = [...stalled, ...unwatched, ...result.violations, ...watch.takeViolations(), ...takeSurprises()];
      return { audit: result, violations, caughtUpMs, app: stats };
    },

    async close(): Promise<void> {
      for (const part of parts) if (!part.isGone) kill(part);
      await Promise.all(parts.map(({ ended }) => ended));
      await watch.stop();
      await database.close().catch(() => {});
    },
  };
}
