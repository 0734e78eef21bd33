// What `ffmpeg -progress` writes: blocks of `key=value` lines, each closed by `progress=continue` or `progress=end`.
// Its `speed` is the mean since the start, which an hour in hides ten bad seconds: how fast it is now is judged by
// load-watch.ts from the pictures that come out.
export type TranscodeProgress = {
  readonly frameCount: number | null;
  /** Media time written so far. */
  readonly outTimeMs: number | null;
  readonly droppedFrameCount: number | null;
  readonly doubledFrameCount: number | null;
  /** Media seconds in a second, mean since the start. */
  readonly speed: number | null;
  readonly isLast: boolean;
};

/** Longer lines are thrown away: there are none. */
const MAX_LINE_LENGTH = 4_096;

/** Splits text that comes in pieces into lines. */
export function createLineReader(): (text: string, onLine: (line: string) => void) => void {
  let rest = '';
  return (text, onLine) => {
    const lines = `${rest}${text}`.split(/\r?\n|\r/);
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_LENGTH) rest = '';
    for (const line of lines) if (line !== '' && line.length <= MAX_LINE_LENGTH) onLine(line);
  };
}

export function createProgressReader(): (text: string, onProgress: (progress: TranscodeProgress) => void) => void {
  const readLines = createLineReader();
  let values = new Map<string, string>();
  const numberOf = (key: string): number | null => {
    const value = Number.parseFloat(values.get(key) ?? '');
    return Number.isFinite(value) ? value : null;
  };
  return (text, onProgress) =>
    readLines(text, (line) => {
      const at = line.indexOf('=');
      if (at < 1) return;
      const key = line.slice(0, at).trim();
      values.set(key, line.slice(at + 1).trim());
      if (key !== 'progress') {
        if (values.size > 100) values = new Map();
        return;
      }
      const outTimeUs = numberOf('out_time_us');
      onProgress({
        frameCount: numberOf('frame'),
        outTimeMs: outTimeUs === null ? null : outTimeUs / 1_000,
        droppedFrameCount: numberOf('drop_frames'),
        doubledFrameCount: numberOf('dup_frames'),
        speed: numberOf('speed'),
        isLast: values.get('progress') === 'end',
      });
      values = new Map();
    });
}
