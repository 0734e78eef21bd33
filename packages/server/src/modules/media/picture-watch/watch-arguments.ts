// The side-car's command. Only key frames come in, each complete, so decoding them one by one is decoding all.
//
// A key frame of a still picture differs a little from the last: the encoder spends its bits differently each time. So
// the picture is shrunk first (which averages that away) and a freeze is what differs by less than FREEZE_NOISE.
import { FRAME_MARK } from '@insp/media';

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

export function watchArguments({ hasSound }: { hasSound: boolean }): string[] {
  const picture = [
    `scale=${F.widthPx}:${F.heightPx}:flags=area`,
    'format=yuv420p',
    `blackdetect=d=0.1:pix_th=${F.blackPixel}`,
    `freezedetect=n=${F.freezeNoiseDb}dB:d=${F.freezeSec}`,
    `metadata=mode=add:key=${FRAME_MARK}:value=1`,
    "metadata=print:file='pipe\\:3':direct=1",
  ];
  // ebur128 first: it makes frames of 100 ms, on which the others then look and print.
  const sound = [
    'ebur128=metadata=1',
    'astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=Peak_level',
    `silencedetect=n=${F.silenceDb}dB:d=${F.silenceSec}`,
    `ametadata=mode=add:key=${FRAME_MARK}:value=1`,
    "ametadata=print:file='pipe\\:4':direct=1",
  ];
  return [
    ...['-hide_banner', '-loglevel', 'error', '-nostats', '-threads', '1', '-flags', 'low_delay'],
    ...['-analyzeduration', '200000', '-fpsprobesize', '0', '-f', 'flv', '-i', 'pipe:0'],
    ...['-map', '0:v:0', '-vf', picture.join(','), '-fps_mode', 'passthrough', '-f', 'null', '-'],
    ...(hasSound ? ['-map', '0:a:0', '-af', sound.join(','), '-f', 'null', '-'] : []),
  ];
}
