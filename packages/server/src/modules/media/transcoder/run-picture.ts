// What is seen and heard of a source by whichever run looks at it. Another run sees with fresh eyes: until it has looked
// once, what the one before it saw counts. When a run breaks off, nothing is known: what was black may be so no longer.
import type { PictureReading } from '@insp/media';
import type { TranscodeRun } from './run.ts';

/** A run that has not looked for this long does not look. The looks are a second apart, or a key frame interval. */
export const PICTURE_FRESH_MS = 15_000;

export type RunPicture = {
  /** Another run, or none, looks from now on. `isHandedOver`: it takes the same source over. */
  follow(next: Pick<TranscodeRun, 'picture'> | null, isHandedOver: boolean): void;
  /** Null while nobody looks. */
  read(nowMs: number): PictureReading | null;
};

export function createRunPicture(): RunPicture {
  let run: Pick<TranscodeRun, 'picture'> | null = null;
  let before: PictureReading | null = null;
  const newest = (): PictureReading | null => (run && run.picture.pictureAtMs !== null ? run.picture : before);

  return {
    follow(next, isHandedOver) {
      before = isHandedOver ? newest() : null;
      run = next;
    },
    read(nowMs) {
      const reading = newest();
      return reading?.pictureAtMs != null && nowMs - reading.pictureAtMs <= PICTURE_FRESH_MS ? reading : null;
    },
  };
}
