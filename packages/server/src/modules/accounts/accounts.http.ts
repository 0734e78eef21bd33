// Me, my organization, its members, secrets and API keys. Acts that decide who may act (members, keys, secrets)
// want a person: an API key of an owner must not be able to make itself company.
import type { Invitation, Role } from '@insp/protocol';
import { LIMITS, ROLE_PERMISSIONS, ROLES } from '@insp/protocol';
import {
  apiKeyCreatedSchema,
  apiKeySchema,
  createApiKeySchema,
  invitationForMeSchema,
  invitationSchema,
  inviteMemberSchema,
  memberSchema,
  meSchema,
  organizationSettingsSchema,
  secretNameSchema,
  secretShownOnceSchema,
  setActiveOrganizationSchema,
  updateMemberSchema,
  updateOrganizationSettingsSchema,
} from '@insp/protocol/schemas';
import { APIError } from 'better-auth';
import { fromNodeHeaders } from 'better-auth/node';
import * as z from 'zod';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import { answer, type HttpRequest, type HttpServer, type Principal, principalOf, sendRefusal } from '../../platform/http/index.ts';
import type { Auth } from './auth.better-auth.ts';
import { errorCodeOf } from './auth-errors.ts';
import type { Person } from './authorize.better-auth.ts';
import type { ApiKeyRow, PendingInvitation, PeopleStore } from './people-store.postgres.ts';
import type { SecretStore } from './secret-store.postgres.ts';
import type { SettingsStore } from './settings-store.postgres.ts';

type Deps = {
  auth: Auth;
  people: PeopleStore;
  settings: SettingsStore;
  secrets: SecretStore;
  publicUrl: string;
  personOf(request: HttpRequest): Promise<Outcome<Person>>;
  announceInvitation(invitation: Invitation, orgId: string): Promise<void>;
};

const list = <T extends z.ZodType>(item: T) => z.strictObject({ data: z.array(item) });
const idParam = (name: string) => z.strictObject({ [name]: z.string().min(1).max(64) });
const tags = ['accounts'];

function person(request: HttpRequest): Outcome<Principal> {
  const principal = principalOf(request);
  return principal.kind === 'member' ? accepted(principal) : refused('INSP_ACCOUNTS_PERSON_REQUIRED');
}

function apiKeyView(row: ApiKeyRow): z.infer<typeof apiKeySchema> {
  const { role } = JSON.parse(row.metadata ?? '{}') as { role?: Role };
  return {
    id: row.id,
    name: row.name,
    role: role !== undefined && ROLES.includes(role) ? role : 'analyst',
    start: row.start,
    createdAt: row.createdAtMs,
    lastUsedAt: row.lastUsedAtMs,
    expiresAt: row.expiresAtMs,
  };
}

