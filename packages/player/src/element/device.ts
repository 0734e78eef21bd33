/** What kind of device this is, for the session and the events: by pointer and size, not by name. */
export function deviceOf(view: {
  matchMedia(query: string): { matches: boolean };
  screen: { width: number; height: number };
}): 'phone' | 'tablet' | 'desktop' {
  if (!view.matchMedia('(pointer: coarse)').matches) return 'desktop';
  return Math.min(view.screen.width, view.screen.height) < 600 ? 'phone' : 'tablet';
}
