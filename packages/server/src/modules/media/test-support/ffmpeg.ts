// Real encoders and players for tests: Debian's ffmpeg and ffprobe as child processes that never outlive the test.
import { type ChildProcess, spawn } from 'node:child_process';

export type Run = { readonly child: ChildProcess; readonly done: Promise<{ exitCode: number | null; stdout: string; stderr: string }> };

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function run(command: string, args: readonly string[]): Run {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const done = new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      running.delete(child);
      resolve({ exitCode, stdout, stderr });
    });
  });
  return { child, done };
}

export async function outputOf(command: string, args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run(command, args).done;
  if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}: ${stderr.slice(-2_000)}`);
  return stdout;
}

export type SourceOptions = {
  durationSec?: number;
  size?: string;
  gopFrames?: number;
  framesPerSec?: number;
  hasSound?: boolean;
  bFrames?: number;
  /** From then on the picture is black, the sound silent. */
  blackFromSec?: number;
  silentFromSec?: number;
  /** Give the encoder's own pace (true) or as fast as it can (false). */
  isRealTime?: boolean;
};

/** Arguments of a synthetic H.264 + AAC encoder, without the output. */
export function sourceArgs(options: SourceOptions = {}): string[] {
  const { size = '320x180', framesPerSec = 30, gopFrames = 30, hasSound = true, bFrames = 0, isRealTime = true } = options;
  const pace = isRealTime ? ['-re'] : [];
  return [
    '-hide_banner',
    '-loglevel',
    'warning',
    ...pace,
    ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${framesPerSec}${blackFrom(options.blackFromSec)}`],
    ...(hasSound ? [...pace, '-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000${silentFrom(options.silentFromSec)}`] : []),
    ...(options.durationSec ? ['-t', String(options.durationSec)] : []),
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-b:v', '400k'],
    ...(bFrames > 0 ? ['-bf', String(bFrames), '-x264-params', 'b-adapt=0'] : ['-tune', 'zerolatency']),
    ...['-g', String(gopFrames), '-keyint_min', String(gopFrames), '-sc_threshold', '0'],
    ...(hasSound ? ['-c:a', 'aac', '-b:a', '64k', '-ac', '2'] : []),
  ];
}

const blackFrom = (sec?: number) => (sec === undefined ? '' : `,drawbox=enable='gte(t,${sec})':color=black:t=fill`);
const silentFrom = (sec?: number) => (sec === undefined ? '' : `,volume=enable='gte(t,${sec})':volume=0`);

/** Starts a real encoder towards `url`. */
export function startEncoder(url: string, options: SourceOptions = {}): Run {
  return run('ffmpeg', [...sourceArgs(options), '-f', 'flv', '-flvflags', 'no_duration_filesize', url]);
}
