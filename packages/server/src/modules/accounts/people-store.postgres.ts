// Who belongs to which organization. Reads of better-auth's tables that every request needs (one statement each),
// and the two writes it does not do safely: changing and removing members while somebody always stays owner.
import type { InvitationForMe, Me, Member, Role } from '@insp/protocol';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import type { Database, Sql } from '../../platform/postgres/database.ts';

export type Membership = { orgId: string; orgName: string; role: Role };
export type PendingInvitation = { id: string; email: string; role: Role; expiresAtMs: number };
export type ApiKeyRow = {
  id: string;
  name: string;
  start: string;
  metadata: string | null;
  createdAtMs: number;
  lastUsedAtMs: number | null;
  expiresAtMs: number | null;
};

const ms = (column: string) => `(extract(epoch FROM ${column}) * 1000)::bigint`;

export type PeopleStore = ReturnType<typeof createPeopleStore>;

export function createPeopleStore(database: Database) {
  /** Locks the organization's owners, so that two owners cannot remove each other at once. */
  async function changeMember(
    orgId: string,
    userId: string,
    staysOwner: boolean,
    change: (tx: Sql) => Promise<unknown>,
  ): Promise<Outcome<null>> {
    return database.transaction(async (tx) => {
      const owners = await tx.query<{ user_id: string }>(
        "SELECT user_id FROM organization_member WHERE organization_id = $1 AND role = 'owner' ORDER BY id FOR UPDATE",
        [orgId],
      );
      const [member] = await tx.query('SELECT 1 FROM organization_member WHERE organization_id = $1 AND user_id = $2', [orgId, userId]);
      if (member === undefined) return refused('INSP_ACCOUNTS_MEMBER_NOT_FOUND');
      if (!staysOwner && owners.every((owner) => owner.user_id === userId)) return refused('INSP_ACCOUNTS_LAST_OWNER');
      await change(tx);
      return accepted(null);
    });
  }

  return {
    /** The organization a person acts for: the active one while still a member there, else the oldest. */
    async activeMembership(userId: string, activeOrgId: string | null): Promise<Membership | null> {
      const [row] = await database.query<Membership>(
        `SELECT o.id AS "orgId", o.name AS "orgName", m.role FROM organization_member m JOIN organization o ON o.id = m.organization_id
         WHERE m.user_id = $1 ORDER BY (o.id = $2) IS TRUE DESC, m.created_at, m.id LIMIT 1`,
        [userId, activeOrgId],
      );
      return row ?? null;
    },
    memberships: (userId: string): Promise<Me['organizations']> =>
      database.query(
        `SELECT o.id, o.name, m.role FROM organization_member m JOIN organization o ON o.id = m.organization_id
         WHERE m.user_id = $1 ORDER BY m.created_at, m.id`,
        [userId],
      ),
    async setActiveOrganization(sessionId: string, orgId: string): Promise<void> {
      await database.query('UPDATE auth_session SET active_organization_id = $2 WHERE id = $1', [sessionId, orgId]);
    },
    members: (orgId: string): Promise<Member[]> =>
      database.query(
        `SELECT u.id AS "userId", u.name, u.email, m.role, ${ms('m.created_at')} AS "joinedAt"
         FROM organization_member m JOIN auth_user u ON u.id = m.user_id WHERE m.organization_id = $1 ORDER BY m.created_at, m.id`,
        [orgId],
      ),
    changeRole: (orgId: string, userId: string, role: Role): Promise<Outcome<null>> =>
      changeMember(orgId, userId, role === 'owner', (tx) =>
        tx.query('UPDATE organization_member SET role = $3 WHERE organization_id = $1 AND user_id = $2', [orgId, userId, role]),
      ),
    removeMember: (orgId: string, userId: string): Promise<Outcome<null>> =>
      changeMember(orgId, userId, false, (tx) =>
        tx.query('DELETE FROM organization_member WHERE organization_id = $1 AND user_id = $2', [orgId, userId]),
      ),

    openInvitations: (orgId: string): Promise<PendingInvitation[]> =>
      database.query(
        `SELECT id, email, role, ${ms('expires_at')} AS "expiresAtMs" FROM organization_invitation
         WHERE organization_id = $1 AND status = 'pending' AND expires_at > now() ORDER BY created_at`,
        [orgId],
      ),
    async invitationFor(invitationId: string, email: string): Promise<InvitationForMe | null> {
      const [row] = await database.query<InvitationForMe>(
        `SELECT i.id, o.name AS "orgName", i.email, i.role FROM organization_invitation i JOIN organization o ON o.id = i.organization_id
         WHERE i.id = $1 AND lower(i.email) = lower($2) AND i.status = 'pending' AND i.expires_at > now()`,
        [invitationId, email],
      );
      return row ?? null;
    },
    async cancelInvitation(orgId: string, invitationId: string): Promise<boolean> {
      const rows = await database.query(
        "UPDATE organization_invitation SET status = 'canceled' WHERE id = $1 AND organization_id = $2 AND status = 'pending' RETURNING id",
        [invitationId, orgId],
      );
      return rows.length > 0;
    },

    apiKeys: (orgId: string): Promise<ApiKeyRow[]> =>
      database.query(
        `SELECT id, name, start, metadata, ${ms('created_at')} AS "createdAtMs", ${ms('last_request')} AS "lastUsedAtMs",
                ${ms('expires_at')} AS "expiresAtMs" FROM api_key WHERE organization_id = $1 ORDER BY created_at, id`,
        [orgId],
      ),
    async revokeApiKey(orgId: string, apiKeyId: string): Promise<boolean> {
      return (
        (await database.query('DELETE FROM api_key WHERE id = $1 AND organization_id = $2 RETURNING id', [apiKeyId, orgId])).length > 0
      );
    },

    /** In `invited` registration: the very first person, and whoever holds an open invitation. */
    async hasOpenInvitationOrIsFirst(email: string): Promise<boolean> {
      const [row] = await database.query<{ ok: boolean }>(
        `SELECT NOT EXISTS (SELECT 1 FROM auth_user)
             OR EXISTS (SELECT 1 FROM organization_invitation WHERE lower(email) = $1 AND status = 'pending' AND expires_at > now()) AS ok`,
        [email],
      );
      return row?.ok ?? false;
    },
    async hasOwner(): Promise<boolean> {
      return (await database.query("SELECT 1 FROM organization_member WHERE role = 'owner' LIMIT 1")).length > 0;
    },
    async ownerEmails(): Promise<string[]> {
      const rows = await database.query<{ email: string }>(
        `SELECT u.email FROM auth_user u JOIN organization_member m ON m.user_id = u.id WHERE m.role = 'owner'
         GROUP BY u.id ORDER BY min(m.created_at)`,
      );
      return rows.map((row) => row.email);
    },
    async firstOrganization(): Promise<{ orgId: string; userId: string } | null> {
      const [row] = await database.query<{ orgId: string; userId: string }>(
        `SELECT organization_id AS "orgId", user_id AS "userId" FROM organization_member WHERE role = 'owner' ORDER BY created_at, id LIMIT 1`,
      );
      return row ?? null;
    },
    async setMustChangePassword(userId: string, must: boolean): Promise<void> {
      await database.query('UPDATE auth_user SET must_change_password = $2 WHERE id = $1', [userId, must]);
    },
    async endSessions(userId: string): Promise<void> {
      await database.query('DELETE FROM auth_session WHERE user_id = $1', [userId]);
    },
  };
}
