// Cuts encoders off in the middle of a show, in every way a line or a program fails, and looks whether the show minded:
// it is not ended, its playlist goes on without a hole, and it can be played soon after the new key frame. In guarded
// rounds a backup encoder sends too, and takes over.
import { setTimeout as sleep } from 'node:timers/promises';
import { createSeededRandom, type SeededRandom } from '@insp/test-kit';
import type { PlayerWatch, Still } from './player-watch.ts';
import { type MediaFact, openStage, type Source, type Stage, until } from './stage.ts';

export const CUT_KINDS = ['rst', 'fin', 'black_hole', 'kill', 'stall'] as const;
export type CutKind = (typeof CUT_KINDS)[number];

/** The bar of the issue: playable again, and taken over, within this. */
export const BAR_MS = 3_000;

export type CutResult = {
  readonly round: number;
  readonly kind: CutKind;
  readonly isGuarded: boolean;
  /** How long the host's encoder stayed away before it tried again. */
  readonly awayMs: number;
  /** Without a picture, as the log of facts has it; of a stall that nobody took over for, null. */
  readonly gapMs: number | null;
  /** From the key frame that ended the gap to something to play in the playlist. */
  readonly playableMs: number | null;
  /** The same to a moving picture in the browser; 0 when it never stood still after the key frame. */
  readonly playerMs: number | null;
  /** How long it stood still again afterwards, in all. */
  readonly laterStillMs: number | null;
  readonly faults: readonly string[];
};

type Round = { round: number; kind: CutKind; isGuarded: boolean; awayMs: number };

/** Every kind comes before one comes again. */
export function planRounds(seed: number, count: number, isGuarded: boolean): Round[] {
  const random = createSeededRandom(seed);
  let bag: CutKind[] = [];
  return Array.from({ length: count }, (_unused, index) => {
    if (bag.length === 0) bag = [...CUT_KINDS];
    const kind = bag.splice(random.int(bag.length), 1)[0] as CutKind;
    return { round: index + 1, kind, isGuarded, awayMs: awayOf(kind, random) };
  });
}

const awayOf = (kind: CutKind, random: SeededRandom) => (kind === 'stall' ? 2_500 + random.int(4_500) : 200 + random.int(4_000));

const other = (source: Source): Source => (source === 'primary' ? 'backup' : 'primary');

/** Cuts that encoder off and brings it back later; resolves when it was told to come back. */
async function cut(stage: Stage, source: Source, { kind, awayMs }: Round): Promise<void> {
  const encoder = stage.encoder(source);
  if (kind === 'stall') return encoder.stall(awayMs);
  if (kind === 'kill') encoder.halt();
  else {
    stage.wires[source].cut(kind);
    // The program behind a dead line does not know yet; the host starts it anew.
    encoder.halt();
  }
  await sleep(awayMs);
  encoder.resume();
}

/**
 * When a new frame was shown again after `keyMs` (0 = it had not stopped by then), and how long it stood still after that:
 * a player that ran dry goes on with little in hand.
 */
export function resumedAfter(stills: readonly Still[], keyMs: number): { resumedMs: number; laterStillMs: number } {
  const [first, ...later] = stills.filter(({ toMs }) => toMs > keyMs);
  const laterStillMs = later.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return { resumedMs: first ? Math.round(first.toMs - keyMs) : 0, laterStillMs: Math.round(laterStillMs) };
}

export async function playRound(stage: Stage, player: PlayerWatch | null, plan: Round): Promise<CutResult> {
  const { kind, isGuarded } = plan;
  const onAir = (stage.health().source ?? 'primary') as Source;
  if (isGuarded) await until('the other encoder is ready', () => stage.health().standby === 'ready');
  const faultsBefore = stage.watch.faults.length;
  const discontinuityBefore = stage.watch.newest?.discontinuityCount ?? 0;
  const cutAtMs = Date.now();
  const back = cut(stage, onAir, plan);
  const faults: string[] = [];

  // A stall that ends before anybody takes the encoder for lost leaves no fact: the picture goes on, late.
  const ended = (fact: MediaFact) => fact.name === 'resumed' || fact.name === 'switched';
  const find = async () => (await stage.factsSince(cutAtMs)).find(ended) ?? null;
  let end: MediaFact | null = null;
  if (isGuarded) end = await until('the other takes over', find);
  else {
    await back;
    if (kind === 'stall') {
      await sleep(1_000);
      const wasLost = (await stage.factsSince(cutAtMs)).some(({ name }) => name === 'lost');
      if (wasLost) end = await until('the picture is back', find);
    } else end = await until('the picture is back', find);
  }
  if (isGuarded && end?.name !== 'switched') faults.push(`the backup did not take over: ${end?.name}`);

  let playableMs: number | null = null;
  if (end !== null) {
    const atMs = await until('the new picture can be played', () => stage.watch.playableAtMs(discontinuityBefore + 1), 30_000).catch(
      () => null,
    );
    if (atMs === null) faults.push('the new picture never came into the playlist, or not with one discontinuity');
    else playableMs = Math.max(0, atMs - end.atMs);
  }
  await back;
  await sleep(player ? 6_000 : 1_500);
  await until('a picture is there', () => stage.hasPicture());
  const resumed = player && end ? resumedAfter(await player.stills(), end.atMs) : null;
  const fatal = player ? await player.fatalErrors() : [];
  if (fatal.length > 0) faults.push(`the player gave up: ${fatal.join(', ')}`);
  const discontinuities = (stage.watch.newest?.discontinuityCount ?? 0) - discontinuityBefore;
  const expected = end === null ? [0, 1] : [1];
  if (!expected.includes(discontinuities)) faults.push(`${discontinuities} discontinuities for one cut`);
  faults.push(...stage.watch.faults.slice(faultsBefore));
  const state = await stage.showState();
  if (state !== 'live') faults.push(`the show is ${state}`);
  const gapMs = end === null ? null : Number(end.payload.gapMs);
  return { ...plan, gapMs, playableMs, playerMs: resumed?.resumedMs ?? null, laterStillMs: resumed?.laterStillMs ?? null, faults };
}

export async function runCuts(options: {
  seed: number;
  roundCount: number;
  guardedCount: number;
  openPlayer?: (playlistUrl: string) => Promise<PlayerWatch>;
  onRound(result: CutResult): void;
}): Promise<{ results: CutResult[]; endedCount: number; segmentCount: number }> {
  const { seed, roundCount, guardedCount, onRound } = options;
  const stage = await openStage();
  let player: PlayerWatch | null = null;
  try {
    await until('segments are there', () => (stage.watch.newest?.segments.length ?? 0) >= 3);
    player = (await options.openPlayer?.(stage.multivariantUrl)) ?? null;
    if (player) await sleep(8_000);
    const results: CutResult[] = [];
    const play = async (plan: Round) => {
      const result = await playRound(stage, player, plan);
      results.push(result);
      onRound(result);
    };
    for (const plan of planRounds(seed, roundCount, false)) await play(plan);
    if (guardedCount > 0) {
      stage.encoder(other((stage.health().source ?? 'primary') as Source));
      for (const plan of planRounds(seed + 1, guardedCount, true)) await play({ ...plan, round: roundCount + plan.round });
    }
    return { results, endedCount: await stage.endedCount(), segmentCount: stage.watch.segmentCount };
  } finally {
    await player?.close();
    await stage.close();
  }
}
