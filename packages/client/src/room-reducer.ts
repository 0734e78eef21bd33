// (state, event) -> state, pure. Applying a push twice, or one the snapshot already holds, changes nothing: the
// snapshot of a welcome may be newer than the pushes replayed after it (events-and-store.md 7).
import type { ChatMessage, ModeratedMessage, Push, PushType } from '@insp/protocol';
import { MAX_MESSAGES, MAX_REMOVED_MESSAGES, type RoomEvent, type RoomState, type StaffState } from './room-state.ts';

/** Puts a message in its place by `seq`; the same id replaces. */
function withMessage(messages: readonly ChatMessage[], message: ChatMessage): readonly ChatMessage[] {
  const last = messages.at(-1);
  if (!last || last.seq < message.seq) return [...messages, message].slice(-MAX_MESSAGES);
  const others = messages.filter((other) => other.id !== message.id);
  const after = others.findIndex((other) => other.seq > message.seq);
  const place = after === -1 ? others.length : after;
  return [...others.slice(0, place), message, ...others.slice(place)].slice(-MAX_MESSAGES);
}

const withoutId = <T extends { id: string }>(items: readonly T[], id: string): T[] => items.filter((item) => item.id !== id);

function staffOf(state: RoomState, change: (staff: StaffState) => Partial<StaffState>): RoomState {
  return state.staff ? { ...state, staff: { ...state.staff, ...change(state.staff) } } : state;
}

function moderated(staff: StaffState, message: ModeratedMessage): Partial<StaffState> {
  const others = withoutId(staff.removedMessages, message.id);
  return { removedMessages: message.state === 'removed' ? [...others, message].slice(-MAX_REMOVED_MESSAGES) : others };
}

/** An own line leaves the pending list when the room shows it: by the id of its answer, or by its words if the push came first. */
function settled(state: RoomState, message: ChatMessage): RoomState['pendingMessages'] {
  const { me, pendingMessages } = state;
  if (pendingMessages.length === 0) return pendingMessages;
  const isMine = me !== null && message.author.id === me.viewerId;
  const at = pendingMessages.findIndex(
    (pending) =>
      pending.messageId === message.id ||
      (isMine && pending.messageId === null && pending.state === 'sending' && pending.text.trim() === message.text),
  );
  return at === -1 ? pendingMessages : pendingMessages.filter((_, index) => index !== at);
}

type PushReducers = { [T in PushType]: (state: RoomState, push: Extract<Push, { type: T }>, isRecovered: boolean) => RoomState };

