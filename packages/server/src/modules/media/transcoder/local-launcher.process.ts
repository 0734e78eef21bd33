// ffmpeg as a child of this process. It has a process group of its own, so that a Ctrl-C in a terminal reaches us first
// and we end it in order; it is nicer than we are, so that under load pictures get fewer before anything gets slow. It
// cannot outlive us: when we are gone, even by kill -9, its stdin ends and its outputs have no reader.
import { execFile, spawn } from 'node:child_process';
import { availableParallelism, setPriority } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { ffmpegArguments, PIPES } from '@insp/media';
import type { Clock } from '../../../kernel/clock.ts';
import { signalProcess } from '../../../platform/process/process-identity.ts';
import type { TranscodeLauncher } from './ports.ts';

/** Of 19; Node keeps 0. */
const NICENESS = 5;
const PROBE_TIMEOUT_MS = 10_000;
const KEPT_LOG_CHARS = 2_000;
/** Nothing of our environment (keys, addresses) is its business: it reads pictures of strangers. */
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin', LC_ALL: 'C', TZ: 'UTC' };

export function createLocalLauncher(options: {
  ffmpeg: string;
  clock: Clock;
  /** Other arguments for the same plan and pipes: baselines of the bench, encoders of other hardware. */
  argumentsOf?: typeof ffmpegArguments;
}): TranscodeLauncher {
  const { ffmpeg, clock, argumentsOf = ffmpegArguments } = options;
  return {
    async probe() {
      const coreCount = availableParallelism();
      try {
        const run = (args: string[]) => promisify(execFile)(ffmpeg, args, { env: ENVIRONMENT, timeout: PROBE_TIMEOUT_MS });
        const version = (await run(['-version'])).stdout.split('\n')[0] ?? '';
        const encoder = await run(['-hide_banner', '-loglevel', 'quiet', '-h', 'encoder=libx264']);
        return encoder.stdout.includes('libx264')
          ? { isAvailable: true, coreCount, detail: version }
          : { isAvailable: false, coreCount, detail: `${version} has no libx264` };
      } catch (cause) {
        return { isAvailable: false, coreCount, detail: `${ffmpeg} cannot be run: ${(cause as Error).message.split('\n')[0]}` };
      }
    },

    start(plan, outputs) {
      const pipes = Array.from({ length: PIPES.firstRung - PIPES.progress + plan.rungs.length }, () => 'pipe' as const);
      const child = spawn(ffmpeg, argumentsOf(plan), {
        detached: true,
        env: ENVIRONMENT,
        stdio: ['pipe', 'ignore', 'pipe', ...pipes],
      });
      const { pid } = child;
      const input = child.stdio[0] as Writable;
      let lastWords = '';
      let isOver = false;
      let drained: () => void = () => {};
      let stopWaiting: (() => void) | null = null;

      if (pid !== undefined) {
        try {
          setPriority(pid, NICENESS);
        } catch {
          // Gone already, or not allowed to: it runs as it is.
        }
      }
      const output = (fd: number) => child.stdio[fd] as Readable;
      const texts = (fd: number, take: (text: string) => void) => output(fd)?.setEncoding('utf8').on('data', take);
      texts(2, (text) => {
        lastWords = `${lastWords}${text}`.slice(-KEPT_LOG_CHARS);
      });
      texts(PIPES.progress, outputs.onProgress);
      texts(PIPES.pictures, outputs.onPicture);
      texts(PIPES.sounds, outputs.onSound);
      output(PIPES.stills)?.on('data', outputs.onStills);
      for (const index of plan.rungs.keys())
        output(PIPES.firstRung + index)?.on('data', (bytes: Uint8Array) => outputs.onRung(index, bytes));
      for (const stream of child.stdio) stream?.on('error', () => {});
      input.on('drain', () => drained());

      function over(reason: string): void {
        if (isOver) return;
        isOver = true;
        stopWaiting?.();
        outputs.onExit({ reason });
      }
      child.once('error', (error) => over(error.message));
      child.once('close', (code, signal) => over(`${signal ?? `exit code ${code}`}${lastWords === '' ? '' : `: ${lastWords.trim()}`}`));

      function kill(): void {
        // The group, and the pid if it is not one yet; until `close` nobody else can have the number.
        if (!isOver && pid !== undefined && child.exitCode === null && child.signalCode === null) {
          signalProcess(-pid, 'SIGKILL');
          child.kill('SIGKILL');
        }
      }
      return {
        pid: pid ?? null,
        write(pieces) {
          if (!input.writable) return true;
          // One call of the system for all of them.
          input.cork();
          for (const piece of pieces) input.write(piece);
          input.uncork();
          return !input.writableNeedDrain;
        },
        onDrain(call) {
          drained = call;
        },
        end(graceMs) {
          if (isOver) return;
          input.end();
          stopWaiting ??= clock.after(graceMs, kill);
        },
        kill,
      };
    },
  };
}
