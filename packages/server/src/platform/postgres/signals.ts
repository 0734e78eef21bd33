// Short words between the processes on one database (LISTEN and NOTIFY): a hint that something is there to be read,
// never the thing itself. A word may be lost while a connection is away; `onConnected` says when that may have been.
// Each NOTIFY takes a lock all commits share, so senders gather what they have to say (at most a few times a second).
import pg from 'pg';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Service } from '../../kernel/service.ts';

/** Postgres refuses 8,000 bytes and more. */
export const SIGNAL_MAX_BYTES = 7_900;
const RECONNECT_MS = [100, 500, 2_000, 5_000] as const;

export type Signals = Service & {
  /** Hears the words of other processes on a channel; call before `start`. */
  listen(channel: string, hear: (text: string) => void): void;
  /** Calls `know` when words may have been missed: at the start and after each break. */
  onConnected(know: () => void): void;
  /** Says a word to all other processes. Never throws: it is only a hint. */
  say(channel: string, text: string): void;
};

export function createSignals(deps: { url: string; clock: Clock; logger: Logger }): Signals {
  const { clock, logger } = deps;
  const ears = new Map<string, (text: string) => void>();
  const connectedListeners: (() => void)[] = [];
  let client: pg.Client | null = null;
  let isWanted = false;
  let cancelRetry: (() => void) | null = null;
  let attempt = 0;
  let speakerPid = 0;
  let saying: Promise<unknown> = Promise.resolve();

  async function connect(): Promise<void> {
    const next = new pg.Client({
      connectionString: deps.url,
      application_name: 'insp signals',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    let isLost = false;
    const lost = (err?: Error) => {
      if (isLost) return;
      isLost = true;
      if (client === next) client = null;
      next.end().catch(() => {});
      if (!isWanted) return;
      const delayMs = RECONNECT_MS[Math.min(attempt, RECONNECT_MS.length - 1)] as number;
      attempt += 1;
      logger.debug({ err, delayMs }, 'signals between processes are away');
      cancelRetry = clock.after(delayMs, () => void connect());
    };
    next.on('error', lost);
    next.on('end', () => lost());
    next.on('notification', ({ channel, payload, processId }) => {
      // Our own words come back to us; whoever spoke has heard himself.
      if (processId !== speakerPid) ears.get(channel)?.(payload ?? '');
    });
    try {
      await next.connect();
      for (const channel of ears.keys()) await next.query(`LISTEN ${channel}`);
    } catch (err) {
      lost(err as Error);
      return;
    }
    if (!isWanted) {
      await next.end();
      return;
    }
    client = next;
    attempt = 0;
    speakerPid = (next as unknown as { processID: number }).processID;
    for (const know of connectedListeners) know();
  }
  return {
    listen(channel, hear) {
      ears.set(channel, hear);
    },
    onConnected(know) {
      connectedListeners.push(know);
    },
    say(channel, text) {
      // By the same connection that listens, so that its words can be told from those of others.
      saying = saying
        .then(() => client?.query('SELECT pg_notify($1, $2)', [channel, text]))
        .catch((err: unknown) => logger.debug({ err, channel }, 'a signal was not sent'));
    },
    async start() {
      if (isWanted) return;
      isWanted = true;
      await connect();
    },
    async stop() {
      isWanted = false;
      cancelRetry?.();
      const last = client;
      client = null;
      await last?.end().catch(() => {});
    },
  };
}
