// The text of the multivariant playlist: every picture on air now, one sound apart from them.
import type { AacConfig } from '../flv/aac.ts';
import type { AvcConfig } from '../flv/avc.ts';

export type Variant = {
  readonly config: AvcConfig;
  /** Of picture and sound together. */
  readonly bandwidthBitsPerSec: number;
  readonly averageBandwidthBitsPerSec: number;
  readonly framesPerSec: number;
  readonly uri: string;
};

export type MultivariantPlaylist = {
  readonly variants: readonly Variant[];
  readonly sound: AacConfig;
  readonly soundUri: string;
  readonly isIndependent: boolean;
};

export function writeMultivariantPlaylist({ variants, sound, soundUri, isIndependent }: MultivariantPlaylist): string {
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:6',
    ...(isIndependent ? ['#EXT-X-INDEPENDENT-SEGMENTS'] : []),
    `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="${sound.channelCount}",URI="${soundUri}"`,
  ];
  for (const { config, bandwidthBitsPerSec, averageBandwidthBitsPerSec, framesPerSec, uri } of variants) {
    const attributes = [
      `BANDWIDTH=${Math.ceil(bandwidthBitsPerSec)}`,
      `AVERAGE-BANDWIDTH=${Math.ceil(averageBandwidthBitsPerSec)}`,
      `CODECS="${config.codecString},${sound.codecString}"`,
      `RESOLUTION=${config.widthPx}x${config.heightPx}`,
      `FRAME-RATE=${framesPerSec.toFixed(3)}`,
      'AUDIO="sound"',
    ];
    lines.push(`#EXT-X-STREAM-INF:${attributes.join(',')}`, uri);
  }
  return `${lines.join('\n')}\n`;
}
