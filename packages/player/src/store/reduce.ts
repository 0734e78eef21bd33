// The whole reducer: slices side by side, and the few facts that concern several of them.
import { ON_AIR_STATES, type PublicShow, type Push, REACTION_KINDS, type ReactionKind } from '@insp/protocol';
import { nextCart } from '../cart/cart-bridge.ts';
import type { Action } from './action.ts';
import { reduceChat } from './chat-slice.ts';
import { pictureAddress } from './picture-address.ts';
import type { Notice, PlayerState, ReactionState, RoomState, ShowSummary } from './player-state.ts';
import { reduceShelf } from './shelf-slice.ts';

const MAX_NOTICES = 3;
/** Bursts kept for drawing; views draw what is new. */
const MAX_BURSTS = 8;

export function reduce(state: PlayerState, action: Action): PlayerState {
  const next = reduceSlices(state, action);
  return next.isSettled || !isSettledBy(next, action) ? next : { ...next, isSettled: true };
}

/** Drawing before this would move under the reader's eyes: lanes fill, and a landscape picture changes the layout. */
function isSettledBy({ session, surface, room, video }: PlayerState, action: Action): boolean {
  if (session === 'failed' || action.type === 'settle_timed_out') return true;
  if (surface === 'closed' || room.connection !== 'open') return false;
  const expectsPicture = pictureAddress(room) !== null;
  return !expectsPicture || video.widthPx > 0 || video.status === 'failed' || video.status === 'paused';
}

function reduceSlices(state: PlayerState, action: Action): PlayerState {
  const room = reduceRoom(state.room, action);
  const chat = reduceChat(state.chat, action, room, state.nowMs);
  const shelf = reduceShelf(state.shelf, action);
  const reactions = reduceReactions(state.reactions, action);
  const rest = reduceRest(state, action);
  if (room === state.room && chat === state.chat && shelf === state.shelf && reactions === state.reactions) return rest;
  return { ...rest, room, chat, shelf: rest.shelf === state.shelf ? shelf : rest.shelf, reactions };
}

function reduceRest(state: PlayerState, action: Action): PlayerState {
  switch (action.type) {
    case 'time_passed':
      return passTime(state, action.nowMs);
    case 'settings_changed':
      return {
        ...state,
        settings: action.settings,
        corner: action.settings.corner === state.settings.corner ? state.corner : action.settings.corner,
      };
    case 'session_started':
      return { ...state, session: 'ready', show: summaryOf(action.show) };
    case 'session_failed':
      return { ...state, session: 'failed' };
    case 'surface_changed':
      return state.surface === action.surface
        ? state
        : { ...state, surface: action.surface, isSettled: action.surface !== 'closed' && state.isSettled };
    case 'corner_changed':
      return { ...state, corner: action.corner };
    case 'video_changed':
      return changes(state.video, action.change) ? { ...state, video: { ...state.video, ...action.change } } : state;
    case 'cart': {
      const bag = nextCart(state.bag, action.event).state;
      return bag === state.bag ? state : { ...state, bag };
    }
    case 'handlers_changed':
      return state.hasAddHandler === action.hasAddHandler ? state : { ...state, hasAddHandler: action.hasAddHandler };
    case 'noticed':
      return { ...state, notices: addNotice(state.notices, action.notice) };
    case 'chapters_told':
      return { ...state, replayChapters: action.chapters };
    case 'storyboard_told':
      return { ...state, storyboard: action.tiles };
    case 'notice_dismissed':
      return { ...state, notices: state.notices.filter((notice) => notice.id !== action.id) };
    default:
      return state;
  }
}

function passTime(state: PlayerState, nowMs: number): PlayerState {
  const notices = state.notices.filter((notice) => notice.untilMs === null || notice.untilMs > nowMs);
  return {
    ...state,
    nowMs,
    notices: notices.length === state.notices.length ? state.notices : notices,
  };
}

