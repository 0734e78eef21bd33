// A launcher whose ffmpeg is an echo: each rung gets the pictures that went in, in the order they are shown, at once.
// A test can let it hang, crash or refuse.
import { avcFrameTag, createFlvReader, type FlvTag, flvHeader, flvTagBytes, readVideoTag, type TranscodePlan } from '@insp/media';
import type { TranscodeLauncher, TranscodeOutputs } from '../ports.ts';

export type EchoJob = {
  readonly plan: TranscodePlan;
  readonly outputs: TranscodeOutputs;
  /** It takes nothing more and gives nothing more, until `resume`. */
  hang(): void;
  resume(): void;
  crash(): void;
  /** Keeps its last pictures until it is asked to end, and ends only when `finish` is called. */
  isSlowToEnd: boolean;
  finish(): void;
  readonly isEnding: boolean;
  readonly isOver: boolean;
  readonly isKilled: boolean;
};

export function createEchoLauncher() {
  const jobs: EchoJob[] = [];
  let failure: Error | null = null;
  const launcher: TranscodeLauncher = {
    probe: async () => ({ isAvailable: true, detail: 'echo', coreCount: 2 }),
    start(plan, outputs) {
      if (failure) throw failure;
      const reader = createFlvReader();
      let isHanging = false;
      let drained: () => void = () => {};
      let waiting: { tag: FlvTag; ptsMs: number; dtsMs: number }[] = [];
      const state = { isEnding: false, isOver: false, isKilled: false };
      const toRungs = (bytes: Uint8Array) => {
        for (const index of plan.rungs.keys()) outputs.onRung(index, bytes);
      };
      toRungs(flvHeader({ hasVideo: true, hasAudio: false }));

      function show(untilPtsMs: number): void {
        const ready = waiting.filter(({ ptsMs }) => ptsMs <= untilPtsMs).sort((a, b) => a.ptsMs - b.ptsMs);
        waiting = waiting.filter(({ ptsMs }) => ptsMs > untilPtsMs);
        for (const { tag, ptsMs } of ready) {
          const video = readVideoTag(tag.body);
          if (video.kind === 'frame')
            toRungs(flvTagBytes(avcFrameTag(ptsMs, { isKey: video.isKeyFlagged, compositionMs: 0, data: video.data })));
        }
      }
      function over(reason: string): void {
        if (state.isOver) return;
        state.isOver = true;
        outputs.onExit({ reason });
      }
      function finish(): void {
        show(Number.POSITIVE_INFINITY);
        over('exit code 0');
      }

      const job: EchoJob = {
        plan,
        outputs,
        isSlowToEnd: false,
        hang() {
          isHanging = true;
        },
        resume() {
          isHanging = false;
          drained();
        },
        crash: () => over('SIGSEGV'),
        finish,
        get isEnding() {
          return state.isEnding;
        },
        get isOver() {
          return state.isOver;
        },
        get isKilled() {
          return state.isKilled;
        },
      };
      jobs.push(job);
      return {
        pid: jobs.length,
        write(pieces) {
          reader.push(Buffer.concat(pieces), (tag) => {
            if (tag.kind !== 'video') return;
            const video = readVideoTag(tag.body);
            if (video.kind === 'config') toRungs(flvTagBytes(tag));
            if (video.kind !== 'frame') return;
            waiting.push({ tag, dtsMs: tag.timestampMs, ptsMs: tag.timestampMs + video.compositionMs });
            // What is shown before the next can be decoded is shown.
            if (!job.isSlowToEnd) show(tag.timestampMs);
          });
          return !isHanging;
        },
        onDrain(call) {
          drained = call;
        },
        end() {
          state.isEnding = true;
          if (!job.isSlowToEnd) finish();
        },
        kill() {
          state.isKilled = true;
          over('SIGKILL');
        },
      };
    },
  };
  return {
    launcher,
    jobs,
    get newest(): EchoJob {
      const job = jobs.at(-1);
      if (!job) throw new Error('nothing was started');
      return job;
    },
    refuse(error: Error | null) {
      failure = error;
    },
  };
}
