import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_STORYBOARD_BYTES, MAX_STORYBOARD_CUES, readStoryboard, tileAt } from './storyboard.ts';

const ADDRESS = 'https://insp.example/replay/abc/storyboard.vtt';
const cue = (n: number, target = `sheet-c-0.jpg#xywh=${n * 160},0,160,90`) =>
  `${n + 1}\n00:00:${String(n * 10).padStart(2, '0')}.000 --> 00:00:${String(n * 10 + 10).padStart(2, '0')}.000\n${target}\n`;
const vtt = (...blocks: string[]) => `WEBVTT\n\n${blocks.join('\n')}`;

describe('reading a storyboard', () => {
  test('the pictures with their places, sheets beside the file', () => {
    expect(readStoryboard(vtt(cue(0), cue(1)), ADDRESS)).toEqual([
      {
        startMs: 0,
        endMs: 10_000,
        sheetUrl: 'https://insp.example/replay/abc/sheet-c-0.jpg',
        leftPx: 0,
        topPx: 0,
        widthPx: 160,
        heightPx: 90,
      },
      {
        startMs: 10_000,
        endMs: 20_000,
        sheetUrl: 'https://insp.example/replay/abc/sheet-c-0.jpg',
        leftPx: 160,
        topPx: 0,
        widthPx: 160,
        heightPx: 90,
      },
    ]);
  });

  test('a byte order mark, Windows line ends, notes, settings and short times are WebVTT too', () => {
    const text = '\uFEFFWEBVTT board\r\n\r\nNOTE hello\r\n\r\n01:10.000 --> 01:20.500 align:start\r\ns.jpg#xywh=pixel:0,90,160,90\r\n';
    expect(readStoryboard(text, ADDRESS)).toMatchObject([{ startMs: 70_000, endMs: 80_500, topPx: 90 }]);
  });

  test('what is no WebVTT, or more than a day has, is refused', () => {
    expect(readStoryboard('<html>WEBVTT', ADDRESS)).toBeNull();
    expect(readStoryboard('WEBVTTX\n', ADDRESS)).toBeNull();
    expect(readStoryboard(`WEBVTT\n${' '.repeat(MAX_STORYBOARD_BYTES)}`, ADDRESS)).toBeNull();
    const many = (count: number) => vtt(...Array.from({ length: count }, () => '00:00.000 --> 00:01.000\na#xywh=0,0,1,1\n'));
    expect(readStoryboard(many(MAX_STORYBOARD_CUES), ADDRESS)).toHaveLength(MAX_STORYBOARD_CUES);
    expect(readStoryboard(many(MAX_STORYBOARD_CUES + 1), ADDRESS)).toBeNull();
  });

  test.each([
    ['another host', 'https://evil.example/sheet.jpg#xywh=0,0,160,90'],
    ['another scheme', 'javascript:alert(1)#xywh=0,0,160,90'],
    ['no place', 'sheet.jpg'],
    ['a place in percent', 'sheet.jpg#xywh=percent:0,0,10,10'],
    ['no size', 'sheet.jpg#xywh=0,0,0,90'],
    ['a huge size', 'sheet.jpg#xywh=0,0,9999,9999'],
    ['a place beyond any sheet', 'sheet.jpg#xywh=99999,0,160,90'],
    ['no address', 'https://:#xywh=0,0,160,90'],
    ['nothing', ''],
  ])('a cue with %s is left out', (_what, target) => {
    expect(readStoryboard(vtt(cue(0, target), cue(1)), ADDRESS)).toHaveLength(1);
  });

  test('a cue that ends before it begins is left out', () => {
    expect(readStoryboard(vtt('00:10.000 --> 00:10.000\ns.jpg#xywh=0,0,1,1\n'), ADDRESS)).toEqual([]);
  });

  test('no text makes it throw, and all it answers is within the limits', () => {
    let readCount = 0;
    const piece = fc.constantFrom(
      'WEBVTT\n',
      '\n',
      '00:00.000 --> 00:10.000\n',
      's.jpg#xywh=0,0,160,90\n',
      '-->',
      '#xywh=',
      ':',
      '\r',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant(cue(0)), piece, fc.string()), { maxLength: 30 }), (pieces) => {
        const tiles = readStoryboard(`WEBVTT\n${pieces.join('')}`, ADDRESS) ?? [];
        readCount += tiles.length;
        for (const { startMs, endMs, sheetUrl } of tiles) {
          expect(endMs).toBeGreaterThan(startMs);
          expect(new URL(sheetUrl).origin).toBe('https://insp.example');
        }
      }),
    );
    expect(readCount).toBeGreaterThan(0);
  });
});

test('the picture of a position is the last that began', () => {
  const tiles = readStoryboard(vtt(cue(1), cue(0)), ADDRESS) ?? [];
  expect([0, 9_999, 10_000, 90_000].map((ms) => tileAt(tiles, ms)?.startMs)).toEqual([0, 0, 10_000, 10_000]);
  expect(tileAt(tiles, -1)).toBeNull();
  expect(tileAt([], 0)).toBeNull();
});
