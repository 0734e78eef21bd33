// What the benches that start the whole system share: numbers from the command line, and waiting for something to come.
import { setTimeout as delay } from 'node:timers/promises';

/** Beyond this something is broken, not slow. */
export const PATIENCE_MS = 120_000;
const POLL_MS = 20;

/** The value of `--name`; throws what is wrong with it. */
export function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) throw new Error(`--${name} must be a whole number from ${min} to ${max}`);
  return value;
}

/** Asks until there is an answer. */
export async function until<T>(what: string, probe: () => Promise<T | null | undefined | false>): Promise<T> {
  const endMs = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > endMs) throw new Error(`waited in vain for ${what}`);
    await delay(POLL_MS);
  }
}
