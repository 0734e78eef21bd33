// Guessing stream keys is slow: after FREE_ATTEMPT_COUNT wrong keys from one address each further attempt waits,
// doubling, before it is even looked at. A right key clears the address.

export const WRONG_KEY_LIMITS = {
  freeAttemptCount: 5,
  firstDelayMs: 1_000,
  maxDelayMs: 30_000,
  /** An address is forgotten after this long without another wrong key. */
  forgetAfterMs: 10 * 60_000,
  addressCount: 10_000,
} as const;

export type WrongKeyDelay = {
  /** How long the next attempt of this address waits. */
  delayMs(address: string, nowMs: number): number;
  wrong(address: string, nowMs: number): void;
  right(address: string): void;
};

export function createWrongKeyDelay(): WrongKeyDelay {
  // Insertion order is age: an address moves to the end with each wrong key.
  const attempts = new Map<string, { count: number; atMs: number }>();
  const L = WRONG_KEY_LIMITS;
  return {
    delayMs(address, nowMs) {
      const known = attempts.get(address);
      if (!known || nowMs - known.atMs > L.forgetAfterMs || known.count < L.freeAttemptCount) return 0;
      return Math.min(L.maxDelayMs, L.firstDelayMs * 2 ** Math.min(20, known.count - L.freeAttemptCount));
    },
    wrong(address, nowMs) {
      const known = attempts.get(address);
      const count = known && nowMs - known.atMs <= L.forgetAfterMs ? known.count + 1 : 1;
      attempts.delete(address);
      attempts.set(address, { count, atMs: nowMs });
      if (attempts.size > L.addressCount) attempts.delete(attempts.keys().next().value as string);
    },
    right(address) {
      attempts.delete(address);
    },
  };
}
