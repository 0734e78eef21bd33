// A pid alone names nobody: it is used again after its process ended. Pid and start time together name one process
// for as long as the machine runs. Used to end or adopt what a killed run left behind, and nothing else.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type ProcessIdentity = { pid: number; startedAt: string };

/** The fields of /proc/<pid>/stat behind the command name, which itself may hold blanks and brackets. */
async function readStat(pid: number): Promise<string[] | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Names the running process with that pid; null when there is none, or only a zombie waiting to be reaped. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | null> {
  if (process.platform === 'linux') {
    const stat = await readStat(pid);
    if (stat === null || stat[0] === 'Z' || stat[0] === 'X') return null;
    // proc_pid_stat(5): field 22, in clock ticks since boot; the boot id tells boots apart.
    const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
    return { pid, startedAt: `${stat[19]}@${bootId.trim().slice(0, 8)}` };
  }
  const shown = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]).catch(() => null);
  const [state, ...startedAt] = shown?.stdout.trim().split(/\s+/) ?? [];
  return state === undefined || state === '' || state.startsWith('Z') ? null : { pid, startedAt: startedAt.join(' ') };
}

/** Tells whether that very process still runs. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await identifyProcess(identity.pid))?.startedAt === identity.startedAt;
}

/** Tells whether a dead process still holds its pid because its parent has not reaped it. */
export async function isZombie(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  return (await readStat(pid))?.[0] === 'Z';
}

/** The command line of a process, '' when it cannot be read. */
export async function commandLineOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim();
  }
  return (await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }))).stdout.trim();
}

/** Sends a signal; false when the process is gone already. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw cause;
  }
}

/** Waits until that very process is gone; false after `timeoutMs`. */
export async function waitUntilGone(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const endMs = performance.now() + timeoutMs;
  while (await isRunning(identity)) {
    if (performance.now() > endMs) return false;
    await new Promise((done) => setTimeout(done, 25));
  }
  return true;
}
