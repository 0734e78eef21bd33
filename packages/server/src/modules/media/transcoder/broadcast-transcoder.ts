// The transcoder of one broadcast: when an ffmpeg runs, with which rungs, and what of it reaches the packager. All of it
// only adds rungs: whatever fails here, the source goes on untouched.
//
//   key frame --> supervision --> run --> rungs --> packager
//   each second: load watch --> shedding --> another step of the ladder, at the next key frame
//
// A planned change (shed, restore, better known bitrate, sound announced late) overlaps: the new run takes everything
// from a key frame on, the old one finishes what is before it (run-line.ts).
import {
  type AvcConfig,
  type CpuBudget,
  createLoadWatch,
  type DemuxEvent,
  IDLE,
  type LoadReading,
  ladderSteps,
  leftOutOf,
  nextShedding,
  nextSupervision,
  type PictureReading,
  type Rung,
  type Shedding,
  SUPERVISION_LIMITS,
  type Supervision,
  startShedding,
  type TranscodePlan,
} from '@insp/media';
import type { Clock } from '../../../kernel/clock.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { BroadcastTap, RungSink } from '../taps.ts';
import type { RungName, TranscodeLauncher, TranscoderListener, TranscoderStatus } from './ports.ts';
import { createTranscodeRun, type RunEnd, type TranscodeRun } from './run.ts';
import { createRunLine, type RunInLine } from './run-line.ts';
import { createRunPicture } from './run-picture.ts';
import { createSourceWatch, SOURCE_LIMITS, type SourceFacts } from './source-watch.ts';

export const TRANSCODER_LIMITS = {
  /** A bitrate this much off the one planned with is worth another run. */
  bitrateOffBy: 0.35,
  statusEveryMs: 2_000,
  /** An output this late, and standing still, hangs. */
  stalledLagMs: 1_000,
} as const;

export type BroadcastTranscoder = BroadcastTap & {
  /** About each second. */
  tick(): void;
  readonly status: TranscoderStatus;
  /** What is seen and heard of the source; null while nobody looks. */
  readonly picture: PictureReading | null;
  /** Of the ffmpeg that runs now; for tests and the bench. */
  readonly pid: number | null;
};

