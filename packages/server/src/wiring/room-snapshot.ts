// The room as somebody sees it who comes in: one part from each owner. Staff entries are null where the role may not
// see them; money inside is taken out by realtime.
import { hasPermission, type LiveKpis, type Permission, type RoomSnapshot, type ShowId, type ShowState } from '@insp/protocol';
import type { AutoEnd } from '../modules/auto-end/index.ts';
import type { Chat, ChatSnapshot } from '../modules/chat/index.ts';
import type { Copilot } from '../modules/copilot/index.ts';
import type { Insights } from '../modules/insights/index.ts';
import type { Media } from '../modules/media/index.ts';
import type { Pressure } from '../modules/pressure/index.ts';
import type { Realtime, SnapshotProvider } from '../modules/realtime/index.ts';
import type { Restream } from '../modules/restream/index.ts';
import type { RoomViews } from './room-views.ts';

export type SnapshotSources = {
  rooms: RoomViews;
  chat: Pick<Chat, 'snapshot'>;
  realtime(): Pick<Realtime, 'watchingCount'>;
  kpis(showId: ShowId): Promise<LiveKpis>;
  insights: Pick<Insights, 'panels'>;
  copilot: Pick<Copilot, 'cues'>;
  media: Pick<Media, 'health'>;
  autoEnd(): Pick<AutoEnd, 'warning'>;
  pressure: Pick<Pressure, 'status'>;
  restream: Pick<Restream, 'targetsOf'>;
};

export function createRoomSnapshot(sources: SnapshotSources): SnapshotProvider {
  const { rooms, chat, realtime, kpis, insights, copilot, media, pressure, restream } = sources;

  async function staffPart(
    show: { showId: ShowId; orgId: string; state: ShowState },
    talk: ChatSnapshot,
    may: (permission: Permission) => boolean,
  ): Promise<NonNullable<RoomSnapshot['staff']>> {
    const { showId, orgId, state } = show;
    const [figures, panels, targets] = await Promise.all([
      kpis(showId),
      may('copilot.use') ? insights.panels(showId) : null,
      restream.targetsOf(orgId, showId, state),
    ]);
    return {
      removedMessages: may('chat.moderate') ? talk.removedMessages : [],
      bans: may('chat.moderate') ? talk.bans : [],
      kpis: figures,
      audience: panels?.audience ?? null,
      questions: panels?.questions ?? null,
      sellOrder: panels?.sellOrder ?? null,
      cues: may('copilot.use') ? copilot.cues(showId) : [],
      health: media.health(showId),
      autoEnd: sources.autoEnd().warning(showId),
      pressure: pressure.status(),
      restream: { targets },
    };
  }

  return async ({ showId, orgId, role }) => {
    const [room, talk] = await Promise.all([rooms.room(showId), chat.snapshot(showId, orgId)]);
    if (room === null) throw new Error(`a session for show ${showId}, which is not there`);
    const isStaff = role !== 'viewer';
    const staff = isStaff
      ? await staffPart({ showId, orgId, state: room.state }, talk, (permission) => hasPermission(role, permission))
      : null;
    return {
      showState: room.state,
      graceEndsAt: room.graceEndsAt,
      playlistUrl: isStaff ? room.previewPlaylistUrl : room.playlistUrl,
      startOverUrl: room.startOverUrl,
      replay: room.replay,
      highlights: [...room.highlights],
      products: [...room.products],
      pinnedMessage: talk.pinnedMessage,
      recentMessages: talk.recentMessages,
      slowModeSec: talk.slowModeSec,
      reactionCounts: talk.reactionCounts,
      watchingCount: realtime().watchingCount(showId),
      staff,
    };
  };
}
