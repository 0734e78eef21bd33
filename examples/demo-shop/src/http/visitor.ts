// Who is asking: two cookies, nothing else. The bag's id is a random number; the customer id is signed.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Customer, findCustomer } from '../customers.ts';

const CART_COOKIE = 'marram_bag';
const CUSTOMER_COOKIE = 'marram_customer';
const CONSENT_COOKIE = 'marram_consent';
const MONTH_SEC = 30 * 24 * 60 * 60;
const COOKIE = { path: '/', httpOnly: true, sameSite: 'lax', maxAge: MONTH_SEC } as const;

export function cartIdOf(request: FastifyRequest): string | null {
  const id = request.cookies[CART_COOKIE];
  return id && /^[0-9a-f]{32}$/.test(id) ? id : null;
}

/** The visitor's bag id; a first visitor gets one. */
export function ensureCartId(request: FastifyRequest, reply: FastifyReply): string {
  const known = cartIdOf(request);
  if (known) return known;
  const id = randomBytes(16).toString('hex');
  void reply.setCookie(CART_COOKIE, id, COOKIE);
  return id;
}

export function customerOf(request: FastifyRequest): Customer | undefined {
  const cookie = request.cookies[CUSTOMER_COOKIE];
  const read = cookie ? request.unsignCookie(cookie) : null;
  return read?.valid ? findCustomer(read.value ?? undefined) : undefined;
}

export const signIn = (reply: FastifyReply, customer: Customer): void =>
  void reply.setCookie(CUSTOMER_COOKIE, customer.id, { ...COOKIE, signed: true });
export const signOut = (reply: FastifyReply): void => void reply.clearCookie(CUSTOMER_COOKIE, { path: '/' });
export const isConsentKnown = (request: FastifyRequest): boolean => request.cookies[CONSENT_COOKIE] !== undefined;

/** The simulator proves itself by a key from the configuration; without one nobody can. */
export function isSimulator(request: FastifyRequest, simulatorKey: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${simulatorKey}`);
  return simulatorKey !== '' && given.length === wanted.length && timingSafeEqual(given, wanted);
}
