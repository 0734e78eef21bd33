// What auto-end sees of a show, put together from its owners, and who tells it that the staff is there.
import type { AutoEndWarning, ShowId } from '@insp/protocol';
import type { EventBus } from '../kernel/event-bus.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Accounts } from '../modules/accounts/index.ts';
import type { AutoEnd, AutoEndPorts } from '../modules/auto-end/index.ts';
import type { Copilot } from '../modules/copilot/index.ts';
import type { PictureWatch } from '../modules/media/index.ts';
import type { Realtime } from '../modules/realtime/index.ts';
import type { Shows } from '../modules/shows/index.ts';

/** Of an organization that is gone. */
const DEFAULT_MAX_LIVE_MIN = 480;

export function createAutoEndPorts(sources: {
  shows: Pick<Shows, 'showsOnAir' | 'command'>;
  accounts: Pick<Accounts, 'organizationSettings'>;
  pictures: Pick<PictureWatch, 'read'>;
  /** Null where the rooms are in other processes. */
  watchingCount: ((showId: ShowId) => number) | null;
  realtime(): Pick<Realtime, 'publishLatest'>;
  copilot(): Pick<Copilot, 'warned'>;
  logger: Logger;
}): AutoEndPorts {
  const { shows, accounts, pictures, logger } = sources;
  return {
    showsOnAir: shows.showsOnAir,
    maxLiveMin: async (orgId) => (await accounts.organizationSettings(orgId))?.maxLiveMin ?? DEFAULT_MAX_LIVE_MIN,
    picture: pictures.read,
    watchingCount: (showId) => sources.watchingCount?.(showId) ?? null,
    endShow: ({ orgId, showId }, reason) => shows.command(orgId, showId, 'end', { kind: 'system', id: null, name: 'Insp' }, reason),
    tell(showId, warning: AutoEndWarning | null) {
      sources.realtime().publishLatest(showId, 'staff', 'auto_end_changed', { warning });
      sources
        .copilot()
        .warned(showId, warning)
        .catch((err) => logger.warn({ err, showId }, 'the copilot could not show a warning'));
    },
  };
}

/** What the staff does, as auto-end hears of it: each is a sign that somebody is there. */
export function tellHostActs(bus: EventBus, autoEnd: Pick<AutoEnd, 'hostActed'>): void {
  const byMember = [
    'shows.highlight_started',
    'shows.highlight_ended',
    'shows.state_changed',
    'chat.message_removed',
    'chat.message_pinned',
  ] as const;
  for (const name of byMember) {
    bus.on(name, ({ showId, actor }) => {
      if (showId !== null && actor.kind === 'member') autoEnd.hostActed(showId);
    });
  }
  bus.on('chat.message_posted', ({ showId, payload }) => {
    if (showId !== null && payload.authorKind === 'staff') autoEnd.hostActed(showId);
  });
}
