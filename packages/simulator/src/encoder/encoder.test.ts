import { describe, expect, test } from 'vitest';
import { FRAME, FRAME_BYTES, STILL, STILL_BYTES } from './canvas-size.ts';
import { encoderArguments, restartWaitMs, withoutKey } from './encoder.ffmpeg.ts';
import { createFramePainter, drift, plainStill } from './frame-painter.ts';
import { CLOCK_CELL, CLOCK_CHARACTERS, sceneSvg } from './scene.ts';
import { noteHz, writeTone } from './tone.ts';

const still = (value: number) => new Uint8Array(STILL_BYTES).fill(value);

describe('frame painter', () => {
  test('the drift stays within the still, on even pixels, and comes back', () => {
    for (let frame = 0; frame < FRAME.perSec * 120; frame += 1) {
      const { x, y } = drift(frame);
      expect(x % 2 === 0 && y % 2 === 0).toBe(true);
      expect(x >= 0 && x <= STILL.width - FRAME.width && y >= 0 && y <= STILL.height - FRAME.height).toBe(true);
    }
    expect(drift(FRAME.perSec * 56)).toEqual(drift(0));
  });

  test('copies the window of all three planes', () => {
    const numbered = new Uint8Array(STILL_BYTES).map((_, index) => index % 251);
    const frame = new Uint8Array(FRAME_BYTES);
    createFramePainter(numbered, null).paint(frame, 0, '');
    const { x, y } = drift(0);
    expect(frame[0]).toBe((y * STILL.width + x) % 251);
    expect(frame[FRAME.width * 3 + 5]).toBe(((y + 3) * STILL.width + x + 5) % 251);
    const [frameV, stillV] = [(FRAME.width * FRAME.height * 5) / 4, (STILL.width * STILL.height * 5) / 4];
    expect(frame[frameV]).toBe((stillV + ((y / 2) * STILL.width) / 2 + x / 2) % 251);
  });

  test('a new product fades in, never overshooting, and is then all there', () => {
    const painter = createFramePainter(still(40), null);
    const frame = new Uint8Array(FRAME_BYTES);
    painter.show(still(200));
    let last = 0;
    for (let number = 0; number < 15; number += 1) {
      painter.paint(frame, number, '');
      expect(frame[1_000]).toBeGreaterThanOrEqual(Math.max(40, last));
      expect(frame[1_000]).toBeLessThan(200);
      last = frame[1_000] as number;
    }
    painter.paint(frame, 16, '');
    expect(frame.every((value) => value === 200)).toBe(true);
  });

  test('the clock is painted where the sheet has ink, unknown characters are skipped', () => {
    const sheet = new Uint8Array(CLOCK_CELL.width * CLOCK_CHARACTERS.length * CLOCK_CELL.height).fill(255);
    const frame = new Uint8Array(FRAME_BYTES);
    const painter = createFramePainter(still(220), sheet);
    painter.paint(frame, 0, '12:34:56');
    const inked = frame.subarray(0, FRAME.width * FRAME.height).filter((value) => value < 100).length;
    expect(inked).toBe(8 * CLOCK_CELL.width * CLOCK_CELL.height);
    painter.paint(frame, 0, 'x');
    expect(frame.every((value) => value === 220)).toBe(true);
  });

  test('buffers of another size are a bug and say so', () => {
    expect(() => createFramePainter(new Uint8Array(1), null)).toThrow('a still has');
    expect(() => createFramePainter(plainStill(0.3), null).paint(new Uint8Array(1), 0, '')).toThrow('a frame has');
  });
});

test('the tone goes on without a click wherever it is cut, and stays soft', () => {
  const whole = new Int16Array(44_100 * 2);
  writeTone(whole, 0);
  const parts = new Int16Array(whole.length);
  for (let at = 0; at < whole.length; at += 1_764) writeTone(parts.subarray(at, at + 1_764), at);
  expect(parts).toEqual(whole);
  expect(whole.every((sample) => Math.abs(sample) < 3_000)).toBe(true);
  expect(whole.some((sample) => sample !== 0)).toBe(true);
  // A click would be a jump far above the steepest slope of the loudest note.
  expect(whole.every((sample, index) => Math.abs(sample - (whole[index - 1] ?? 0)) < 400)).toBe(true);
  expect(Array.from({ length: 50 }, (_, note) => noteHz(note)).some((hz) => hz === null)).toBe(true);
});

test('restarts wait 1, 2, 4, 8, then 10 seconds', () => {
  expect([1, 2, 3, 4, 5, 50].map(restartWaitMs)).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test('the key does not get into a log line', () => {
  const address = 'rtmp://localhost:1935/live/live_secretsecretsecret';
  expect(withoutKey(`${address}: Connection refused (live_secretsecretsecret)`, address)).toBe(
    'rtmp://localhost:1935/live/***: Connection refused (***)',
  );
  expect(encoderArguments(address).filter((argument) => argument.includes('live_'))).toEqual([address]);
});

test('a scene escapes its words and takes the size attributes off the picture', () => {
  const svg = sceneSvg({
    title: 'Cup & <plate>',
    subtitle: '',
    brand: 'M',
    pictureSvg: '<?xml version="1.0"?><svg viewBox="0 0 8 10" width="800" height="1000"><g/></svg>',
  });
  expect(svg).toContain('Cup &amp; &lt;plate&gt;');
  expect(svg).not.toContain('<?xml');
  expect(svg).not.toContain('width="800"');
});
