// The demo's camera: stills of the line-up, made once from the shop's own pictures, and the encoder that sends them.
// `show` puts a product in the picture; the demo director calls it when a product goes on display.
import { STILL } from './canvas-size.ts';
import { type Encoder, type EncoderState, startEncoder } from './encoder.ffmpeg.ts';
import { createFramePainter, plainStill } from './frame-painter.ts';
import { CLOCK_CELL, CLOCK_CHARACTERS, clockSheetSvg, sceneSvg } from './scene.ts';
import { rasterise } from './stills.ffmpeg.ts';

export type PicturedProduct = { key: string; title: string; subtitle: string; imageUrl: string | null };
export type SyntheticEncoderOptions = {
  /** `rtmp://host:port/live` and the stream key apart, as the console shows them. */
  serverUrl: string;
  streamKey: string;
  brand: string;
  title: string;
  subtitle: string;
  products: readonly PicturedProduct[];
  ffmpegPath?: string;
  log?: (line: string) => void;
  onState?: (state: EncoderState) => void;
};
export type SyntheticEncoder = Encoder & { show(productKey: string | null): void };

/** Stills kept in memory: 1.5 MB each. */
export const MAX_PICTURED_PRODUCTS = 24;
const PICTURE_TIMEOUT_MS = 5_000;
const MAX_PICTURE_BYTES = 512 * 1024;

/** Draws the stills, then starts sending. Never fails for want of a picture; a missing ffmpeg is logged and retried. */
export async function startSyntheticEncoder(options: SyntheticEncoderOptions): Promise<SyntheticEncoder> {
  const ffmpegPath = options.ffmpegPath ?? 'ffmpeg';
  const log = options.log ?? (() => {});
  const { brand } = options;
  const stills = new Map<string | null, Uint8Array>();
  const drawn = async (scene: { title: string; subtitle: string; pictureSvg: string | null }, hue: number) =>
    (await rasterise(ffmpegPath, sceneSvg({ ...scene, brand }), STILL, 'yuv420p')) ?? plainStill(hue);
  stills.set(null, await drawn({ title: options.title, subtitle: options.subtitle, pictureSvg: null }, 0));
  const clock = { width: CLOCK_CELL.width * CLOCK_CHARACTERS.length, height: CLOCK_CELL.height };
  const painter = createFramePainter(stills.get(null) as Uint8Array, await rasterise(ffmpegPath, clockSheetSvg(), clock, 'gray'));
  const encoder = startEncoder({
    ffmpegPath,
    address: `${options.serverUrl.replace(/\/$/, '')}/${options.streamKey}`,
    painter,
    log,
    ...(options.onState && { onState: options.onState }),
  });

  // The show can begin with the title; products follow one by one, so that the start costs no burst of CPU.
  let shown: string | null = null;
  void (async () => {
    for (const [index, product] of options.products.slice(0, MAX_PICTURED_PRODUCTS).entries()) {
      if (encoder.state === 'stopped') return;
      const pictureSvg = await loadSvg(product.imageUrl);
      stills.set(product.key, await drawn({ title: product.title, subtitle: product.subtitle, pictureSvg }, (index + 1) / 9));
      if (shown === product.key) painter.show(stills.get(product.key) as Uint8Array);
    }
  })();

  return {
    get state() {
      return encoder.state;
    },
    get pid() {
      return encoder.pid;
    },
    get skippedFrames() {
      return encoder.skippedFrames;
    },
    stop: () => encoder.stop(),
    show(productKey) {
      shown = productKey;
      const still = stills.get(productKey);
      if (still) painter.show(still);
    },
  };
}

/** The picture as SVG text, or null: other formats, slow shops and large files are done without. */
async function loadSvg(url: string | null): Promise<string | null> {
  if (url === null) return null;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PICTURE_TIMEOUT_MS) });
    const text = await answer.text();
    return answer.ok && text.length <= MAX_PICTURE_BYTES && text.includes('<svg') ? text : null;
  } catch {
    return null;
  }
}
