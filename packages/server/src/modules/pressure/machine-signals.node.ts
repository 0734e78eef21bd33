// What the machine tells of its own state: delay of the event loop, memory, the data disk.
import { statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Service } from '../../kernel/service.ts';
import type { DiskUse } from './disk-guard.ts';

/** The loop is asked this often; an idle loop answers this late. */
const RESOLUTION_MS = 20;
const DISK_LOOK_EVERY_MS = 5_000;
const NS_PER_MS = 1e6;

export type MachineReading = { loopLagMs: number | null; memoryUsedRatio: number | null; disk: DiskUse | null };
export type Machine = Service & {
  /** The state since the last call. */
  read(): MachineReading;
};

/** `dataDir: null` = the data is on another machine, its disk is not ours to watch. */
export function createMachine(options: { dataDir: string | null }): Machine {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const constrained = process.constrainedMemory();
  const memoryLimitBytes = Math.min(totalmem(), constrained > 0 ? constrained : Number.POSITIVE_INFINITY);
  let disk: DiskUse | null = null;
  let timer: NodeJS.Timeout | null = null;

  async function lookAtDisk(): Promise<void> {
    if (options.dataDir === null) return;
    try {
      const { blocks, bavail, bsize } = await statfs(options.dataDir);
      disk = blocks === 0 ? null : { usedRatio: 1 - bavail / blocks, freeBytes: bavail * bsize };
    } catch {
      // Not there yet, or a file system that does not say.
      disk = null;
    }
  }

  return {
    read() {
      const loopLagMs = delay.count === 0 ? null : Math.max(0, delay.mean / NS_PER_MS - RESOLUTION_MS);
      delay.reset();
      const { used_heap_size: heapBytes, heap_size_limit: heapLimitBytes } = getHeapStatistics();
      const memoryUsedRatio = Math.max(process.memoryUsage.rss() / memoryLimitBytes, heapBytes / heapLimitBytes);
      return { loopLagMs, memoryUsedRatio, disk };
    },
    async start() {
      if (timer !== null) return;
      delay.enable();
      await lookAtDisk();
      timer = setInterval(() => void lookAtDisk(), DISK_LOOK_EVERY_MS);
      timer.unref();
    },
    async stop() {
      if (timer !== null) clearInterval(timer);
      timer = null;
      delay.disable();
    },
  };
}
