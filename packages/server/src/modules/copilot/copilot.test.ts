import { createFakeClock } from '@insp/test-kit';
import { expect, test } from 'vitest';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { systemRandom } from '../../kernel/random.ts';
import { newFact } from '../capture/index.ts';
import { createCopilot } from './index.ts';

test('a cue that is not there, or not any more, cannot be resolved', async () => {
  const clock = createFakeClock();
  const ids = createIds(clock, systemRandom);
  const acts: string[] = [];
  const copilot = createCopilot({
    ports: {
      showFacts: async () => null,
      joinedAt: () => null,
      startHighlight: async () => {
        acts.push('highlight');
        return { ok: true, value: null };
      },
      markAnswered: async () => {
        acts.push('answered');
        return { ok: true, value: null };
      },
      keepLive: async () => {
        acts.push('kept');
        return { ok: true, value: null };
      },
      publish: () => acts.push('publish'),
    },
    accept: () => acts.push('fact'),
    newFact: newFact(ids, clock),
    clock,
    ids,
    logger: silentLogger,
  });
  const resolved = await copilot.resolve({ orgId: 'org_1', memberId: 'usr_1' }, ids.create('shw'), ids.create('cue'), 'taken');
  expect(resolved).toMatchObject({ ok: false, code: 'INSP_COPILOT_CUE_NOT_FOUND' });
  expect(acts).toEqual([]);
});
