// The port between packager and container: exactly the samples given, cut where the packager says, nothing held
// back, decode times and composition offsets as told. ADR 0004 names the candidates that were tried behind it.
import type { AacConfig } from '../flv/aac.ts';
import type { AvcConfig } from '../flv/avc.ts';

/** `timescaleTicks`: ticks per second of every time of the track. */
export type BoxTrack = { readonly timescaleTicks: number; readonly config: AvcConfig | AacConfig };

export type BoxSample = {
  readonly durationTicks: number;
  readonly compositionOffsetTicks: number;
  readonly isSync: boolean;
  readonly data: Uint8Array;
};

export type BoxWriter = {
  /** `ftyp` and `moov` of one track: what EXT-X-MAP points at. */
  initSection(track: BoxTrack): Uint8Array;
  /** `moof` and `mdat` with these samples, the first decoded at `decodeTimeTicks`. */
  fragment(fragment: { sequenceNumber: number; decodeTimeTicks: number; samples: readonly BoxSample[] }): Uint8Array;
};
