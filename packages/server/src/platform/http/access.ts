// Every /v1 route says who may call it, in its `config`. The guard enforces member routes before the body is read;
// modules/accounts/access-walk.medium.test.ts walks all routes and fails for one that says nothing.
import type { Permission } from '@insp/protocol';
import type { HttpRequest } from './create-http-server.ts';

/**
 * - `public`: anybody, no identity (health, sign-in, public show page)
 * - `viewer`: the route itself checks a viewer session token or the embedding origin
 * - `signed`: the route itself checks a signature over the raw body
 * - `session`: any signed-in person, with or without an organization
 * - a permission: a member or API key of an organization whose role carries it
 */
export type Access = 'public' | 'viewer' | 'signed' | 'session' | Permission;

/** Answers whether a page of `origin` may read this route's answers. */
export type CorsRule = 'any-origin' | ((origin: string, request: HttpRequest) => boolean | Promise<boolean>);

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** Lets pages of other origins call the route, without credentials. Absent = same origin only. */
    cors?: CorsRule;
    /** `request.body` is the untouched Buffer: for signatures. Leave `schema.body` out and parse after checking. */
    rawBody?: boolean;
  }
}
