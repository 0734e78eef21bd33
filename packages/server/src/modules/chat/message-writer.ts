// Writes messages, one transaction at a time per show. While one is under way newcomers gather and become the next:
// twenty a second go out one by one, five hundred in a second go out in a handful of transactions, and the numbers
// have no holes because only the holder of the room's row gives them out.
//
// A COMMIT whose answer got lost may have happened. The next transaction sees that the room's last number is ahead
// of what was told and tells the missing messages first; a retry finds its own by its key.
import { type ChatMessage, type ModeratedMessage, OPEN_ROOM_STATES, type ViewerId } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import type { NewFact } from '../capture/index.ts';
import type { ChatRoom, Posted } from './chat-room.ts';
import { checkDisplayName } from './display-name.ts';
import { appendMessages, findByKeys, lockRoom, readAfter, toChatMessage } from './message-store.postgres.ts';
import { codePointLength, normalizeText } from './message-text.ts';
import type { ArchivedMessage, ChatPorts, ChatSession } from './ports.ts';

export const BATCH_MAX_MESSAGES = 500;
/** Posts waiting for their turn in one show; the next is refused. */
export const MAX_WAITING_POSTS = 5_000;
/** And in all shows of the process together: about 40 MB of sessions and texts. */
export const MAX_WAITING_POSTS_IN_ALL = 20_000;
/** Messages told late after a lost COMMIT; more than one batch cannot be missing in one process. */
const MAX_MISSED = 1_000;

export type Draft = { readonly session: ChatSession; readonly key: string; readonly text: string; readonly takeBack: () => void };

export type MessageWriter = {
  /** Resolves when the message is stored and told, or refused. */
  write(room: ChatRoom, draft: Draft): Promise<Outcome<Posted>>;
  isBusy(showId: ChatRoom['showId']): boolean;
  /** Resolves when nothing is waiting any more. */
  idle(): Promise<void>;
};

type Waiting = { readonly draft: Draft; readonly answer: (outcome: Outcome<Posted>) => void };
type Lane = { waiting: Waiting[]; running: Promise<void> };

