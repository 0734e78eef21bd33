// The chat module on a real Postgres of its own in a temporary folder: every line is a row and a fact, committed
// before the room hears of it.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ShowId } from '@insp/protocol';
import { systemClock } from '../packages/server/src/kernel/clock.ts';
import { createEventBus } from '../packages/server/src/kernel/event-bus.ts';
import { createIds } from '../packages/server/src/kernel/ids.ts';
import { silentLogger } from '../packages/server/src/kernel/logger.ts';
import { systemRandom } from '../packages/server/src/kernel/random.ts';
import { createCapture, newFact } from '../packages/server/src/modules/capture/index.ts';
import { chatSocketHandlers, createChat } from '../packages/server/src/modules/chat/index.ts';
import type { Realtime } from '../packages/server/src/modules/realtime/index.ts';
import { openStorage } from '../packages/server/src/storage.ts';

export async function openChat(deps: { showId: ShowId; room: () => Realtime }) {
  const dataDir = await mkdtemp(join(tmpdir(), 'insp-bench-'));
  // Run as root, the database runs as another user, who must be able to enter.
  await chmod(dataDir, 0o755);
  const logger = silentLogger;
  const ids = createIds(systemClock, systemRandom);
  const storage = await openStorage({ databaseUrl: null, databaseMaxConnections: 10, dataDir }, { logger, onLost: () => process.exit(1) });
  const { database } = storage;
  const capture = createCapture({ database, bus: createEventBus(logger), clock: systemClock, logger });
  const chat = createChat({
    ...{ database, clock: systemClock, ids, logger, newFact: newFact(ids, systemClock) },
    ports: {
      room: {
        publish: (...push) => deps.room().publish(...push),
        publishLatest: (...push) => deps.room().publishLatest(...push),
        renameViewer: (...change) => deps.room().renameViewer(...change),
      },
      recorder: capture,
      engagement: capture,
      showState: () => 'live',
      featuredProductId: () => null,
      isBuyer: () => false,
      staffNames: () => [],
      chosenNames: async () => new Map(),
      chooseName: async () => {},
      findInRoom: () => null,
      reactionTotals: async () => ({}),
    },
  });
  await capture.start();
  await chat.start();
  return {
    capture,
    handler: chatSocketHandlers(chat).send_chat_message,
    /** Lines in the archive; the truth the deliveries are held against. */
    async archivedCount(): Promise<number> {
      const rows = await database.query<{ count: number }>('SELECT count(*) AS count FROM chat_message WHERE show_id = $1', [deps.showId]);
      return rows[0]?.count ?? 0;
    },
    async close() {
      await chat.stop();
      await capture.stop();
      await storage.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
