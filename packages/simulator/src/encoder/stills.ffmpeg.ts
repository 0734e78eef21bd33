// Turns SVG into raw stills with ffmpeg's own SVG reader. Where ffmpeg was built without it (or a picture cannot be
// read) the answer is null, and the encoder shows a plain still instead.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TIMEOUT_MS = 15_000;
export type RawFormat = 'yuv420p' | 'gray';
type Size = { width: number; height: number };

const bytesOf = ({ width, height }: Size, format: RawFormat): number => (format === 'gray' ? width * height : (width * height * 3) / 2);

/** Rasterises to exactly `size`: 'yuv420p' (BT.709, TV range) for stills, 'gray' (full range) for the clock's characters. */
export async function rasterise(ffmpegPath: string, svg: string, size: Size, format: RawFormat): Promise<Uint8Array | null> {
  // By a file: ffmpeg has no parser that finds the end of an SVG in a pipe.
  const folder = await mkdtemp(join(tmpdir(), 'insp-still-'));
  try {
    const path = join(folder, 'still.svg');
    await writeFile(path, svg);
    const filter = `scale=${size.width}:${size.height}:out_color_matrix=bt709:out_range=${format === 'gray' ? 'pc' : 'tv'},format=${format}`;
    const args = ['-hide_banner', '-loglevel', 'error', '-i', path, '-frames:v', '1', '-vf', filter, '-f', 'rawvideo', 'pipe:1'];
    const raw = await run(ffmpegPath, args, bytesOf(size, format) + 1);
    return raw?.length === bytesOf(size, format) ? raw : null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(path: string, args: string[], maxBuffer: number): Promise<Buffer | null> {
  return new Promise((resolve) => {
    execFile(path, args, { encoding: 'buffer', maxBuffer, timeout: TIMEOUT_MS }, (error, stdout) => resolve(error ? null : stdout));
  });
}
