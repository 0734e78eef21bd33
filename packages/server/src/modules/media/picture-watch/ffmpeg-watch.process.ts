// The side-car: ffmpeg reads FLV from its stdin and prints what its filters see to two pipes. At a low priority, with
// one thread, and it never outlives us: without stdin it ends.
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { WatchLauncher } from './ports.ts';
import { WATCH_PIPES, watchArguments } from './watch-arguments.ts';

/** Of what it says before it dies. */
const LAST_WORDS_LENGTH = 500;

export function createFfmpegWatch({ ffmpeg }: { ffmpeg: string }): WatchLauncher {
  return {
    start(stream, outputs) {
      const child = spawn(ffmpeg, watchArguments(stream), { stdio: ['pipe', 'ignore', 'pipe', 'pipe', 'pipe'] });
      const [stdin, , stderr] = child.stdio as unknown as [Writable, null, Readable];
      let lastWords = '';
      let isMissing = false;
      let isOver = false;
      const end = (reason: string) => {
        if (isOver) return;
        isOver = true;
        outputs.onExit({ isMissing, reason });
      };
      stderr.setEncoding('utf8').on('data', (text: string) => {
        lastWords = (lastWords + text).slice(-LAST_WORDS_LENGTH);
      });
      for (const [fd, tell] of [
        [WATCH_PIPES.picture, outputs.onPicture],
        [WATCH_PIPES.sound, outputs.onSound],
      ] as const) {
        const pipe = child.stdio[fd] as Readable | null;
        pipe?.on('error', () => {});
        pipe?.setEncoding('utf8').on('data', tell);
      }
      // It may be gone while we write; `exit` tells.
      stdin.on('error', () => {});
      child.once('error', (error: NodeJS.ErrnoException) => {
        isMissing = error.code === 'ENOENT' || error.code === 'EACCES';
        end(error.message);
      });
      child.once('exit', (exitCode, signal) => end(`${signal ?? `exit code ${exitCode}`}: ${lastWords.trim()}`));
      try {
        if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
      } catch {
        // It runs as we do then.
      }
      return {
        write(pieces) {
          if (!stdin.writable) return;
          stdin.cork();
          for (const piece of pieces) stdin.write(piece);
          stdin.uncork();
        },
        get queuedBytes() {
          return stdin.writableLength;
        },
        kill: () => void child.kill('SIGKILL'),
      };
    },
  };
}