function reduceRoom(room: RoomState, action: Action): RoomState {
  switch (action.type) {
    case 'session_started':
      return {
        ...room,
        showState: action.show.state,
        playlistUrl: action.show.playlistUrl,
        startOverUrl: action.show.startOverUrl ?? null,
        replay: action.show.replay ?? null,
        isReplayOpen: action.show.state === 'ended' && room.showState !== 'ended' ? true : room.isReplayOpen,
        viewerId: action.viewerId,
        displayName: action.displayName,
      };
    case 'connection_changed':
      return { ...room, connection: action.connection };
    case 'started_over':
      return { ...room, isStartedOver: action.isStartedOver && room.startOverUrl !== null };
    case 'replay_opened':
      return { ...room, isReplayOpen: true };
    case 'name_changed':
      return { ...room, displayName: action.name };
    case 'pushed':
      return reducePush(room, action.push);
    default:
      return room;
  }
}

function reducePush(room: RoomState, push: Push): RoomState {
  switch (push.type) {
    case 'welcome': {
      const { viewerId, displayName, snapshot } = push.data;
      const { showState, graceEndsAt, playlistUrl, watchingCount } = snapshot;
      const { startOverUrl = null, replay = null } = snapshot;
      return { ...room, viewerId, displayName, showState, graceEndsAtMs: graceEndsAt, playlistUrl, watchingCount, startOverUrl, replay };
    }
    case 'show_state_changed':
      return {
        ...room,
        showState: push.data.to,
        graceEndsAtMs: push.data.graceEndsAt,
        playlistUrl: push.data.playlistUrl ?? room.playlistUrl,
        ...(ON_AIR_STATES.includes(push.data.to) ? { isReplayOpen: false } : { isStartedOver: false }),
      };
    case 'start_over_offered':
      return { ...room, startOverUrl: push.data.startOverUrl };
    case 'replay_changed':
      return { ...room, replay: push.data.replay };
    case 'presence_changed':
      return { ...room, watchingCount: push.data.watchingCount };
    case 'session_ended':
      return { ...room, endedBy: push.data.code };
    default:
      return room;
  }
}

function reduceReactions(reactions: ReactionState, action: Action): ReactionState {
  if (action.type === 'reacted') {
    const own = (reactions.ownCounts[action.kind] ?? 0) + 1;
    const next = { ...reactions, totalCount: reactions.totalCount + 1, ownCounts: { ...reactions.ownCounts, [action.kind]: own } };
    return addBurst(next, action.kind, 1, true);
  }
  if (action.type !== 'pushed') return reactions;
  if (action.push.type === 'welcome') return { ...reactions, totalCount: sum(action.push.data.snapshot.reactionCounts) };
  if (action.push.type !== 'reactions_counted') return reactions;
  const { counts, totals } = action.push.data;
  let next: ReactionState = { ...reactions, totalCount: sum(totals), ownCounts: {} };
  for (const kind of REACTION_KINDS) {
    // Own taps were drawn when they were made.
    const count = (counts[kind] ?? 0) - (reactions.ownCounts[kind] ?? 0);
    if (count > 0) next = addBurst(next, kind, count, false);
  }
  return next;
}

function addBurst(reactions: ReactionState, kind: ReactionKind, count: number, isOwn: boolean): ReactionState {
  const id = (reactions.bursts.at(-1)?.id ?? 0) + 1;
  return { ...reactions, bursts: [...reactions.bursts, { id, kind, count, isOwn }].slice(-MAX_BURSTS) };
}

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);

/** One notice per text and code; the newest of them counts. */
function addNotice(notices: readonly Notice[], notice: Notice): readonly Notice[] {
  const others = notices.filter((known) => known.text !== notice.text || known.code !== notice.code);
  return [...others, notice].slice(-MAX_NOTICES);
}

function changes<T extends object>(value: T, change: Partial<T>): boolean {
  return (Object.keys(change) as (keyof T)[]).some((key) => value[key] !== change[key]);
}

function summaryOf(show: PublicShow): ShowSummary {
  return {
    id: show.id,
    orgId: show.orgId,
    brandName: show.brandName,
    title: show.title,
    hostName: show.hostName,
    scheduledAtMs: show.scheduledAt,
    liveAtMs: show.liveAt,
    isSimulated: show.isSimulated,
  };
}
