// Mounts better-auth at /v1/auth. Only the calls in this table are let through, with bodies of our own strict schemas:
// better-auth has some fifty more endpoints, and each would be one to secure. Its answers are cut to what the
// console needs (never the session token: the cookie is HttpOnly for a reason) and its errors leave as problem+json.

import {
  answerInvitationSchema,
  changePasswordSchema,
  createOrganizationSchema,
  signedInSchema,
  signInSchema,
  signUpSchema,
} from '@insp/protocol/schemas';
import * as z from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import { type HttpReply, type HttpRequest, type HttpServer, sendProblem } from '../../platform/http/index.ts';
import type { Auth } from './auth.better-auth.ts';
import { errorCodeOf } from './auth-errors.ts';
import { createSignInLimits } from './sign-in-limits.ts';

const okSchema = z.strictObject({ ok: z.literal(true) });
const organizationCreatedSchema = z.strictObject({ organizationId: z.string() });

/** Ends sessions in other browsers at once and keeps this one. */
export function authRoutes(deps: { auth: Auth; publicUrl: string; clock: Clock; random: Random }): (http: HttpServer) => void {
  const { auth, publicUrl, random } = deps;
  const limits = createSignInLimits(deps.clock);
  const origin = new URL(publicUrl).origin;

  /** Hands a call to better-auth; null means the problem was answered already. */
  async function call(request: HttpRequest, reply: HttpReply, path: string, body: object): Promise<Record<string, unknown> | null> {
    const headers = new Headers({ 'content-type': 'application/json', 'x-insp-client-address': request.ip });
    const { cookie, 'user-agent': userAgent } = request.headers;
    if (cookie !== undefined) headers.set('cookie', cookie);
    if (userAgent !== undefined) headers.set('user-agent', userAgent.slice(0, 256));
    // platform/http has refused cross-site writes already; better-auth wants to see an origin for any cookie.
    headers.set('origin', origin);
    const response = await auth.handler(new Request(`${origin}/v1/auth${path}`, { method: 'POST', headers, body: JSON.stringify(body) }));
    for (const value of response.headers.getSetCookie()) reply.header('set-cookie', value);
    const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    if (response.ok) return answer ?? {};
    sendProblem(reply, errorCodeOf(response.status, typeof answer?.code === 'string' ? answer.code : undefined));
    return null;
  }

  const signedIn = (answer: Record<string, unknown>) => {
    const { id, name, email } = answer.user as { id: string; name: string; email: string };
    return { user: { id, name, email } };
  };

  const tooManyTries = (request: HttpRequest, reply: HttpReply, email: string): boolean => {
    const retryAfterMs = limits.take(request.ip, email);
    if (retryAfterMs > 0) sendProblem(reply, 'INSP_ACCOUNTS_TOO_MANY_ATTEMPTS', { retryAfterMs });
    return retryAfterMs > 0;
  };

  return (http) => {
    http.post(
      '/v1/auth/sign-up/email',
      {
        config: { access: 'public' },
        schema: { tags: ['accounts'], summary: 'Register and sign in', body: signUpSchema, response: { 200: signedInSchema } },
      },
      async (request, reply) => {
        if (tooManyTries(request, reply, request.body.email)) return reply;
        const answer = await call(request, reply, '/sign-up/email', request.body);
        return answer === null ? reply : signedIn(answer);
      },
    );
    http.post(
      '/v1/auth/sign-in/email',
      {
        config: { access: 'public' },
        schema: { tags: ['accounts'], summary: 'Sign in', body: signInSchema, response: { 200: signedInSchema } },
      },
      async (request, reply) => {
        if (tooManyTries(request, reply, request.body.email)) return reply;
        const answer = await call(request, reply, '/sign-in/email', request.body);
        return answer === null ? reply : signedIn(answer);
      },
    );
    http.post(
      '/v1/auth/sign-out',
      { config: { access: 'public' }, schema: { tags: ['accounts'], summary: 'Sign out', response: { 200: okSchema } } },
      async (request, reply) => ((await call(request, reply, '/sign-out', {})) === null ? reply : { ok: true as const }),
    );
    http.post(
      '/v1/auth/change-password',
      {
        config: { access: 'session' },
        schema: { tags: ['accounts'], summary: 'Choose a new password', body: changePasswordSchema, response: { 200: okSchema } },
      },
      async (request, reply) => {
        if (tooManyTries(request, reply, 'change-password')) return reply;
        return (await call(request, reply, '/change-password', request.body)) === null ? reply : { ok: true as const };
      },
    );
    http.post(
      '/v1/auth/organization/create',
      {
        config: { access: 'session' },
        schema: {
          tags: ['accounts'],
          summary: 'Create an organization and become its owner',
          body: createOrganizationSchema,
          response: { 200: organizationCreatedSchema },
        },
      },
      async (request, reply) => {
        const { name } = request.body;
        const answer = await call(request, reply, '/organization/create', { name, slug: slugOf(name, random) });
        return answer === null ? reply : { organizationId: String(answer.id) };
      },
    );
    for (const verb of ['accept', 'reject'] as const) {
      http.post(
        `/v1/auth/organization/${verb}-invitation`,
        {
          config: { access: 'session' },
          schema: {
            tags: ['accounts'],
            summary: `Answer an invitation: ${verb}`,
            body: answerInvitationSchema,
            response: { 200: okSchema },
          },
        },
        async (request, reply) =>
          (await call(request, reply, `/organization/${verb}-invitation`, request.body)) === null ? reply : { ok: true as const },
      );
    }
  };
}

/** better-auth wants a unique slug; ours shows nowhere, so randomness makes it unique. */
export function slugOf(name: string, random: Random): string {
  const readable = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40);
  return `${readable || 'org'}-${Buffer.from(random.bytes(5)).toString('hex')}`;
}
