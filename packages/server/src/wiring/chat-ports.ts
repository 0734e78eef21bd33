// What chat needs of a room, from its owners.

import type { Accounts } from '../modules/accounts/index.ts';
import type { Aggregates } from '../modules/aggregates/index.ts';
import type { Capture } from '../modules/capture/index.ts';
import type { ChatPorts } from '../modules/chat/index.ts';
import type { Realtime } from '../modules/realtime/index.ts';
import type { Viewers } from '../modules/viewers/index.ts';
import type { RoomViews } from './room-views.ts';

export function createChatPorts(sources: {
  accounts: Pick<Accounts, 'organizationSettings' | 'memberNames'>;
  rooms: RoomViews;
  capture: Pick<Capture, 'commit' | 'accept'>;
  aggregates: Pick<Aggregates, 'reactionTotals'>;
  viewers: Pick<Viewers, 'chosenNames' | 'rename'>;
  realtime(): Pick<Realtime, 'publish' | 'publishLatest' | 'renameViewer' | 'presence'>;
}): ChatPorts {
  const { accounts, rooms, capture, aggregates, viewers, realtime } = sources;
  return {
    room: {
      publish: (...args) => realtime().publish(...args),
      publishLatest: (...args) => realtime().publishLatest(...args),
      renameViewer: (...args) => realtime().renameViewer(...args),
    },
    recorder: capture,
    engagement: capture,
    showState: async (showId) => (await rooms.room(showId))?.state ?? null,
    async featuredProductId(showId) {
      const highlights = (await rooms.room(showId))?.highlights ?? [];
      return highlights.toSorted((a, b) => b.startedAt - a.startedAt)[0]?.productId ?? null;
    },
    isBuyer: async (showId, viewerId) => (await rooms.buyers(showId)).has(viewerId),
    async staffNames(showId) {
      const room = await rooms.room(showId);
      if (room === null) return [];
      const [settings, members] = await Promise.all([accounts.organizationSettings(room.orgId), accounts.memberNames(room.orgId)]);
      return settings === null ? members : [settings.name, ...members];
    },
    findInRoom: (showId, viewerId) =>
      realtime()
        .presence(showId)
        .find((entry) => entry.viewerId === viewerId) ?? null,
    chosenNames: viewers.chosenNames,
    chooseName: viewers.rename,
    reactionTotals: aggregates.reactionTotals,
  };
}
