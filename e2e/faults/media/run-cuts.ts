// The cuts from the command line: a line for each round, the figures beside the bar, and the machine.
import { machineLine } from '../events/report.ts';
import { BAR_MS, type CutResult, runCuts } from './cuts.ts';
import { watchPlayer } from './player-watch.ts';

export function cutLine({ round, kind, isGuarded, awayMs, gapMs, playableMs, playerMs, laterStillMs, faults }: CutResult): string {
  const told = [
    `away ${awayMs} ms`,
    gapMs === null ? 'never lost' : `no picture for ${gapMs} ms`,
    ...(playableMs === null ? [] : [`playable after ${playableMs} ms`]),
    ...(playerMs === null ? [] : [`moving after ${playerMs} ms, later still ${laterStillMs} ms`]),
  ];
  const verdict = faults.length === 0 ? 'ok' : `${faults.length} FAULTS\n    ${faults.join('\n    ')}`;
  return `${String(round).padStart(3)} ${isGuarded ? 'guarded ' : ''}${kind}: ${told.join(', ')}: ${verdict}`;
}

function figures(name: string, values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null).sort((one, another) => one - another);
  if (known.length === 0) return `${name}: none`;
  const at = (share: number) => Math.round(known[Math.min(known.length - 1, Math.floor(share * known.length))] ?? 0);
  return `${name} (${known.length}): p50 ${at(0.5)}, p95 ${at(0.95)}, max ${at(1)} ms`;
}

/** Answers the exit code: 1 when a show ended, the sequence broke, or the bar was missed. */
export async function cuts(options: { seed: number; roundCount: number; hasPlayer: boolean; say(line: string): void }): Promise<number> {
  const { seed, roundCount, hasPlayer, say } = options;
  const guardedCount = Math.ceil(roundCount / 2);
  say(`faults:media cuts, seed ${seed}, ${roundCount} rounds and ${guardedCount} guarded by a backup`);
  const { results, endedCount, segmentCount } = await runCuts({
    ...{ seed, roundCount, guardedCount },
    ...(hasPlayer ? { openPlayer: watchPlayer } : {}),
    onRound: (result) => say(cutLine(result)),
  });
  const alone = results.filter(({ isGuarded }) => !isGuarded);
  const guarded = results.filter(({ isGuarded }) => isGuarded);
  const times = {
    'new key frame to playable': results.map(({ playableMs }) => playableMs),
    'new key frame to moving picture': alone.map(({ playerMs }) => playerMs),
    'without a picture until the backup took over': guarded.map(({ gapMs }) => gapMs),
  };
  for (const [name, values] of Object.entries(times)) say(figures(name, values));
  if (hasPlayer)
    say(
      figures(
        'later standstill of the player, not judged',
        alone.map(({ laterStillMs }) => laterStillMs),
      ),
    );
  const faultCount = results.reduce((sum, { faults }) => sum + faults.length, 0);
  const lateCount = Object.values(times)
    .flat()
    .filter((value) => value !== null && value > BAR_MS).length;
  say(`${endedCount} shows ended, ${segmentCount} segments in sequence, ${faultCount} faults, ${lateCount} times beyond ${BAR_MS} ms`);
  say(machineLine());
  return endedCount + faultCount + lateCount === 0 ? 0 : 1;
}
