// The MP4 of a cut: recorded segments put together by ffmpeg without encoding anything, index in front. Where the host's
// encoder changed its settings in between, the stretches are made one by one and joined.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOfTimeline, type ReplayTimeline } from '@insp/media';
import type { ShowId } from '@insp/protocol';
import type { RunFfmpeg } from './ffmpeg.process.ts';
import type { JobContext } from './job-runner.ts';
import type { ReplayReader } from './replay-bytes.ts';
import { fileKeyOf } from './segment-key.ts';
import type { SegmentStore } from './segment-store.ts';

export async function makeFile(
  { showId, cut, timeline }: { showId: ShowId; cut: string; timeline: ReplayTimeline },
  { reader, store, ffmpeg, scratchFolder }: { reader: ReplayReader; store: SegmentStore; ffmpeg: RunFfmpeg; scratchFolder: string },
  { signal, progress }: JobContext,
): Promise<{ byteCount: number | null }> {
  const folder = join(scratchFolder, `${showId}-${cut}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    const totalBytes = Math.max(1, bytesOfTimeline(timeline, ['video', 'audio']));
    let readBytes = 0;
    const count = (bytes: number) => {
      readBytes += bytes;
      progress((readBytes / totalBytes) * 0.9);
    };
    const runs = reader.runs(timeline);
    const parts: string[] = [];
    for (const [index, run] of runs.entries()) {
      const part = join(folder, `part-${index}.mp4`);
      parts.push(part);
      await ffmpeg({
        args: [
          ...['-f', 'mp4', '-i', 'pipe:3', '-f', 'mp4', '-i', 'pipe:4', '-map', '0:v:0', '-map', '1:a:0', '-c', 'copy'],
          ...(runs.length === 1 ? ['-movflags', '+faststart'] : []),
          ...['-f', 'mp4', '-y', part],
        ],
        inputs: [reader.stream(run, 'video', count), reader.stream(run, 'audio', count)],
        signal,
      });
    }
    let whole = parts[0];
    if (whole === undefined) throw new Error('a cut without segments');
    if (parts.length > 1) {
      const list = join(folder, 'parts.txt');
      await writeFile(list, parts.map((part) => `file '${part}'\n`).join(''));
      whole = join(folder, 'whole.mp4');
      await ffmpeg({
        args: ['-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy', '-movflags', '+faststart', '-f', 'mp4', '-y', whole],
        inputs: [],
        signal,
      });
    }
    await store.putFile(fileKeyOf(showId, cut), whole);
    return { byteCount: await store.size(fileKeyOf(showId, cut)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
