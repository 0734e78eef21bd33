import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Customer } from '../customers.ts';

const LIFETIME = '10m'; // Insp takes at most one hour

/**
 * Tells Insp who the signed-in customer is, signed on the server with the viewer secret. `sub` must be the same id
 * the order webhook sends as `customerRef`: that is how a purchase and a viewer become one person.
 */
export function signViewerToken(customer: Customer, shopUrl: string, viewerSecret: string): Promise<string> {
  return new SignJWT({ name: customer.name.split(' ')[0] })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(shopUrl)
    .setAudience('insp')
    .setSubject(customer.id)
    .setIssuedAt()
    .setExpirationTime(LIFETIME)
    .setJti(randomUUID())
    .sign(new TextEncoder().encode(viewerSecret));
}
