// What staff do to the room. Every act is one transaction of change and fact, told to the room after it; every act
// has its undo (remove/restore, pin/unpin, ban/unban, slow mode/slow mode), and doing it twice changes nothing more.
// A ban stops writing and reacting, not watching and buying; what was written before stays until it is removed.
import type { Ban, MessageId, ParsedRequest, ViewerId } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import type { Database } from '../../platform/postgres/database.ts';
import type { NewFact } from '../capture/index.ts';
import { type ChatRoom, noteBan, noteOrganizationUnban, noteRemoved, noteUnban, noteVisible } from './chat-room.ts';
import { lockRoom, readAuthorName, readMessage, setPinned, setRemoval, setSlowMode, toChatMessage } from './message-store.postgres.ts';
import { cleanReason } from './message-text.ts';
import { deleteBans, upsertBan } from './people-store.postgres.ts';
import type { ArchivedMessage, ChatPorts, ChatSession } from './ports.ts';
import type { Rooms } from './rooms.ts';

type Nothing = Record<string, never>;
type Done = Promise<Outcome<Nothing>>;

export type Moderation = {
  remove(session: ChatSession, request: ParsedRequest<'remove_chat_message'>): Done;
  restore(session: ChatSession, messageId: MessageId): Done;
  pin(session: ChatSession, messageId: MessageId): Done;
  unpin(session: ChatSession, messageId: MessageId): Done;
  ban(session: ChatSession, request: ParsedRequest<'ban_viewer'>): Done;
  unban(session: ChatSession, viewerId: ViewerId): Done;
  setSlowMode(session: ChatSession, intervalSec: number): Done;
};

