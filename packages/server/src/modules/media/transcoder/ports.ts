// What the transcoder gives to others of this module, and what runs it: the local process and (later) a Kubernetes Job are
// TranscodeLaunchers. Rungs themselves go to the packager by the `openRung` of a tap.
import type { DemuxEvent, TranscodePlan, TranscodeProgress } from '@insp/media';
import type { Id } from '@insp/protocol';

/** A rung of the ladder, named by its shorter side in px: `v720`, `v480`, `v360`. */
export type RungName = `v${number}`;

/**
 * Of a rung, on the clock of the source: the presentation time of the source's picture it was made of, and key frames
 * exactly where the source has them, with the same decode time.
 */
export type RungEvent = Extract<DemuxEvent, { kind: 'video_config' | 'video' }>;

/** A still of the source, about every 5 s. */
export type Thumbnail = {
  readonly jpeg: Uint8Array;
  /** Presentation time on the clock of the source's DemuxEvents. */
  readonly ptsMs: number;
  /** Wall time of that picture: arrival of the first key frame since the encoder connected plus presentation time since. */
  readonly programMs: number;
};

/** For the console and the log. */
export type TranscoderStatus = {
  /** `off`: no rung is wanted, affordable or possible (key frames too far apart); stills are made and the picture is looked at all the same. `full`: all planned rungs. `reduced`: some shed. `failed`: given up. */
  readonly state: 'off' | 'starting' | 'full' | 'reduced' | 'restarting' | 'failed';
  readonly rungs: readonly RungName[];
  /** Made before and given up since, because the machine was too slow: `480p`. */
  readonly leftOut: readonly string[];
  /** Media seconds made in a second, of the last 10 s; null until known. */
  readonly speed: number | null;
  /** How far the newest picture of the slowest rung is behind the source. */
  readonly lagMs: number | null;
  readonly droppedFrameCount: number;
  readonly restartCount: number;
};

/** Listeners of one broadcast; what they throw is logged and reaches nobody. */
export type TranscoderListener = {
  onThumbnail?(thumbnail: Thumbnail): void;
  /** When anything but speed and lag changed, and each 2 s. */
  onStatus?(status: TranscoderStatus): void;
};

/** Made once per broadcast, as taps are. */
export type OpenTranscoderListener = (broadcast: { readonly broadcastId: Id<'brd'>; readonly showId: Id<'shw'> }) => TranscoderListener;

// --- what runs it ---

export type TranscodeOutputs = {
  /** Bytes of one rung: an FLV stream. */
  onRung(index: number, bytes: Uint8Array): void;
  /** Bytes of the still images, one after another. */
  onStills(bytes: Uint8Array): void;
  /** Text of `-progress`, and of what the filters of the picture and of the sound print. */
  onProgress(text: string): void;
  onPicture(text: string): void;
  onSound(text: string): void;
  /** Once, after the last output. `reason` is for the log: exit code, signal, last lines. */
  onExit(exit: { readonly reason: string }): void;
};

export type TranscodeJob = {
  /** Takes the next bytes of the FLV stream, in pieces; false while it has more than it can send, then `onDrain` is called. */
  write(pieces: readonly Uint8Array[]): boolean;
  onDrain(call: () => void): void;
  /** No more input: finishes what it has and exits; killed if it takes longer than `graceMs`. */
  end(graceMs: number): void;
  /** At once. `onExit` follows. */
  kill(): void;
  readonly pid: number | null;
};

export type TranscodeLauncher = {
  /** Asked once at the start of the server. `detail` is for the log: the version, or why nothing can be run here. */
  probe(): Promise<{
    isAvailable: boolean;
    detail: string /** Of the machine it runs on; infinite when each run has its own. */;
    coreCount: number;
  }>;
  start(plan: TranscodePlan, outputs: TranscodeOutputs): TranscodeJob;
};

export type { TranscodePlan, TranscodeProgress };
