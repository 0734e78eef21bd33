// What the process remembers of a show's chat: enough to judge a post and to draw the room for who comes in, without
// asking the database. The database is the truth; this is loaded from it and changed only after a commit.
import type { Ban, ChatMessage, ModeratedMessage, OrgId, ShowId, ViewerId } from '@insp/protocol';
import type { Outcome } from '../../kernel/outcome.ts';
import type { Sql } from '../../platform/postgres/database.ts';
import { readLastPosts, readMessage, readNewestVisible, readRemoved, readRoom, toChatMessage } from './message-store.postgres.ts';
import { readBans } from './people-store.postgres.ts';
import type { ArchivedMessage, ChatPorts } from './ports.ts';
import { createPostingRules, MAX_SLOW_MODE_SEC, type PostingRules } from './posting-rules.ts';

export const RECENT_SHOWN = 100;
/** More are kept than shown, so that removals do not thin out what a newcomer sees. */
const RECENT_KEPT = 200;
const REMOVED_KEPT = 100;
const BANS_SHOWN = 200;
/** Answers kept for retries; older ones are found in the archive. */
const POSTS_KEPT = 2_000;

/** `message` is there when the room was not shown the line: its author's own screen draws it. */
export type Posted = { readonly messageId: ChatMessage['id']; readonly seq: number; readonly message?: ChatMessage };

export type ChatRoom = {
  readonly showId: ShowId;
  readonly orgId: OrgId;
  readonly rules: PostingRules;
  /** Everything up to this number has been told to the room. */
  lastToldSeq: number;
  /** Visible, oldest first. */
  recent: readonly ArchivedMessage[];
  /** Latest removal first. */
  removed: readonly ArchivedMessage[];
  pinned: ArchivedMessage | null;
  slowModeSec: number;
  readonly bans: Map<string, Ban>;
  readonly reactionTotals: Map<string, number>;
  readonly posts: Map<string, Promise<Outcome<Posted>>>;
  usedAtMs: number;
};

export type ChatSnapshot = {
  readonly recentMessages: ChatMessage[];
  readonly pinnedMessage: ChatMessage | null;
  readonly slowModeSec: number;
  readonly reactionCounts: Record<string, number>;
  readonly removedMessages: ModeratedMessage[];
  readonly bans: Ban[];
};

export async function loadRoom(
  sql: Sql,
  ports: Pick<ChatPorts, 'reactionTotals'>,
  show: { showId: ShowId; orgId: OrgId },
  nowMs: number,
): Promise<ChatRoom> {
  const { showId, orgId } = show;
  // The number first: a message that lands while the rest is read is told again rather than not at all.
  const { lastSeq, pinnedMessageId, slowModeSec } = await readRoom(sql, showId);
  const [recent, removed, pinned, bans, lastPosts, reactions] = await Promise.all([
    readNewestVisible(sql, showId, RECENT_KEPT),
    readRemoved(sql, showId, REMOVED_KEPT),
    pinnedMessageId === null ? null : readMessage(sql, showId, pinnedMessageId),
    readBans(sql, orgId, showId, nowMs),
    readLastPosts(sql, showId, nowMs - MAX_SLOW_MODE_SEC * 1_000),
    ports.reactionTotals(showId),
  ]);
  const rules = createPostingRules();
  for (const { viewerId, postedAtMs } of lastPosts) rules.remember(viewerId, postedAtMs);
  return {
    showId,
    orgId,
    rules,
    lastToldSeq: lastSeq,
    recent: recent.filter(({ message }) => message.seq <= lastSeq),
    removed,
    pinned,
    slowModeSec,
    bans: new Map(bans.map((ban) => [banKey(ban.scope, ban.viewerId), ban])),
    reactionTotals: new Map(Object.entries(reactions)),
    posts: new Map(),
    usedAtMs: nowMs,
  };
}

const banKey = (scope: Ban['scope'], viewerId: ViewerId) => `${scope} ${viewerId}`;

export function noteBan(room: ChatRoom, ban: Ban): void {
  room.bans.set(banKey(ban.scope, ban.viewerId), ban);
}

export function noteUnban(room: ChatRoom, viewerId: ViewerId): void {
  room.bans.delete(banKey('show', viewerId));
  room.bans.delete(banKey('organization', viewerId));
}

/** Forgets a ban of the whole organization only. Answers whether there was one. */
export function noteOrganizationUnban(room: ChatRoom, viewerId: ViewerId): boolean {
  return room.bans.delete(banKey('organization', viewerId));
}

/** The ban that keeps a viewer from writing now; one that ran out is forgotten. */
export function activeBan(room: ChatRoom, viewerId: ViewerId, nowMs: number): Ban | null {
  for (const scope of ['show', 'organization'] as const) {
    const key = banKey(scope, viewerId);
    const ban = room.bans.get(key);
    if (!ban) continue;
    if (ban.untilMs === null || ban.untilMs > nowMs) return ban;
    room.bans.delete(key);
  }
  return null;
}

/** A visible message takes its place by number; the oldest leaves when there are too many. */
export function noteVisible(room: ChatRoom, posted: ArchivedMessage): void {
  const { seq, id } = posted.message;
  const others = room.recent.filter(({ message }) => message.id !== id);
  const at = others.findLastIndex(({ message }) => message.seq < seq) + 1;
  room.recent = [...others.slice(0, at), posted, ...others.slice(at)].slice(-RECENT_KEPT);
  room.removed = room.removed.filter(({ message }) => message.id !== id);
}

export function noteRemoved(room: ChatRoom, removed: ArchivedMessage): void {
  const isOther = ({ message }: ArchivedMessage) => message.id !== removed.message.id;
  room.recent = room.recent.filter(isOther);
  room.removed = [removed, ...room.removed.filter(isOther)].slice(0, REMOVED_KEPT);
  if (room.pinned?.message.id === removed.message.id) room.pinned = null;
}

/** Keeps the answer to a post for its retries; a refusal is not kept, the retry is judged anew. */
export function notePost(room: ChatRoom, key: string, answer: Promise<Outcome<Posted>>): void {
  room.posts.set(key, answer);
  if (room.posts.size > POSTS_KEPT) {
    const [oldest] = room.posts.keys();
    if (oldest !== undefined) room.posts.delete(oldest);
  }
  void answer.then(({ ok }) => {
    if (!ok && room.posts.get(key) === answer) room.posts.delete(key);
  });
}

export function snapshotOf(room: ChatRoom, nowMs: number): ChatSnapshot {
  return {
    recentMessages: room.recent.slice(-RECENT_SHOWN).map(({ message }) => toChatMessage(message)),
    pinnedMessage: room.pinned && toChatMessage(room.pinned.message),
    slowModeSec: room.slowModeSec,
    reactionCounts: Object.fromEntries(room.reactionTotals),
    removedMessages: room.removed.map(({ message }) => message),
    bans: [...room.bans.values()].filter(({ untilMs }) => untilMs === null || untilMs > nowMs).slice(-BANS_SHOWN),
  };
}
