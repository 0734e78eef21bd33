import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { SimulatedCustomer } from '../plan/people.ts';

const LIFETIME_SEC = 50 * 60; // Insp takes at most one hour

/**
 * What the shop would sign for this viewer, marked as simulated. A stranger's token has no `sub`: it vouches for
 * nothing but that this is a bot.
 */
export function signSimulatedToken(customer: SimulatedCustomer | null, issuer: string, viewerSecret: string): Promise<string> {
  const token = new SignJWT({ simulated: true, ...(customer && { name: customer.name }) })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(issuer)
    .setAudience('insp')
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1_000) + LIFETIME_SEC)
    .setJti(randomUUID());
  if (customer) token.setSubject(customer.customerRef);
  return token.sign(new TextEncoder().encode(viewerSecret));
}
