import { createFakeClock } from '@insp/test-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { systemRandom } from '../../kernel/random.ts';
import { newFact } from '../capture/index.ts';
import { createInsights, type InsightsPorts } from './index.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

function create(showFacts: InsightsPorts['showFacts']) {
  const clock = createFakeClock();
  const ids = createIds(clock, systemRandom);
  const ports: InsightsPorts = {
    showFacts,
    presence: () => [],
    showsAttended: async () => new Map(),
    pastOrders: async () => new Map(),
    buyersInShow: async () => new Set(),
    chatOf: async () => [],
    recentDeeds: async () => [],
    publishLatest: () => {},
  };
  const recorder = { commit: () => Promise.reject(new Error('nothing may be written')) };
  return {
    ids,
    insights: createInsights({ ports, database: db.database, recorder, newFact: newFact(ids, clock), clock, ids, logger: silentLogger }),
  };
}

test('a question nobody asked cannot be marked answered, and an unknown show has no panels', async () => {
  const known = create(async () => ({ orgId: 'org_1', state: 'live', locale: 'en', highlightedProductIds: [], products: [] }));
  const showId = known.ids.create('shw');
  expect(await known.insights.setAnswered(showId, known.ids.create('qst'), true, 'usr_1')).toMatchObject({
    ok: false,
    code: 'INSP_INSIGHTS_QUESTION_NOT_FOUND',
  });
  const unknown = create(async () => null);
  expect(await unknown.insights.panels(showId)).toBeNull();
});
