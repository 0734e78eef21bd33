// The fuzzer from the command line: how far it got, what it found, and on which machine.
import { machineLine } from '../events/report.ts';
import { runFuzz } from './fuzz.ts';
import { loadCorpus } from './fuzz-corpus.ts';
import { openCollector } from './garbage.ts';

/** Answers the exit code: 1 on any finding. */
export function fuzz({ seed, count, say }: { seed: number; count: number; say(line: string): void }): number {
  say(`faults:media fuzz, seed ${seed}, ${count} inputs`);
  let toldAtMs = performance.now();
  const report = runFuzz({
    ...{ corpus: loadCorpus(), seed, count, ...openCollector() },
    onProgress(doneCount, findingCount) {
      if (performance.now() - toldAtMs < 10_000) return;
      toldAtMs = performance.now();
      say(`  ${doneCount} done, ${findingCount} findings`);
    },
  });
  const ways = [...report.reached].sort(([, one], [, other]) => other - one);
  for (const [way, times] of ways.slice(0, 40)) say(`  ${String(times).padStart(8)}  ${way}`);
  if (ways.length > 40) say(`  and ${ways.length - 40} rarer ends`);
  for (const { target, index, what } of report.findings) say(`FINDING ${target}, seed ${seed}, input ${index}: ${what}`);
  const perTarget = Object.entries(report.perTarget).map(([target, times]) => `${target} ${times}`);
  say(
    `${perTarget.join(', ')}; at most ${Math.round(report.maxHeldBytesPerSession / 1024)} KiB held by a session on average; ${Math.round(report.durationMs / 1000)} s`,
  );
  say(`peak RSS ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB; ${machineLine()}`);
  say(report.findings.length === 0 ? `no finding in ${count} inputs, seed ${seed}` : `${report.findings.length} FINDINGS; seed ${seed}`);
  return report.findings.length === 0 ? 0 : 1;
}
