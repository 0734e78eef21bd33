// "Keep live" and "somebody is here" over the room socket.
import type { ShowId } from '@insp/protocol';
import { accepted, refused } from '../../kernel/outcome.ts';
import type { AutoEnd } from './auto-end.ts';

type StaffSession = { showId: ShowId; orgId: string; memberId: string | null };

export function autoEndHandlers({ autoEnd }: { autoEnd: Pick<AutoEnd, 'keepLive' | 'hostActed'> }) {
  return {
    keep_live: {
      permission: 'show.run' as const,
      handle: async ({ showId, orgId, memberId }: StaffSession) =>
        memberId === null ? refused('INSP_REALTIME_FORBIDDEN') : autoEnd.keepLive({ orgId, memberId }, showId),
    },
    tell_presence: {
      permission: 'show.read' as const,
      async handle({ showId }: StaffSession) {
        autoEnd.hostActed(showId);
        return accepted({});
      },
    },
  };
}
