// Chat of a show: who may write what, the order of it, and what moderators do about it.
//
//   post -> text, ban, slow mode, rate (in memory) -> message writer (one transaction for all who wait)
//        -> row + fact committed -> told to the room in order -> who listens (insights) gets the text, in memory only
//
// Text never enters an event: the log has who, when and how long; the words are in the archive alone.
import { type ChatMessage, hasPermission, OPEN_ROOM_STATES, type OrgId, type ParsedRequest, type ShowId } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import { createRateLimiter } from '../../kernel/rate-limiter.ts';
import type { Service } from '../../kernel/service.ts';
import type { Database } from '../../platform/postgres/database.ts';
import type { NewFact } from '../capture/index.ts';
import { activeBan, type ChatRoom, type ChatSnapshot, notePost, noteVisible, type Posted, snapshotOf } from './chat-room.ts';
import { checkDisplayName } from './display-name.ts';
import { readAfter, readVisibleBetween, toChatMessage } from './message-store.postgres.ts';
import { checkMessageText } from './message-text.ts';
import { createMessageWriter, postKey } from './message-writer.ts';
import { createModeration, type Moderation } from './moderation.ts';
import { type ArchivedMessage, type ChatPace, type ChatPorts, type ChatSession, NORMAL_CHAT_PACE } from './ports.ts';
import { createReactions } from './reactions.ts';
import { createRooms } from './rooms.ts';
import { createVisibleLane } from './visible-lane.ts';

/** Keys are the client's own; printable, so that they can be stored as they are. */
const CLIENT_KEY = /^[\x21-\x7e]{8,64}$/;
const NAME_CHANGES_PER_SEC = 0.2;
const NAME_CHANGES_BURST = 3;
const ROOM_STATE_FRESH_MS = 250;
const ARCHIVE_PAGE = 1_000;
/** Of what is read again by time: as many lines as a crowded room shows in a second (C13), and in one reading. */
const SAID_LINES_PER_SEC = 10;
const SAID_LINES_MAX = 600;

export type Chat = Service &
  Moderation & {
    /** Posts a message; the same key of the same viewer again answers with the same message. */
    post(session: ChatSession, request: ParsedRequest<'send_chat_message'>): Promise<Outcome<Posted>>;
    react(session: ChatSession, request: ParsedRequest<'send_reaction'>): Promise<Outcome<Record<string, never>>>;
    setDisplayName(session: ChatSession, name: string): Promise<Outcome<{ name: string }>>;
    /** Chat's part of the room snapshot. Holds at least all that was told to the room before. */
    snapshot(showId: ShowId, orgId: OrgId): Promise<ChatSnapshot>;
    /** Every new message with its text, in order, after it was told. Not for messages of before. */
    onMessage(listen: (message: ArchivedMessage) => void): () => void;
    /** What viewers may read of what was said from one time (inclusive) to another, oldest first. Of a crowd, as much as can be read. */
    saidBetween(showId: ShowId, fromMs: number, toMs: number): Promise<ChatMessage[]>;
    /** The whole chat of a show in order, removed messages too (see `state`). */
    archive(showId: ShowId): AsyncGenerator<ArchivedMessage>;
  };

