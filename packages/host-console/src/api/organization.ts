import type {
  ApiKey,
  ApiKeyCreated,
  CreateApiKey,
  Invitation,
  Me,
  Member,
  OrganizationSettings,
  RejectedEvent,
  RejectedEventCount,
  Role,
  SecretName,
  SecretShownOnce,
  UpdateOrganizationSettings,
} from '@insp/protocol';
import { allPages, call, type Page } from './http.ts';

const at = (rest = '') => `/v1/organization${rest}`;

export const readMe = () => call<Me>('GET', '/v1/me');
export const setActiveOrganization = (organizationId: string) => call<unknown>('POST', '/v1/me/active-organization', { organizationId });
export const readOrganization = () => call<OrganizationSettings>('GET', at());
export const updateOrganization = (change: UpdateOrganizationSettings) => call<OrganizationSettings>('PATCH', at(), change);
export const rotateSecret = (name: SecretName) => call<SecretShownOnce>('POST', at(`/secrets/${name}/rotate`), {});

export const listMembers = () => allPages<Member>(at('/members'));
export const changeMemberRole = (userId: string, role: Role) => call<unknown>('PATCH', at(`/members/${userId}`), { role });
export const removeMember = (userId: string) => call<unknown>('DELETE', at(`/members/${userId}`));

export const listInvitations = () => allPages<Invitation>(at('/invitations'));
export const invite = (email: string, role: Role) => call<Invitation>('POST', at('/invitations'), { email, role });
export const revokeInvitation = (id: string) => call<unknown>('DELETE', at(`/invitations/${id}`));

export const listApiKeys = () => allPages<ApiKey>(at('/api-keys'));
export const createApiKey = (key: CreateApiKey) => call<ApiKeyCreated>('POST', at('/api-keys'), key);
export const deleteApiKey = (id: string) => call<unknown>('DELETE', at(`/api-keys/${id}`));

export const readRejectedEventCounts = () => allPages<RejectedEventCount>(at('/rejected-events/counts'));
export const listRejectedEvents = (cursor: string | null) =>
  call<Page<RejectedEvent>>('GET', at(`/rejected-events?limit=20${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`));
