// Tells the server that somebody is at the console: a hand moved or a key was pressed, at most once a minute. A show
// that nobody watches and nobody attends to ends by itself.
import { useEffect } from 'react';

export const PRESENCE_EVERY_MS = 60_000;
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

export function usePresence(tell: () => void): void {
  useEffect(() => {
    let toldAtMs = Number.NEGATIVE_INFINITY;
    const onSign = () => {
      if (performance.now() - toldAtMs < PRESENCE_EVERY_MS) return;
      toldAtMs = performance.now();
      tell();
    };
    for (const sign of SIGNS) window.addEventListener(sign, onSign, { passive: true });
    return () => {
      for (const sign of SIGNS) window.removeEventListener(sign, onSign);
    };
  }, [tell]);
}
