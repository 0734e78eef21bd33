// What the filters print (metadata of blackdetect, freezedetect, silencedetect, and the mark of a still) to times.
//
//   frame:12   pts:13000   pts_time:13
//   lavfi.black_start=13
//
// blackdetect tells the first black picture at once and nothing until the last, so how long it has to last is decided
// here, by the frames looked at, each of which prints a line; the other two tell after their own length. One line is
// one statement: blocks of several filters may stand in any order.
import { LOOK_MARK, STILL_MARK, WATCH_LIMITS } from './ffmpeg-arguments.ts';
import { createLineReader } from './progress-reader.ts';

export type Sign =
  | { readonly kind: 'black' | 'frozen' | 'silent'; readonly isOver: boolean; readonly atMs: number }
  /** A still of this moment was made. */
  | { readonly kind: 'still'; readonly atMs: number };

const STATEMENTS: Record<string, { kind: 'black' | 'frozen' | 'silent'; isOver: boolean }> = {
  'lavfi.black_start': { kind: 'black', isOver: false },
  'lavfi.black_end': { kind: 'black', isOver: true },
  'lavfi.freezedetect.freeze_start': { kind: 'frozen', isOver: false },
  'lavfi.freezedetect.freeze_end': { kind: 'frozen', isOver: true },
  'lavfi.silence_start': { kind: 'silent', isOver: false },
  'lavfi.silence_end': { kind: 'silent', isOver: true },
};

/** Reads text in pieces; times are those of ffmpeg's clock. */
export function createSignReader(): (text: string, onSign: (sign: Sign) => void) => void {
  const readLines = createLineReader();
  let frameMs: number | null = null;
  let blackSinceMs: number | null = null;
  let isBlackTold = false;

  return (text, onSign) =>
    readLines(text, (line) => {
      const frame = /^frame:\d+\s+pts:\S+\s+pts_time:(-?[\d.]+)/.exec(line);
      if (frame) frameMs = Number(frame[1]) * 1_000;
      if (line.startsWith(`${STILL_MARK}=`) && frameMs !== null) onSign({ kind: 'still', atMs: frameMs });
      if (line.startsWith(`${LOOK_MARK}=`) && frameMs !== null && blackSinceMs !== null && !isBlackTold) {
        isBlackTold = frameMs - blackSinceMs >= WATCH_LIMITS.blackSec * 1_000;
        if (isBlackTold) onSign({ kind: 'black', isOver: false, atMs: blackSinceMs });
      }
      const at = line.indexOf('=');
      const statement = STATEMENTS[line.slice(0, at).replace(/\.\d+$/, '')];
      const atMs = Number.parseFloat(line.slice(at + 1)) * 1_000;
      if (statement && Number.isFinite(atMs)) {
        if (statement.kind !== 'black') onSign({ ...statement, atMs });
        else if (!statement.isOver) blackSinceMs ??= atMs;
        else {
          if (isBlackTold) onSign({ ...statement, atMs });
          blackSinceMs = null;
          isBlackTold = false;
        }
      }
    });
}
