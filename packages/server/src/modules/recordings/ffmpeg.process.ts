// One run of ffmpeg for a job: fed through pipes, read through a pipe, behind every other process of the machine, ended
// when the job is, or when nothing moves for too long.
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { Writable } from 'node:stream';
import type { Clock } from '../../kernel/clock.ts';
import { JOB_LIMITS } from './limits.ts';

/** What ffmpeg says at most that we keep. */
const KEPT_WORDS_CHARS = 64 * 1024;

export type FfmpegRun = {
  readonly args: readonly string[];
  /** Fed to `pipe:3`, `pipe:4`, ... in this order, each as fast as it is taken. */
  readonly inputs: readonly AsyncIterable<Uint8Array>[];
  onOutput?(chunk: Buffer): void;
  readonly signal: AbortSignal;
};

export type RunFfmpeg = (run: FfmpegRun) => Promise<{ words: string }>;

export function createFfmpeg(program: string, clock: Clock): RunFfmpeg {
  return async ({ args, inputs, onOutput, signal }) => {
    if (signal.aborted) throw new Error('stopped');
    const child = spawn(program, ['-hide_banner', '-nostdin', '-loglevel', 'info', '-nostats', ...args], {
      stdio: ['ignore', 'pipe', 'pipe', ...inputs.map(() => 'pipe' as const)],
    });
    const abort = () => child.kill('SIGKILL');
    signal.addEventListener('abort', abort, { once: true });
    let words = '';
    let movedAtMs = clock.steadyMs();
    const moved = () => {
      movedAtMs = clock.steadyMs();
    };
    let isSilent = false;
    const stopWatching = clock.every(1_000, () => {
      if (clock.steadyMs() - movedAtMs < JOB_LIMITS.silenceMs) return;
      isSilent = true;
      child.kill('SIGKILL');
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      moved();
      onOutput?.(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      moved();
      words = (words + chunk.toString('utf8')).slice(-KEPT_WORDS_CHARS);
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (child.pid !== undefined) {
      try {
        setPriority(child.pid, Math.min(JOB_LIMITS.niceness, constants.priority.PRIORITY_LOW));
      } catch {
        // It may be over already.
      }
    }
    try {
      const fed = inputs.map((input, index) => feed(child.stdio[index + 3] as Writable, input, moved));
      const [code] = await Promise.all([ended, ...fed]);
      if (code !== 0) {
        const why = signal.aborted ? 'stopped' : isSilent ? 'nothing moved for too long' : words.slice(-1_000);
        throw new Error(`ffmpeg ended with ${code}: ${why}`);
      }
      return { words };
    } finally {
      child.kill('SIGKILL');
      stopWatching();
      signal.removeEventListener('abort', abort);
    }
  };
}

/** Ends quietly when ffmpeg takes no more: its exit code says whether that was a fault. */
async function feed(pipe: Writable, input: AsyncIterable<Uint8Array>, moved: () => void): Promise<void> {
  let isOpen = true;
  const closed = new Promise<void>((resolve) => {
    const end = () => {
      isOpen = false;
      resolve();
    };
    pipe.once('error', end);
    pipe.once('close', end);
  });
  for await (const chunk of input) {
    if (!isOpen) return;
    moved();
    if (!pipe.write(chunk)) await Promise.race([new Promise((resolve) => pipe.once('drain', resolve)), closed]);
  }
  if (isOpen) pipe.end();
}
