// Asks one server the same short question again and again over a connection of its own: every ASK_MS while reads come,
// every ASK_HURRIED_MS while a read waits for it, every ASK_IDLE_MS otherwise. A failure is told at once; then it
// connects anew, with growing waits. One question is under way at a time.
import pg from 'pg';

const ASK_MS = 20;
const ASK_HURRIED_MS = 2;
const ASK_IDLE_MS = 1_000;
/** No answer for this long is a failure: the machine hangs, or the network swallows. */
const ANSWER_TIMEOUT_MS = 1_000;
const RECONNECT_MS = [50, 100, 250, 500, 1_000];

export type Pace = 'hurried' | 'used' | 'idle';
const DELAY_MS: Record<Pace, number> = { hurried: ASK_HURRIED_MS, used: ASK_MS, idle: ASK_IDLE_MS };

export type NodeWatch = {
  /** The pace may have changed: do not sleep on. */
  wake(): void;
  stop(): void;
};

export function watchNode<Row extends object>(options: {
  url: string;
  question: string;
  pace(): Pace;
  onAnswer(row: Row): void;
  onFailure(cause: unknown): void;
}): NodeWatch {
  let isStopped = false;
  let client: pg.Client | null = null;
  let failuresInRow = 0;
  let endSleep = () => {};

  const sleep = (ms: number) =>
    new Promise<void>((done) => {
      const timer = setTimeout(done, ms);
      timer.unref();
      endSleep = () => {
        clearTimeout(timer);
        done();
      };
    });

  async function connect(): Promise<pg.Client> {
    const fresh = new pg.Client({
      connectionString: options.url,
      connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      application_name: 'insp watch',
    });
    fresh.on('error', () => {});
    client = fresh;
    await fresh.connect();
    return fresh;
  }

  /** `end` waits for the other side; one that hangs would keep us waiting, so nobody waits for it. */
  function letGo(): void {
    void client?.end().catch(() => {});
    client = null;
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      try {
        const connected = client ?? (await connect());
        const { rows } = await connected.query<Row>(options.question);
        if (isStopped) break;
        failuresInRow = 0;
        options.onAnswer(rows[0] as Row);
        await sleep(DELAY_MS[options.pace()]);
      } catch (cause) {
        letGo();
        if (isStopped) break;
        options.onFailure(cause);
        await sleep(RECONNECT_MS[Math.min(failuresInRow, RECONNECT_MS.length - 1)] as number);
        failuresInRow += 1;
      }
    }
    letGo();
  }
  void run();

  return {
    wake() {
      // Not while it waits to connect again: haste does not heal.
      if (failuresInRow === 0) endSleep();
    },
    stop() {
      isStopped = true;
      endSleep();
    },
  };
}
