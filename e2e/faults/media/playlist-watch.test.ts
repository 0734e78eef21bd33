import { expect, test } from 'vitest';
import { judgeLook, readPlaylist } from './playlist-watch.ts';

const playlist = (sequence: number, discontinuity: number, ...lines: string[]) =>
  readPlaylist(
    [
      '#EXTM3U',
      `#EXT-X-MEDIA-SEQUENCE:${sequence}`,
      `#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuity}`,
      ...lines.flatMap((line) => (line.endsWith('.m4s') ? ['#EXTINF:2,', line] : line)),
      '',
    ].join('\n'),
  );
const CUT = '#EXT-X-DISCONTINUITY';

test('a playlist that goes on, with a cut, is well', () => {
  const seen = new Map();
  expect(judgeLook(playlist(10, 3, 'a.m4s', 'b.m4s'), seen)).toEqual([]);
  expect(judgeLook(playlist(11, 3, 'b.m4s', CUT, 'c.m4s'), seen)).toEqual([]);
  expect(judgeLook(playlist(12, 4, 'c.m4s', 'd.m4s'), seen)).toEqual([]);
  expect(seen.get(12)).toEqual({ uri: 'c.m4s', discontinuity: 4 });
});

test.each([
  ['a hole', playlist(13, 3, 'd.m4s'), /a hole: 11 is followed by 13/],
  ['a step back', playlist(9, 3, 'z.m4s'), /went back from 11 to 9/],
  ['a renamed segment', playlist(10, 3, 'a.m4s', 'x.m4s'), /segment 11 was b.m4s/],
  ['a discontinuity that was counted wrong', playlist(11, 4, 'b.m4s'), /segment 11 was b.m4s \(3\)/],
  ['two discontinuities in one', playlist(11, 3, 'b.m4s', CUT, CUT, 'c.m4s'), /two discontinuities in one before 12/],
  ['an end', playlist(10, 3, 'a.m4s', 'b.m4s', '#EXT-X-ENDLIST'), /was ended/],
])('%s is found', (_what, look, fault) => {
  const seen = new Map();
  judgeLook(playlist(10, 3, 'a.m4s', 'b.m4s'), seen);
  expect(judgeLook(look, seen).join('; ')).toMatch(fault);
});

test('what can be played since the last cut: a segment, or an independent part', () => {
  expect(playlist(1, 0, 'a.m4s', CUT).isNewestPlayable).toBe(false);
  expect(playlist(1, 0, 'a.m4s', CUT, '#EXT-X-PART:DURATION=0.5,URI="p.m4s"').isNewestPlayable).toBe(false);
  expect(playlist(1, 0, 'a.m4s', CUT, '#EXT-X-PART:DURATION=0.5,URI="p.m4s",INDEPENDENT=YES').isNewestPlayable).toBe(true);
  expect(playlist(1, 0, 'a.m4s', CUT, 'b.m4s')).toMatchObject({ isNewestPlayable: true, discontinuityCount: 1 });
});
