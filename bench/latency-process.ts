// What the server's processes take, from /proc (Linux; elsewhere nothing is told).
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SEC = 100;
export type ProcessSample = { atMs: number; nodeCpuSec: number; ffmpegCpuSec: number; rssMb: number; ffmpegRssMb: number };

/** The process itself, and all ffmpeg among its descendants. */
export function sampleProcess(pid: number): ProcessSample | null {
  const own = readProcess(pid);
  if (own === null) return null;
  const others = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
  const parentOf = new Map(others.map((other) => [other.pid, other.parentPid]));
  const isBelow = (from: number): boolean => {
    const parent = parentOf.get(from);
    return parent !== undefined && parent !== 0 && (parent === pid || isBelow(parent));
  };
  const encoders = others.filter(({ pid: other, name }) => name === 'ffmpeg' && isBelow(other));
  return {
    atMs: Date.now(),
    nodeCpuSec: own.cpuSec,
    ffmpegCpuSec: encoders.reduce((sum, { cpuSec }) => sum + cpuSec, 0),
    rssMb: own.rssMb,
    ffmpegRssMb: encoders.reduce((sum, { rssMb }) => sum + rssMb, 0),
  };
}

function readProcess(pid: number): { pid: number; parentPid: number; name: string; cpuSec: number; rssMb: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    // Fields 3 and on: state, ppid, ... utime and stime are 14 and 15, rss (pages) 24.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const field = (number: number) => Number(fields[number - 3] ?? 0);
    return { pid, parentPid: field(4), name, cpuSec: (field(14) + field(15)) / TICKS_PER_SEC, rssMb: (field(24) * 4_096) / 1024 ** 2 };
  } catch {
    return null;
  }
}

/** Busy share of all cores since `before`, from /proc/stat; for saying that a run was not alone. */
export function machineTimes(): { busySec: number; idleSec: number } {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
    const times = line.trim().split(/\s+/).slice(1).map(Number);
    const idle = (times[3] ?? 0) + (times[4] ?? 0);
    return { busySec: (times.slice(0, 8).reduce((sum, time) => sum + time, 0) - idle) / TICKS_PER_SEC, idleSec: idle / TICKS_PER_SEC };
  } catch {
    return { busySec: 0, idleSec: 0 };
  }
}
