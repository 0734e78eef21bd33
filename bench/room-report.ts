// What the room bench measured, held against the bars of the project.
import { readFile } from 'node:fs/promises';
import type { Latency } from './chat-fanout-report.ts';

export const BARS = { chatP95Ms: 200, lostCount: 0, highlightP95Ms: 500 } as const;

export type ViewersResult = {
  sentCount: number;
  /** Lines the server refused or never answered. */
  refusedCount: number;
  expectedCount: number;
  receivedCount: number;
  /** Deliveries neither seen nor told of as a gap. */
  lostCount: number;
  gapCount: number;
  disorderCount: number;
  reconnectCount: number;
  latency: Latency;
  viewersCpuPct: number;
  cut: { awayMs: number; missedCount: number; recoveredCount: number; wasGapTold: boolean; caughtUpAfterMs: number | null };
  /** When each viewer had it, in milliseconds of the machine. */
  highlights: Record<string, number[]>;
};

export type Spent = { cpuPct: number; rssMb: number; rssPeakMb: number };

const TICKS_PER_SEC = 100; // sysconf(_SC_CLK_TCK) of every Linux we run on

/** CPU and memory of other processes between `begin` and `read`, as the kernel counts them; they may become more meanwhile. */
export function createProcessMeter(listPids: () => Promise<readonly number[]>) {
  const ticksByPid = async (pids: readonly number[]) => {
    const ticks = new Map<number, number>();
    for (const pid of pids) {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // Behind the name, which may hold blanks: utime and stime.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      ticks.set(pid, Number(fields[11] ?? 0) + Number(fields[12] ?? 0));
    }
    return ticks;
  };
  const memoryMb = async (pids: readonly number[], field: 'VmRSS' | 'VmHWM') => {
    let kilobytes = 0;
    for (const pid of pids) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      kilobytes += Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
    }
    return Math.round(kilobytes / 1024);
  };
  let beganMs = 0;
  let atBegin = new Map<number, number>();
  return {
    async begin() {
      beganMs = performance.now();
      atBegin = await ticksByPid(await listPids());
    },
    async read(): Promise<Spent> {
      const pids = await listPids();
      let ticks = 0;
      for (const [pid, now] of await ticksByPid(pids)) ticks += now - (atBegin.get(pid) ?? 0);
      const cpuPct = Math.round((100 * 1_000 * ticks) / TICKS_PER_SEC / (performance.now() - beganMs));
      return { cpuPct, rssMb: await memoryMb(pids, 'VmRSS'), rssPeakMb: await memoryMb(pids, 'VmHWM') };
    },
  };
}

export type RoomReport = {
  viewerCount: number;
  ratePerSec: number;
  measureSec: number;
  viewers: Omit<ViewersResult, 'highlights'>;
  highlight: Latency & { switchCount: number; expectedCount: number; seenCount: number };
  server: Spent;
  database: Spent;
  baseline: { variant: string; latency: Latency; serverCpuPct: number } | null;
};

export function printRoomReport({ viewers, highlight, server, database, baseline, viewerCount, ratePerSec }: RoomReport): void {
  const verdict = (isMet: boolean) => (isMet ? 'met' : 'MISSED');
  const { latency, cut } = viewers;
  console.log(`\nwhole server, ${viewerCount} viewers, ${ratePerSec} lines/s`);
  console.table({
    'chat p50 ms': { value: latency.p50Ms, bar: '', '': '' },
    'chat p95 ms': { value: latency.p95Ms, bar: `<= ${BARS.chatP95Ms}`, '': verdict(latency.p95Ms <= BARS.chatP95Ms) },
    'chat p99 ms': { value: latency.p99Ms, bar: '', '': '' },
    'chat max ms': { value: latency.maxMs, bar: '', '': '' },
    deliveries: { value: `${viewers.receivedCount} of ${viewers.expectedCount}`, bar: '', '': '' },
    lost: { value: viewers.lostCount, bar: `${BARS.lostCount}`, '': verdict(viewers.lostCount === BARS.lostCount) },
    'twice or out of order': { value: viewers.disorderCount, bar: '0', '': verdict(viewers.disorderCount === 0) },
    'lines refused': { value: viewers.refusedCount, bar: '', '': '' },
    'gaps told, reconnects': { value: `${viewers.gapCount}, ${viewers.reconnectCount}`, bar: '', '': '' },
    [`cut for ${Math.round(cut.awayMs / 100) / 10} s: recovered`]: {
      value: `${cut.recoveredCount} of ${cut.missedCount}`,
      bar: 'all',
      '': verdict(cut.missedCount > 0 && cut.recoveredCount === cut.missedCount),
    },
    'highlight p50 ms': { value: highlight.p50Ms, bar: '', '': '' },
    'highlight p95 ms': { value: highlight.p95Ms, bar: `<= ${BARS.highlightP95Ms}`, '': verdict(highlight.p95Ms <= BARS.highlightP95Ms) },
    'highlight p99 ms': { value: highlight.p99Ms, bar: '', '': '' },
    'highlights seen': {
      value: `${highlight.seenCount} of ${highlight.expectedCount}`,
      bar: 'all',
      '': verdict(highlight.seenCount === highlight.expectedCount),
    },
    'server CPU %, RSS MB (peak)': { value: `${server.cpuPct}, ${server.rssMb} (${server.rssPeakMb})`, bar: '', '': '' },
    'database CPU %': { value: database.cpuPct, bar: '', '': '' },
    'viewers CPU %': { value: viewers.viewersCpuPct, bar: '', '': '' },
  });
  if (baseline !== null)
    console.log(
      `baseline, same machine and load, ${baseline.variant} (no store, one send per socket and line): p50 ${baseline.latency.p50Ms} ms, p95 ${baseline.latency.p95Ms} ms, p99 ${baseline.latency.p99Ms} ms, server CPU ${baseline.serverCpuPct} %`,
    );
}