export function createModeration(deps: { database: Database; ports: ChatPorts; clock: Clock; newFact: NewFact; rooms: Rooms }): Moderation {
  const { database, ports, clock, newFact, rooms } = deps;
  /** Acts on one show, one behind the other, so that the room hears of them in the order they were done. */
  const tails = new Map<string, Promise<unknown>>();

  async function act<T>(session: ChatSession, work: (room: ChatRoom) => Promise<T>): Promise<T> {
    const before = tails.get(session.showId) ?? Promise.resolve();
    const done = before.then(async () => work(await rooms.open(session.showId, session.orgId)));
    const tail = done.then(
      () => {},
      () => {},
    );
    tails.set(session.showId, tail);
    void tail.then(() => {
      if (tails.get(session.showId) === tail) tails.delete(session.showId);
    });
    return done;
  }

  /** What all facts of an act have in common. */
  const by = (session: ChatSession) => ({
    orgId: session.orgId,
    showId: session.showId,
    actor: { kind: 'member', id: session.memberId ?? session.viewerId } as const,
    isSimulated: session.isSimulated,
  });

  const notFound = () => refused('INSP_CHAT_MESSAGE_NOT_FOUND');
  const done = () => accepted<Nothing>({});

  return {
    remove: (session, { messageId, reason: rawReason }) =>
      act(session, async (room) => {
        const reason = cleanReason(rawReason);
        const result = await ports.recorder.commit(async (tx, record) => {
          const { pinnedMessageId } = await lockRoom(tx, room.showId, room.orgId);
          const removal = { byId: session.memberId ?? session.viewerId, byName: session.displayName, reason, atMs: clock.nowMs() };
          const isChanged = await setRemoval(tx, room.showId, messageId, removal);
          const message = await readMessage(tx, room.showId, messageId);
          const isUnpinned = isChanged && pinnedMessageId === messageId;
          if (isChanged) record(newFact('chat.message_removed', { ...by(session), payload: { messageId, reason } }));
          if (isUnpinned) {
            await setPinned(tx, room.showId, null);
            record(newFact('chat.message_unpinned', { ...by(session), payload: { messageId } }));
          }
          return { message, isChanged, isUnpinned };
        });
        if (!result.message) return notFound();
        if (!result.isChanged) return done();
        noteRemoved(room, result.message);
        if (result.isUnpinned) ports.room.publish(room.showId, 'viewers', 'chat_message_unpinned', { messageId });
        ports.room.publish(room.showId, 'viewers', 'chat_message_removed', { messageId });
        ports.room.publish(room.showId, 'staff', 'message_moderated', result.message.message);
        return done();
      }),

    restore: (session, messageId) =>
      act(session, async (room) => {
        const result = await ports.recorder.commit(async (tx, record) => {
          const isChanged = await setRemoval(tx, room.showId, messageId, null);
          if (isChanged) record(newFact('chat.message_restored', { ...by(session), payload: { messageId } }));
          return { message: await readMessage(tx, room.showId, messageId), isChanged };
        });
        if (!result.message) return notFound();
        if (!result.isChanged) return done();
        noteVisible(room, result.message);
        ports.room.publish(room.showId, 'viewers', 'chat_message_restored', toChatMessage(result.message.message));
        ports.room.publish(room.showId, 'staff', 'message_moderated', result.message.message);
        return done();
      }),

    pin: (session, messageId) =>
      act(session, async (room) => {
        const pinned = await ports.recorder.commit(async (tx, record): Promise<ArchivedMessage | 'already' | null> => {
          const { pinnedMessageId } = await lockRoom(tx, room.showId, room.orgId);
          const message = await readMessage(tx, room.showId, messageId);
          if (message?.message.state !== 'visible') return null;
          if (pinnedMessageId === messageId) return 'already';
          // One is pinned at a time: the new one takes the place of the old.
          if (pinnedMessageId) record(newFact('chat.message_unpinned', { ...by(session), payload: { messageId: pinnedMessageId } }));
          await setPinned(tx, room.showId, messageId);
          record(newFact('chat.message_pinned', { ...by(session), payload: { messageId } }));
          return message;
        });
        if (pinned === null) return notFound();
        if (pinned === 'already') return done();
        room.pinned = pinned;
        ports.room.publish(room.showId, 'viewers', 'chat_message_pinned', toChatMessage(pinned.message));
        return done();
      }),

    unpin: (session, messageId) =>
      act(session, async (room) => {
        const result = await ports.recorder.commit(async (tx, record) => {
          const { pinnedMessageId } = await lockRoom(tx, room.showId, room.orgId);
          if (pinnedMessageId !== messageId) return (await readMessage(tx, room.showId, messageId)) ? 'was_not' : 'unknown';
          await setPinned(tx, room.showId, null);
          record(newFact('chat.message_unpinned', { ...by(session), payload: { messageId } }));
          return 'unpinned';
        });
        if (result === 'unknown') return notFound();
        if (result === 'was_not') return done();
        room.pinned = null;
        ports.room.publish(room.showId, 'viewers', 'chat_message_unpinned', { messageId });
        return done();
      }),

    ban: (session, { viewerId, scope, reason, untilMs }) =>
      act(session, async (room) => {
        const nowMs = clock.nowMs();
        if (untilMs !== null && untilMs <= nowMs) return refused('INSP_REALTIME_FRAME_MALFORMED', { detail: 'untilMs is in the past.' });
        const present = ports.findInRoom(room.showId, viewerId);
        if (present && present.role !== 'viewer') return refused('INSP_REALTIME_FORBIDDEN', { detail: 'Staff cannot be banned.' });
        const viewerName = (await readAuthorName(database, room.showId, viewerId)) ?? present?.displayName;
        if (viewerName === undefined) return refused('INSP_CHAT_VIEWER_NOT_FOUND');
        const ban: Ban = {
          viewerId,
          viewerName,
          scope,
          reason: cleanReason(reason),
          untilMs,
          bannedAt: nowMs,
          bannedBy: session.displayName,
        };
        await ports.recorder.commit(async (tx, record) => {
          await upsertBan(tx, room.orgId, room.showId, ban, session.memberId ?? session.viewerId);
          record(newFact('chat.viewer_banned', { ...by(session), viewerId, payload: { scope, reason: ban.reason, untilMs } }));
        });
        for (const other of scope === 'organization' ? rooms.loadedOf(room.orgId) : [room]) {
          noteBan(other, ban);
          ports.room.publish(other.showId, 'staff', 'viewer_banned', ban);
        }
        return done();
      }),

    unban: (session, viewerId) =>
      act(session, async (room) => {
        const isChanged = await ports.recorder.commit(async (tx, record) => {
          const wasBanned = await deleteBans(tx, room.orgId, room.showId, viewerId);
          if (wasBanned) record(newFact('chat.viewer_unbanned', { ...by(session), viewerId, payload: {} }));
          return wasBanned;
        });
        if (!isChanged) return done();
        for (const other of rooms.loadedOf(room.orgId)) {
          // The ban of another show stands; only the organization's went with ours.
          if (other === room) noteUnban(other, viewerId);
          else if (!noteOrganizationUnban(other, viewerId)) continue;
          ports.room.publish(other.showId, 'staff', 'viewer_unbanned', { viewerId });
        }
        return done();
      }),

    setSlowMode: (session, intervalSec) =>
      act(session, async (room) => {
        const isChanged = await ports.recorder.commit(async (tx, record) => {
          const { slowModeSec } = await lockRoom(tx, room.showId, room.orgId);
          if (slowModeSec === intervalSec) return false;
          await setSlowMode(tx, room.showId, intervalSec);
          record(newFact('chat.slow_mode_changed', { ...by(session), payload: { intervalSec } }));
          return true;
        });
        if (!isChanged) return done();
        room.slowModeSec = intervalSec;
        ports.room.publish(room.showId, 'viewers', 'slow_mode_changed', { intervalSec });
        return done();
      }),
  };
}