export function createBroadcastTranscoder(deps: {
  readonly broadcastId: string;
  readonly launcher: TranscodeLauncher;
  readonly budget: CpuBudget;
  /** Shorter sides wanted; empty for none (stills and filters only). */
  readonly sidesPx: readonly number[];
  readonly threadCount: number | null;
  readonly openRung: (rung: RungName) => RungSink;
  readonly listeners: readonly TranscoderListener[];
  readonly clock: Clock;
  readonly logger: Logger;
}): BroadcastTranscoder {
  const { clock, logger, budget, broadcastId } = deps;
  const watch = createSourceWatch();
  const load = createLoadWatch();
  let supervision: Supervision = IDLE;
  let videoConfig: AvcConfig | null = null;
  let audioConfig: Extract<DemuxEvent, { kind: 'audio_config' }> | null = null;
  /** Since the first key frame, while the source is not known well enough. */
  let kept: DemuxEvent[] | null = null;
  /** Decode time and arrival of the first key frame of this connection and clock. */
  let anchor: { dtsMs: number; wallMs: number } | null = null;
  const line = createRunLine({ openRung: deps.openRung, guarded });
  const picture = createRunPicture();
  /** The last of the line, while it takes the source. */
  let fed: RunInLine | null = null;
  let shedding: Shedding | null = null;
  let steps: readonly (readonly Rung[])[] = [[]];
  /** The richest step the budget has paid. */
  let bestStep = Number.POSITIVE_INFINITY;
  let plannedBitrate: number | null = null;
  let isChangeDue = false;
  let wasGroupTooLong = false;
  let reading: LoadReading = { speed: null, lagMs: null, isSlow: false, isCalm: false };
  let droppedFrameCount = 0;
  let lastStatus: { text: string; atMs: number } = { text: '', atMs: 0 };
  let lastMade: { ms: number | null; atMs: number } = { ms: null, atMs: 0 };
  let isEnded = false;

  // --- runs ---

  function supervise(kind: Parameters<typeof nextSupervision>[1]['kind']): boolean {
    const next = nextSupervision(supervision, { kind, atMs: clock.nowMs() });
    supervision = next.state;
    let hasStarted = false;
    for (const action of next.actions) {
      if (action === 'start') hasStarted = true;
      if (action === 'end') endFed(false);
      if (action === 'alert')
        logger.error({ broadcastId, failedAtMs: supervision.failedAtMs }, 'the transcoder failed too often: source only');
    }
    return hasStarted;
  }

  /** None while the source's key frames are too far apart: rungs would be holes every other segment, and the host is told. */
  const wantedSidesPx = () => (watch.isGroupTooLong ? [] : deps.sidesPx);

  /** The plan of now. The budget is asked first: it may have less to give than is wanted. */
  function planOf(facts: SourceFacts): TranscodePlan {
    const nowMs = clock.nowMs();
    steps = ladderSteps(facts, wantedSidesPx());
    plannedBitrate = facts.bitrateBitsPerSec;
    const wanted = Math.min(shedding?.step ?? 0, steps.length - 1);
    const granted = budget.take(broadcastId, facts, steps, wanted);
    shedding = shedding ? { ...shedding, step: granted } : startShedding(granted, nowMs);
    bestStep = Math.min(bestStep, granted);
    return {
      rungs: steps[granted] ?? [],
      source: facts,
      hasSound: audioConfig !== null,
      threadCount: deps.threadCount,
    };
  }

  /** Begins a run at the key frame decoded at `originMs`, which is fed next. The run before finishes what it has. */
  function launch(facts: SourceFacts, originMs: number): void {
    if (!videoConfig) return;
    isChangeDue = false;
    try {
      const run = createTranscodeRun({
        launcher: deps.launcher,
        plan: planOf(facts),
        originMs,
        nowMs: clock.nowMs,
        onRung: (rung, event) => line.made(active, rung, event),
        onStill: ({ jpeg, ptsMs }) => tell((listener) => listener.onThumbnail?.({ jpeg, ptsMs, programMs: wallOf(ptsMs) })),
        onOverflow: () => load.overflowed(),
        onClosed: (end) => closed(active, end),
      });
      endFed(true);
      picture.follow(run, true);
      const active = line.join(run);
      fed = active;
      load.reset();
      lastMade = { ms: null, atMs: clock.nowMs() };
      run.feed({ kind: 'video_config', config: videoConfig });
      if (audioConfig) run.feed(audioConfig);
    } catch (error) {
      logger.warn({ broadcastId, error }, 'the transcoder could not be started');
      if (!fed) supervise('failed');
    }
  }

  function endFed(isHandedOver: boolean): void {
    if (!fed) return;
    if (!isHandedOver) picture.follow(null, false);
    const ending = fed;
    ending.isHandedOver = isHandedOver;
    fed = null;
    ending.run.end();
  }

  function closed(active: RunInLine, end: RunEnd): void {
    droppedFrameCount += active.run.droppedFrameCount;
    const hasFailed = active === fed || !end.isExpected;
    if (active === fed) {
      fed = null;
      picture.follow(null, false);
      supervise('failed');
    }
    if (!line.leave(active)) return;
    if (hasFailed) logger.warn({ broadcastId, pid: active.run.pid, reason: end.reason }, 'the transcoder stopped');
    tellStatus();
  }

  // --- the source ---

  function onVideo(event: Extract<DemuxEvent, { kind: 'video' }>, arrivedAtMs: number): void {
    if (event.isKey) {
      anchor ??= { dtsMs: event.dtsMs, wallMs: arrivedAtMs };
      if (watch.facts) onKeyFrame(watch.facts, event.dtsMs);
      else if (!fed && !kept) kept = [];
    }
    if (fed) fed.run.feed(event);
    else keep(event);
  }

  /** A run may begin with this key frame, which is fed afterwards to whichever runs. */
  function onKeyFrame(facts: SourceFacts, dtsMs: number): void {
    const isKnownBetter = facts.bitrateBitsPerSec !== null && plannedBitrate === null;
    if (fed && (isKnownBetter || wasGroupTooLong !== watch.isGroupTooLong)) reconsider(facts);
    wasGroupTooLong = watch.isGroupTooLong;
    if (fed ? isChangeDue : supervise('key_frame')) launch(facts, dtsMs);
  }

  function reconsider(facts: SourceFacts): void {
    const current = fed?.run.plan.rungs ?? [];
    const better = ladderSteps(facts, wantedSidesPx())[shedding?.step ?? 0] ?? [];
    plannedBitrate = facts.bitrateBitsPerSec;
    const isSame =
      better.length === current.length &&
      better.every((rung, index) => {
        const twin = current[index];
        return twin?.name === rung.name && Math.abs(rung.bitrateBitsPerSec / twin.bitrateBitsPerSec - 1) < TRANSCODER_LIMITS.bitrateOffBy;
      });
    if (!isSame) isChangeDue = true;
  }

  function keep(event: DemuxEvent): void {
    if (!kept) return;
    kept.push(event);
    if (kept.length > SOURCE_LIMITS.keptEventCount) kept = null;
    else if (watch.facts) {
      const first = kept;
      kept = null;
      if (supervise('key_frame')) launch(watch.facts, first[0]?.kind === 'video' ? first[0].dtsMs : 0);
      for (const past of first) fed?.run.feed(past);
    }
  }

  /** What comes is another picture or another clock: the run ends, the next key frame begins one. */
  function breakOff(): void {
    kept = null;
    anchor = null;
    if (supervision.kind === 'idle') return;
    supervise('source_left');
    supervise('source_came');
  }

  // --- outwards ---

  const wallOf = (ptsMs: number): number => (anchor ? anchor.wallMs + ptsMs - anchor.dtsMs : clock.nowMs());

  function guarded(call: () => void): void {
    try {
      call();
    } catch (error) {
      logger.error({ broadcastId, error }, 'a listener of the transcoder failed');
    }
  }
  const tell = (call: (listener: TranscoderListener) => void) => {
    for (const listener of deps.listeners) guarded(() => call(listener));
  };

  function stateOf(rungCount: number, isMaking: boolean): TranscoderStatus['state'] {
    if (supervision.kind === 'given_up') return 'failed';
    if (supervision.kind === 'idle' || (fed !== null && rungCount === 0)) return 'off';
    if (!isMaking) return supervision.failedAtMs.length > 0 ? 'restarting' : 'starting';
    return (shedding?.step ?? 0) > 0 ? 'reduced' : 'full';
  }

  function statusOf(): TranscoderStatus {
    const rungs = fed?.run.plan.rungs.map((rung) => rung.name) ?? [];
    const isMaking = fed !== null && fed.run.madeMs !== null;
    const state = stateOf(rungs.length, isMaking);
    const leftOut = fed ? leftOutOf(steps[Math.min(bestStep, steps.length - 1)] ?? [], fed.run.plan.rungs) : [];
    const dropped = droppedFrameCount + (fed?.run.droppedFrameCount ?? 0);
    const { speed, lagMs } = reading;
    return { state, rungs, leftOut, speed, lagMs, droppedFrameCount: dropped, restartCount: supervision.restartCount };
  }

  function tellStatus(): void {
    const status = statusOf();
    const text = JSON.stringify({ ...status, speed: null, lagMs: null });
    const nowMs = clock.nowMs();
    if (text === lastStatus.text && nowMs - lastStatus.atMs < TRANSCODER_LIMITS.statusEveryMs) return;
    lastStatus = { text, atMs: nowMs };
    tell((listener) => listener.onStatus?.(status));
  }

  /** Sent pictures and nothing came out: it hangs. */
  function isStalled(run: TranscodeRun, nowMs: number): boolean {
    if (run.madeMs !== lastMade.ms || run.sentMs === null) lastMade = { ms: run.madeMs, atMs: nowMs };
    const isBehind = run.sentMs !== null && (run.madeMs === null || run.sentMs - run.madeMs > TRANSCODER_LIMITS.stalledLagMs);
    return run.plan.rungs.length > 0 && isBehind && nowMs - lastMade.atMs >= SUPERVISION_LIMITS.stallMs;
  }

  return {
    get status() {
      return statusOf();
    },
    get picture() {
      return picture.read(clock.nowMs());
    },
    get pid() {
      return fed?.run.pid ?? null;
    },
    onConnected() {
      watch.reset();
      videoConfig = null;
      audioConfig = null;
      kept = null;
      anchor = null;
      supervise('source_came');
    },
    onSample(event, arrivedAtMs) {
      if (isEnded) return;
      if ((event.kind === 'video_config' && videoConfig !== null) || event.kind === 'jump') breakOff();
      watch.observe(event);
      if (event.kind === 'video_config') videoConfig = event.config;
      if (event.kind === 'video') return onVideo(event, arrivedAtMs);
      if (event.kind === 'audio_config') audioConfig = event;
      if (event.kind !== 'audio' && event.kind !== 'audio_config') return;
      // One that was begun without sound does not listen.
      if (event.kind === 'audio_config' && fed?.run.plan.hasSound === false) isChangeDue = true;
      if (fed) fed.run.feed(event);
      else if (event.kind === 'audio') keep(event);
    },
    onDisconnected() {
      kept = null;
      supervise('source_left');
      budget.release(broadcastId);
      tellStatus();
    },
    onEnded() {
      isEnded = true;
      kept = null;
      supervise('source_left');
      budget.release(broadcastId);
      tellStatus();
    },
    tick() {
      const nowMs = clock.nowMs();
      if (fed) {
        const { run } = fed;
        reading = load.observe({ sentMs: run.sentMs, madeMs: run.madeMs }, nowMs);
        // One that looks at key frames alone has nothing to shed.
        if (isStalled(run, nowMs) || (reading.isSlow && run.plan.rungs.length === 0)) run.kill();
      }
      if (fed && shedding && watch.facts) {
        const highestStep = budget.affordableStep(broadcastId, watch.facts, steps);
        const next = nextShedding(shedding, reading, { highestStep, lowestStep: steps.length - 1 }, nowMs);
        if (next.step !== shedding.step) {
          logger.warn(
            { broadcastId, speed: reading.speed, lagMs: reading.lagMs, from: names(steps[shedding.step]), to: names(steps[next.step]) },
            'another ladder',
          );
          isChangeDue = true;
        }
        shedding = next;
      }
      tellStatus();
    },
  };
}

const names = (rungs: readonly Rung[] | undefined): string => rungs?.map((rung) => rung.name).join(' ') || 'none';
