import type { ViewerId } from '@insp/protocol';
import { createFakeClock, createSeededRandom } from '@insp/test-kit';
import { expect, test } from 'vitest';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { newFact } from '../capture/new-fact.ts';
import type { ChatRoom } from './chat-room.ts';
import { createMessageWriter, type Draft } from './message-writer.ts';
import type { ChatPorts } from './ports.ts';

const hex = (n: number) => n.toString(16).padStart(32, '0');

test('[C7] posts that wait are bounded over all shows too: the next is refused and its turn given back', async () => {
  const clock = createFakeClock();
  const ids = createIds(clock, createSeededRandom(1));
  // A database that never answers.
  const never = new Promise<never>(() => {});
  const ports = { showState: () => never, featuredProductId: () => never, staffNames: () => never } as unknown as ChatPorts;
  const writer = createMessageWriter({
    ...{ ports: { ...ports, chosenNames: () => never, isBuyer: () => never }, clock, ids, newFact: newFact(ids, clock) },
    ...{ logger: silentLogger, tell: () => true, maxWaitingInAll: 4 },
  });
  const takenBack: string[] = [];
  const post = (show: number) => {
    const draft = { session: { viewerId: `vwr_${hex(1)}` as ViewerId }, key: 'k', text: 'hi', takeBack: () => void takenBack.push('k') };
    return writer.write({ showId: `shw_${hex(show)}`, orgId: 'org' } as ChatRoom, draft as unknown as Draft);
  };
  // One of each show is on its way; two of each wait.
  for (const show of [1, 2]) for (let n = 0; n < 3; n += 1) void post(show);
  expect(await post(3)).toMatchObject({ ok: false, code: 'INSP_CAPTURE_OVERLOADED' });
  expect(takenBack).toHaveLength(1);
});