const reducers: PushReducers = {
  welcome(state, { data }, isRecovered) {
    const { recentMessages, reactionCounts, ...snapshot } = data.snapshot;
    const { sessionId, viewerId, displayName, role } = data;
    return {
      ...state,
      ...snapshot,
      startOverUrl: snapshot.startOverUrl ?? null,
      replay: snapshot.replay ?? null,
      me: { sessionId, viewerId, displayName, role },
      reactionTotals: reactionCounts,
      // Recovered: what was missed follows as pushes. Not recovered: the snapshot is the new start.
      messages: isRecovered ? state.messages : [...recentMessages].sort((a, b) => a.seq - b.seq).slice(-MAX_MESSAGES),
      pendingMessages: state.pendingMessages.filter(({ messageId }) => !recentMessages.some(({ id }) => id === messageId)),
    };
  },
  chat_message_posted: (state, { data }) => ({
    ...state,
    messages: withMessage(state.messages, data),
    pendingMessages: settled(state, data),
  }),
  chat_message_removed: (state, { data }) => ({
    ...state,
    messages: withoutId(state.messages, data.messageId),
    pinnedMessage: state.pinnedMessage?.id === data.messageId ? null : state.pinnedMessage,
  }),
  chat_message_restored: (state, { data }) => {
    // One from before our window stays out of it: it would stand at the top as if it were near the rest.
    const oldest = state.messages[0];
    const isBeforeWindow = state.messages.length >= MAX_MESSAGES && oldest !== undefined && data.seq < oldest.seq;
    return isBeforeWindow ? state : { ...state, messages: withMessage(state.messages, data) };
  },
  chat_message_pinned: (state, { data }) => ({ ...state, pinnedMessage: data }),
  chat_message_unpinned: (state, { data }) => (state.pinnedMessage?.id === data.messageId ? { ...state, pinnedMessage: null } : state),
  slow_mode_changed: (state, { data }) => ({ ...state, slowModeSec: data.intervalSec }),
  highlight_started: (state, { data }) => ({
    ...state,
    highlights: [...withoutId(state.highlights, data.id), data].sort((a, b) => a.startedAt - b.startedAt),
  }),
  highlight_ended: (state, { data }) => ({ ...state, highlights: withoutId(state.highlights, data.highlightId) }),
  show_state_changed: (state, { data }) => ({
    ...state,
    showState: data.to,
    graceEndsAt: data.graceEndsAt,
    playlistUrl: data.playlistUrl ?? state.playlistUrl,
  }),
  message_moderated: (state, { data }) => staffOf(state, (staff) => moderated(staff, data)),
  viewer_banned: (state, { data }) =>
    staffOf(state, (staff) => ({ bans: [...staff.bans.filter((ban) => ban.viewerId !== data.viewerId), data] })),
  viewer_unbanned: (state, { data }) => staffOf(state, (staff) => ({ bans: staff.bans.filter((ban) => ban.viewerId !== data.viewerId) })),
  cue_shown: (state, { data }) => staffOf(state, (staff) => ({ cues: [...withoutId(staff.cues, data.id), data] })),
  cue_ended: (state, { data }) => staffOf(state, (staff) => ({ cues: withoutId(staff.cues, data.cueId) })),
  withheld: (state) => state,
  presence_changed: (state, { data }) => ({ ...state, watchingCount: data.watchingCount }),
  reactions_counted: (state, { data }) => ({ ...state, reactionTotals: data.totals }),
  products_changed: (state, { data }) => ({ ...state, products: data.products }),
  start_over_offered: (state, { data }) => ({ ...state, startOverUrl: data.startOverUrl }),
  replay_changed: (state, { data }) => ({ ...state, replay: data.replay }),
  kpis_changed: (state, { data }) => staffOf(state, () => ({ kpis: data })),
  audience_changed: (state, { data }) => staffOf(state, () => ({ audience: data })),
  questions_changed: (state, { data }) => staffOf(state, () => ({ questions: data })),
  sell_order_changed: (state, { data }) => staffOf(state, () => ({ sellOrder: data })),
  health_changed: (state, { data }) => staffOf(state, () => ({ health: data })),
  auto_end_changed: (state, { data }) => staffOf(state, () => ({ autoEnd: data.warning })),
  pressure_changed: (state, { data }) => staffOf(state, () => ({ pressure: data })),
  restream_changed: (state, { data }) => staffOf(state, () => ({ restream: data })),
  session_ended: (state) => state,
};

/** The next state. An event of a newer server that this build does not know changes nothing. */
export function reduceRoom(state: RoomState, event: RoomEvent): RoomState {
  switch (event.type) {
    case 'push': {
      if (!Object.hasOwn(reducers, event.push.type)) return state;
      const reduce = reducers[event.push.type] as (state: RoomState, push: Push, isRecovered: boolean) => RoomState;
      return reduce(state, event.push, event.recoveredChannels?.includes('viewers') ?? false);
    }
    case 'connection_changed':
      return { ...state, connection: event.connection };
    case 'gap_found':
      return { ...state, gapCount: state.gapCount + 1 };
    case 'message_sending': {
      const { key, text, atMs } = event;
      const others = state.pendingMessages.filter((pending) => pending.key !== key);
      return { ...state, pendingMessages: [...others, { key, text, sentAtMs: atMs, state: 'sending', error: null, messageId: null }] };
    }
    case 'message_accepted': {
      const isHere = state.messages.some(({ id }) => id === event.messageId);
      return {
        ...state,
        pendingMessages: isHere
          ? state.pendingMessages.filter(({ key }) => key !== event.key)
          : state.pendingMessages.map((pending) => (pending.key === event.key ? { ...pending, messageId: event.messageId } : pending)),
      };
    }
    case 'message_refused':
      return {
        ...state,
        pendingMessages: state.pendingMessages.map((pending) =>
          pending.key === event.key ? { ...pending, state: 'refused', error: event.error } : pending,
        ),
      };
    case 'message_dismissed':
      return { ...state, pendingMessages: state.pendingMessages.filter(({ key }) => key !== event.key) };
    case 'name_changed':
      return state.me ? { ...state, me: { ...state.me, displayName: event.name } } : state;
  }
}