export function createMessageWriter(deps: {
  ports: ChatPorts;
  clock: Clock;
  ids: Ids;
  newFact: NewFact;
  logger: Logger;
  /** Answers whether viewers are shown it. */
  tell(room: ChatRoom, message: ArchivedMessage): boolean;
  maxWaitingInAll?: number;
}): MessageWriter {
  const maxWaitingInAll = deps.maxWaitingInAll ?? MAX_WAITING_POSTS_IN_ALL;
  const { ports, clock, ids, newFact, logger } = deps;
  const lanes = new Map<string, Lane>();
  let waitingCount = 0;

  async function drain(room: ChatRoom, lane: Lane): Promise<void> {
    while (lane.waiting.length > 0) {
      const batch = lane.waiting.splice(0, BATCH_MAX_MESSAGES);
      waitingCount -= batch.length;
      const outcomes = await writeBatch(
        room,
        batch.map(({ draft }) => draft),
      ).catch((err: unknown): Outcome<Posted>[] => {
        logger.error({ err, showId: room.showId, messageCount: batch.length }, 'chat messages could not be stored');
        return batch.map(() => refused('INSP_STORE_UNAVAILABLE', { retryAfterMs: 1_000 }));
      });
      for (const [at, { draft, answer }] of batch.entries()) {
        const outcome = outcomes[at] ?? refused('INSP_STORE_UNAVAILABLE');
        if (!outcome.ok) draft.takeBack();
        answer(outcome);
      }
    }
    lanes.delete(room.showId);
  }

  async function writeBatch(room: ChatRoom, drafts: readonly Draft[]): Promise<Outcome<Posted>[]> {
    const { showId, orgId } = room;
    const viewerIds = [...new Set(drafts.map(({ session }) => session.viewerId))];
    const [state, featuredProductId, staffNames, chosenNames, buyers] = await Promise.all([
      ports.showState(showId),
      ports.featuredProductId(showId),
      ports.staffNames(showId),
      ports.chosenNames(orgId, viewerIds),
      findBuyers(room, viewerIds),
    ]);
    if (state === null || !OPEN_ROOM_STATES.includes(state)) return drafts.map(() => refused('INSP_REALTIME_ROOM_CLOSED'));

    const { missed, fresh, posted } = await ports.recorder.commit(async (tx, record) => {
      const { lastSeq } = await lockRoom(tx, showId, orgId);
      const missed = lastSeq > room.lastToldSeq ? await readAfter(tx, showId, room.lastToldSeq, MAX_MISSED) : [];
      const posts = drafts.map(({ session, key }) => ({ viewerId: session.viewerId, key }));
      const posted = new Map<string, Posted>();
      for (const { viewerId, key, id, seq } of await findByKeys(tx, showId, posts))
        posted.set(postKey(viewerId, key), { messageId: id, seq });

      const fresh: ArchivedMessage[] = [];
      const keys: string[] = [];
      for (const { session, key, text } of drafts) {
        const once = postKey(session.viewerId, key);
        if (posted.has(once)) continue;
        const message = createMessage(session, text, {
          seq: lastSeq + fresh.length + 1,
          name: nameOf(session, chosenNames.get(session.viewerId), staffNames),
          isBuyer: buyers.has(session.viewerId),
        });
        posted.set(once, { messageId: message.id, seq: message.seq });
        fresh.push({ message, showId, orgId, viewerId: session.viewerId, customerId: session.customerId, featuredProductId });
        keys.push(key);
        const isStaff = message.author.kind === 'staff';
        record(
          newFact('chat.message_posted', {
            orgId,
            showId,
            occurredAt: message.postedAt,
            actor: { kind: isStaff ? 'member' : 'viewer', id: message.author.id },
            // Staff are no audience: without a viewer id they count as messages, not as chatters.
            viewerId: isStaff ? null : session.viewerId,
            productId: featuredProductId,
            kind: message.author.kind,
            isSimulated: session.isSimulated,
            payload: { messageId: message.id, seq: message.seq, authorKind: message.author.kind, length: codePointLength(text) },
          }),
        );
      }
      if (fresh.length > 0) await appendMessages(tx, showId, fresh, keys);
      return { missed, fresh, posted };
    });

    const hidden = new Map<string, ChatMessage>();
    for (const message of [...missed, ...fresh]) {
      room.lastToldSeq = message.message.seq;
      if (message.message.state === 'visible' && !deps.tell(room, message)) hidden.set(message.message.id, toChatMessage(message.message));
    }
    return drafts.map(({ session, key }) => {
      const known = posted.get(postKey(session.viewerId, key));
      if (!known) return refused('INSP_STORE_UNAVAILABLE');
      const message = hidden.get(known.messageId);
      return accepted(message ? { ...known, message } : known);
    });
  }

  function createMessage(session: ChatSession, text: string, more: { seq: number; name: string; isBuyer: boolean }): ModeratedMessage {
    const isStaff = session.role !== 'viewer';
    return {
      id: ids.create('msg'),
      seq: more.seq,
      author: {
        kind: isStaff ? 'staff' : 'viewer',
        id: (isStaff ? session.memberId : null) ?? session.viewerId,
        name: more.name,
        isBuyer: more.isBuyer,
        isSimulated: session.isSimulated,
      },
      text,
      postedAt: clock.nowMs(),
      platform: 'insp',
      state: 'visible',
      removedBy: null,
      reason: null,
    };
  }

  async function findBuyers(room: ChatRoom, viewerIds: readonly ViewerId[]): Promise<Set<ViewerId>> {
    const isBuyer = await Promise.all(viewerIds.map((viewerId) => ports.isBuyer(room.showId, viewerId)));
    return new Set(viewerIds.filter((_, at) => isBuyer[at]));
  }

  return {
    async write(room, draft) {
      const lane = lanes.get(room.showId);
      if (waitingCount >= maxWaitingInAll || (lane && lane.waiting.length >= MAX_WAITING_POSTS)) {
        draft.takeBack();
        return refused('INSP_CAPTURE_OVERLOADED', { retryAfterMs: 1_000 });
      }
      return new Promise((answer) => {
        waitingCount += 1;
        if (lane) {
          lane.waiting.push({ draft, answer });
          return;
        }
        const fresh: Lane = { waiting: [{ draft, answer }], running: Promise.resolve() };
        lanes.set(room.showId, fresh);
        fresh.running = drain(room, fresh);
      });
    },
    isBusy: (showId) => lanes.has(showId),
    async idle() {
      while (lanes.size > 0) await Promise.all([...lanes.values()].map(({ running }) => running));
    },
  };
}

export const postKey = (viewerId: ViewerId, key: string): string => `${viewerId} ${key}`;

/** The name a message carries. A shop may hand us a name that looks like staff: then it is nobody's. */
function nameOf(session: ChatSession, chosenName: string | undefined, staffNames: readonly string[]): string {
  if (session.role !== 'viewer') return normalizeText(session.displayName) || 'Team';
  const name = checkDisplayName(chosenName ?? session.displayName, staffNames);
  return name.ok ? name.value : 'Guest';
}
