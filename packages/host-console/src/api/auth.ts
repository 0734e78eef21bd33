// The account routes under /v1/auth: sign-in by cookie, passwords, organizations, invitations.
import type { InvitationForMe } from '@insp/protocol';
import { call } from './http.ts';

export const signIn = (email: string, password: string) => call<unknown>('POST', '/v1/auth/sign-in/email', { email, password });
export const signUp = (name: string, email: string, password: string) =>
  call<unknown>('POST', '/v1/auth/sign-up/email', { name, email, password });
export const signOut = () => call<unknown>('POST', '/v1/auth/sign-out', {});
export const changePassword = (currentPassword: string, newPassword: string) =>
  call<unknown>('POST', '/v1/auth/change-password', { currentPassword, newPassword, revokeOtherSessions: true });
export const createOrganization = (name: string) => call<{ organizationId: string }>('POST', '/v1/auth/organization/create', { name });
/** Needs somebody signed in: an invitation is for one address. */
export const readInvitation = (id: string) => call<InvitationForMe>('GET', `/v1/me/invitations/${encodeURIComponent(id)}`);
export const acceptInvitation = (invitationId: string) =>
  call<unknown>('POST', '/v1/auth/organization/accept-invitation', { invitationId });
