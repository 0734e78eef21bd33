// What restreaming costs: ten targets at 6 Mbit/s beside none, the same by one `ffmpeg -c copy` per target, and how soon
// a server that stopped reading is noticed while the others go on. Servers run in a process of their own; the relay is the
// server's, without its HTTP and database.
//
//   npm run bench -- restream
//   npm run bench -- restream --run-sec=60 --targets=10 --json=result.json
//
// All of it shares one machine and its loopback. Nothing here can fail a build.
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { generate } from 'selfsigned';
import type { PeerConduct } from '../packages/server/src/modules/restream/test-support/peers.ts';
import { machineFacts } from './chat-fanout-report.ts';

const { values } = parseArgs({
  options: { 'run-sec': { type: 'string', default: '30' }, targets: { type: 'string', default: '10' }, json: { type: 'string' } },
});
const runSec = Math.min(600, Math.max(5, Number(values['run-sec']) || 30));
const targetCount = Math.min(50, Math.max(1, Number(values.targets) || 10));
const WARM_SEC = 5;
const say = (line: string) => process.stderr.write(`${line}\n`);

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
const keep = <C extends ChildProcess>(child: C): C => {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
};
const forked = (script: string, argument: object) =>
  keep(fork(join(import.meta.dirname, script), [JSON.stringify(argument)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
const answer = async <T>(child: ChildProcess): Promise<T> => (await once(child, 'message'))[0] as T;

type RelayResult = {
  cpuShare: number;
  rssBeforeMb: number;
  rssMaxMb: number;
  frameCount: number;
  events: { target: number; state: string; reason: string; atMs: number }[];
  droppedFrameCounts: number[];
};
type SinkResult = { counts: number[]; stoppedAtMs: number | null };

async function runRelay(peers: PeerConduct[], file: string, trust: { trustedRoots?: string } = {}): Promise<RelayResult & SinkResult> {
  const sink = forked('restream-sink.ts', { peers });
  const { urls } = await answer<{ urls: string[] }>(sink);
  const relay = forked('restream-relay.ts', { urls, file, runSec, warmSec: WARM_SEC, ...trust });
  const result = await answer<RelayResult>(relay);
  sink.send('counts');
  const seen = await answer<SinkResult>(sink);
  sink.send('stop');
  await once(sink, 'exit');
  return { ...result, ...seen };
}

/** CPU seconds of a process so far, and its proportional share of memory. */
function usageOf(pid: number): { cpuSec: number; pssMb: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const pss = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return { cpuSec: (Number(fields[11]) + Number(fields[12])) / 100, pssMb: Number(pss ?? 0) / 1024 };
}

async function runFfmpeg(file: string): Promise<{ cpuShare: number; pssMb: number }> {
  const sink = forked('restream-sink.ts', { peers: Array.from({ length: targetCount }, () => ({})) });
  const { urls } = await answer<{ urls: string[] }>(sink);
  const senders = urls.map((url) =>
    keep(
      spawn('ffmpeg', ['-nostdin', '-v', 'error', '-re', '-stream_loop', '-1', '-i', file, '-c', 'copy', '-f', 'flv', `${url}/bench`], {
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    ),
  );
  await delay(WARM_SEC * 1000);
  const fromMs = performance.now();
  const before = senders.map(({ pid }) => usageOf(pid as number));
  await delay(runSec * 1000);
  const after = senders.map(({ pid }) => usageOf(pid as number));
  const seconds = (performance.now() - fromMs) / 1000;
  for (const sender of senders) sender.kill('SIGKILL');
  sink.send('stop');
  await once(sink, 'exit');
  const cpuSec = after.reduce((sum, usage, index) => sum + usage.cpuSec - (before[index]?.cpuSec ?? 0), 0);
  return { cpuShare: cpuSec / seconds, pssMb: after.reduce((sum, usage) => sum + usage.pssMb, 0) };
}

const folder = mkdtempSync(join(tmpdir(), 'insp-bench-restream-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'source.flv');
say('making 20 s of 6 Mbit/s');
execFileSync(
  'ffmpeg',
  [
    ...[
      '-nostdin',
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=640x360:rate=30,noise=alls=40:allf=t',
      '-f',
      'lavfi',
      '-i',
      'sine=frequency=330:sample_rate=48000',
    ],
    ...[
      '-t',
      '20',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
      '-b:v',
      '5870k',
      '-minrate',
      '5870k',
      '-maxrate',
      '5870k',
      '-bufsize',
      '3000k',
    ],
    ...[
      '-x264-params',
      'nal-hrd=cbr',
      '-g',
      '60',
      '-sc_threshold',
      '0',
      '-c:a',
      'aac',
      '-b:a',
      '128k',
      '-f',
      'flv',
      '-flvflags',
      'no_duration_filesize',
      file,
    ],
  ],
  { stdio: ['ignore', 'inherit', 'inherit'] },
);
const sourceMbitPerSec = (readFileSync(file).length * 8) / 20 / 1e6;

say(`the relay without targets, ${runSec} s`);
const none = await runRelay([], file);
say(`the relay with ${targetCount} targets, ${runSec} s`);
const good = await runRelay(
  Array.from({ length: targetCount }, () => ({})),
  file,
);
say(`the same over TLS, ${runSec} s`);
const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
  extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
});
const secure = await runRelay(
  Array.from({ length: targetCount }, () => ({ tls: { key, cert } })),
  file,
  { trustedRoots: cert },
);
say(`the same with two black holes among them, ${runSec} s`);
const holes: PeerConduct[] = [{ stopsReadingAfterTags: 400 }, { stopsReadingAfterTags: 400, isWithoutAcknowledgements: true }];
const hurt = await runRelay([...holes, ...Array.from({ length: targetCount - holes.length }, () => ({}))], file);
say(`${targetCount} times ffmpeg -c copy, ${runSec} s`);
const ffmpeg = await runFfmpeg(file);

const noticed = [0, 1].map((target) => {
  const after = (state: string) =>
    hurt.events.find((event) => event.target === target && event.state === state && event.atMs >= (hurt.stoppedAtMs ?? 0));
  const since = (event: { atMs: number } | undefined) => (event && hurt.stoppedAtMs !== null ? event.atMs - hurt.stoppedAtMs : null);
  return {
    kind: target === 0 ? 'acknowledges' : 'never acknowledges',
    degradedMs: since(after('degraded')),
    reconnectMs: since(after('backoff')),
  };
});
const lost = (result: RelayResult & SinkResult, from: number) => {
  // Each began at a key frame of its own: what is missing at the end, or was dropped, is lost.
  const counts = result.counts.slice(from);
  return {
    droppedFrames: result.droppedFrameCounts.slice(from).reduce((sum, count) => sum + count, 0),
    fewestFrames: Math.min(...counts),
    mostFrames: Math.max(...counts),
    ofFrames: result.frameCount,
  };
};
const percent = (share: number) => `${(share * 100).toFixed(2)} % of a core`;
const report = {
  ...{ bench: 'restream', at: new Date().toISOString(), machine: machineFacts(), targetCount, runSec, sourceMbitPerSec },
  relay: {
    noTargets: none.cpuShare,
    targets: good.cpuShare,
    added: good.cpuShare - none.cpuShare,
    rssNoneMb: none.rssMaxMb,
    rssMb: good.rssMaxMb,
  },
  overTls: { cpuShare: secure.cpuShare, rssMb: secure.rssMaxMb, frames: lost(secure, 0) },
  healthy: lost(good, 0),
  healthyBesideBlackHoles: lost(hurt, holes.length),
  noticed,
  ffmpegCopy: ffmpeg,
};
if (values.json) writeFileSync(values.json, JSON.stringify(report, null, 2));
const { cpu, coreCount, memoryMb, system, node } = report.machine;
process.stdout.write(
  `${[
    `restream: ${targetCount} targets, ${sourceMbitPerSec.toFixed(2)} Mbit/s, ${runSec} s`,
    `machine: ${cpu}, ${coreCount} cores, ${memoryMb} MB, ${system}, node ${node}`,
    '',
    `relay, no target       ${percent(none.cpuShare)}, RSS ${none.rssMaxMb.toFixed(0)} MB`,
    `relay, ${targetCount} targets     ${percent(good.cpuShare)}, RSS ${good.rssMaxMb.toFixed(0)} MB`,
    `added by the targets   ${percent(good.cpuShare - none.cpuShare)}, ${(good.rssMaxMb - none.rssMaxMb).toFixed(0)} MB`,
    `the same over TLS      ${percent(secure.cpuShare)}, RSS ${secure.rssMaxMb.toFixed(0)} MB, ${report.overTls.frames.fewestFrames} to ${report.overTls.frames.mostFrames} frames`,
    `ffmpeg -c copy each    ${percent(ffmpeg.cpuShare)}, PSS ${ffmpeg.pssMb.toFixed(0)} MB`,
    '',
    `frames at the servers  ${report.healthy.fewestFrames} to ${report.healthy.mostFrames} of ${report.healthy.ofFrames}, ${report.healthy.droppedFrames} dropped`,
    `beside two black holes ${report.healthyBesideBlackHoles.fewestFrames} to ${report.healthyBesideBlackHoles.mostFrames} of ${report.healthyBesideBlackHoles.ofFrames}, ${report.healthyBesideBlackHoles.droppedFrames} dropped`,
    ...noticed.map(
      ({ kind, degradedMs, reconnectMs }) =>
        `black hole, ${kind}: noticed after ${degradedMs ?? '-'} ms, dialled anew after ${reconnectMs ?? '-'} ms`,
    ),
  ].join('\n')}\n`,
);
