// go live, pause, resume, end: asked once, settled by the server's push, and when refused said why.

import type { Show, ShowCommand } from '@insp/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { queryKeys } from '../api/query-keys.ts';
import { commandShow } from '../api/shows.ts';
import { tellRefused } from '../ui/notices.tsx';

const refusals: Partial<Record<ShowCommand, string>> = {
  schedule: 'The show is not scheduled',
  go_live: 'The show is not live',
  end: 'The show goes on',
  pause: 'The show is not paused',
  resume: 'The show stays paused',
  reopen: 'The show stays ended',
};

export type ShowCommands = { readonly running: ShowCommand | null; run(command: ShowCommand, reason?: string): Promise<boolean> };

export function useShowCommand(showId: string): ShowCommands {
  const client = useQueryClient();
  const [running, setRunning] = useState<ShowCommand | null>(null);
  const run = useCallback(
    async (command: ShowCommand, reason = '') => {
      setRunning(command);
      try {
        client.setQueryData<Show>(queryKeys.show(showId), await commandShow(showId, command, reason));
        void client.invalidateQueries({ queryKey: queryKeys.shows });
        void client.invalidateQueries({ queryKey: queryKeys.readiness(showId) });
        return true;
      } catch (error) {
        tellRefused(refusals[command] ?? 'Nothing was changed', error);
        return false;
      } finally {
        setRunning(null);
      }
    },
    [client, showId],
  );
  return { running, run };
}
