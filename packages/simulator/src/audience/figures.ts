// What the audience did and saw, counted. Latency is the time from a viewer's own `send` to that viewer's own receipt
// of the line from the room: the whole way in and out.

/** Latencies kept for the percentiles: the latest this many. */
const KEPT_LATENCIES = 2_000;

export type Summary = {
  atMs: number;
  viewersNow: number;
  sockets: number;
  joinFailures: number;
  messagesSent: number;
  messagesRefused: number;
  messagesReceived: number;
  /** Holes in a viewer's sequence that nobody announced. Must stay 0. */
  messagesLost: number;
  /** Cuts whose missed messages could not be recovered and that were announced as such. */
  gapsAnnounced: number;
  reactions: number;
  taps: number;
  adds: number;
  addsRefused: number;
  orders: number;
  ordersRefused: number;
  shopFailures: number;
  /** Acts left out because too many were under way. */
  shed: number;
  latencyP50Ms: number | null;
  latencyP95Ms: number | null;
};

type Counter = Exclude<keyof Summary, 'atMs' | 'viewersNow' | 'sockets' | 'latencyP50Ms' | 'latencyP95Ms'>;

export function createFigures() {
  const counts: Record<Counter, number> = {
    joinFailures: 0,
    messagesSent: 0,
    messagesRefused: 0,
    messagesReceived: 0,
    messagesLost: 0,
    gapsAnnounced: 0,
    reactions: 0,
    taps: 0,
    adds: 0,
    addsRefused: 0,
    orders: 0,
    ordersRefused: 0,
    shopFailures: 0,
    shed: 0,
  };
  const latencies: number[] = [];
  let next = 0;
  return {
    add(counter: Counter, count = 1): void {
      counts[counter] += count;
    },
    latency(ms: number): void {
      latencies[next] = ms;
      next = (next + 1) % KEPT_LATENCIES;
    },
    summary(atMs: number, viewersNow: number, sockets: number): Summary {
      const sorted = latencies.toSorted((a, b) => a - b);
      return { atMs, viewersNow, sockets, ...counts, latencyP50Ms: percentile(sorted, 50), latencyP95Ms: percentile(sorted, 95) };
    },
  };
}
export type Figures = ReturnType<typeof createFigures>;

/** Nearest rank; `sorted` ascending. */
export function percentile(sorted: readonly number[], pct: number): number | null {
  if (sorted.length === 0) return null;
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((pct / 100) * sorted.length) - 1))] as number;
}

const number = new Intl.NumberFormat('en-GB');

/** One line for people, e.g. `02:10  118 sockets  sent 214 ...`. */
export function summaryLine(summary: Summary): string {
  const clock = `${String(Math.floor(summary.atMs / 60_000)).padStart(2, '0')}:${String(Math.floor(summary.atMs / 1_000) % 60).padStart(2, '0')}`;
  const ms = (value: number | null) => (value === null ? '-' : `${Math.round(value)} ms`);
  const parts = [
    clock,
    `${number.format(summary.sockets)} sockets`,
    `sent ${number.format(summary.messagesSent)}`,
    `received ${number.format(summary.messagesReceived)}`,
    `lost ${summary.messagesLost}`,
    `orders ${number.format(summary.orders)}`,
    `latency p50 ${ms(summary.latencyP50Ms)} p95 ${ms(summary.latencyP95Ms)}`,
  ];
  const trouble: string[] = [];
  if (summary.messagesRefused > 0) trouble.push(`${summary.messagesRefused} messages refused`);
  if (summary.gapsAnnounced > 0) trouble.push(`${summary.gapsAnnounced} gaps announced`);
  if (summary.joinFailures > 0) trouble.push(`${summary.joinFailures} joins failed`);
  if (summary.shopFailures > 0) trouble.push(`${summary.shopFailures} shop failures`);
  if (summary.shed > 0) trouble.push(`${summary.shed} acts left out`);
  return parts.join('  ') + (trouble.length > 0 ? `  (${trouble.join(', ')})` : '');
}