export function accountsRoutes(deps: Deps): (http: HttpServer) => void {
  const { auth, people, settings, secrets, personOf } = deps;
  const invitationView = ({ id, email, role, expiresAtMs }: PendingInvitation): Invitation => ({
    id,
    email,
    role,
    expiresAt: expiresAtMs,
    link: new URL(`/console/invitations/${id}`, deps.publicUrl).href,
  });

  /** Runs a call of better-auth's server API; its refusals become ours. */
  async function attempt<T>(work: () => Promise<T>): Promise<Outcome<T>> {
    try {
      return accepted(await work());
    } catch (cause) {
      if (!(cause instanceof APIError) || cause.statusCode >= 500) throw cause;
      return refused(errorCodeOf(cause.statusCode, cause.body?.code));
    }
  }

  return (http) => {
    http.get(
      '/v1/me',
      { config: { access: 'session' }, schema: { tags, summary: 'Who is signed in', response: { 200: meSchema } } },
      async (request, reply) => {
        const found = await personOf(request);
        if (!found.ok) return sendRefusal(reply, found);
        const { userId, name, email, mustChangePassword, active } = found.value;
        // The console asks this on every load, so here the session is prolonged while somebody uses it.
        const { headers } = await auth.api.getSession({
          headers: fromNodeHeaders({ cookie: request.headers.cookie }),
          returnHeaders: true,
        });
        for (const value of headers?.getSetCookie() ?? []) reply.header('set-cookie', value);
        return {
          userId,
          name,
          email,
          mustChangePassword,
          organizations: await people.memberships(userId),
          active: active === null ? null : { ...active, permissions: [...ROLE_PERMISSIONS[active.role]] },
        };
      },
    );

    http.post(
      '/v1/me/active-organization',
      {
        config: { access: 'session' },
        schema: {
          tags,
          summary: 'Act for another of my organizations',
          body: setActiveOrganizationSchema,
          response: { 204: z.undefined() },
        },
      },
      async (request, reply) => {
        const found = await personOf(request);
        if (!found.ok) return sendRefusal(reply, found);
        const { organizationId } = request.body;
        const mine = await people.memberships(found.value.userId);
        if (!mine.some(({ id }) => id === organizationId)) {
          return sendRefusal(reply, refused('INSP_ACCOUNTS_NO_ORGANIZATION', { detail: 'You are no member of that organization.' }));
        }
        await people.setActiveOrganization(found.value.sessionId, organizationId);
        return reply.code(204).send();
      },
    );

    http.get(
      '/v1/me/invitations/:invitationId',
      {
        config: { access: 'session' },
        schema: {
          tags,
          summary: 'An invitation addressed to me',
          params: idParam('invitationId'),
          response: { 200: invitationForMeSchema },
        },
      },
      async (request, reply) => {
        const found = await personOf(request);
        if (!found.ok) return sendRefusal(reply, found);
        const invitation = await people.invitationFor(request.params.invitationId!, found.value.email);
        return invitation ?? sendRefusal(reply, refused('INSP_ACCOUNTS_INVITATION_INVALID'));
      },
    );

    http.get(
      '/v1/organization',
      {
        config: { access: 'show.read' },
        schema: { tags, summary: 'Settings of my organization', response: { 200: organizationSettingsSchema } },
      },
      async (request, reply) =>
        (await settings.read(principalOf(request).orgId)) ?? sendRefusal(reply, refused('INSP_ACCOUNTS_NO_ORGANIZATION')),
    );
    http.patch(
      '/v1/organization',
      {
        config: { access: 'organization.manage' },
        schema: {
          tags,
          summary: 'Change settings of my organization',
          body: updateOrganizationSettingsSchema,
          response: { 200: organizationSettingsSchema },
        },
      },
      async (request, reply) =>
        (await settings.update(principalOf(request).orgId, request.body)) ?? sendRefusal(reply, refused('INSP_ACCOUNTS_NO_ORGANIZATION')),
    );
    http.post(
      '/v1/organization/secrets/:name/rotate',
      {
        config: { access: 'organization.manage' },
        schema: {
          tags,
          summary: 'Make a new secret; it is shown this once, the former one stays valid for a day',
          params: z.strictObject({ name: secretNameSchema }),
          response: { 200: secretShownOnceSchema },
        },
      },
      async (request, reply) => {
        const by = person(request);
        return by.ok ? { secret: await secrets.rotate(by.value.orgId, request.params.name) } : sendRefusal(reply, by);
      },
    );

    http.get(
      '/v1/organization/members',
      { config: { access: 'show.read' }, schema: { tags, summary: 'Members of my organization', response: { 200: list(memberSchema) } } },
      async (request) => ({ data: await people.members(principalOf(request).orgId) }),
    );
    http.patch(
      '/v1/organization/members/:userId',
      {
        config: { access: 'member.manage' },
        schema: {
          tags,
          summary: 'Change the role of a member',
          params: idParam('userId'),
          body: updateMemberSchema,
          response: { 204: z.undefined() },
        },
      },
      async (request, reply) => {
        const by = person(request);
        const done = by.ok ? await people.changeRole(by.value.orgId, request.params.userId!, request.body.role) : by;
        return done.ok ? reply.code(204).send() : sendRefusal(reply, done);
      },
    );
    http.delete(
      '/v1/organization/members/:userId',
      {
        config: { access: 'member.manage' },
        schema: { tags, summary: 'Remove a member', params: idParam('userId'), response: { 204: z.undefined() } },
      },
      async (request, reply) => {
        const by = person(request);
        const done = by.ok ? await people.removeMember(by.value.orgId, request.params.userId!) : by;
        return done.ok ? reply.code(204).send() : sendRefusal(reply, done);
      },
    );

    http.get(
      '/v1/organization/invitations',
      { config: { access: 'member.manage' }, schema: { tags, summary: 'Open invitations', response: { 200: list(invitationSchema) } } },
      async (request) => ({ data: (await people.openInvitations(principalOf(request).orgId)).map(invitationView) }),
    );
    http.post(
      '/v1/organization/invitations',
      {
        config: { access: 'member.manage' },
        schema: {
          tags,
          summary: 'Invite somebody; a former invitation of the same address ends',
          body: inviteMemberSchema,
          response: { 201: invitationSchema },
        },
      },
      async (request, reply) => {
        const by = person(request);
        if (!by.ok) return sendRefusal(reply, by);
        const { orgId } = by.value;
        const made = await attempt(() =>
          auth.api.createInvitation({
            headers: fromNodeHeaders({ cookie: request.headers.cookie }),
            body: { ...request.body, organizationId: orgId, resend: false },
          }),
        );
        if (!made.ok) return sendRefusal(reply, made);
        const { id, email, expiresAt } = made.value;
        const invitation = invitationView({ id, email, role: request.body.role, expiresAtMs: new Date(expiresAt).getTime() });
        await deps.announceInvitation(invitation, orgId);
        return answer(reply, accepted(invitation), 201);
      },
    );
    http.delete(
      '/v1/organization/invitations/:invitationId',
      {
        config: { access: 'member.manage' },
        schema: { tags, summary: 'Take an invitation back', params: idParam('invitationId'), response: { 204: z.undefined() } },
      },
      async (request, reply) => {
        const by = person(request);
        if (!by.ok) return sendRefusal(reply, by);
        const done = await people.cancelInvitation(by.value.orgId, request.params.invitationId!);
        return done ? reply.code(204).send() : sendRefusal(reply, refused('INSP_ACCOUNTS_INVITATION_INVALID'));
      },
    );

    http.get(
      '/v1/organization/api-keys',
      { config: { access: 'api_key.manage' }, schema: { tags, summary: 'API keys', response: { 200: list(apiKeySchema) } } },
      async (request) => ({ data: (await people.apiKeys(principalOf(request).orgId)).map(apiKeyView) }),
    );
    http.post(
      '/v1/organization/api-keys',
      {
        config: { access: 'api_key.manage' },
        schema: {
          tags,
          summary: 'Make an API key; it is shown this once',
          body: createApiKeySchema,
          response: { 201: apiKeyCreatedSchema },
        },
      },
      async (request, reply) => {
        const by = person(request);
        if (!by.ok) return sendRefusal(reply, by);
        const { orgId, id: userId } = by.value;
        if ((await people.apiKeys(orgId)).length >= LIMITS.apiKeysPerOrg)
          return sendRefusal(reply, refused('INSP_ACCOUNTS_TOO_MANY_API_KEYS'));
        const { name, role, expiresInDays } = request.body;
        const made = await attempt(() =>
          auth.api.createApiKey({
            body: {
              name,
              organizationId: orgId,
              userId,
              metadata: { role },
              expiresIn: expiresInDays === null ? null : expiresInDays * 86_400,
            },
          }),
        );
        if (!made.ok) return sendRefusal(reply, made);
        const { id, key, start, createdAt, expiresAt } = made.value;
        const view = {
          id,
          name,
          role,
          start: start ?? '',
          createdAt: createdAt.getTime(),
          lastUsedAt: null,
          expiresAt: expiresAt?.getTime() ?? null,
          key,
        };
        return answer(reply, accepted(view), 201);
      },
    );
    http.delete(
      '/v1/organization/api-keys/:apiKeyId',
      {
        config: { access: 'api_key.manage' },
        schema: { tags, summary: 'Revoke an API key', params: idParam('apiKeyId'), response: { 204: z.undefined() } },
      },
      async (request, reply) => {
        const by = person(request);
        if (!by.ok) return sendRefusal(reply, by);
        const done = await people.revokeApiKey(by.value.orgId, request.params.apiKeyId!);
        return done ? reply.code(204).send() : sendRefusal(reply, refused('INSP_ACCOUNTS_API_KEY_NOT_FOUND'));
      },
    );
  };
}
