// The better-auth instance: people, passwords, sessions, organizations, invitations, API keys. It runs on our
// database through its Kysely adapter and our tables: names and columns are mapped to snake_case here, the DDL is
// ours (migrations/000001_accounts.sql), so better-auth never migrates anything by itself.
//
// What is deliberately off: telemetry, its own rate limit (it trusts forwarded headers; ours is sign-in-limits.ts),
// organization deletion, sessions for API keys (a key is its own kind of caller, see authorize.ts).

import { apiKey } from '@better-auth/api-key';
import type { Role } from '@insp/protocol';
import { APIError, betterAuth } from 'better-auth';
import { createAuthMiddleware } from 'better-auth/api';
import { organization } from 'better-auth/plugins';
import { createAccessControl } from 'better-auth/plugins/access';
import { defaultStatements, ownerAc } from 'better-auth/plugins/organization/access';
import type { Ids } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Random } from '../../kernel/random.ts';
import type { SqlPool } from '../../platform/postgres/database.ts';

export const API_KEY_PREFIX = 'insp_';
export const SESSION_COOKIE_PREFIX = 'insp';
export const PASSWORD_MIN_LENGTH = 10;
const SESSION_TTL_SEC = 7 * 24 * 3600;
const INVITATION_TTL_SEC = 7 * 24 * 3600;

export type AuthDeps = {
  pool: SqlPool;
  publicUrl: string;
  /** 32+ bytes; signs cookies. */
  secret: string;
  ids: Ids;
  random: Random;
  logger: Logger;
  /** Says whether this address may make itself an account now. */
  mayRegister(email: string): Promise<boolean>;
  passwordChanged(userId: string): Promise<void>;
};

const accessControl = createAccessControl({ ...defaultStatements, apiKey: ['create', 'read', 'update', 'delete'] });
// better-auth only has to know that owners manage the organization; all else is protocol/src/roles.ts.
const owner = accessControl.newRole({ ...ownerAc.statements, organization: ['update'], apiKey: ['create', 'read', 'update', 'delete'] });
const nobody = accessControl.newRole({ organization: [] });
const roles = { owner, producer: nobody, host: nobody, moderator: nobody, analyst: nobody } satisfies Record<Role, unknown>;

export function createAuth(deps: AuthDeps) {
  const { ids, random } = deps;
  const isSecure = deps.publicUrl.startsWith('https:');
  return betterAuth({
    appName: 'Insp',
    baseURL: deps.publicUrl,
    basePath: '/v1/auth',
    secret: deps.secret,
    telemetry: { enabled: false },
    database: deps.pool,
    trustedOrigins: [new URL(deps.publicUrl).origin],
    rateLimit: { enabled: false },
    logger: {
      level: 'warn',
      log: (level, message, ...rest) => deps.logger[level === 'error' ? 'error' : 'warn']({ source: 'better-auth', rest }, message),
    },
    advanced: {
      cookiePrefix: SESSION_COOKIE_PREFIX,
      useSecureCookies: isSecure,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', secure: isSecure, path: '/' },
      ipAddress: { ipAddressHeaders: ['x-insp-client-address'] },
      database: {
        generateId({ model }) {
          if (model === 'user') return ids.create('usr');
          if (model === 'organization') return ids.create('org');
          // The id of an invitation is its secret: 192 bits.
          return Buffer.from(random.bytes(24)).toString('base64url');
        },
      },
    },
    emailAndPassword: {
      enabled: true,
      autoSignIn: true,
      minPasswordLength: PASSWORD_MIN_LENGTH,
      maxPasswordLength: 128,
      revokeSessionsOnPasswordReset: true,
    },
    user: {
      modelName: 'auth_user',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      additionalFields: {
        mustChangePassword: { type: 'boolean', required: true, defaultValue: false, input: false, fieldName: 'must_change_password' },
      },
    },
    session: {
      modelName: 'auth_session',
      expiresIn: SESSION_TTL_SEC,
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
      },
    },
    account: {
      modelName: 'auth_account',
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'auth_verification',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    databaseHooks: {
      user: {
        create: {
          async before(user) {
            if (!(await deps.mayRegister(user.email.toLowerCase()))) {
              throw new APIError('FORBIDDEN', { code: 'REGISTRATION_CLOSED', message: 'Registration is by invitation' });
            }
            return { data: user };
          },
        },
      },
    },
    hooks: {
      after: createAuthMiddleware(async (ctx) => {
        if (ctx.path !== '/change-password' || ctx.context.returned instanceof APIError) return;
        const userId = ctx.context.session?.user.id;
        if (userId !== undefined) await deps.passwordChanged(userId);
      }),
    },
    plugins: [
      organization({
        ac: accessControl,
        roles,
        creatorRole: 'owner',
        disableOrganizationDeletion: true,
        organizationLimit: 20,
        membershipLimit: 200,
        invitationLimit: 200,
        invitationExpiresIn: INVITATION_TTL_SEC,
        cancelPendingInvitationsOnReInvite: true,
        // The link is the proof: its id is secret, and only the invited address may accept it. There is no mailer yet.
        requireEmailVerificationOnInvitation: false,
        schema: {
          session: { fields: { activeOrganizationId: 'active_organization_id' } },
          organization: { modelName: 'organization', fields: { createdAt: 'created_at' } },
          member: {
            modelName: 'organization_member',
            fields: { organizationId: 'organization_id', userId: 'user_id', createdAt: 'created_at' },
          },
          invitation: {
            modelName: 'organization_invitation',
            fields: { organizationId: 'organization_id', expiresAt: 'expires_at', createdAt: 'created_at', inviterId: 'inviter_id' },
          },
        },
      }),
      apiKey({
        references: 'organization',
        defaultPrefix: API_KEY_PREFIX,
        enableMetadata: true,
        requireName: true,
        maximumNameLength: 60,
        enableSessionForAPIKeys: false,
        rateLimit: { enabled: false },
        keyExpiration: { minExpiresIn: 1, maxExpiresIn: 730 },
        startingCharactersConfig: { shouldStore: true, charactersLength: 10 },
        schema: {
          apikey: {
            modelName: 'api_key',
            fields: {
              configId: 'config_id',
              referenceId: 'organization_id',
              refillInterval: 'refill_interval',
              refillAmount: 'refill_amount',
              lastRefillAt: 'last_refill_at',
              rateLimitEnabled: 'rate_limit_enabled',
              rateLimitTimeWindow: 'rate_limit_time_window',
              rateLimitMax: 'rate_limit_max',
              requestCount: 'request_count',
              lastRequest: 'last_request',
              expiresAt: 'expires_at',
              createdAt: 'created_at',
              updatedAt: 'updated_at',
            },
          },
        },
      }),
    ],
  });
}

export type Auth = ReturnType<typeof createAuth>;
