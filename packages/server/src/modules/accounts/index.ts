// Accounts: people, organizations, roles, API keys, settings and secrets of an organization. better-auth does
// passwords, sessions and invitations; this module decides what of it is reachable and what it means here.
import type { OrganizationSettings, Role } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Random } from '../../kernel/random.ts';
import { createSeal } from '../../kernel/seal.ts';
import type { Authorize, Guard, HttpServer } from '../../platform/http/index.ts';
import type { Database } from '../../platform/postgres/database.ts';
import { accountsRoutes } from './accounts.http.ts';
import { createAuth } from './auth.better-auth.ts';
import { authRoutes } from './auth.http.ts';
import { createAuthorize } from './authorize.better-auth.ts';
import { createFirstOwner, type OneTimeAccess } from './first-owner.better-auth.ts';
import { createPeopleStore } from './people-store.postgres.ts';
import type { Mailer, Registration } from './ports.ts';
import { createSecretStore, type OrganizationSecretName } from './secret-store.postgres.ts';
import { createSettingsStore } from './settings-store.postgres.ts';

export type { OneTimeAccess } from './first-owner.better-auth.ts';
export type { Mailer, Registration } from './ports.ts';
export type { OrganizationSecretName } from './secret-store.postgres.ts';

export type AccountsDeps = {
  database: Database;
  clock: Clock;
  ids: Ids;
  random: Random;
  logger: Logger;
  publicUrl: string;
  registration: Registration;
  /** Makes a 32-byte key for one purpose out of the server secret. */
  deriveKey(purpose: string): Buffer;
  mailer?: Mailer;
};

export type Accounts = {
  /** For routes of other modules: who calls, if they may. */
  authorize: Authorize;
  /** For platform/http: enforces `config.access` of every route. */
  guard: Guard;
  routes(http: HttpServer): void;
  /** Null when there is no such organization. */
  organizationSettings(orgId: string): Promise<OrganizationSettings | null>;
  updateOrganizationSettings(orgId: string, change: Partial<Omit<OrganizationSettings, 'id'>>): Promise<OrganizationSettings | null>;
  /** Names of the people of an organization, which nobody in the chat may imitate. */
  memberNames(orgId: string): Promise<string[]>;
  /** The secret in force; made on first use. */
  secret(orgId: string, name: OrganizationSecretName): Promise<string>;
  /** The secret in force first, then its forerunner while a rotation is less than a day old. */
  acceptedSecrets(orgId: string, name: OrganizationSecretName): Promise<string[]>;
  ensureFirstOwner(wanted: { orgName: string; email: string }): Promise<OneTimeAccess | null>;
  resetPassword(email: string): Promise<OneTimeAccess | null>;
  ownerEmails(): Promise<string[]>;
  firstOrganization(): Promise<{ orgId: string; userId: string } | null>;
  createOrganization(userId: string, name: string): Promise<string>;
  replaceApiKey(orgId: string, userId: string, name: string, role: Role): Promise<string>;
};

export function createAccounts(deps: AccountsDeps): Accounts {
  const { database, clock, ids, random, publicUrl } = deps;
  const logger = deps.logger.child({ module: 'accounts' });
  const mailer: Mailer = deps.mailer ?? {
    async send(mail) {
      logger.info({ pii: mail }, 'a mail, not sent: no mailer is configured');
    },
  };
  const people = createPeopleStore(database);
  const settings = createSettingsStore(database);
  const secrets = createSecretStore({ database, clock, random, seal: createSeal(deps.deriveKey('organization-secrets'), random) });
  const auth = createAuth({
    pool: database.pool,
    publicUrl,
    secret: deps.deriveKey('session-cookies').toString('base64'),
    ids,
    random,
    logger,
    mayRegister: async (email) => deps.registration === 'open' || people.hasOpenInvitationOrIsFirst(email),
    passwordChanged: (userId) => people.setMustChangePassword(userId, false),
  });
  const { authorize, guard, personOf } = createAuthorize({ auth, people });

  return {
    authorize,
    guard,
    routes(http) {
      authRoutes({ auth, publicUrl, clock, random })(http);
      accountsRoutes({
        auth,
        people,
        settings,
        secrets,
        publicUrl,
        personOf,
        async announceInvitation({ email, role, link }) {
          await mailer.send({ to: email, subject: 'You are invited to Insp', text: `You are invited as ${role}. Open ${link}` });
        },
      })(http);
    },
    organizationSettings: settings.read,
    updateOrganizationSettings: settings.update,
    memberNames: async (orgId) => (await people.members(orgId)).map(({ name }) => name),
    secret: secrets.current,
    acceptedSecrets: secrets.accepted,
    ...createFirstOwner({ auth, people, random }),
  };
}
