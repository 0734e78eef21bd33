// How ffmpeg looks at a picture and listens to a sound: the same filters in the transcoder of a broadcast and in the
// side-car of the picture watch, so that both see alike (read by filter-frames.ts, picture-fold.ts).
//
// A picture of a still scene differs a little from the last: the encoder spends its bits differently each time. So the
// picture is shrunk first (which averages that away) and a freeze is what differs by less than `freezeNoiseDb`.
import { FRAME_MARK } from './filter-frames.ts';

export const WATCH_FILTERS = {
  widthPx: 160,
  heightPx: 90,
  /** Pixels darker than this share of the range are black; a picture is black when 98 % of them are (ffmpeg's default). */
  blackPixel: 0.1,
  freezeNoiseDb: -60,
  freezeSec: 3,
  silenceDb: -50,
  silenceSec: 2,
} as const;

const F = WATCH_FILTERS;

/** Prints to the pipe of this number. */
export const pictureFilters = (pipe: number): string =>
  [
    `scale=${F.widthPx}:${F.heightPx}:flags=area`,
    'format=yuv420p',
    `blackdetect=d=0.1:pix_th=${F.blackPixel}`,
    `freezedetect=n=${F.freezeNoiseDb}dB:d=${F.freezeSec}`,
    `metadata=mode=add:key=${FRAME_MARK}:value=1`,
    `metadata=print:file='pipe\\:${pipe}':direct=1`,
  ].join(',');

/** ebur128 first: it makes frames of 100 ms, on which the others then look and print. */
export const soundFilters = (pipe: number): string =>
  [
    'ebur128=metadata=1',
    'astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=Peak_level',
    `silencedetect=n=${F.silenceDb}dB:d=${F.silenceSec}`,
    `ametadata=mode=add:key=${FRAME_MARK}:value=1`,
    `ametadata=print:file='pipe\\:${pipe}':direct=1`,
  ].join(',');
