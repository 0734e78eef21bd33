// What the picture watch needs: something that decodes what it is sent and prints what its filters see.
import type { ShedLevel } from '@insp/protocol';

export type WatchOutputs = {
  /** Text of the picture's filters, and of the sound's. */
  onPicture(text: string): void;
  onSound(text: string): void;
  /** Once. `isMissing`: there is no such program here. */
  onExit(exit: { readonly isMissing: boolean; readonly reason: string }): void;
};

export type WatchJob = {
  /** The next bytes of the FLV stream, in pieces; kept until the program takes them. */
  write(pieces: readonly Uint8Array[]): void;
  /** What it has not taken yet. */
  readonly queuedBytes: number;
  /** At once; `onExit` follows. */
  kill(): void;
};

export type WatchLauncher = { start(stream: { readonly hasSound: boolean }, outputs: WatchOutputs): WatchJob };

/** How much load the server sheds now (pressure). */
export type ReadLevel = () => ShedLevel;
