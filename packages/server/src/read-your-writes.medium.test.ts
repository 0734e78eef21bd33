// The whole server over a primary and a standby that applies everything late: over the API, people see what they just
// did, because of the cookie alone.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPostgresPrograms, type PostgresCluster, startPostgresCluster } from '../test-support/postgres-cluster.ts';
import { createTestApp, type TestApp } from '../test-support/test-app.ts';
import type { TestPerson } from '../test-support/test-people.ts';

const programs = await findPostgresPrograms();
/** Longer than a read waits, shorter than what sends a standby out of rotation. */
const APPLY_DELAY_MS = 400;
const ROUNDS = 12;

describe.skipIf(programs === null)('the API over a standby that is late', () => {
  let cluster: PostgresCluster;
  let test_: TestApp;
  let owner: TestPerson;
  beforeAll(async () => {
    cluster = await startPostgresCluster({ standbyCount: 1, programs: programs! });
    test_ = await createTestApp({ databaseUrl: cluster.frontUrl, readUrls: cluster.standbys[0]!.url });
    owner = await test_.owner('Late');
    await cluster.standbys[0]!.query(`ALTER SYSTEM SET recovery_min_apply_delay = '${APPLY_DELAY_MS}ms'`);
    await cluster.standbys[0]!.query('SELECT pg_reload_conf()');
  });
  afterAll(async () => {
    await test_?.close();
    await cluster?.stop();
  });

  const imported = (number: number) => ({
    ...{ externalId: `p${number}`, title: `Mug ${String(number).padStart(3, '0')}`, brand: '', description: '', category: '' },
    ...{ url: 'https://shop.example/mug', imageUrl: null, facts: [], optionNames: [] },
    variants: [
      { sku: `MUG-${number}`, options: {}, priceMinor: 1900, originalPriceMinor: null, currency: 'EUR', stockCount: 5, isAvailable: true },
    ],
  });
  const titlesFor = async (cookie: string): Promise<string[]> => {
    const answer = await test_.app.http.inject({ url: '/v1/products?limit=100', headers: { cookie } });
    return answer.json().data.map(({ title }: { title: string }) => title);
  };

  test('[ST4] [ST7] a product just imported is in the list of who imported it; without the cookie it may be missing', async () => {
    let missingWithout = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const product = imported(round);
      const written = await owner.post('/v1/products/import', { products: [product] });
      expect(written.statusCode).toBe(200);
      const [carried] = String(written.headers['set-cookie']).split(';');
      expect(carried).toMatch(/^insp_consistency=/);
      const without = titlesFor(owner.cookie);
      expect(await titlesFor(`${owner.cookie}; ${carried}`)).toContain(product.title);
      if (!(await without).includes(product.title)) missingWithout += 1;
    }
    // Else the standby was not late, or not read.
    expect(missingWithout).toBeGreaterThan(0);
  });
});
