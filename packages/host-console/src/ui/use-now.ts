import { useEffect, useState } from 'react';

/** The present, renewed every `stepMs`: for clocks and ages on screen. */
export function useNow(stepMs = 1_000): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), stepMs);
    return () => clearInterval(timer);
  }, [stepMs]);
  return nowMs;
}
