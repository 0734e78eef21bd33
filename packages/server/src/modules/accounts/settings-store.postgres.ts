import type { OrganizationSettings, UpdateOrganizationSettings } from '@insp/protocol';
import type { Database, Sql } from '../../platform/postgres/database.ts';

export type SettingsStore = {
  /** Null when there is no such organization. */
  read(orgId: string): Promise<OrganizationSettings | null>;
  update(orgId: string, change: UpdateOrganizationSettings): Promise<OrganizationSettings | null>;
};

const COLUMNS = {
  currency: 'currency',
  locale: 'locale',
  storeOrigins: 'store_origins',
  productFeedUrl: 'product_feed_url',
  shopUrl: 'shop_url',
  encoderGraceSec: 'encoder_grace_sec',
  maxLiveMin: 'max_live_min',
} as const;

// An organization without a row of its own has the defaults of the table.
const SELECT = `
  SELECT o.id, o.name, coalesce(s.currency, 'EUR') AS currency, coalesce(s.locale, 'en') AS locale,
         coalesce(s.store_origins, '{}') AS "storeOrigins", s.product_feed_url AS "productFeedUrl", s.shop_url AS "shopUrl",
         coalesce(s.encoder_grace_sec, 120) AS "encoderGraceSec", coalesce(s.max_live_min, 480) AS "maxLiveMin"
  FROM organization o LEFT JOIN organization_settings s ON s.org_id = o.id WHERE o.id = $1`;

export function createSettingsStore(database: Database): SettingsStore {
  const read = async (sql: Sql, orgId: string) => (await sql.query<OrganizationSettings>(SELECT, [orgId]))[0] ?? null;
  return {
    read: (orgId) => read(database, orgId),
    update(orgId, { name, ...change }) {
      return database.transaction(async (tx) => {
        const [organization] = await tx.query('SELECT id FROM organization WHERE id = $1 FOR UPDATE', [orgId]);
        if (organization === undefined) return null;
        if (name !== undefined) await tx.query('UPDATE organization SET name = $2 WHERE id = $1', [orgId, name]);
        await tx.query('INSERT INTO organization_settings (org_id) VALUES ($1) ON CONFLICT DO NOTHING', [orgId]);
        for (const [field, value] of Object.entries(change)) {
          // The field comes from a strict schema; the column from the table above.
          const column = COLUMNS[field as keyof typeof COLUMNS];
          if (value !== undefined) await tx.query(`UPDATE organization_settings SET ${column} = $2 WHERE org_id = $1`, [orgId, value]);
        }
        return read(tx, orgId);
      });
    },
  };
}
