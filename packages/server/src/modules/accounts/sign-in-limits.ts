// Guessing passwords must be slow: five tries a minute for one account from one address, thirty for one address
// whatever the account (integrations.md 6.7). Registration counts as a try of its address.
import type { Clock } from '../../kernel/clock.ts';
import { createRateLimiter } from '../../kernel/rate-limiter.ts';

export const TRIES_PER_ACCOUNT = 5;
export const TRIES_PER_ADDRESS = 30;

/** Returns 0 if the try may go, else the ms to wait. */
export type SignInLimits = { take(address: string, email: string): number };

export function createSignInLimits(clock: Clock): SignInLimits {
  const perAccount = createRateLimiter(TRIES_PER_ACCOUNT / 60, TRIES_PER_ACCOUNT);
  const perAddress = createRateLimiter(TRIES_PER_ADDRESS / 60, TRIES_PER_ADDRESS);
  return {
    take(address, email) {
      const nowMs = clock.nowMs();
      const waitMs = perAddress.take(address, nowMs);
      return waitMs > 0 ? waitMs : perAccount.take(`${address} ${email.toLowerCase()}`, nowMs);
    },
  };
}
