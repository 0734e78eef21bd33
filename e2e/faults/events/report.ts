// How rounds are shown: a line each, a table of the scenarios at the end, and the machine it all ran on.
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { VIOLATIONS } from './audit.ts';
import type { RoundResult } from './scenarios/scenario.ts';

export function roundLine(result: RoundResult): string {
  const { scenario, round, fault, seed, storedCount, ackedCount, caughtUpMs, reached, violations } = result;
  const verdict = violations.length === 0 ? 'ok' : `${violations.length} VIOLATIONS`;
  const facts = `stored ${storedCount}, acked ${ackedCount}, caught up in ${caughtUpMs} ms, ${reached}`;
  const lines = violations.map(({ kind, detail }) => `    ${kind}: ${detail}\n      (${VIOLATIONS[kind]})`);
  return [`${scenario} ${String(round).padStart(2)} [${seed}] ${fault}: ${verdict}. ${facts}`, ...lines].join('\n');
}

export function summarize(results: readonly RoundResult[]) {
  const names = [...new Set(results.map(({ scenario }) => scenario))];
  return names.map((scenario) => {
    const rounds = results.filter((result) => result.scenario === scenario);
    const last = rounds.at(-1);
    const caughtUp = rounds.map(({ caughtUpMs }) => caughtUpMs).sort((left, right) => left - right);
    return {
      scenario,
      rounds: rounds.length,
      events: last?.storedCount ?? 0,
      acknowledged: last?.ackedCount ?? 0,
      'caught up p50 ms': caughtUp[caughtUp.length >> 1] ?? 0,
      'max ms': caughtUp.at(-1) ?? 0,
      violations: rounds.reduce((sum, { violations }) => sum + violations.length, 0),
    };
  });
}

export const countViolations = (results: readonly RoundResult[]): number =>
  results.reduce((sum, { violations }) => sum + violations.length, 0);

export function machineLine(): string {
  const cpu = cpus()[0]?.model ?? 'unknown processor';
  const memoryGb = Math.round(totalmem() / 1024 ** 3);
  return `${cpu}, ${availableParallelism()} cores, ${memoryGb} GB, ${process.platform} ${release()}, Node ${process.versions.node}`;
}
