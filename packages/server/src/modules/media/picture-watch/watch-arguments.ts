// The side-car's command. Only key frames come in, each complete, so decoding them one by one is decoding all.
import { pictureFilters, soundFilters } from '@insp/media';

/** File descriptors of the side-car. */
export const WATCH_PIPES = { picture: 3, sound: 4 } as const;

export function watchArguments({ hasSound }: { hasSound: boolean }): string[] {
  return [
    ...['-hide_banner', '-loglevel', 'error', '-nostats', '-threads', '1', '-flags', 'low_delay'],
    ...['-analyzeduration', '200000', '-fpsprobesize', '0', '-f', 'flv', '-i', 'pipe:0'],
    ...['-map', '0:v:0', '-vf', pictureFilters(WATCH_PIPES.picture), '-fps_mode', 'passthrough', '-f', 'null', '-'],
    ...(hasSound ? ['-map', '0:a:0', '-af', soundFilters(WATCH_PIPES.sound), '-f', 'null', '-'] : []),
  ];
}
