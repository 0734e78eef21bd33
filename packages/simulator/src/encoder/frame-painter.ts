// Paints one frame of the demo picture into a planar YUV 4:2:0 buffer: the still of the product on display, slowly
// drifting; a cross-fade when it changes; a clock. Copying rows costs a few hundred microseconds, which is why the
// picture moves for so little CPU.
import { FRAME, FRAME_BYTES, STILL, STILL_BYTES } from './canvas-size.ts';
import { CLOCK_CELL, CLOCK_CHARACTERS } from './scene.ts';

const FADE_FRAMES = 15;
/** Below the product's name, on the right: where the plug-in covers and a tall phone cuts nothing. */
const CLOCK_AT = { x: FRAME.width - 92 - CLOCK_CELL.width * 8, y: 198 } as const;
const INK_LUMA = 52;

export type FramePainter = {
  /** The still to show from now on; fades from the one before. */
  show(still: Uint8Array): void;
  paint(into: Uint8Array, frameNumber: number, clockText: string): void;
};

/** Where the frame looks into the still: an ellipse, once round in about a minute, on even pixels. */
export function drift(frameNumber: number): { x: number; y: number } {
  const angle = (frameNumber / FRAME.perSec / 56) * 2 * Math.PI;
  const even = (room: number, wave: number) => 2 * Math.round((room / 4) * (1 + wave));
  return { x: even(STILL.width - FRAME.width, Math.sin(angle)), y: even(STILL.height - FRAME.height, Math.cos(angle)) };
}

/** `clockSheet` is the luma of the clock's characters, or null where no font could be read. */
export function createFramePainter(first: Uint8Array, clockSheet: Uint8Array | null): FramePainter {
  let current = checked(first);
  let previous: Uint8Array | null = null;
  let fadedFrames = 0;

  function checked(still: Uint8Array): Uint8Array {
    if (still.length !== STILL_BYTES) throw new Error(`a still has ${STILL_BYTES} bytes, not ${still.length}`);
    return still;
  }

  return {
    show(still) {
      if (still === current) return;
      previous = current;
      current = checked(still);
      fadedFrames = 0;
    },
    paint(into, frameNumber, clockText) {
      if (into.length !== FRAME_BYTES) throw new Error(`a frame has ${FRAME_BYTES} bytes, not ${into.length}`);
      const at = drift(frameNumber);
      if (previous && fadedFrames >= FADE_FRAMES) previous = null;
      // Eased in 1/256 parts.
      const progress = fadedFrames / FADE_FRAMES;
      const share = Math.round(256 * progress * progress * (3 - 2 * progress));
      for (const plane of PLANES) {
        const x = at.x / plane.divisor;
        const y = at.y / plane.divisor;
        for (let row = 0; row < plane.height; row += 1) {
          const from = plane.stillOffset + (y + row) * plane.stillStride + x;
          const to = plane.frameOffset + row * plane.width;
          if (previous) fadeRow(into, to, previous, current, from, plane.width, share);
          else into.set(current.subarray(from, from + plane.width), to);
        }
      }
      if (previous) fadedFrames += 1;
      if (clockSheet) paintClock(into, clockSheet, clockText);
    },
  };
}

function fadeRow(into: Uint8Array, to: number, a: Uint8Array, b: Uint8Array, from: number, width: number, share: number): void {
  for (let x = 0; x < width; x += 1) {
    const old = a[from + x] as number;
    into[to + x] = old + ((((b[from + x] as number) - old) * share) >> 8);
  }
}

function paintClock(into: Uint8Array, sheet: Uint8Array, text: string): void {
  const stride = CLOCK_CELL.width * CLOCK_CHARACTERS.length;
  [...text].forEach((character, place) => {
    const cell = CLOCK_CHARACTERS.indexOf(character);
    const x = CLOCK_AT.x + place * CLOCK_CELL.width;
    if (cell < 0 || x + CLOCK_CELL.width > FRAME.width) return;
    for (let row = 0; row < CLOCK_CELL.height; row += 1) {
      for (let column = 0; column < CLOCK_CELL.width; column += 1) {
        const cover = sheet[row * stride + cell * CLOCK_CELL.width + column] as number;
        if (cover < 24) continue;
        const index = (CLOCK_AT.y + row) * FRAME.width + x + column;
        into[index] = (into[index] as number) + (((INK_LUMA - (into[index] as number)) * cover) >> 8);
      }
    }
  });
}

const PLANES = [0, 1, 2].map((plane) => {
  const divisor = plane === 0 ? 1 : 2;
  const [width, height] = [FRAME.width / divisor, FRAME.height / divisor];
  const [stillStride, stillHeight] = [STILL.width / divisor, STILL.height / divisor];
  const before = (full: number, quarter: number) => (plane === 0 ? 0 : plane === 1 ? full : full + quarter);
  return {
    divisor,
    width,
    height,
    stillStride,
    frameOffset: before(FRAME.width * FRAME.height, width * height),
    stillOffset: before(STILL.width * STILL.height, stillStride * stillHeight),
  };
});

/** A plain still for where no SVG can be read: a warm gradient, its tone given by `hue` in [0, 1). */
export function plainStill(hue: number): Uint8Array {
  const still = new Uint8Array(STILL_BYTES);
  for (let y = 0; y < STILL.height; y += 1) {
    for (let x = 0; x < STILL.width; x += 1) {
      const distance = Math.hypot(x - STILL.width / 2, y - STILL.height * 0.42) / STILL.height;
      still[y * STILL.width + x] = 205 - Math.round(110 * Math.min(1, distance));
    }
  }
  const quarter = (STILL.width * STILL.height) / 4;
  still.fill(118 + Math.round(16 * Math.sin(hue * 2 * Math.PI)), STILL.width * STILL.height, STILL.width * STILL.height + quarter);
  still.fill(134 + Math.round(14 * Math.cos(hue * 2 * Math.PI)), STILL.width * STILL.height + quarter);
  return still;
}
