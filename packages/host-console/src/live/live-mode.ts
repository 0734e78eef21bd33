export const LIVE_MODES = [
  { mode: 'producer', label: 'Producer' },
  { mode: 'moderator', label: 'Moderator' },
  { mode: 'glance', label: 'Glance' },
] as const;
export type LiveMode = (typeof LIVE_MODES)[number]['mode'];

/** Reads the mode from the address; anything else is the producer's. */
export function modeFromSearch(search: string): LiveMode {
  const wanted = new URLSearchParams(search).get('mode');
  return LIVE_MODES.find(({ mode }) => mode === wanted)?.mode ?? 'producer';
}
