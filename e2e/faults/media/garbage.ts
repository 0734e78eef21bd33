// The collector of garbage, callable without a flag of the command line.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export function openCollector(): { collectGarbage(): void; heldBytes(): number } {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return {
    collectGarbage: () => collect(),
    heldBytes() {
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    },
  };
}
