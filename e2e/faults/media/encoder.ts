// A host's encoder: ffmpeg that is started again when it ends, as OBS tries again when it was cut off.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEncoder } from '../../../packages/server/src/modules/media/test-support/ffmpeg.ts';

const TRY_AGAIN_MS = 500;
const GOP_FRAMES = 60;

export type KeptEncoder = {
  /** Ends it, and does not start it again before `resume`. */
  halt(): void;
  kill(): void;
  /** Stops the process for a while without ending it. */
  stall(durationMs: number): Promise<void>;
  resume(): void;
  stop(): Promise<void>;
};

/** 30 fps with a key frame every 2 s, as we advise. */
export function keepEncoding(url: string): KeptEncoder {
  let child: ChildProcess | null = null;
  let isWanted = true;
  let isOver = false;
  const loop = (async () => {
    while (!isOver) {
      if (!isWanted) {
        await sleep(20);
        continue;
      }
      const encoder = startEncoder(url, { gopFrames: GOP_FRAMES });
      child = encoder.child;
      await encoder.done;
      child = null;
      if (isWanted && !isOver) await sleep(TRY_AGAIN_MS);
    }
  })();
  const kill = () => void child?.kill('SIGKILL');
  return {
    halt() {
      isWanted = false;
      kill();
    },
    kill,
    async stall(durationMs) {
      const stalled = child;
      stalled?.kill('SIGSTOP');
      await sleep(durationMs);
      stalled?.kill('SIGCONT');
    },
    resume() {
      isWanted = true;
    },
    async stop() {
      isOver = true;
      kill();
      await loop;
    },
  };
}
