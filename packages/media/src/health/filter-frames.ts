// What ffmpeg's filters print of frames (`metadata=print`, `ametadata=print`): blocks of a line with the time and lines
// `key=value`. Bytes come in any pieces; a frame is told at its FRAME_MARK, else when the next one begins, or by `flush`.
//
// The print filters say nothing of a frame that has no values. FRAME_MARK, added last (`metadata=add:key=...:value=1`),
// gives each frame a line and says that no more follow: with key frames only, waiting for the next one costs a group.
//
//   frame:12   pts:24000   pts_time:24
//   lavfi.black_start=22
//   lavfi.freezedetect.freeze_start=22
export const FILTER_FRAME_LIMITS = { lineLength: 500, valuesPerFrame: 64 } as const;

export const FRAME_MARK = 'insp.frame';

export type FilterFrame = { readonly timeSec: number; readonly values: ReadonlyMap<string, string> };

export type FilterFrameReader = {
  push(text: string): FilterFrame[];
  /** The frame that is still open. */
  flush(): FilterFrame[];
};

const HEAD = /^frame:\s*\d+\s.*\bpts_time:\s*(-?[\d.]+(?:e[+-]?\d+)?)\s*$/;

export function createFilterFrameReader(): FilterFrameReader {
  let rest = '';
  let isSkipping = false;
  let open: { timeSec: number; values: Map<string, string> } | null = null;

  function readLine(line: string, done: FilterFrame[]): void {
    const head = HEAD.exec(line);
    if (head) {
      if (open) done.push(open);
      open = { timeSec: Number(head[1]), values: new Map() };
      return;
    }
    if (open && line.startsWith(`${FRAME_MARK}=`)) {
      done.push(open);
      open = null;
      return;
    }
    const at = line.indexOf('=');
    if (open && at > 0 && open.values.size < FILTER_FRAME_LIMITS.valuesPerFrame) open.values.set(line.slice(0, at), line.slice(at + 1));
  }

  return {
    push(text) {
      const done: FilterFrame[] = [];
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (isSkipping) isSkipping = false;
        else if (line.length <= FILTER_FRAME_LIMITS.lineLength) readLine(line, done);
      }
      // A line without an end is no line of ours.
      if (rest.length > FILTER_FRAME_LIMITS.lineLength) {
        rest = '';
        isSkipping = true;
      }
      return done;
    },
    flush() {
      const last = open;
      open = null;
      return last ? [last] : [];
    },
  };
}
