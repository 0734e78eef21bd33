// Names of a show's files. Numbers never repeat within its life, so every file but the playlists may be cached for ever.
import type { TrackName, TrackPeriod } from '../packager/track.ts';

export type FileName =
  | { readonly kind: 'multivariant' }
  | { readonly kind: 'playlist'; readonly track: TrackName }
  | { readonly kind: 'init'; readonly track: TrackName; readonly discontinuitySequence: number; readonly initIndex: number }
  | { readonly kind: 'segment'; readonly track: TrackName; readonly mediaSequence: number }
  | { readonly kind: 'part'; readonly track: TrackName; readonly mediaSequence: number; readonly partIndex: number };

export const MULTIVARIANT_NAME = 'index.m3u8';
export const playlistName = (track: TrackName): string => `${track}.m3u8`;
export const segmentName = (track: TrackName, mediaSequence: number): string => `${track}-${mediaSequence}.m4s`;
export const partName = (track: TrackName, mediaSequence: number, partIndex: number): string =>
  `${track}-${mediaSequence}.${partIndex}.m4s`;
export const initName = ({ track, discontinuitySequence, initIndex }: TrackPeriod): string =>
  `${track}-init-${discontinuitySequence}${initIndex > 0 ? `.${initIndex}` : ''}.mp4`;

const PATTERN = /^(audio|video|v[1-9]\d{1,3})(?:(\.m3u8)|-init-(\d{1,15})(?:\.(\d{1,4}))?\.mp4|-(\d{1,15})(?:\.(\d{1,4}))?\.m4s)$/;

/** Null for what is no name of ours. */
export function readFileName(name: string): FileName | null {
  if (name === MULTIVARIANT_NAME) return { kind: 'multivariant' };
  const match = PATTERN.exec(name);
  if (!match) return null;
  const [, trackText, playlist, period, initIndex, mediaSequence, partIndex] = match;
  const track = trackText as TrackName;
  if (playlist) return { kind: 'playlist', track };
  if (period !== undefined) return { kind: 'init', track, discontinuitySequence: Number(period), initIndex: Number(initIndex ?? 0) };
  if (partIndex === undefined) return { kind: 'segment', track, mediaSequence: Number(mediaSequence) };
  return { kind: 'part', track, mediaSequence: Number(mediaSequence), partIndex: Number(partIndex) };
}