export function createChat(deps: {
  database: Database;
  ports: ChatPorts;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  newFact: NewFact;
  pace?: () => ChatPace;
  /** Whether the archive takes one more line (pressure). */
  admit?: () => Outcome<null>;
}): Chat {
  const { database, ports, clock, logger, pace = () => NORMAL_CHAT_PACE, admit = () => accepted(null) } = deps;
  const listeners = new Set<(message: ArchivedMessage) => void>();
  const nameChanges = createRateLimiter(NAME_CHANGES_PER_SEC, NAME_CHANGES_BURST);
  const openRooms = new WeakMap<ChatRoom, { isOpen: boolean; atMs: number }>();

  const writer = createMessageWriter({ ...deps, tell });
  const lane = createVisibleLane({ clock, linesPerSec: () => pace().chatLinesPerSec });
  const reactions = createReactions({ ...deps, broadcastEveryMs: () => pace().reactionsEveryMs });
  const rooms = createRooms({ database, clock, ports, isBusy: (showId) => writer.isBusy(showId) || reactions.isBusy(showId) });
  const moderation = createModeration({ ...deps, rooms });

  /** Memory first, then the room: a snapshot taken in between holds the message already. Staff are told every line. */
  function tell(room: ChatRoom, message: ArchivedMessage): boolean {
    noteVisible(room, message);
    const isShown = lane.shows(room.showId, message.message);
    ports.room.publish(room.showId, isShown ? 'viewers' : 'staff', 'chat_message_posted', toChatMessage(message.message));
    for (const listen of listeners) {
      try {
        listen(message);
      } catch (err) {
        logger.error({ err }, 'a listener of chat failed');
      }
    }
    return isShown;
  }

  /** May be a quarter of a second old; posts are checked again when they are written. */
  async function isOpen(room: ChatRoom): Promise<boolean> {
    const nowMs = clock.nowMs();
    const known = openRooms.get(room);
    if (known && Math.abs(nowMs - known.atMs) < ROOM_STATE_FRESH_MS) return known.isOpen;
    const state = await ports.showState(room.showId);
    const isOpen = state !== null && OPEN_ROOM_STATES.includes(state);
    openRooms.set(room, { isOpen, atMs: nowMs });
    return isOpen;
  }

  return {
    ...moderation,

    async post(session, { key, text: raw }) {
      const isStaff = session.role !== 'viewer';
      if (session.role !== 'viewer' && !hasPermission(session.role, 'chat.host')) return refused('INSP_REALTIME_FORBIDDEN');
      if (!CLIENT_KEY.test(key)) return refused('INSP_REALTIME_FRAME_MALFORMED', { detail: 'key: printable characters only.' });
      const room = await rooms.open(session.showId, session.orgId);
      const before = room.posts.get(postKey(session.viewerId, key));
      if (before) return before;

      const text = checkMessageText(raw);
      if (!text.ok) return text;
      const space = admit();
      if (!space.ok) return space;
      const nowMs = clock.nowMs();
      let takeBack = () => {};
      if (!isStaff) {
        const ban = activeBan(room, session.viewerId, nowMs);
        if (ban) return refused('INSP_CHAT_BANNED', ban.untilMs === null ? {} : { retryAfterMs: ban.untilMs - nowMs });
        const turn = room.rules.take(session.viewerId, nowMs, room.slowModeSec);
        if (!turn.ok) return turn;
        takeBack = turn.value.takeBack;
      }
      const answer = writer.write(room, { session, key, text: text.value, takeBack });
      notePost(room, postKey(session.viewerId, key), answer);
      return answer;
    },

    async react(session, { kind, count }) {
      const room = await rooms.open(session.showId, session.orgId);
      if (!(await isOpen(room))) return refused('INSP_REALTIME_ROOM_CLOSED');
      return reactions.react(room, session, kind, count);
    },

    async setDisplayName(session, raw) {
      if (session.role !== 'viewer') return refused('INSP_REALTIME_FORBIDDEN', { detail: 'Change your name in the settings.' });
      const room = await rooms.open(session.showId, session.orgId);
      const nowMs = clock.nowMs();
      if (activeBan(room, session.viewerId, nowMs)) return refused('INSP_CHAT_BANNED');
      const name = checkDisplayName(raw, await ports.staffNames(session.showId));
      if (!name.ok) return name;
      const retryAfterMs = nameChanges.take(session.viewerId, nowMs);
      if (retryAfterMs > 0) return refused('INSP_CHAT_RATE_LIMITED', { retryAfterMs });
      await ports.chooseName(session.orgId, session.viewerId, name.value);
      ports.room.renameViewer(session.showId, session.viewerId, name.value);
      return accepted({ name: name.value });
    },

    async snapshot(showId, orgId) {
      return snapshotOf(await rooms.open(showId, orgId), clock.nowMs());
    },

    onMessage(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },

    async saidBetween(showId, fromMs, toMs) {
      const span = { fromMs, toMs, linesPerSec: SAID_LINES_PER_SEC, limit: SAID_LINES_MAX };
      return (await readVisibleBetween(database.read, showId, span)).map(({ message }) => toChatMessage(message));
    },

    async *archive(showId) {
      let afterSeq = 0;
      for (;;) {
        const page = await readAfter(database, showId, afterSeq, ARCHIVE_PAGE);
        yield* page;
        const last = page.at(-1);
        if (page.length < ARCHIVE_PAGE || !last) return;
        afterSeq = last.message.seq;
      }
    },

    async start() {
      reactions.start();
    },

    async stop() {
      await writer.idle();
      reactions.stop();
    },
  };
}
