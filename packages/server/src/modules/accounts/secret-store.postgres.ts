// The secrets of an organization. Each exists from the first time somebody asks for it; rotation keeps the former
// one valid for a day, so a shop can change its configuration without losing an order.
import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import type { Seal } from '../../kernel/seal.ts';
import type { Database } from '../../platform/postgres/database.ts';

/** The first two belong to the shop (shown on rotation), the others never leave the server. */
export const ORGANIZATION_SECRETS = ['order_webhook', 'viewer_token', 'viewer_id', 'show_token'] as const;
export type OrganizationSecretName = (typeof ORGANIZATION_SECRETS)[number];

const SECRET_BYTES = 32;
export const FORMER_SECRET_TTL_MS = 24 * 3600 * 1000;

export type SecretStore = {
  /** The secret in force. Throws for an organization that does not exist. */
  current(orgId: string, name: OrganizationSecretName): Promise<string>;
  /** The secret in force and, for a day after a rotation, its forerunner: what signatures may be checked against. */
  accepted(orgId: string, name: OrganizationSecretName): Promise<string[]>;
  /** Makes a new one and returns it. */
  rotate(orgId: string, name: OrganizationSecretName): Promise<string>;
};

type Row = { sealed: Buffer; previous_sealed: Buffer | null; previous_until_ms: number | null };

export function createSecretStore(deps: { database: Database; seal: Seal; random: Random; clock: Clock }): SecretStore {
  const { database, seal, random, clock } = deps;
  const boundTo = (orgId: string, name: string) => `${orgId}|${name}`;
  const create = (name: OrganizationSecretName) => {
    const bytes = Buffer.from(random.bytes(SECRET_BYTES));
    // Standard Webhooks: `whsec_` and base64.
    return name === 'order_webhook' ? `whsec_${bytes.toString('base64')}` : bytes.toString('base64url');
  };

  async function load(orgId: string, name: OrganizationSecretName): Promise<Row> {
    const find = () =>
      database.query<Row>('SELECT sealed, previous_sealed, previous_until_ms FROM organization_secret WHERE org_id = $1 AND name = $2', [
        orgId,
        name,
      ]);
    const [found] = await find();
    if (found !== undefined) return found;
    const sealed = seal.close(create(name), boundTo(orgId, name));
    await database.query('INSERT INTO organization_secret (org_id, name, sealed) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      orgId,
      name,
      sealed,
    ]);
    const [made] = await find();
    if (made === undefined) throw new Error(`organization ${orgId} has no secret ${name}`);
    return made;
  }

  return {
    async current(orgId, name) {
      return seal.open((await load(orgId, name)).sealed, boundTo(orgId, name));
    },
    async accepted(orgId, name) {
      const row = await load(orgId, name);
      const open = (sealed: Buffer) => seal.open(sealed, boundTo(orgId, name));
      const former = row.previous_sealed !== null && (row.previous_until_ms ?? 0) > clock.nowMs() ? [open(row.previous_sealed)] : [];
      return [open(row.sealed), ...former];
    },
    async rotate(orgId, name) {
      const secret = create(name);
      await database.query(
        `INSERT INTO organization_secret AS s (org_id, name, sealed) VALUES ($1, $2, $3)
         ON CONFLICT (org_id, name) DO UPDATE SET previous_sealed = s.sealed, previous_until_ms = $4, sealed = $3`,
        [orgId, name, seal.close(secret, boundTo(orgId, name)), clock.nowMs() + FORMER_SECRET_TTL_MS],
      );
      return secret;
    },
  };
}
