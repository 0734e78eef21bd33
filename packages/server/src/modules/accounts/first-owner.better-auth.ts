// The first start makes an owner with a one-time password, printed once; `insp accounts reset-password` makes
// another. Whoever signs in with one must choose an own password before anything else works.
import type { Role } from '@insp/protocol';
import type { Random } from '../../kernel/random.ts';
import type { Auth } from './auth.better-auth.ts';
import { slugOf } from './auth.http.ts';
import type { PeopleStore } from './people-store.postgres.ts';

export type OneTimeAccess = { email: string; oneTimePassword: string };

// No letter that reads as another; 20 of 31 signs are 99 bits.
const SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789';

function createOneTimePassword(random: Random): string {
  const signs: string[] = [];
  while (signs.length < 20) {
    for (const byte of random.bytes(32)) {
      // Bytes past the last whole multiple would prefer some signs.
      if (byte < 256 - (256 % SIGNS.length) && signs.length < 20) signs.push(SIGNS[byte % SIGNS.length]!);
    }
  }
  return [0, 5, 10, 15].map((at) => signs.slice(at, at + 5).join('')).join('-');
}

export function createFirstOwner(deps: { auth: Auth; people: PeopleStore; random: Random }) {
  const { auth, people, random } = deps;

  async function setOneTimePassword(userId: string): Promise<string> {
    const { password, internalAdapter } = await auth.$context;
    const oneTimePassword = createOneTimePassword(random);
    const hash = await password.hash(oneTimePassword);
    const accounts = await internalAdapter.findAccounts(userId);
    if (accounts.some((account) => account.providerId === 'credential')) await internalAdapter.updatePassword(userId, hash);
    else await internalAdapter.linkAccount({ userId, providerId: 'credential', accountId: userId, password: hash });
    await people.setMustChangePassword(userId, true);
    await people.endSessions(userId);
    return oneTimePassword;
  }

  return {
    /** Makes the first organization and its owner; null when there is an owner already. Completes a first start that was cut. */
    async ensureFirstOwner(wanted: { orgName: string; email: string }): Promise<OneTimeAccess | null> {
      if (await people.hasOwner()) return null;
      const { internalAdapter } = await auth.$context;
      const email = wanted.email.toLowerCase();
      const found = await internalAdapter.findUserByEmail(email);
      const user = found?.user ?? (await internalAdapter.createUser({ email, name: 'Owner', emailVerified: false }, { method: 'admin' }));
      const oneTimePassword = await setOneTimePassword(user.id);
      await auth.api.createOrganization({ body: { name: wanted.orgName, slug: slugOf(wanted.orgName, random), userId: user.id } });
      return { email, oneTimePassword };
    },
    /** Gives a person a new one-time password and ends all their sessions; null when nobody has that address. */
    async resetPassword(email: string): Promise<OneTimeAccess | null> {
      const { internalAdapter } = await auth.$context;
      const found = await internalAdapter.findUserByEmail(email.toLowerCase());
      if (!found) return null;
      return { email: found.user.email, oneTimePassword: await setOneTimePassword(found.user.id) };
    },
    ownerEmails: () => people.ownerEmails(),
    /** The oldest organization of the oldest owner; null before there is one. */
    firstOrganization: () => people.firstOrganization(),
    /** Gives that owner one more organization. */
    async createOrganization(userId: string, name: string): Promise<string> {
      return (await auth.api.createOrganization({ body: { name, slug: slugOf(name, random), userId } })).id;
    },
    /** Makes an API key for a program of ours; former keys of that name end, so that starts do not pile them up. */
    async replaceApiKey(orgId: string, userId: string, name: string, role: Role): Promise<string> {
      for (const former of await people.apiKeys(orgId)) if (former.name === name) await people.revokeApiKey(orgId, former.id);
      return (await auth.api.createApiKey({ body: { name, organizationId: orgId, userId, metadata: { role } } })).key;
    },
  };
}
